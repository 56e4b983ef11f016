#!/bin/sh
# A culture is open from the day it comes in until it is destroyed: amber on its page, on the first screen and in the
# lists, however long nobody looks; and every stage stays in its line of life.
. "$(dirname "$0")/lib.sh"
alone=yes

steps "$tmp/kiosk" <<'STEPS'
# it comes in: the form of its first day opens by itself
key "CANNY-P:EXAMPLE-T3-9HJP\n"
see "Signed in"
key "EXA-C014\n"
tap "/unknown/register"
tap "/kinds/list/Microbiology"
tap "/kinds/list/culture"
tap "/register/record"
see "on the register"
tap "/check/rows/organism/value"
type "Escherichia coli\n"
tap "/check/rows/strain/value"
type "K-12\n"
tap "Level 2"
tap "/check/rows/supplier/value"
type "Example supplier\n"
tap "/check/rows/batch/value"
type "4471\n"
tap "Today" in "Received on…"
tap "Pass" in "On the list…"
tap "/check/rows/passage/value"
type "1\n"
tap "Pass" in "Looks pure…"
tap "/check/rows/next_sub/value"
type "2027-03-10\n"
tap "/check/rows/destroy_by/value"
type "2027-10-10\n"
tap "/check/sign"
see "Recorded"
idle 9s
see "Open: still alive"
see "Received"
see "Destroyed"
see "not yet"
see "Escherichia coli"
audit
# told on the first screen and in the list
back
see "2 alive"
tap "/home/due"
see "2 cultures are alive"
tap "/due/rows/alive"
see "received"
back
back
# plates go to incubate
key "EXA-C014\n"
tap "/item/more"
tap "/more/more/form-mb-incubate"
key "EXA-0045\n"
tap "/check/rows/temperature/value"
type "25\n"
tap "/check/rows/until/quick/now"
tap "Pass" in "Upside down…"
tap "/check/sign"
see "Recorded"
idle 9s
back
see "Incubated"
see "Open: still alive"
STEPS

# However much later, it is open still.
steps "$tmp/kiosk" <<'STEPS'
now +40d
see "2 alive"
key "EXA-C014\n"
see "Open: still alive"
key "CANNY-P:EXAMPLE-T3-9HJP\n"
see "Signed in"
tap "/item/more"
tap "/more/more/form-mb-disp"
tap "/check/rows/count/value"
type "12\n"
tap "Today" in "Last lesson…"
key "EXA-0041\n"
tap "Today" in "Day of the run…"
tap "Browne's tube turned"
tap "Pass" in "Bag sealed…"
tap "/check/rows/binned_by/value"
type "Technician 1\n"
tap "/check/sign"
see "Recorded"
idle 9s
back
see "Ended"
unsee "Open: still alive"
audit
back
see "1 alive"
tap "/home/lab"
tap "/lab/pages/cultures"
see "destroyed"
STEPS
verify_kiosk "$tmp/kiosk"
