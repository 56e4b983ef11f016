#!/bin/sh
# Risk assessments: every one of the content shows what matters without scrolling on three panels; what the register, the
# chemicals and the people of the school say stands on it in the same session; emergency is a tap away; a tick that nobody made
# is told.
. "$(dirname "$0")/lib.sh"
alone=yes

# first ID: opens the assessment from home: the list of all, then its row.
first() {
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\ntap "/find/list/%s"\n' "$1"
}

# The whole of the first screen of each, audited: the list of what a page holds is scrolled by no one.
{
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\n'
    for doc in "$CANNY_SOURCE"/assets/content/docs/assessments/*.md; do
        id=$(basename "$doc" .md)
        printf 'tap "/find/list/%s"\nsee "Emergency"\nsee "not adopted by any employer"\naudit\ntree page-%s\nback\n' "$id" "$id"
    done
} >"$tmp/all.drive"
for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/all-$PANEL" <"$tmp/all.drive"
    for tree in "$tmp"/shots/page-*.json; do
        grep -q '"/assessment/page"' "$tree" && fail "$(basename "$tree" .json) scrolls on $PANEL"
        grep -q '"clipped"' "$tree" && fail "$(basename "$tree" .json) is cut off on $PANEL"
    done
done

# What an example may have worst: the longest lines and everything at once, in large letters.
PANEL=1280x800
{
    first c12
    printf 'see "Never any moisture"\nsee "Emergency"\naudit\nswipe up\naudit\nswipe up\naudit\n'
} >"$tmp/script"
steps "$tmp/large" --large <"$tmp/script"

# Equipment: of two cookers one reads «Do not use», and no scan is between that and this page. A tap on the row is the cooker.
{
    first b07
    cat <<'STEPS'
see "Do not use: 1 of the 2 pressure cookers"
tap "/assessment/steps"
tap "Get ready"
see "Preparation by"
see "at this school"
tap "/steps/part/tick0"
see "NOT CONFIRMED: 2 of 3"
tap "/steps/part/tick1"
tap "/steps/part/tick2"
see "Confirmed"
audit
tap "/steps/part/kit_row0"
see "Do not use"
see "Safety valve sticking"
back
tap "If wrong"
tap "/steps/part/emergency1"
see "20 minutes"
audit
STEPS
} >"$tmp/script"
steps "$tmp/kit" <"$tmp/script"

# The second cooker fails now: the page says so in the same session.
{
    cat <<'STEPS'
key "EXA-0041\n"
tap "/item/start"
tap "Pass" in "Examination…"
tap "Pass" in "Body…"
tap "Pass" in "Gasket…"
tap "Fail" in "Vent…"
tap "Weight sticking"
tap "Pass" in "Safety plug…"
tap "Pass" in "Gauge…"
tap "/check/rows/water_min/value"
type "500\n"
tap "/check/rows/water/value"
type "650\n"
tap "Media"
tap "Pass" in "Caps…"
tap "Pass" in "Visor…"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Do not use it" within 20s
idle 9s
back
STEPS
    first b07
    printf 'see "Do not use: none of the 2 pressure cookers"\naudit\n'
} >"$tmp/script"
steps "$tmp/failed" <"$tmp/script"

# Chemicals at the strength used, never with a green tick.
{
    first c04
    cat <<'STEPS'
unsee "safe"
tap "/assessment/chemical0/open"
see "Sulfur dioxide"
back
tap "/assessment/steps"
tap "Get ready"
tap "/steps/part/chemical_row3/open"
see "Hydrochloric acid"
see "1 mol/l"
see "No GHS label: still wear eye protection"
back
audit
STEPS
} >"$tmp/script"
steps "$tmp/chemicals" <"$tmp/script"

# Emergency: its pages are the program's own.
{
    first p01
    cat <<'STEPS'
tap "Emergency"
see "Eye"
audit
tap "/emergency/actions/eye"
see "20 minutes"
see "999"
audit
back
tap "/emergency/actions/metal-fire"
see "sand"
audit
STEPS
} >"$tmp/script"
steps "$tmp/emergency" <"$tmp/script"
