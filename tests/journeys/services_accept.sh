#!/bin/sh
# The acceptance points of the services that no other journey shows, each on a fresh kiosk of the smallest panel and, but where
# a hub is named, without any network: what a file with a fault may not do, letters that survive, what is counted and what
# is not, certificates that run out, and searches as people type them.
. "$(dirname "$0")/lib.sh"
need python3 sqlite3
PANEL=800x480
today=2026-11-23T10:42:00Z

# signs in Technician 1 from home.
person() {
    printf 'tap "/home/person"\ntap "Technician 1 (example)"\n'
    digits 402917
}
belongs() {
    printf 'tap "/home/board"\ntap "/board/rows/constituency"\ntap "/constituency/words"\ntype "%s\\n"\n' "$2"
    printf 'tap "/constituency/list/%s"\nkey "CANNY-P:EXAMPLE-T1-7Q4M\\n"\n' "$1"
    digits 402917
    printf 'see "Recorded: this kiosk belongs to"\nidle 9s\n'
}
lacks() {
    ! grep -qF -- "$2" "$tmp/shots/$1.json" || fail "$1 says: $2"
}
first() {
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\ntap "/find/list/%s"\n' "$1"
}
# finds DATA WORDS ID: the first that `canny find` names.
finds() {
    # shellcheck disable=SC2086
    same "$3" "$("$CANNY_BIN/canny" find --data "$1" $2 | head -n 1 | cut -f 1)" "first for «$2»"
}

# ---- S02: a file of the employer that was damaged is left out, and what was read before stays in force and is told ----
CONTENT=$tmp/content
cp -r "$content" "$CONTENT"
council() {
    first b03
    printf 'see "Example Council"\n'
}
{
    belongs S12000030 stirl
    printf 'back\n'
    council
} | steps "$tmp/stirling" --now "$today" || exit 1
printf '\377' | dd of="$CONTENT/employers/example-council/docs/assessments/b03.md" bs=1 seek=600 conv=notrunc 2>"$tmp/dd"
{
    council
    cat <<'STEPS'
back
back
tap "/home/menu"
tap "This kiosk"
tree kiosk
STEPS
} | steps "$tmp/stirling" --now "$today" || exit 1
says "$tmp/shots/kiosk.json" "not UTF-8"
# S07: what another employer issued is told on a screen as well.
CONTENT=$content
{
    belongs X-JORDANHILL jord
    cat <<'STEPS'
back
tap "/home/menu"
tap "This kiosk"
tree kiosk
STEPS
} | steps "$tmp/jordanhill" --now "$today" || exit 1
says "$tmp/shots/kiosk.json" "Example Council's content is left out: this kiosk belongs to Jordanhill School"

# ---- S06: an independent school is its own employer; another school of the same sector is not ----
CONTENT=$tmp/content
rm -r "$CONTENT/employers"
mkdir -p "$CONTENT/employers/own/docs" "$CONTENT/employers/other/docs"
for employer in own other; do
    {
        printf 'name: The %s school\nkind: school\nconstituency: X-SCIS\n' "$employer"
        [ $employer = own ] && printf 'site: Example Academy\n' || printf 'site: Other Academy\n'
    } >"$CONTENT/employers/$employer/issuer.yaml"
    sed "s/^issuer: .*/issuer: The $employer school/" "$content/docs/guidance/labelling.md" \
        >"$CONTENT/employers/$employer/docs/labelling.md"
done
{
    belongs X-SCIS scis
    cat <<'STEPS'
back
tap "/home/guidance"
tap "/find/words"
type "labelling\n"
tap "/find/list/labelling"
see "The own school"
unsee "The other school"
STEPS
} | steps "$tmp/scis" --now "$today" || exit 1

# ---- S05: a point for one's representative, half written when the power goes, is there and is queued once ----
mkdir -p "$play"
cat >"$play/half.drive" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
tap "/home/board"
tap "/board/rows/rep"
tap "/representative/rows/tell"
tap "A problem"
tap "/letter/rows/question/value"
type "No cover on Fridays"
die
STEPS
CONTENT=$content
kiosk "$tmp/voice" --now "$today" --drive "$play/half.drive"
same 137 $? "status of a kiosk whose power was cut"
steps "$tmp/voice" --now "$today" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
tap "/home/board"
tap "/board/rows/rep"
tap "/representative/rows/tell"
tree again
STEPS
says "$tmp/shots/again.json" "No cover on Fridays"
verify_kiosk "$tmp/voice"

# ---- S08: Techné however it is typed; what is ticked there is ticked among the challenges, for its person alone ----
for words in techne Techné TECHNE; do
    finds "$tmp/voice" "$words" techne
done
finds "$tmp/voice" "Western Isles" place-na-h-eileanan-siar
finds "$tmp/voice" "D&G" place-dumfries-and-galloway
finds "$tmp/voice" "Perth & Kinross" place-perth-and-kinross
{
    person
    cat <<'STEPS'
tap "/home/board"
tap "/board/rows/techne"
tap "/reader/text/tick-techne-aware"
tap "/reader/text/tick-techne"
tap "/reader/text/tick-techne-posted"
back
tap "/board/rows/stac"
tap "/reader/text/tick-rep"
back
tap "/board/rows/challenges"
tree ticked
STEPS
} | steps "$tmp/ticks" --now "$today" || exit 1
for challenge in techne-aware techne techne-posted rep; do
    says "$tmp/shots/ticked.json" "\"path\":\"/challenges/list/$challenge/badge\",\"role\":\"badge\",\"label\":\"Done\""
done
same 4 "$(grep -o '"label":"Done"' "$tmp/shots/ticked.json" | wc -l)" "challenges that are done"

# ---- S25: the other places that tick: passed on, written, followed. Nobody else has them ticked, and a year on they stand ----
{
    person
    cat <<'STEPS'
tap "/home/board"
tap "/board/rows/bodies"
tap "/board_list/rows/stst"
tap "/reader/text/tick-pass-on"
tap "/reader/text/tick-write"
back
tap "/board_list/rows/sserc-tv"
tap "/reader/text/tick-tv"
back
back
tap "/board/rows/challenges"
tree all_ticked
STEPS
} | steps "$tmp/ticks" --now "$today" || exit 1
same 7 "$(grep -o '"label":"Done[^"]*"' "$tmp/shots/all_ticked.json" | wc -l)" "challenges that are done, with those of the three other places"
{
    cat <<'STEPS'
key "CANNY-P:EXAMPLE-T2-K8VD\n"
idle 9s
tap "/home/board"
tap "/board/rows/challenges"
tap "Sign in with my PIN to tick"
STEPS
    digits 685302
    printf 'see "Five challenges"\ntree others\n'
} | steps "$tmp/ticks" --now "$today" || exit 1
same 0 "$(grep -c '"label":"Done' "$tmp/shots/others.json")" "challenges that are done, for somebody else"
{
    person
    printf 'tap "/home/board"\ntap "/board/rows/challenges"\ntree year\n'
} | steps "$tmp/ticks" --now 2027-11-23T10:42:00Z || exit 1
same 7 "$(grep -o '"label":"Done[^"]*"' "$tmp/shots/year.json" | wc -l)" "challenges that are done a year on"

# ---- S12: films are found and shown as codes, never played; a wish is sent once, exactly once, when there is a network ----
hub=$tmp/hub
steps "$tmp/films" --now "$today" <<'STEPS'
tap "/home/guidance"
tap "/find/words"
type "autoclave film\n"
tap "/find/list/tv-technicians"
unsee "Play"
tap "/reader/text/film0"
see "https://example.org/tv/autoclave"
back
tap "/reader/text/suggest"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
tap "/letter/rows/question/value"
type "Pouring agar"
tap "/letter/keyboard/Hide"
tap "/letter/queue"
see "Queued here. This kiosk has joined no hub"
idle 9s
back
back
back
tap "/home/board"
tap "/board/rows/courses"
tap "/board_list/rows/chemical-handling"
tap "/reader/text/interest"
tap "/letter/rows/people/value"
type "2"
tap "/letter/keyboard/Hide"
tap "/letter/queue"
see "Queued here"
STEPS
same 2 "$(kiosk_export "$tmp/films" | grep -c '"kind":"letter.queued"')" "letters that wait"
hub_start "$hub"
steps "$tmp/films" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync within 30s
net off
net on
sync within 30s
tap "/home/board"
tap "/board/rows/courses"
tap "/board_list/rows/chemical-handling"
unsee "Register interest"
see "Sent"
STEPS
hub_export "$hub" >"$tmp/at_hub"
same 1 "$(grep -c 'Pouring agar' "$tmp/at_hub")" "wishes at the hub"
# S22: and so is the interest in a course.
same 1 "$(grep -c '"form":"course-interest"' "$tmp/at_hub")" "interests at the hub"
hub_stop

# ---- S13: one entry for an event that two layers or two files have; the second file is told ----
CONTENT=$tmp/twice
cp -r "$content" "$CONTENT"
mkdir -p "$CONTENT/employers/example-council/docs/events"
sed 's/^issuer: .*/issuer: Example Council/; s/^title: .*/title: "Tech Meet: in the words of the council"/' \
    "$content/docs/events/tech-meet-december.md" >"$CONTENT/employers/example-council/docs/events/meet.md"
sed '/^revision: /d; s/^title: .*/title: "Tech Meet: in newer words"/; s/^kind: event/kind: event\nrevision: 3/' \
    "$content/docs/events/tech-meet-december.md" >"$CONTENT/docs/events/zz-newer.md"
events() {
    printf 'tap "/home/board"\ntap "/board/rows/events"\ntree events\n'
}
{
    belongs S12000030 stirl
    printf 'back\n'
    events
} | steps "$tmp/layers" --now "$today" || exit 1
says "$tmp/shots/events.json" "Tech Meet: in the words of the council"
lacks events "in newer words"
lacks events "a quick look at glassware"
same 1 "$(grep -c '"path":"/board_list/rows/tech-meet-december"' "$tmp/shots/events.json")" "entries of the event"
events | steps "$tmp/twice-kiosk" --now "$today" || exit 1
same 1 "$(grep -c '"path":"/board_list/rows/tech-meet-december"' "$tmp/shots/events.json")" "entries of the event"
says "$tmp/shots/events.json" "in newer words"
lacks events "a quick look at glassware"
says "$tmp/err" "another file has id tech-meet-december already"
CONTENT=$content

# ---- S15: erasing leaves a count without a name. S19: a refresher moves the end on and keeps what was there. S21: a
#      certificate of a centre that has lapsed since stays ----
course() {
    cat <<STEPS
tap "Add a course"
tap "/training_add/list/course-$1"
tap "/training_add/list/date"
type "$2\\n"
tap "/training_add/list/expires"
type "$3\\n"
tap "Keep it"
STEPS
}
{
    belongs S12000030 stirl
    cat <<'STEPS'
back
tap "/home/menu"
tap "My training"
STEPS
    course microbiology-level-3 1/2/2022 31/1/2027
    course microbiology-refresher-stirling 2/11/2026 1/11/2031
    course chemical-handling 3/3/2026 ''
    printf 'tree training\naudit\ntap "/training/list/erase"\ntap "/training/list/erase"\nsee "Nothing recorded yet"\n'
} | steps "$tmp/trained" --now "$today" || exit 1
says "$tmp/shots/training.json" "1 Feb 2022"
says "$tmp/shots/training.json" "1 Nov 2031"
lacks training "Runs out"
lacks training "Ran out"
same 0 "$(sqlite3 "$tmp/trained/canny.db" "select count(*) from local_mine")" "records after the erasure"
same 3 "$(sqlite3 "$tmp/trained/canny.db" "select n from local_count where name = 'erased.training'")" "what was erased, counted"

# ---- S18: nobody with microbiology Level 3: the prep list is locked with its reason and a way to the course, the page for
#      the class stays open. One whose training is old: told in amber words ----
CONTENT=$tmp/nobody
cp -r "$content" "$CONTENT"
sed -i '/,M3,/d' "$CONTENT/school/competences.csv"
{
    first b06
    cat <<'STEPS'
see "Growing bacteria"
tap "/assessment/steps"
see "Stop-points: before anything else"
tap "Get ready"
tap "/steps/part/locked"
see "Microbiology Level 3"
see "SCQF level 6, 3 credit points"
unsee "SCQF level 3"
STEPS
} | steps "$tmp/nobody-kiosk" --now "$today" || exit 1
CONTENT=$content

# Training older than its refresh day: amber where the work is prepared, and the page is read as ever.
{
    first b06
    cat <<'STEPS'
see "Growing bacteria"
tap "/assessment/steps"
see "Stop-points: before anything else"
tap "Get ready"
swipe up
see "Training past its refresh day: 1"
audit
STEPS
} | steps "$tmp/lapsed-kiosk" --now "$today" || exit 1

# ---- S23: what somebody drafts about a colleague is theirs; numbers are added only where the colleague agreed ----
nominate() {
    cat <<STEPS
key "CANNY-P:EXAMPLE-C1-3XRN\\n"
tap "/home/board"
tap "/board/rows/awards"
tap "/board_list/rows/award-technicians"
tap "/reader/text/nominate"
tap "/letter/rows/nominee/value"
type "Technician One"
tap "/letter/keyboard/Hide"
tap "/letter/rows/changed/value"
type "Everything"
tap "/letter/keyboard/Hide"
tap "$1" in "Does the nominee…"
tap "/letter/file"
see "Saved as"
STEPS
}
for agreed in Yes No; do
    nominate "$agreed" | steps "$tmp/award-$agreed" --now "$today" || exit 1
    cat "$tmp/award-$agreed"/export/*.txt >"$tmp/award"
    says "$tmp/award" "Technician One"
    same 0 "$(grep -c 'Technician 1' "$tmp/award")" "people of the records in a nomination"
    same "$([ $agreed = Yes ] && printf 1 || printf 0)" "$(grep -c 'checks recorded in the last twelve months' "$tmp/award")" \
        "counts where the nominee said $agreed"
done
same 0 "$(kiosk_export "$tmp/award-Yes" | grep -c 'Everything')" "lines of the log with the nomination"
steps "$tmp/award-Yes" --now "$today" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
tap "/home/ask"
unsee "Technician One"
unsee "Everything"
STEPS

# ---- S24: two taps from a chemical at its strength to a card that names both, with the telephone's number, without any
#      network ----
steps "$tmp/ask" --now "$today" <<'STEPS'
key "chem:hydrochloric-acid@3\n"
tap "/chemical/answer/ask"
see "Is someone hurt?"
see "Hydrochloric acid · 3 mol/l"
see "01632 960 000"
tap "/ask/ask/hurt"
see "Eye"
STEPS
