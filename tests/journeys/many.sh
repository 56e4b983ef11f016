#!/bin/sh
# The register: many of one kind by label after label, a kit, a move, lost and found, retired with its reason, and what
# the register was on a day gone by.
. "$(dirname "$0")/lib.sh"

steps "$tmp/kiosk" <<'STEPS'
# thirty would go the same way: one touch for the kind, then only scans
tap "/home/menu"
tap "/menu/rows/equipment"
tap "/items/many"
tap "/kinds/list/Electrical"
tap "/kinds/list/hotplate"
tap "/many/sign_in"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Next: Hotplate"
see "Next: Hotplate or heating mantle 1"
key "HOT-001\n"
see "Recorded: HOT-001 is Hotplate or heating mantle 1"
key "HOT-002\n"
key "HOT-003\n"
key "HOT-002\n"
see "HOT-002 is on Hotplate or heating mantle 2 already"
key "EXA-0040\n"
see "Heating mantle 250 ml already"
see "Done (3)"
idle 9s
see "Next: Hotplate or heating mantle 4"
tap "/many/done"

# a clone takes the next number of its own name
key "EXA-0049\n"
tap "/item/more"
tap "/more/more/clone"
key "HOT-010\n"
see "HOT-010 is Hotplate stirrer 3"
key "HOT-010\n"
see "already"

# a kit: its members are scanned in
key "HOT-001\n"
see "HOT-001 is on Hotplate or heating mantle 1 already"
tap "/many/done"
back
back
key "HOT-001\n"
tap "/item/more"
tap "/more/more/kit"
see "Nothing is in this kit yet"
key "HOT-001\n"
see "This is the kit itself"
key "HOT-002\n"
see "is in this kit"
key "HOT-003\n"
see "is in this kit"
key "NOT-KNOWN\n"
see "register it first"
idle 9s
see "Hotplate or heating mantle 3"
audit
back
swipe up
see "Kit (2 members)"

# a part that is out of use: the kit says so
tap "/more/more/kit"
key "EXA-0042\n"
see "is in this kit"
idle 9s
back
swipe up
see "Kit (3 members)"
back
see "Do not use: «Pressure cooker 2» of this kit"
tap "/item/more"

# moved to where something else is kept: its label is scanned
tap "/more/more/move"
key "EXA-0042\n"
see "Kept where Pressure cooker 2 is"
tap "/move/record"
see "is kept in Biology prep room now"
idle 9s
back
see "Biology prep room, shelf B3"
tap "/item/more"
tap "/more/more/lost"
see "is lost"
idle 9s
back
see "Lost"
audit
tap "/item/more"
tap "/more/more/found"
see "is found"
tap "/more/more/retire"
tap "Recycled as electrical waste"
tap "/retire/reasons/note"
type "Cracked plate\n"
tap "/retire/record"
see "is retired"
idle 9s
back
see "Retired"
see "Recycled as electrical waste. Cracked plate"
audit
STEPS
kiosk_export "$tmp/kiosk" >"$tmp/lines"
says "$tmp/lines" 'Recycled as electrical waste. Cracked plate'
same 4 "$(grep -c '"label":"HOT-0[01][0-9]"' "$tmp/lines" | awk '{ print ($1 >= 4) ? 4 : $1 }')" "items of the labels scanned"

# Yesterday none of this was so; today it is, and a source has no bin to go to.
steps "$tmp/kiosk" <<'STEPS'
now +1d
tap "/home/menu"
tap "/menu/rows/equipment"
tap "/items/as_at"
see "At the end of today"
audit
tap "/as_at/earlier"
see "Nothing was on the register that day"
audit
back
back
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
key "SRC-001\n"
tap "/unknown/register"
tap "/kinds/list/Radiation"
tap "/kinds/list/radioactive-source"
tap "/register/record"
see "on the register"
tap "/check/later"
tap "/item/more"
tap "/more/more/retire"
see "never goes into a bin"
see "as the RPA advised"
unsee "Recycled"
audit
STEPS
verify_kiosk "$tmp/kiosk"
