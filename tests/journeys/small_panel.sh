#!/bin/sh
# On the 7-inch panel the keyboard leaves room for one field: what is asked, and what was found, is still to be seen.
. "$(dirname "$0")/lib.sh"
PANEL=800x480
drive "$tmp/kiosk" small_panel.drive --now 2026-11-23T10:00:00Z

# In large letters home's ways are a list, beside the picture or beneath it; each can be read and reached.
for PANEL in 800x480 720x1280; do
    steps "$tmp/large-$PANEL" --large --now 2026-11-23T10:00:00Z <<'STEPS'
audit
tap "/home/type"
audit
back
tap "/home/ways/assessments"
see "Biology"
back
tap "/home/ways/menu"
see "People"
back
# An emergency has its words whole as well, and whom to call.
tap "/home/ways/assessments"
tap "/find/browse/all"
tap "/find/list/c05"
tap "/assessment/**/emergency"
audit
tap "/emergency/actions/clothing"
audit
swipe up
audit
swipe up
audit
back
back
back
back
swipe up
audit
swipe down

# What is due stands on the first screen, and all of an item can be reached.
tap "/home/ways/due"
see "Biology fridge"
audit
tap "/due/alarms"
see "1 out of use"
tap "/due/which"
audit
back
key "EXA-0043\n"
see "Start check"
audit
tap "/item/page/history"
audit
back
tap "/item/page/more"
back
tap "/item/page/why"
audit
back
tap "/item/start"
see "Air is drawn in"
back

# What can hurt before anything to tap; the tabs of the steps whole.
key "chem:hydrochloric-acid@3\n"
see "Harmful"
audit
back
tap "/home/ways/assessments"
tap "/find/browse/all"
tap "/find/list/c04"
audit
tap "/assessment/**/steps"
audit
tap "Hazards"
audit
STEPS
done

# A field of many lines keeps two of them above the keyboard.
PANEL=800x480
steps "$tmp/large-800x480" --large --now 2026-11-23T10:00:00Z <<'STEPS'
key "chem:hydrochloric-acid@3\n"
tap "/chemical/answer/ask"
tap "/ask/**/write"
tap "/letter/rows/question/value"
type "one two three four five six seven eight nine ten eleven"
see "Your question"
audit
tree lines
STEPS
python3 - "$tmp/shots/lines.json" <<'PYTHON' || fail "fewer than two lines are seen of what is typed"
import json, sys
nodes = {n["path"]: n for n in json.load(open(sys.argv[1], encoding="utf-8"))}
value = nodes["/letter/rows/question/value/value"]
line = nodes["/letter/title"]["rect"][3]
assert value["seen"][3] >= 2 * line, value
PYTHON
