#!/bin/sh
# What is due, by list and in walking order: a check that is late stands in «overdue», one for later in the half-term's or
# the summer's list and not in today's; an item out of use is told once, above them; a list can be held to one school, to a
# department or to those that one looks after, and stand by date and then danger.
. "$(dirname "$0")/lib.sh"
alone=yes

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

# A name typed where a number was asked for finds the things of that name; a label that nobody knows is a tap further.
steps "$tmp/wanted" <<'STEPS'
tap "/home/type"
type "thermometer\n"
see "Thermometer 1"
unsee "New label"
audit
tap "It is a label: look it up"
see "New label"
back
tap "/home/type"
type "EXA-0043\n"
see "Fume cupboard 1"
back
tap "/home/type"
type "EXA-0999\n"
see "New label EXA-0999"
STEPS

# By department: all first, a tap for each that something here is of; what belongs to no one department stands in each. The
# choice is told in the bar and holds until somebody else is at the kiosk. By date the earliest is first, and of one day
# what can do the most harm, which is known by what a fail of its checks asks for.
labelled() {
    python3 - "$tmp/shots/$1.json" <<'PYTHON'
import json, re, sys
for n in json.load(open(sys.argv[1], encoding="utf-8")):
    if re.fullmatch(r"/due/rows/row\d+", n["path"]):
        print(re.sub(r" \(scrolled away\)$", "", n["label"]))
PYTHON
}
PANEL=800x480
steps "$tmp/wanted" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/due"
see "Checks due"
tree all
tap "/due/which"
audit
tap "Phys"
see "Checks due: Physics"
tree physics
audit
tap "Strontium-90 source"
see "Strontium-90 source"
back
see "Checks due: Physics"
tap "/due/which"
tap "Bio"
see "Checks due: Biology"
unsee "Strontium-90 source"
see "1 out of use"
tap "/due/which"
tap "All"
tap "/due/which"
tap "By date"
see "Checks due, by date"
see "Late (3)"
audit
tree dated
back
tap "/home/due"
see "Checks due, by date"
tap "/due/summer/tab"
tree summer
back
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
idle 9s
tap "/home/due"
see "Checks due, by date"
back
key "CANNY-P:EXAMPLE-T2-K8VD\n"
idle 9s
tap "/home/due"
see "Checks due"
unsee "by date"
STEPS
for name in all physics dated summer; do
    labelled $name >"$tmp/$name"
done
grep -q "Strontium" "$tmp/physics" || fail "a source in the radiation store is not in the list of physics"
grep -q "Biology fridge" "$tmp/physics" && fail "a fridge of the biology prep room is in the list of physics"
grep -q "Diethyl ether" "$tmp/physics" && fail "a chemical of the chemistry store is in the list of physics"
same "$(sort "$tmp/all")" "$(sort "$tmp/dated")" "items, whatever their order"
same "Strontium-90 source" "$(head -n 1 "$tmp/dated")" "what is late longest"
python3 - "$tmp/shots/summer.json" <<'PYTHON' || fail "by date, then danger: the order does not hold"
import json, re, sys
rows = []
for n in json.load(open(sys.argv[1], encoding="utf-8")):
    m = re.fullmatch(r"/due/rows/row(\d+)(/badge)?", n["path"])
    if m and not m.group(2):
        rows.append([n["label"].replace(" (scrolled away)", ""), ""])
    elif m:
        rows[-1][1] = n["label"].replace(" (scrolled away)", "")
by_day = {}
for at, (name, badge) in enumerate(rows):
    by_day.setdefault(badge, []).append(name)
never = by_day["Not done yet"]
# Not done yet, and so for today alike: an eyewash (a fail isolates: F3) before what is taken out of use (F2), that before a
# microscope, which is put right on the spot (F1).
assert never.index("Eyewash by the door") < never.index("Biology fridge"), never
assert never.index("Plate incubator") < [n.startswith("Binocular") for n in never].index(True), never
PYTHON

# Whoever ticked several departments as theirs has them at one tap, behind their PIN.
steps "$tmp/wanted" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/board"
tap "/board/rows/courses"
tap "/board_list/rows/tick-subject-biology"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
$(digits 402917)
tap "/board_list/rows/tick-subject-biology"
tap "/board_list/rows/tick-subject-physics"
back
back
tap "/home/due"
tap "/due/which"
tap "Mine"
see "Checks due: mine"
audit
tree mine
tap "/due/person"
tap "/kiosk/sign_out"
tap "/home/due"
see "Checks due"
unsee "Mine"
tree after
STEPS
labelled mine >"$tmp/mine"
says "$tmp/mine" "Strontium-90 source"
says "$tmp/mine" "Biology fridge"
grep -q "Diethyl ether" "$tmp/mine" && fail "what is chemistry's is in the list of biology and physics"
same "$(cat "$tmp/all")" "$(labelled after)" "items, once they signed out"
PANEL=1280x800

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
