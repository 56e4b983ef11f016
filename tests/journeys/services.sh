#!/bin/sh
# What the services promise: a representative for each of the 34 constituencies and never a blank, Jordanhill never
# Glasgow's; articles touch what they name until somebody considered them; level and points together; what has closed, lapsed
# or gone by says so; the clock on the wall across a change of the clocks.
. "$(dirname "$0")/lib.sh"
alone=yes
need python3
today=2026-11-23T10:00:00Z

# belongs CODE: from the noticeboard, with badge and PIN.
belongs() {
    cat <<STEPS
tap "/home/board"
tap "/board/rows/constituency"
tap "/constituency/list/$1"
key "CANNY-P:EXAMPLE-T1-7Q4M\\n"
$(digits 402917)
see "Recorded: this kiosk belongs to"
idle 9s
STEPS
}
# lacks TREE WORDS: nowhere on that screen, nor scrolled away.
lacks() {
    ! grep -qF -- "$2" "$tmp/shots/$1.json" || fail "$1 says: $2"
}
# order TREE.json PREFIX ID...: the ids of the rows under the prefix come in this order.
order() {
    python3 - "$@" <<'PYTHON' || fail "the rows of $1 are in another order"
import json, sys
path, prefix, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
rows = [n["path"][len(prefix):] for n in json.load(open(path, encoding="utf-8")) if n["path"].startswith(prefix)]
got = [r for r in rows if r in wanted]
sys.exit(0 if got == wanted else print("wanted", wanted, "got", got, file=sys.stderr) or 1)
PYTHON
}

# ---- S04, S05: two taps to STAC; one of three answers for every constituency ----
{
    cat <<'STEPS'
tap "/home/board"
tap "/board/rows/stac"
see "34"
tap "/reader/text/all"
STEPS
    for place in "$content"/docs/places/place-*.md; do
        id=$(basename "$place" .md)
        code=$(sed -n 's/^code: //p' "$place")
        printf 'tap "/board_list/rows/%s"\ntap "/reader/text/rep"\ntree rep-%s\nback\nback\n' "$id" "$code"
    done
} >"$tmp/places.drive"
steps "$tmp/places" --now "$today" <"$tmp/places.drive"
python3 - "$content/docs" "$tmp/shots" <<'PYTHON' || fail "a constituency has no answer to who represents it"
import glob, json, os, re, sys
docs, shots = sys.argv[1:]
field = lambda text, key: (re.search(r"^%s: \"?(.*?)\"?$" % key, text, re.M) or [None, ""])[1]
people = {}
for path in glob.glob(docs + "/people/*.md"):
    text = open(path, encoding="utf-8").read()
    if field(text, "role") == "stac":
        people[field(text, "constituency").strip("[]")] = text
places = glob.glob(docs + "/places/*.md")
assert len(places) == 34, len(places)
for path in places:
    code = field(open(path, encoding="utf-8").read(), "code")
    nodes = {n["path"]: n["label"] for n in json.load(open("%s/rep-%s.json" % (shots, code), encoding="utf-8"))}
    said = " ".join(label for path, label in nodes.items() if path.startswith("/representative/rows/who"))
    person = people.get(code, "")
    if field(person, "vacant"):
        want = "VACANT"
    elif field(person, "consent") == "yes":
        want = field(person, "name")
    else:
        want = "Not published"
    assert want and want in said, (code, want, said)
    assert want != "Not published" or "Ask " in said, (code, said)
    aged = field(person, "as_of") < "2025-11-23" and person != ""
    assert aged == any("May have changed" in label for label in nodes.values()), (code, "age")
PYTHON

# ---- S05, S06, S07: Jordanhill has its own; independent schools are told why a subsidy is not for them ----
steps "$tmp/jordanhill" --now "$today" <<STEPS
$(belongs X-JORDANHILL)
tap "/board/rows/rep"
see "Jordanhill School"
see "Not published"
tree jordanhill
back
tap "/board/rows/schemes"
see "It is not settled whether your school counts."
STEPS
steps "$tmp/scis" --now "$today" <<STEPS
$(belongs X-SCIS)
tap "/board/rows/schemes"
see "Not open to independent schools"
tap "/board_list/rows/enthuse-subsidy"
see "Not open to your school"
see "Not published: ask"
tree not-open
back
tap "/board_list/rows/technician-bursary"
see "Open to your school"
tap "/reader/text/apply"
see "https://example.org/schemes/bursary"
back
back
# S20: what closed has no code to scan
tap "/board_list/rows/group3"
tap "/board_list/rows/travel-help"
see "Closed on Fri 30 Oct 2026"
tree closed
back
back
# S19: another authority's refresher is not here
tap "/board/rows/courses"
tree scis-courses
STEPS
lacks jordanhill Glenda
lacks not-open "/reader/text/apply"
lacks closed "/reader/text/apply"
lacks scis-courses "Microbiology refresher"
# Another employer's content is refused in plain words, and nothing of it is shown.
CONTENT=$tmp/content
cp -r "$content" "$CONTENT"
mkdir -p "$CONTENT/employers/glasgow/docs/guidance"
cat >"$CONTENT/employers/glasgow/issuer.yaml" <<'YAML'
name: Glasgow City
kind: authority
constituency: S12000049
YAML
sed 's/^issuer: .*/issuer: Glasgow City/; s/^summary: .*/summary: Glasgow alone/' "$content/docs/guidance/labelling.md" \
    >"$CONTENT/employers/glasgow/docs/guidance/labelling.md"
steps "$tmp/jordanhill" --now "$today" <<'STEPS'
tap "/home/board"
tap "/board/rows/rep"
see "Jordanhill School"
STEPS
says "$tmp/err" "Glasgow City"
says "$tmp/err" "Jordanhill School"
CONTENT=$content

# ---- S02: the employer's word wins while it is here ----
steps "$tmp/stirling" --now "$today" <<STEPS
$(belongs S12000030)
tap "/board/rows/courses"
see "Microbiology refresher (Stirling)"
STEPS
eyewash() {
    printf 'key "EXA-0048\\n"\ntap "/item/more"\ntap "/more/more/guidance"\n'
}
{
    eyewash
    printf 'see "two runs in every week"\ntree council\n'
} | steps "$tmp/stirling" --now "$today" || exit 1
says "$tmp/shots/council.json" "Example Council"
# Without it, what the nation or the sample says is in force again.
CONTENT=$tmp/content
rm -r "$CONTENT/employers"
{
    eyewash
    printf 'see "Run it every week of term"\ntree sample\n'
} | steps "$tmp/stirling" --now "$today" || exit 1
lacks sample "Issued by Example Council"
CONTENT=$content

# ---- S03, S09: newest number first; a chip until it is considered; the log; page references ----
steps "$tmp/bulletin" --now "$today" <<'STEPS'
tap "/home/board"
tap "/board/rows/bulletin"
tree bulletins
tap "/board_list/rows/bulletin-904"
tap "/reader/text/article-ammonia-bottles"
see "Nobody here has considered it yet"
tap "/article/rows/ammonia-solution"
tap "/chemical/bands/C041"
tree chip-before
back
tap "/article/rows/ammonia-gas"
tree chip-gas-before
back
tap "/article/rows/no_change"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
see "Recorded: Considered: no change"
see "Technician 2"
idle 9s
tap "/article/rows/ammonia-solution"
tap "/chemical/bands/C041"
tree chip-after
back
tap "/article/rows/ammonia-gas"
tree chip-gas-after
back
back
back
back
tap "/board/rows/considered"
see "SSERC Bulletin 904 (example)"
see "No change · Technician 2"
back
tap "/board/rows/stst"
tree issues
tap "/board_list/rows/stst-32"
see "Pages 3-4"
STEPS
for page in chip chip-gas; do
    says "$tmp/shots/$page-before.json" "Bulletin 904 may affect this"
    lacks "$page-after" "may affect this"
done
order "$tmp/shots/bulletins.json" /board_list/rows/ bulletin-904 bulletin-903 bulletin-901
order "$tmp/shots/issues.json" /board_list/rows/ stst-32 stst-31
kiosk_export "$tmp/bulletin" >"$tmp/log"
same 1 "$(grep -c '"kind":"document.considered"' "$tmp/log")" "marks in the log"

# ---- D4: a law to come counts down, and then holds ----
steps "$tmp/law" --now "$today" <<'STEPS'
tap "/home/board"
tap "/board/rows/law"
see "In force in 49 days"
tap "/board_list/rows/law-example-records"
see "In force in 49 days"
now +50d
tap "/home/board"
tap "/board/rows/law"
tap "/board_list/rows/law-example-records"
see "Now in force"
STEPS

# ---- S13: the clock on the wall, and what lies behind ----
steps "$tmp/events" --now 2026-12-02T15:00:00Z <<'STEPS'
tap "/home/board"
see "Wed 2 Dec 2026, 16:00"
tap "/board/rows/events"
tree events
see "Thu 25 Mar 2027, 16:00"
see "Thu 1 Apr 2027, 16:00"
tap "/board_list/rows/tech-meet-december"
see "Today"
see "Wed 2 Dec 2026, 16:00 to 16:45"
see "Join on your phone"
back
now +1d
tap "/home/board"
tap "/board/rows/events"
tap "/board_list/rows/group1"
tap "/board_list/rows/tech-meet-december"
see "Past"
see "Recording: not here yet"
unsee "Join on your phone"
back
tap "/board_list/rows/tech-meet-october"
see "Thu 22 Oct 2026, 16:00"
see "The recording"
STEPS
# Summer time: an event of 16:00 is still to come at half past two by Greenwich, which is half past three on the wall.
steps "$tmp/summer" --now 2027-04-01T14:30:00Z <<'STEPS'
tap "/home/board"
tap "/board/rows/events"
tap "/board_list/rows/tech-meet-after-summer-time"
see "Today"
see "16:00 to 16:45"
now +2h
tap "/home/board"
tap "/board/rows/events"
tap "/board_list/rows/group1"
tap "/board_list/rows/tech-meet-after-summer-time"
see "Past"
STEPS

# ---- S14 to S18: places, levels, what comes first ----
steps "$tmp/courses" --now "$today" <<STEPS
tap "/home/board"
tap "/board/rows/courses"
see "SCQF level 6, 3 credit points"
see "Not credit-rated"
tree all-courses
tap "Credit-rated only"
tree rated-courses
tap "All courses"
tap "/board_list/rows/chemical-handling"
tree places
tap "/reader/text/at-centre-lomond"
see "Accreditation lapsed: check"
back
back
# greyed with its reason, until it is known by experience
tap "/board_list/rows/intermediate-physics"
see "Introductory Physics"
see "Sign in with your PIN to see whether you have it"
back
back
back
tap "/home/person"
tap "Technician 1 (example)"
$(digits 402917)
tap "/home/board"
tap "/board/rows/courses"
tap "/board_list/rows/intermediate-physics"
see "Not recorded yet"
tap "I know this by experience"
see "You know it by experience"
back
# somebody who looks after every department is offered courses in each
tap "Biology"
tap "Chemistry"
tap "Physics"
tap "Workshop"
tree suggested
STEPS
says "$tmp/shots/suggested.json" "Suggested for you"
order "$tmp/shots/suggested.json" /board_list/rows/ group1 chemical-handling introductory-physics microbiology-level-3 \
    workshop-machinery

says "$tmp/shots/all-courses.json" "Working glass tubing"
lacks all-courses "SCQF level 3"
lacks all-courses "SCQF level 0"
lacks rated-courses "Working glass tubing"
says "$tmp/shots/places.json" "SSERC, Dunfermline"
says "$tmp/shots/places.json" "Accreditation lapsed: check. Not the same course."

# ---- S12, S17: from a machine to the film and the course about it ----
steps "$tmp/films" --now "$today" <<'STEPS'
key "EXA-0041\n"
see "Pressure cooker 1"
tap "/item/more"
tap "/more/more/affects-bulletin-904-cooker-gauges"
see "Gauges on pressure cookers"
back
tap "/more/more/film-tv-technicians-0"
see "https://example.org/tv/autoclave"
shot film
STEPS
same "$(printf 'QR\thttps://example.org/tv/autoclave')" "$("$CANNY_BIN/canny" decode "$tmp/shots/film.png")" "the code of the film"

# ---- S08, S22, S25: what a person says of oneself; interest that is said once ----
steps "$tmp/mine" --now "$today" <<STEPS
tap "/home/person"
tap "Technician 1 (example)"
$(digits 402917)
tap "/home/board"
tap "/board/rows/techne"
tree techne
tap "/reader/text/tick-techne"
back
tap "/board/rows/challenges"
tree challenges
back
tap "/board/rows/courses"
tap "/board_list/rows/chemical-handling"
tap "/reader/text/interest"
see "Chemical Handling"
tap "/letter/rows/people/value"
type "1\\n"
tap "/letter/queue"
see "Queued for the authority"
idle 9s
back
back
tap "/board_list/rows/chemical-handling"
tree interest
STEPS
says "$tmp/shots/interest.json" "Your interest"
says "$tmp/shots/interest.json" "Queued"
lacks interest "Register interest"
says "$tmp/shots/techne.json" "Post from here"
says "$tmp/shots/techne.json" "As of Mon 12 Oct 2026"
lacks techne '"label":"Posted'
says "$tmp/shots/challenges.json" '"path":"/challenges/list/techne/badge","role":"badge","label":"Done"'

# ---- S23: no guess where no day is published ----
steps "$tmp/awards" --now "$today" <<'STEPS'
tap "/home/board"
tap "/board/rows/awards"
see "Excellence in STEM Support: Technicians and Support Staff"
see "Dates not published yet"
tap "/board_list/rows/award-school"
see "Dates not published yet"
tap "/reader/text/nominate"
STEPS

# ---- S01: another number in the content is another number on the card, and the old one is nowhere ----
CONTENT=$tmp/content
sed -i 's/01632 960 000/01632 960 999/' "$CONTENT/docs/people/sserc-advice.md"
steps "$tmp/bulletin" --now "$today" <<'STEPS'
tap "/home/board"
tap "/board/rows/bodies"
tap "/board_list/rows/sserc"
see "01632 960 999"
tree card
STEPS
lacks card "01632 960 000"
says "$tmp/shots/card.json" "As of"
CONTENT=$content
