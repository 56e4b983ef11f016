#!/bin/sh
# What a form works out is one card with its verdict in words; what is missing is one tap away; a timer leads back to its row;
# a figure that was filled in goes at the first key. And a thing is registered before it has a label.
. "$(dirname "$0")/lib.sh"
alone=yes

for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/leak-$PANEL" --now 2026-11-23T10:00:00Z <<'STEPS'
key "EXA-0051\n"
see "Strontium-90 source"
tap "/item/start"
tap "/check/next"
see "Months to the next test"
tap "/check/rows/background_s/timer"
see "to go"
tap "/check/later"
idle 302s
see "Time is up"
tap "Open"
see "Background: time"
see "300"
tap "/check/rows/background/value"
type "123\n"
tap "/check/rows/gross_s/value"
type "100\n"
tap "/check/rows/gross/value"
type "43\n"
tap "/check/rows/results/about"
see "No leak found"
see "Nothing detected"
audit
tap "/check/rows/gross/value"
type "\b\b30000\n"
tap "/check/rows/results/about"
see "Leak: tell the RPS"
see "Do not use"
audit
STEPS

    steps "$tmp/bare-$PANEL" --now 2026-11-23T10:00:00Z <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
idle 9s
tap "/home/menu"
tap "/menu/rows/equipment"
tap "/items/one"
tap "/kinds/list/Laboratory"
tap "/kinds/list/fridge"
tap "/register/questions/name"
type " without a label\n"
tap "/register/record"
see "is on the register"
see "Fridge without a label"
idle 9s
# its label comes later
key "EXA-0901\n"
tap "/unknown/link"
tap "Fridge without a label"
see "is on this item now"
idle 9s
key "EXA-0901\n"
see "Fridge without a label"
audit
STEPS
    verify_kiosk "$tmp/bare-$PANEL"
done
