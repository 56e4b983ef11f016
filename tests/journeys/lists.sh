#!/bin/sh
# What is due, by list and in walking order: a check that is late stands in «overdue», one for later in the half-term's or
# the summer's list and not in today's; an item out of use is told once, above them; a list can be held to one school.
. "$(dirname "$0")/lib.sh"

steps "$tmp/kiosk" <<'STEPS'
tap "/home/due"
see "Due now"
see "Biology prep room"
unsee "Heating mantle 250 ml"
see "not to be used"
tap "/due/rows/stops"
see "Not to be used"
see "Pressure cooker 2"
tap "Pressure cooker 2"
see "Do not use"
see "Last good"
see "Who may put it back"
back
back
tap "/due/overdue/tab"
see "Vane anemometer"
see "days late"
unsee "Heating mantle 250 ml"
tap "Vane anemometer"
see "Overdue"
back
tap "/due/half_term/tab"
unsee "Heating mantle 250 ml"
tap "/due/summer/tab"
see "Combined inspection and test, Formal visual inspection, Fridge or freezer"
tap "/due/rows/row0"
see "Biology fridge"
STEPS

# On paper it is another school's: then it is on that school's list alone.
steps "$tmp/kiosk" <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
key "EXA-0054\n"
see "Vane anemometer"
tap "/item/more"
tap "/more/more/edit"
tap "/edit/fields/school"
type "Example High\n"
tap "/edit/record"
see "Recorded"
key "EXA-0044\n"
tap "/item/more"
tap "/more/more/edit"
tap "/edit/fields/school"
type "Other Academy\n"
tap "/edit/record"
see "Recorded"
idle 9s
back
back
tap "/home/due"
tap "/due/overdue/tab"
see "Vane anemometer"
tap "/due/rows/school"
tap "Other Academy"
tap "/due/overdue/tab"
unsee "Vane anemometer"
see "Mrs O'Neill's power supply"
tap "/due/rows/school"
tap "All schools"
tap "/due/overdue/tab"
see "Vane anemometer"
STEPS

# Seven weeks of summer later much is late, and nothing is hidden.
steps "$tmp/kiosk" <<'STEPS'
now +270d
tap "/home/due"
tap "/due/overdue/tab"
tap "Plate incubator"
see "Overdue"
STEPS
verify_kiosk "$tmp/kiosk"
