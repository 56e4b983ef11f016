#!/bin/sh
# What went wrong in an activity stands at its assessment until somebody competent says to have looked at it again; anybody may
# tell it, and no name goes with it.
. "$(dirname "$0")/lib.sh"
alone=yes

typed() {
    printf '%s\n' "$1" | fold -w1 | sed 's|.*|tap "/sign_in/pad/&"|'
    printf 'tap "/sign_in/pad/enter"\n'
}
# person NAME PIN, on the sign-in page
person() {
    printf 'tap "%s"\n' "$1"
    typed "$2"
}
hazards() {
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\ntap "/find/list/%s"\n' "$1"
    printf 'tap "/assessment/steps"\ntap "Hazards"\n'
}
lines() {
    kiosk_export "$1" | grep -c "\"kind\":\"$2\""
}

# ---- told by a technician, refused to be ticked off by him, looked at by who may ----
for PANEL in 800x480 1280x800 720x1280; do
    {
        hazards c04
        cat <<'STEPS'
unsee "What went wrong"
tap "/steps/part/incident"
audit
see "Is someone hurt now?"
tap "Near miss"
swipe up
see "accident book"
see "RIDDOR"
tap "/incident/list/words"
type "Mòrag Sample dropped the flask"
tap "/incident/keyboard/Hide"
audit
tap "/incident/record"
STEPS
        person "Technician 1 (example)" 402917
        cat <<'STEPS'
see "Leave names out"
idle 9s
tap "/incident/list/words"
type "\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\bA flask slid off the balance\nnobody was near it"
audit
tap "/incident/keyboard/Hide"
shot incident
tap "/incident/record"
see "Recorded: it stands here"
idle 9s
back
tap "/assessment/steps"
tap "Hazards"
see "What went wrong"
see "A flask slid off the balance"
see "Nobody has looked at it again yet"
unsee "Technician 1 (example) told"
audit
shot stands
back
see "Look at it again: Near miss"
shot first
audit
tap "/assessment/steps"
tap "Hazards"
tap "/steps/part/look_again"
see "A flask slid off the balance"
audit
shot again
tap "/look_again/record"
STEPS
        printf 'see "Not recorded"\nidle 9s\nsee "A flask slid off the balance"\n'
    } >"$tmp/script"
    steps "$tmp/told-$PANEL" <"$tmp/script"
    same 1 "$(lines "$tmp/told-$PANEL" document.incident)" "incidents told ($PANEL)"
    same 0 "$(lines "$tmp/told-$PANEL" document.reviewed)" "reviews by who may not ($PANEL)"
    kiosk_export "$tmp/told-$PANEL" | grep document.incident | grep -q 'Technician' && fail "a name stands in the line"
    # The same kiosk, started anew: it still stands.
    {
        hazards c04
        printf 'see "A flask slid off the balance"\ntap "/steps/part/look_again"\ntap "/look_again/record"\n'
        person "Ailsa O'Hara (example)" 917460
        cat <<'STEPS'
see "Recorded: looked at again today"
idle 9s
back
tap "/assessment/steps"
tap "Hazards"
unsee "A flask slid off the balance"
unsee "What went wrong"
audit
back
unsee "Look at it again: Near miss"
STEPS
    } >"$tmp/script"
    steps "$tmp/told-$PANEL" <"$tmp/script"
    same 1 "$(lines "$tmp/told-$PANEL" document.reviewed)" "reviews ($PANEL)"
    verify_kiosk "$tmp/told-$PANEL"
done
