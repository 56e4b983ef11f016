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

typed() {
    printf '%s\n' "$1" | fold -w1 | sed 's|.*|tap "/sign_in/pad/&"|'
    printf 'tap "/sign_in/pad/enter"\n'
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

# ---- what stands on it may not push it off: alerts, copies that are not in force, a long title, a chemical without a page ----
CONTENT=$tmp/content
cp -r "$content" "$CONTENT"
sed -i 's/^title: .*/title: "'"$(printf 'Thiosulfate%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18)"'"/' \
    "$CONTENT/docs/assessments/p02.md"
sed -i 's/chemical: lithium-chloride,/chemical: salt-of-nobody,/' "$CONTENT/docs/assessments/c07.md"
gone=$(grep -l '^id: sodium-carbonate$' -r "$CONTENT/docs")
sed -i 's/^kind: chemical$/&\nwithdrawn: "Its table was wrong"/' "$gone"
next() {
    printf 'tap "/find/list/%s"\n' "$1"
}
{
    first p02
    cat <<'STEPS'
tree whole-title
audit
tap "/assessment/steps"
see "ThiosulfateThiosulfate"
audit
back
back
STEPS
    next c07
    cat <<'STEPS'
tree whole-nobody
see "salt-of-nobody solid. No page for it here: ask"
unsee "Strength not known"
audit
back
STEPS
    next c04
    cat <<'STEPS'
see "Sodium carbonate solid. Withdrawn: do not use"
audit
tap "/assessment/steps"
tap "Hazards"
tap "/steps/part/incident"
tap "Near miss"
tap "/incident/list/words"
type "A flask slid off the balance"
tap "/incident/keyboard/Hide"
tap "/incident/record"
tap "Technician 1 (example)"
STEPS
    typed 402917
    cat <<'STEPS'
see "Recorded"
idle 9s
back
tree whole-incident
see "Look at it again: Near miss"
audit
tap "/assessment/alert/open"
see "A flask slid off the balance"
back
back
STEPS
    next b03
    cat <<'STEPS'
tree whole-b03
audit
tap "/assessment/adapt"
tap "Look again"
tap "/adaptations/rows/row0"
see "The model changed: do not use it"
tree whole-again
audit
tap "/adaptation/alert/open"
see "Difference from the model"
back
back
back
back
STEPS
    next prep-cutting-stock
    cat <<'STEPS'
tree whole-missing
audit
tap "/assessment/adapt"
tap "/adapt/list/lines"
tap "Guillotine: blade down, locked, before you turn away."
tap "/adapt_line/list/text"
type " Then lock the door"
tap "/adapt_line/keyboard/Hide"
tap "/adapt_line/keep"
back
tap "/adapt/sign"
see "DRAFT. Not approved: do not use" within 20s
idle 9s
tree whole-draft
audit
tap "/adaptation/answer"
tap "/approve/approve"
key "CANNY-P:EXAMPLE-C1-3XRN\n"
STEPS
    typed 917460
    cat <<'STEPS'
see "Approved: in force now"
idle 9s
tree whole-force
audit
tap "/adaptation/end"
tap "/approve/list/reason"
type "The guillotine is gone\n"
tap "/approve/withdraw"
key "CANNY-P:EXAMPLE-C1-3XRN\n"
STEPS
    typed 917460
    cat <<'STEPS'
see "Withdrawn: not to be used" within 20s
idle 9s
tree whole-withdrawn
audit
STEPS
} >"$tmp/states"
for PANEL in 800x480 720x1280 1280x800; do
    rm -f "$tmp"/shots/whole-*
    steps "$tmp/states-$PANEL" <"$tmp/states"
    for tree in "$tmp"/shots/whole-*.json; do
        name="$(basename "$tree" .json) on $PANEL"
        grep -qE '"/(assessment|adaptation)/page"' "$tree" && fail "$name scrolls"
        for part in do_not if_wrong/emergency steps print; do
            grep -qE "\"/(assessment|adaptation)/$part\"" "$tree" || fail "$name has no $part"
        done
    done
done

# ---- «+2 more» leads to the chemicals; the cards lead to their part ----
CONTENT=$content
PANEL=800x480
{
    first c07
    cat <<'STEPS'
see "more"
tap "/assessment/rest"
see "Chemicals, at the strength used"
see "Copper(II) sulfate"
STEPS
} >"$tmp/script"
steps "$tmp/more" <"$tmp/script"
PANEL=720x1280
{
    first p01
    printf 'tap "/assessment/todo/open"\nsee "Draw the circuit"\n'
} >"$tmp/script"
steps "$tmp/todo" <"$tmp/script"
PANEL=1280x800
{
    first c04
    cat <<'STEPS'
see "Get ready"
see "1 of each"
tap "/assessment/ready/open"
see "For each group"
back
back
STEPS
    next b06
    printf 'tap "/assessment/ready/open"\nsee "Get ready"\nunsee "incubator"\n'
} >"$tmp/script"
steps "$tmp/ready" <"$tmp/script"
