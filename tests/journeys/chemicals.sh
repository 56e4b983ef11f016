#!/bin/sh
# A substance and its strength are asked for together, and what is shown is what holds there: at a strength of the table,
# between two of them, above all, below all, and for a form without a number. A bottle's label leads there in one tap.
# usage: chemicals.sh [large]
. "$(dirname "$0")/lib.sh"
alone=yes
large=
panels="800x480 1280x800 720x1280"
if [ "${1:-}" = large ]; then
    large=--large
    panels=1280x800
fi

for PANEL in $panels; do
    # The label is put on, and its form asks what is in the bottle and how strong it is.
    steps "$tmp/$PANEL" $large --now 2026-11-23T10:42:00Z <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
idle 9s
key "BOT-0001\n"
tap "/unknown/register"
tap "/kinds/list/Chemicals"
tap "/kinds/list/bottle"
tap "/register/questions/name"
type "Bench acid 3"
type "\n"
tap "/register/record"
tap "S" in "The name begins with"
tap "Sulfuric acid" in "Chemical"
audit
tap "mol/l" in "Its strength"
tap "/check/rows/conc/value"
type "2\n"
tap "/check/rows/made_on/value"
type "23/11/2026\n"
tap "/check/rows/use_by/value"
type "23/05/2027\n"
tap "Pass" in "Label: name…"
audit
tap "/check/sign"
see "Recorded" within 20s
idle 9s

# the scan of the bottle shows its label, and what it does is one tap away
key "BOT-0001\n"
see "Sulfuric acid, 2 mol/l · Danger"
audit
shot bottle
tap "/item/chemical"
see "2 mol/l"
see "Danger"
see "Burns skin and eyes badly"
see "Corrosive"
audit
shot chemical
swipe up
audit
swipe up
audit
swipe up
audit
swipe down
swipe down
swipe down

# a label of ours that names a chemical with its strength, and a supplier's bottle by its CAS number
key "chem:hydrochloric-acid@3\n"
see "Hydrochloric acid"
see "3 mol/l"
see "Warning"
key "7664-93-9\n"
see "Sulfuric acid"
see "1.5 mol/l and above"
audit
key "BOT-0001\n"
tap "/item/chemical"

# the card for labels of an earlier law
tap "/chemical/answer/old_label"
see "An orange square is a label from before 2015"
audit
swipe up
audit
back

# its other strengths: asked for by number or by row
tap "/chemical/answer/other"
audit
tap "/chemical/strength"
type "0.1\n"
see "0.1 mol/l"
see "No GHS label: still wear eye protection"
unsee "Danger"
audit
tap "/chemical/answer/other"
tap "/chemical/strength"
type "\b\b\b25"
tap "/chemical/unit/percent"
tap "/chemical/show"
see "Danger"
see "25 %"
audit
tap "/chemical/answer/other"
tap "/chemical/bands/C007"
see "Warning"
see "Irritates eyes badly"
audit
tap "/chemical/answer/other"
tap "/chemical/strength"
type "\b\b\b\b40"
tap "/chemical/unit/mol"
tap "/chemical/show"
see "stronger than every row"
audit
back

# between a solution that the table has and the solid; weaker than all; one that the table has no stronger row for
key "chem:barium-chloride@0.4\n"
see "The table has no solution for 0.4 mol/l"
see "Poisonous if swallowed"
audit
key "chem:hydrochloric-acid@0.001\n"
see "weaker than every row"
unsee "safe"
audit
key "chem:ethanedioic-acid@0.1\n"
see "Not in the table at this strength: ask"
unsee "No GHS label"
audit

# what is not agreed is marked, and the stricter shown
key "chem:copper-ii-sulfate@0.5\n"
see "To be verified"
see "Damages eyes for good"
audit
shot verify
STEPS
    verify_kiosk "$tmp/$PANEL"
done

# A page that was withdrawn is shown as that, whichever way leads to it: a label with a strength, an assessment's chip.
[ -z "$large" ] || exit 0
cp -r "$content" "$tmp/withdrawn" || exit 1
for id in hydrochloric-acid hydrogen; do
    sed "s/^id: $id\$/&\\nwithdrawn: \"Its table was wrong\"\\nreplacement: sulfuric-acid/" \
        "$content/docs/chemicals/$id.md" >"$tmp/withdrawn/docs/chemicals/$id.md" || exit 1
done
CONTENT=$tmp/withdrawn
steps "$tmp/old" --now 2026-11-23T10:42:00Z <<'STEPS'
key "chem:hydrochloric-acid@1\n"
see "Withdrawn: do not use"
unsee "No GHS label"
back
key "7647-01-0\n"
see "Withdrawn: do not use"
back
tap "/home/assessments"
tap "/find/browse/all"
tap "/find/list/c01"
tap "/assessment/chemical1/open"
see "Withdrawn: do not use"
STEPS
