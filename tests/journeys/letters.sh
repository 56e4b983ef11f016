#!/bin/sh
# Letters that are not questions: an anonymous voice that nothing ties to anybody, a post that is never said to be posted, a
# nomination that nobody else sees, and an article written in three sittings.
. "$(dirname "$0")/lib.sh"
need sqlite3 python3
hub=$tmp/hub
data=$tmp/kiosk
open_letters='key "EXA-0040\n"
tap "/item/more"
tap "/more/more/ask"
tap "All letters"'

# ---- a voice without a name: kept offline, sent once, and nothing left but a count; the name of somebody known here is
# stopped, and a pupil's, which nothing here can know, is warned about on every panel ----
PANEL=800x480
steps "$data" <<STEPS
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
$open_letters
audit
tap "Tell STAC"
see "Name no pupil"
tap "A problem" in "What is it?"
tap "/letter/rows/question/value"
type "Nobody covers when I am ill\nbut technician 1"
audit
tap "/letter/keyboard/Hide"
tap "/letter/rows/anonymous/options0/yes"
audit
tap "/letter/queue"
see "Leave names out"
idle 9s
tap "/letter/rows/question/value"
type "\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b"
tap "/letter/keyboard/Hide"
tap "/letter/queue"
see "1 waiting, 0 sent"
audit
STEPS
PANEL=1280x800
device=$(kiosk_export "$data" | sed -n '1s/.*"device":"\([0-9a-f]*\)".*/\1/p')
sqlite3 "$data/canny.db" "select kind || ' ' || body from postbox" >"$tmp/post"
same 1 "$(wc -l <"$tmp/post")" "voices that wait"
says "$tmp/post" "Nobody covers when I am ill"
for person in $(sqlite3 "$data/canny.db" "select id from person") "$device"; do
    same 0 "$(grep -c "$person" "$tmp/post")" "mentions of $person in the voice"
done
same 0 "$(kiosk_export "$data" | grep -c 'Nobody covers')" "lines of the log with the voice"
same 0 "$(sqlite3 "$data/canny.db" "select count(*) from local_draft_answer where value like 'Nobody covers%'")" "drafts of it"
hub_start "$hub"
steps "$data" --hub "$hub_url" --join "$(hub_code "$hub")" <<STEPS
sync within 30s
sync within 30s
$open_letters
see "0 waiting, 1 sent"
STEPS
"$CANNY_BIN/canny-hub" voices --data "$hub" >"$tmp/voices" || fail "the voices could not be printed"
same 1 "$(wc -l <"$tmp/voices")" "voices at the hub"
says "$tmp/voices" "Nobody covers when I am ill"
same 0 "$(grep -c "$device" "$tmp/voices")" "mentions of the kiosk in the voice"
same 0 "$(sqlite3 "$data/canny.db" "select count(*) from postbox")" "voices that wait after sending"
same 0 "$(hub_export "$hub" | grep -c 'Nobody covers')" "lines at the hub with the voice"
hub_stop

# ---- large letters on the smallest panel: a form is still to be filled in, queued and read ----
PANEL=800x480
steps "$tmp/large" --large <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
idle 9s
tap "/home/**/ask"
audit
tap "/letters/letters/new_tell-rep"
see "Name no pupil"
audit
tap "/letter/rows/question/value"
type "No time\nto prepare"
audit
tap "/letter/keyboard/Hide"
tap "/letter/rows/named/options0/no"
audit
tap "/letter/queue"
see "Queued here"
idle 9s
audit
tap "/letter_read/letter/take_back"
tap "/letter_read/letter/take_back"
see "Taken back"
audit
STEPS
PANEL=1280x800

# ---- a post: a draft that survives, and «posted» only as its writer's word ----
steps "$tmp/post-kiosk" <<STEPS
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
$open_letters
tap "Write a post for Techné"
tap "/letter/rows/title/value"
type "A trick for stiff taps"
tap "/letter/keyboard/Hide"
tap "/letter/rows/body/value"
type "A drop of silicone grease"
tap "/letter/keyboard/Hide"
unsee "posted"
STEPS
steps "$tmp/post-kiosk" <<STEPS
$open_letters
unsee "A trick for stiff taps"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "A trick for stiff taps"
see "noted here"
tap "A trick for stiff taps"
see "A drop of silicone grease"
tap "/letter/phone"
audit
back
see "Handed to a phone. Not sent from here."
unsee "You said"
tap "It is posted"
see "You said: posted"
STEPS
same 0 "$(kiosk_export "$tmp/post-kiosk" | grep -c 'silicone')" "lines of the log with the post"

# ---- an article: three sittings, one on each panel, a power cut, every word and line in the file, the school only where it
# was ticked; three lines of it stand above the keyboard wherever they are written ----
# three_lines ROW: what `tree one` and `tree many` saw of the field with one line in it, and with many and the keyboard below.
three_lines() {
    python3 - "$tmp/shots/one.json" "$tmp/shots/many.json" "$1" <<'PYTHON' || fail "not three lines in sight on $PANEL"
import json, sys
one, many = ({n["path"]: n for n in json.load(open(f, encoding="utf-8"))} for f in sys.argv[1:3])
value = "/letter/rows/" + sys.argv[3] + "/value/value"
seen, board = many[value]["seen"], many["/letter/keyboard"]["rect"]
sys.exit(seen[3] < 3 * one[value]["rect"][3] or seen[1] + seen[3] > board[1])
PYTHON
}
sitting() {
    cat >"$play/sitting.drive"
    kiosk "$tmp/article" --drive "$play/sitting.drive"
    same "$1" $? "status of sitting $2"
}
# words FROM TO: steps that type so many different words of two letters, some at a time.
words() {
    awk -v from="$1" -v to="$2" 'BEGIN {
        a = "abcdefghijklmnopqrstuvwxyz"
        for (i = from; i <= to; i++) {
            if ((i - from) % 25 == 0) printf "%stype \"", (i > from ? "\"\n" : "")
            printf "%s%s ", substr(a, int(i / 26) + 1, 1), substr(a, i % 26 + 1, 1)
        }
        print "\""
    }'
}
PANEL=800x480
sitting 137 1 <<STEPS
key "CANNY-P:EXAMPLE-C1-3XRN\n"
$open_letters
tap "Write for The School STEM Technician"
tap "A day in the job" in "Which kind…"
tap "/letter/rows/heading/value"
type "Forty trays"
tap "/letter/keyboard/Hide"
tap "/letter/rows/day_start/value"
type "a"
tree one
type "\b"
$(words 0 199)
tree many
shot many
audit
tap "/letter/keyboard/Hide"
audit
die
STEPS
three_lines day_start
PANEL=720x1280
sitting 0 2 <<STEPS
key "CANNY-P:EXAMPLE-C1-3XRN\n"
$open_letters
tap "Forty trays"
tap "/letter/rows/day_middle/value"
type "a"
tree one
type "\b"
$(words 200 399)
type "\nLast line\n"
tree many
audit
tap "/letter/keyboard/Hide"
tap "/letter/later"
STEPS
three_lines day_middle
PANEL=1280x800
sitting 0 3 <<STEPS
key "CANNY-P:EXAMPLE-C1-3XRN\n"
$open_letters
tap "Forty trays"
tap "/letter/rows/day_end/value"
$(words 400 599)
tap "/letter/keyboard/Hide"
tap "/letter/rows/author/value"
type "A. Writer"
tap "/letter/keyboard/Hide"
tap "No" in "May the school…"
see "606 words"
audit
tap "/letter/file"
see "Saved as"
tap "/letter/phone"
see "Part 1 of"
audit
shot part1
tree part1
tap "/handoff/next"
see "Part 2 of"
STEPS
file=$(ls "$tmp/article/export/"*.txt) || fail "no file was made"
same 600 "$(grep -ow '[a-x][a-z]' "$file" | sort -u | wc -l)" "different words in the file"
says "$file" "Forty trays"
says "$file" "A. Writer"
same 1 "$(grep -cx 'Last line' "$file")" "lines that begin where Enter was tapped"
same 0 "$(grep -ci 'academy\|school' "$file")" "mentions of a school that was not to be named"
verify_kiosk "$tmp/article"
