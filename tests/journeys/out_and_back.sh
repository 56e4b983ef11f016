#!/bin/sh
# What is lent has a name and a day; past that day the first screen and the lists say so until it is back.
. "$(dirname "$0")/lib.sh"

steps "$tmp/kiosk" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
# what stands where it stands is lent to nobody, and a source goes out by its own form
key "EXA-0043\n"
see "Fume cupboard 1"
unsee "Lend it"
key "EXA-0051\n"
see "Take it out"
key "EXA-0047\n"
see "Lend it"
tap "/item/out"
tap "/check/rows/who/value"
type "Mrs O'Neill\n"
tap "/check/rows/place/value"
type "Lab 4\n"
tap "/check/rows/back_by/value"
type "2099-01-01\n"
tap "Today" in "Back by…"
tap "Pass" in "Sound and safe…"
tap "/check/sign"
see "Recorded"
idle 9s
see "Mrs O'Neill"
see "Bring it back"
back
tap "/home/due"
see "2 things are out"
see "In time"
tap "/due/rows/out"
see "Mrs O'Neill"
see "Lab 4"
audit
STEPS

# Two days on nobody has brought it back; in large letters on the small panel that stands above all else.
PANEL=800x480
steps "$tmp/kiosk" --large <<'STEPS'
now +2d
see "1 thing is not back"
audit
tap "/home/late"
see "Mrs O'Neill"
STEPS
PANEL=1280x800
steps "$tmp/kiosk" <<'STEPS'
now +2d
see "1 thing is not back"
audit
tap "/home/late"
see "Not back"
audit
back
tap "/home/due"
see "1 not back"
audit
back
key "EXA-0047\n"
see "Not back"
see "Mrs O'Neill"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
tap "/item/start"
see "All parts back"
tap "Pass" in "Sound, nothing…"
tap "Pass" in "All parts…"
tap "/check/sign"
see "Recorded"
idle 9s
unsee "Not back"
tap "/item/history"
see "Lent out"
see "Brought back"
back
back
unsee "not back"
STEPS
verify_kiosk "$tmp/kiosk"
