#!/bin/sh
# A question from a thing: two taps to a card that names it, first aid before anything else, kept as it is written, queued
# with no network, still there after the power was cut, at the hub exactly once, answered there, and the answer filed at
# the thing it was about.
. "$(dirname "$0")/lib.sh"
need sqlite3
data=$tmp/kiosk
hub=$tmp/hub

# Written, half of it, and the power goes.
cat >"$play.drive" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
key "EXA-0041\n"
tap "/item/more"
tap "/more/more/ask"
see "Is someone hurt?"
see "Pressure cooker 1"
see "01632 960 000"
audit
tap "/ask/write"
tap "/letter/rows/question/value"
type "May a class of thirty"
die
STEPS
mkdir -p "$play"
kiosk "$data" --drive "$play.drive"
same 137 $? "status of a kiosk whose power was cut while somebody wrote"
verify_kiosk "$data"

# All of it is there, for its writer only; queued, and the power goes again.
cat >"$play.drive" <<'STEPS'
key "EXA-0041\n"
tap "/item/more"
tap "/more/more/ask"
tap "All letters"
unsee "May a class of thirty"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
unsee "May a class of thirty"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "May a class of thirty"
see "noted here"
audit
back
tap "/ask/write"
see "May a class of thirty"
tap "/letter/rows/question/value"
type " use it at once"
tap "/letter/keyboard/Hide"
audit
tap "/letter/queue"
see "Queued here. This kiosk has joined no hub"
audit
die
STEPS
kiosk "$data" --drive "$play.drive"
same 137 $? "status of a kiosk whose power was cut after «Queued»"
verify_kiosk "$data"
kiosk_export "$data" | grep '"kind":"letter.queued"' >"$tmp/letters"
same 1 "$(wc -l <"$tmp/letters")" "letters in the log"
says "$tmp/letters" 'May a class of thirty use it at once'
says "$tmp/letters" '"title":"Ask SSERC"'
same 0 "$(grep -c 'Technician 1' "$tmp/letters")" "names in the line"

# The hub: once, however often it syncs.
hub_start "$hub"
steps "$data" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync within 30s
sync within 30s
key "EXA-0041\n"
tap "/item/more"
tap "/more/more/ask"
see "Sent"
audit
STEPS
hub_export "$hub" >"$tmp/hub.ndjson"
same 1 "$(grep -c '"kind":"letter.queued"' "$tmp/hub.ndjson")" "letters at the hub"
"$CANNY_BIN/canny-hub" letters --data "$hub" >"$tmp/open" || fail "the letters could not be listed"
same 1 "$(wc -l <"$tmp/open")" "open letters at the hub"
letter=$(cut -f 1 "$tmp/open")
says "$tmp/open" "Pressure cooker 1"

# Answered at the hub; another kiosk of the school shows it as well.
"$CANNY_BIN/canny-hub" answer --data "$hub" --letter "$letter" --by "SSERC (example)" \
    --text "Yes, in two groups.
Stay beside it." || fail "the answer was not taken"
same 0 "$("$CANNY_BIN/canny-hub" letters --data "$hub" | wc -l)" "open letters after the answer"
steps "$data" <<'STEPS'
sync within 30s
key "EXA-0041\n"
swipe up
see "Answer to us"
see "Not general guidance"
see "SSERC (example)"
audit
tap "/item/checks/answer0"
see "Stay beside it."
see "through the hub"
see "An answer to us, not general guidance"
audit
STEPS
steps "$tmp/other" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync within 30s
key "EXA-0041\n"
swipe up
see "Answer to us"
STEPS

# One that came by telephone, typed in by hand and filed at the same thing.
steps "$data" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
key "EXA-0041\n"
tap "/item/checks/answer0"
tap "/letter_read/answer"
tap "/letter_read/answering/text"
type "Also with lid off"
tap "/letter_read/keyboard/Hide"
tap "/letter_read/answering/by"
type "By phone"
tap "/letter_read/keyboard/Hide"
audit
tap "/letter_read/file"
see "typed in here"
audit
back
swipe up
see "Also with lid off"
sync within 30s
STEPS
same 2 "$(hub_export "$hub" | grep -c '"kind":"letter.answered"')" "answers at the hub"

# From a chemical: one tap to a card that names it and its strength; first aid is a tap from there; and the answer is filed
# at the chemical.
steps "$data" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
key "chem:hydrochloric-acid@1\n"
tap "Ask SSERC"
see "Hydrochloric acid · 1 mol/l"
see "revision 1"
tap "Is someone hurt?"
unsee "Write a question"
audit
back
tap "/ask/write"
see "Hydrochloric acid · 1 mol/l"
tap "/letter/rows/question/value"
type "May pupils pour it"
tap "/letter/keyboard/Hide"
net off
tap "/letter/queue"
see "It has not left this kiosk"
net on
tap "/letter_read/answer"
tap "/letter_read/answering/text"
type "Yes"
back
tap "/ask/ask/asked0"
tap "/letter_read/answer"
tap "/letter_read/answering/text"
type " with eye protection"
tap "/letter_read/keyboard/Hide"
tap "/letter_read/file"
back
back
see "Yes with eye protection"
see "Not general guidance"
audit
sync within 30s
STEPS
hub_export "$hub" | grep '"kind":"letter.queued"' | grep -F 'May pupils pour it' >"$tmp/letters"
same 1 "$(wc -l <"$tmp/letters")" "letters about the chemical at the hub"
says "$tmp/letters" '"about":["hydrochloric-acid"]'
says "$tmp/letters" '"concentration":"1 mol/l"'
verify_hub "$hub"
verify_kiosk "$data"

# From an activity: two taps to a card that names it, and the answer stands at the activity the next time.
steps "$data" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
tap "/home/assessments"
tap "/find/browse/all"
tap "/find/list/c04"
tap "/assessment/**/ask"
tap "Ask SSERC about it"
see "Thiosulfate and acid"
tap "/ask/write"
tap "/letter/rows/question/value"
type "May we use the small flasks"
tap "/letter/keyboard/Hide"
net off
tap "/letter/queue"
see "It has not left this kiosk"
net on
tap "/letter_read/answer"
tap "/letter_read/answering/text"
type "Yes with half the volume"
tap "/letter_read/keyboard/Hide"
tap "/letter_read/file"
STEPS
steps "$data" <<'STEPS'
tap "/home/assessments"
tap "/find/browse/all"
tap "/find/list/c04"
tap "/assessment/**/steps"
see "Yes with half the volume"
see "Not general guidance"
audit
STEPS
