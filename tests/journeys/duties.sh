#!/bin/sh
# The nine duties a tap from home, each with its log on paper; one's own training behind the PIN and in no log; the five
# challenges; the head teacher's page on one sheet with nobody's name; cover and handover.
. "$(dirname "$0")/lib.sh"
alone=yes
need pdftotext pdfinfo

badge_and_pin="key \"CANNY-P:EXAMPLE-T1-7Q4M\\n\"
$(digits 402917)"

# prints NAME: the sheet's text, its pages in $pages.
prints() {
    [ -f "$tmp/kiosk/prints/$1" ] || fail "no sheet $1"
    pages=$(pdfinfo "$tmp/kiosk/prints/$1" | sed -n 's/^Pages: *//p')
    pdftotext -layout "$tmp/kiosk/prints/$1" "$tmp/$1.txt" || fail "$1 cannot be read"
}

# Nine of them, one tap from home, and each opens without a network.
for PANEL in 800x480 1280x800 720x1280; do
    rm -rf "$tmp/kiosk"
    steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/duties"
see "Prep room risks"
see "Help teachers assess"
see "Employer's guidance"
see "Keep up with the law"
see "Check equipment"
see "Leak-test sources"
see "Prepare cultures"
see "Liaise with SSERC"
see "Keep training in date"
audit
tap "Prep room risks"
audit
tap "/duty/list/go"
audit
tap "Back"
tap "Back"
tap "Help teachers assess"
tap "/duty/list/go"
audit
tap "Back"
tap "Back"
tap "Employer's guidance"
see "Sign in to see your own."
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Keep up with the law"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Check equipment"
see "Done in the last twelve months"
audit
tap "/duty/list/go"
tap "Back"
tap "/duty/list/print"
see "The sheet is ready"
audit
tap "Back"
tap "Back"
tap "Leak-test sources"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Prepare cultures"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Liaise with SSERC"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Keep training in date"
tap "/duty/list/go"
see "Your own, and nobody else's"
tap "Back"
tap "Back"
tap "Back"
tap "/home/menu"
tap "No technician today"
see "Not without the technician"
audit
tap "Back"
tap "/home/menu"
tap "Handover"
audit
tap "Make the sheet"
see "The sheet is ready"
STEPS
done
prints Duty-5-Check-equipment.pdf
says "$tmp/Duty-5-Check-equipment.pdf.txt" "EXA-0042"
says "$tmp/Duty-5-Check-equipment.pdf.txt" "printed 23 Nov 2026"
# Every item that is late or out of use stands on the sheet that hands the room over.
prints Handover.pdf
PANEL=1280x800
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/due"
tap "/due/overdue/tab"
tree due
back
tap "/home/menu"
tap "Handover"
tree handover
STEPS
pdftotext -raw "$tmp/kiosk/prints/Handover.pdf" "$tmp/handover.raw"
python3 - "$tmp/shots/due.json" "$tmp/handover.raw" <<'PYTHON' || fail "an item that is late is not on the handover sheet"
import json, re, sys
tree = json.load(open(sys.argv[1], encoding="utf-8"))
sheet = " ".join(open(sys.argv[2], encoding="utf-8").read().split())
late = [n["label"] for n in tree if re.fullmatch(r"/due/rows/row\d+", n["path"])]
assert len(late) >= 3, "the list of what is late is empty"
missing = [name for name in late if name not in sheet]
assert not missing, missing
PYTHON
# What the page counts is what the tabs of the list count.
python3 - "$tmp/shots/due.json" "$tmp/shots/handover.json" <<'PYTHON' || fail "handover counts otherwise than the list"
import json, sys
due, handover = ({n["path"]: n["label"] for n in json.load(open(f, encoding="utf-8"))} for f in sys.argv[1:])
for tab, line in ("now", "now"), ("overdue", "late"):
    wanted, got = due[f"/due/{tab}/tab"].split()[-1], handover[f"/handover/list/{line}/value"]
    assert wanted == got, (tab, wanted, got)
PYTHON

# Training: behind the PIN, in no line of the log, points by level and never across, erased on demand.
kiosk_export "$tmp/kiosk" >"$tmp/before"
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/menu"
tap "My training"
unsee "Add a course"
tap "Sign in with my PIN"
$badge_and_pin
tap "Add a course"
audit
unsee "Stirling"
tap "/training_add/list/course-microbiology-level-3"
tap "/training_add/list/date"
type "1/2/2022\n"
tap "/training_add/list/certificate"
type "MB-77\n"
tap "/training_add/list/expires"
type "31/1/2027\n"
audit
tap "Keep it"
see "Until 31 Jan 2027"
see "credit point"
unsee "level 3"
unsee "Level 0"
tap "Add a course"
tap "/training_add/list/other"
tap "/training_add/list/name"
type "Laser safety\n"
tap "/training_add/list/date"
type "3/9/2026\n"
tap "Keep it"
see "Laser safety"
see "Not credit-rated"
audit
tap "/training/list/along"
see "My training, as a table"
audit
tap "Back"
tap "Back"
tap "/home/duties"
see "1 runs out"
tap "Back"
STEPS
kiosk_export "$tmp/kiosk" >"$tmp/after"
cmp -s "$tmp/before" "$tmp/after" || fail "one's own training went into the log"
grep -q "Laser" "$tmp/after" && fail "one's own training is in the export"
# Somebody else sees none of it; the person erases it.
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/menu"
tap "My training"
tap "Sign in with my PIN"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
$(digits 685302)
unsee "Laser safety"
tap "/training/person"
tap "/kiosk/sign_out"
tap "/home/menu"
tap "My training"
tap "Sign in with my PIN"
$badge_and_pin
see "Laser safety"
tap "/training/list/erase"
see "There is no way back"
tap "/training/list/erase"
unsee "Laser safety"
see "Nothing recorded yet"
STEPS

# The five challenges are ticked by each person alone, and stay.
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/board"
tap "Five challenges"
unsee "Done"
audit
tap "I know my STAC representative"
$badge_and_pin
tap "I know my STAC representative"
see "Done"
audit
STEPS
steps "$tmp/kiosk" --now 2027-11-23T10:42:00Z <<STEPS
tap "/home/board"
tap "Five challenges"
unsee "Done"
tap "Sign in with my PIN to tick"
$badge_and_pin
see "Done"
STEPS

# The head teacher's page: the technician's numbers, one side of A4, nobody's name.
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/menu"
tap "For the head teacher"
unsee "Items not to be used"
tap "Sign in with my PIN"
$badge_and_pin
see "Items not to be used"
audit
tree head
tap "Print on one page"
STEPS
prints For-the-head-teacher.pdf
same 1 "$pages" "pages of the head teacher's sheet"
for name in "O'Hara" Ailsa Ruaridh "Technician 1" Sorley; do
    grep -q "$name" "$tmp/For-the-head-teacher.pdf.txt" && fail "the head teacher's sheet names $name"
done
says "$tmp/For-the-head-teacher.pdf.txt" "Items not to be used"

# The head teacher's numbers are those of the technician's screens: before an overdue item goes and a question is asked, after.
data=$tmp/numbers
numbers() {
    cat <<STEPS
tap "/home/menu"
tap "For the head teacher"
$3
see "Items not to be used"
tree head-$1
back
tap "/home/due"
tree due-$1
back
tap "/home/ask"
tree ask-$1
back
tap "/home/assessments"
tap "/find/browse/all"
tree find-$1
STEPS
    [ -n "$2" ] || return 0
    printf 'back\n%s\n' "$2"
}
change='key "EXA-0041\n"
tap "/item/more"
tap "/more/more/ask"
tap "/ask/write"
tap "/letter/rows/question/value"
type "May a class of thirty"
tap "/letter/keyboard/Hide"
tap "/letter/queue"
see "Queued"
idle 9s
key "EXA-0054\n"
tap "/item/more"
tap "/more/more/retire"
tap "Beyond repair"
tap "/retire/record"
see "is retired"'
sign="tap \"Sign in with my PIN\"
$badge_and_pin"
numbers before "$change" "$sign" | steps "$data" --now 2026-11-23T10:42:00Z || exit 1
numbers after "" "$sign" | steps "$data" --now 2026-11-23T11:42:00Z || exit 1
# Two years on every sample assessment is past its review day.
numbers later "" "$sign" | steps "$data" --now 2028-11-23T11:42:00Z || exit 1
python3 - "$tmp/shots" before after later <<'PYTHON' || fail "the head teacher's numbers are not the technician's"
import json, re, sys
shots, was = sys.argv[1], {}
def tree(name):
    return {n["path"]: n["label"].replace(" (scrolled away)", "") for n in json.load(open(f"{shots}/{name}.json", encoding="utf-8"))}
def first(text):
    return int(re.search(r"\d+", text).group())
for when in sys.argv[2:]:
    head, due, ask, find = (tree(f"{part}-{when}") for part in ("head", "due", "ask", "find"))
    said = {v: head[p[:-4] + "value"] for p, v in head.items() if p.endswith("/name")}
    counted = {
        "Items not to be used": first(due.get("/due/rows/stops", "0")),
        "Items with a check due now": first(due["/due/now/tab"]),
        "Items with a check overdue": first(due["/due/overdue/tab"]),
        "Risk assessments past their review day": sum(v.endswith("review due") for p, v in find.items() if p.startswith("/find/list/") and p.endswith("/words")),
        "Questions to SSERC without an answer": sum(v in ("Queued", "Sent") for p, v in ask.items() if p.endswith("/badge")),
    }
    for name, n in counted.items():
        assert said[name] == str(n), (when, name, said[name], n)
    was[when] = counted
assert was["after"]["Items with a check overdue"] == was["before"]["Items with a check overdue"] - 1, was
assert was["after"]["Questions to SSERC without an answer"] == 1, was
assert was["later"]["Risk assessments past their review day"] > was["before"]["Risk assessments past their review day"], was
PYTHON

# Duties 6 and 7 from the page of nine, each with its count: a source with a late leak test is not taken out, and where it lies
# is told to technicians alone; a culture stays on the page until it is destroyed.
PANEL=800x480
steps "$tmp/six" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/duties"
tree nine
tap "/duties/duties/d6"
see "1 late"
tap "/duty/list/go"
see "Overdue"
unsee "Radiation store"
tap "Strontium-90 source"
see "told to technicians"
unsee "Radiation store"
audit
tap "/item/more"
unsee "Source taken out"
back
back
back
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
key "EXA-0051\n"
see "Radiation store, shelf 1"
back
tap "/home/duties"
tap "/duties/duties/d7"
see "1 due"
tap "/duty/list/go"
tap "Yeast stock"
see "Open: still alive"
audit
STEPS
python3 - "$tmp/shots/nine.json" <<'PYTHON' || fail "a duty's tile does not tell its count"
import json, sys
nine = {n["path"]: n["label"] for n in json.load(open(sys.argv[1], encoding="utf-8"))}
assert sum(p.startswith("/duties/duties/d") and p.count("/") == 3 for p in nine) == 9, nine
for duty, words in (("d5", "late"), ("d6", "1 late"), ("d7", "1 due")):
    assert words in nine["/duties/duties/%s/badge" % duty], nine
PYTHON

# Duty 3: a revision that changed a control asks whoever read it to read it again, a smaller one asks nobody; who may approve
# sees how many have, and never who. An employer that asks for receipts gets each as a line.
PANEL=1280x800
CONTENT=$tmp/content
cp -r "$content" "$CONTENT"
rule=$CONTENT/employers/example-council/docs/guidance/eyewash-stations.md
data=$tmp/read
# to_read NAME: how many documents the page of duties said are to be read, from its tree.
to_read() {
    python3 - "$tmp/shots/$1.json" <<'PYTHON'
import json, sys
said = [n["label"] for n in json.load(open(sys.argv[1], encoding="utf-8")) if n["path"] == "/duties/duties/d3/badge"]
print(said[0].split()[0] if said else 0)
PYTHON
}
{
    cat <<'STEPS'
tap "/home/board"
tap "/board/rows/constituency"
tap "/constituency/words"
type "stirl\n"
tap "/constituency/list/S12000030"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
STEPS
    digits 402917
    cat <<'STEPS'
see "Recorded: this kiosk belongs to"
idle 9s
back
tap "/home/duties"
see "to read"
tree unread
back
tap "/home/guidance"
tap "/find/words"
type "eyewash stations\n"
tap "/find/list/eyewash-stations"
tap "/reader/confirm"
see "Noted: you have read revision 2"
idle 9s
unsee "people here"
STEPS
} | steps "$data" --now 2026-11-23T10:42:00Z || exit 1
duty_3() {
    printf 'key "CANNY-P:EXAMPLE-T1-7Q4M\\n"\nidle 9s\ntap "/home/duties"\ntree %s\n' "$1"
}
counted() {
    cat <<STEPS
key "CANNY-P:EXAMPLE-C1-3XRN\n"
idle 9s
tap "/home/guidance"
tap "/find/words"
type "eyewash stations\n"
tap "/find/list/eyewash-stations"
see "Read, revision $1"
see "$2 of 7 people here"
audit
STEPS
}
{
    duty_3 confirmed
    printf 'back\n'
    counted 2 1
} | steps "$data" --now 2026-11-23T10:52:00Z || exit 1
# revise NUMBER MATERIAL
revise() {
    sed -i "s/^revision: .*/revision: $1/; s/^material: .*/material: \"$2\"/; s/^revised: .*/revised: 2026-11-2$1/" "$rule"
}
revise 3 no
duty_3 smaller | steps "$data" --now 2026-11-24T10:42:00Z || exit 1
revise 4 yes
{
    duty_3 again
    printf 'back\n'
    counted 4 0
} | steps "$data" --now 2026-11-25T10:42:00Z || exit 1
unread=$(to_read unread)
same $((unread - 1)) "$(to_read confirmed)" "documents to read, once one was confirmed"
same $((unread - 1)) "$(to_read smaller)" "documents to read after a revision that changed no control"
same "$unread" "$(to_read again)" "documents to read after one that did"
same 1 "$(kiosk_export "$data" | grep -c '"kind":"document.read"')" "receipts in the log"
