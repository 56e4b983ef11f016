#!/bin/sh
# An assessment adapted to a class: tightened with its author's PIN in under a minute of taps; loosened only with another
# person's badge and PIN; its difference always on the page; looked at again when the model changes; suggestions answered and
# kept; prep-room work the same, with a check-in for whoever works alone.
. "$(dirname "$0")/lib.sh"
alone=yes

# pin PERSON DIGITS: names and digits on the sign-in page.
pin() {
    printf 'tap "%s"\n' "$1"
    digits "$2"
}
open() {
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\ntap "/find/list/%s"\n' "$1"
}
lines() {
    kiosk_export "$1" | grep -c "\"kind\":\"$2\""
}
before=$(
    steps "$tmp/empty" <<'STEPS'
see "Risk assessments"
STEPS
    lines "$tmp/empty" assessment.adapted
)

# Tighten only, on the smallest panel: counted from the assessment to the signature.
PANEL=800x480
{
    cat <<'STEPS'
tap "/assessment/adapt"
tap "/adapt/list/stages0/S3"
STEPS
    printf 'tap "Any S3 class of mine"\ntap "Asthma"\ntap "It has all of these"\ntap "/adapt/sign"\n'
    pin "Ruaridh MacExample (example)" 250839
} >"$tmp/tighten"
taps=$(grep -c '^tap' "$tmp/tighten")
[ "$taps" -le 20 ] || fail "tightening takes $taps taps"
{
    open c03
    sed 's|^tap "/adapt/sign"|see "1 change: Tightens"\nsee "Difference from the model"\naudit\n&|' "$tmp/tighten"
    cat <<'STEPS'
see "Signed and in force"
unsee "do not use"
see "1 difference from the model"
see "S3 · Pupils"
audit
STEPS
} >"$tmp/script"
steps "$tmp/tighten-data" <"$tmp/script"
same $((before + 1)) "$(lines "$tmp/tighten-data" assessment.adapted)" "copies signed"
same 0 "$(kiosk_export "$tmp/tighten-data" | grep 'assessment.adapted' | grep -c 'Ruaridh')" "lines with a name"

# Loosening: stronger than the model. A draft until another person who may has shown badge and PIN; never the author.
PANEL=1280x800
{
    open c03
    cat <<'STEPS'
tap "/assessment/adapt"
tap "/adapt/list/stages0/S3"
tap "/adapt/list/class"
type "3B1\n"
tap "It has all of these"
tap "/adapt/list/lines"
tap "/adapt_lines/list/add-ppe"
audit
back
tap "Strength of sulfuric acid"
audit
tap "/adapt_line/list/text"
type "2\n"
tap "/adapt_line/keep"
see "Loosens"
audit
back
see "Sign, then another approves"
tap "/adapt/sign"
STEPS
    pin "Ailsa O'Hara (example)" 917460
    cat <<'STEPS'
see "Another person has to approve"
see "DRAFT"
see "Not approved: do not use"
audit
tap "/adaptation/answer"
see "Loosens"
audit
tap "/approve/approve"
key "CANNY-P:EXAMPLE-C1-3XRN\n"
STEPS
    digits 917460
    cat <<'STEPS'
see "Not recorded"
idle 9s
see "Not approved: do not use"
tap "/approve/approve"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
STEPS
    digits 402917
    cat <<'STEPS'
see "Not recorded"
idle 9s
tap "/approve/approve"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
STEPS
    digits 561098
    cat <<'STEPS'
see "Approved: in force now"
idle 9s
unsee "DRAFT"
see "approved by Council officer (example)"
audit
tap "/adaptation/end"
tap "/approve/list/reason"
type "Class has changed\n"
audit
tap "/approve/withdraw"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
STEPS
    digits 561098
    printf 'see "Withdrawn: not to be used"\nidle 9s\nsee "Class has changed"\naudit\n'
} >"$tmp/script"
steps "$tmp/loosen" <"$tmp/script"
same 1 "$(lines "$tmp/loosen" assessment.withdrawn)" "withdrawals"
[ "$(lines "$tmp/loosen" assessment.approved)" -gt 0 ] || fail "no approval is in the log"

# The model changed since: three ways, and signed anew.
for PANEL in 800x480 720x1280; do
    {
        open b03
        cat <<'STEPS'
tap "/assessment/adapt"
audit
tap "Look again"
see "4B1"
audit
tap "/adaptations/rows/row0"
see "The model"
see "do not use"
audit
tap "/adaptation/**/change"
audit
swipe up
see "The model now"
audit
tap "/three_way/again"
see "Difference from the model"
audit
STEPS
    } >"$tmp/script"
    steps "$tmp/again-$PANEL" <"$tmp/script"
done

# A technician suggests, the teacher accepts; a suggestion changes nothing by itself, and both stay with names and times.
PANEL=1280x800
{
    open c03
    cat <<'STEPS'
tap "/assessment/ask"
tap "/suggestions/list/suggest"
tap "/suggest/list/text"
type "Hand out the acid"
tap "/suggest/keyboard/Enter"
type "in dropper bottles"
tap "/suggest/keyboard/Hide"
audit
tap "/suggest/record"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "whoever adapts it sees"
idle 9s
see "Not answered"
see "Technician 1 (example)"
audit
tap "/suggestions/list/row0"
tap "/suggestion/accept"
STEPS
    digits 402917
    cat <<'STEPS'
see "Not recorded"
idle 9s
tap "/suggestion/person"
tap "/kiosk/sign_out"
STEPS
    open c03
    cat <<'STEPS'
tap "/assessment/ask"
tap "/suggestions/list/row0"
audit
tap "/suggestion/accept"
STEPS
    pin "Ailsa O'Hara (example)" 917460
    cat <<'STEPS'
see "Accepted"
idle 9s
see "Accepted by Ailsa O'Hara (example)"
see "Technician 1 (example)"
back
back
back
STEPS
    open c03
    cat <<'STEPS'
unsee "dropper bottles"
tap "/assessment/adapt"
see "Accepted suggestion of Technician 1 (example)"
STEPS
} >"$tmp/script"
steps "$tmp/suggest" <"$tmp/script"

# Prep-room work (duty 1): a copy of the model with two controls changed differs by exactly two, the model stays as it was.
{
    open c15
    cat <<'STEPS'
tap "/assessment/adapt"
tap "It has all of these"
tap "/adapt/list/lines"
tap "/adapt_lines/list/add-control"
tap "/adapt_line/list/text"
type "Second person in the room\n"
tap "/adapt_line/keep"
tap "/adapt_lines/list/add-control"
tap "/adapt_line/list/text"
type "Spill kit open on the bench\n"
tap "/adapt_line/keep"
see "2 changes: Tightens"
audit
back
tap "/adapt/sign"
STEPS
    pin "Technician 1 (example)" 402917
    cat <<'STEPS'
see "Signed and in force"
see "2 differences from the model"
audit
back
STEPS
} >"$tmp/script"
steps "$tmp/prep" <"$tmp/script"

# Somebody works alone: a check-in by the clock, told on the first screen once it is late, also by a kiosk started again.
steps "$tmp/lone" --now 2026-11-23T10:00:00Z <<'STEPS'
tap "/home/duties"
tap "/duties/duties/d1"
tap "Prep room assessments"
see "Working alone today?"
audit
tap "15 min"
see "All is well: check in"
audit
tap "/prep/list/check_in"
see "Checked in"
idle 9s
back
back
back
now +20m
see "Working alone: check in now"
audit
STEPS
steps "$tmp/lone" --now 2026-11-23T11:00:00Z <<'STEPS'
see "Working alone: check in now"
tap "/home/lone"
see "Check in now: it is late"
audit
tap "/prep/list/lone_end"
see "Working alone today?"
back
unsee "Working alone"
STEPS

# Begun and not signed: its author's list has it; thrown away it is gone, and can be put back while the page stands.
{
    printf 'key "CANNY-P:EXAMPLE-C2-W6TB\\n"\nidle 9s\n'
    open c04
    cat <<'STEPS'
tap "/assessment/adapt"
tap "/adaptations/rows/new"
tap "/adapt/list/**/N4"
tap "/adapt/list/class"
type "4X9\n"
back
tap "Mine"
see "Begun, not signed"
see "4X9"
audit
tap "/adaptations/rows/draft0"
see "Difference from the model so far"
audit
tap "/draft/drop"
see "Thrown away"
audit
tap "/draft/back_again"
see "last touched"
tap "/draft/go"
see "You began this before"
back
tap "/adaptations/rows/draft0"
tap "/draft/drop"
tap "/draft/done"
unsee "Begun, not signed"
unsee "4X9"
STEPS
} >"$tmp/script"
PANEL=800x480
steps "$tmp/begun" <"$tmp/script"

# A copy signed again: both versions stay, by whom and when, and what was different in the one that is past.
{
    open c03
    cat <<'STEPS'
tap "/assessment/adapt"
tap "/adaptations/rows/row0"
tap "/adaptation/**/change"
tap "/adapt/list/lines"
tap "/adapt_lines/list/add-control"
tap "/adapt_line/list/text"
type "Acid in dropper bottles\n"
tap "/adapt_line/keep"
back
tap "/adapt/sign"
STEPS
    pin "Ruaridh MacExample (example)" 250839
    printf 'see "Signed and in force"\n'
} >"$tmp/script"
steps "$tmp/tighten-data" <"$tmp/script"
{
    open c03
    cat <<'STEPS'
tap "/assessment/adapt"
tap "Past"
audit
tap "/adaptations/rows/row0"
see "Different from the one in force"
see "Ruaridh MacExample (example)"
swipe up
see "dropper bottles"
audit
tap "/version/read"
unsee "In force"
STEPS
} >"$tmp/script"
steps "$tmp/tighten-data" <"$tmp/script"
for PANEL in 1280x800 720x1280; do
    {
        open c03
        printf 'tap "/assessment/adapt"\ntap "/adaptations/rows/row0"\n'
        if [ "$PANEL" = 1280x800 ]; then
            printf 'tap "Every version (2)"\nsee "Versions:"\naudit\ntap "/versions/rows/row1"\naudit\n'
        else
            printf 'back\ntap "Past"\naudit\ntap "/adaptations/rows/row0"\naudit\n'
        fi
        printf 'see "Different from the one in force"\n'
    } >"$tmp/script"
    steps "$tmp/tighten-data" <"$tmp/script"
done
