#!/bin/sh
# A label of 64 wide characters, the longest there may be: registered, found again by a scan, shown and chosen in the
# register, linked as a second label; every screen on the way passes the audit.
. "$(dirname "$0")/lib.sh"
wide=WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWA
other=MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMB
for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/$PANEL" <<STEPS
key "$wide\n"
see "New label"
audit
tap "/unknown/register"
audit
tap "/kinds/list/Laboratory"
tap "/kinds/list/microscope"
tap "/register/questions/name"
type " O'Neill"
type "\n"
tap "/register/record"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "on the register"
audit
idle 9s
see "$wide"
audit
back
tap "/home/menu"
tap "/menu/rows/equipment"
audit
tap "Microscope O'Neill"
audit
see "$wide"
back
back
key "$other\n"
see "New label"
tap "/unknown/link"
audit
tap "Microscope O'Neill"
see "$wide"
idle 9s
audit
back
key "$other\n"
see "Microscope O'Neill"
STEPS
    verify_kiosk "$tmp/$PANEL"
done
