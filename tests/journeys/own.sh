#!/bin/sh
# What is one person's own is gone from the screen when another badge is held up, and from the disk when it has been sent on
# or erased: the record that is open, the square for the phone, the sheet that lies ready.
. "$(dirname "$0")/lib.sh"
alone=yes

pin() {
    printf '%s\n' "$1" | fold -w1 | sed 's|.*|tap "/sign_in/pad/&"|'
    printf 'tap "/sign_in/pad/enter"\n'
}
mine() {
    printf 'tap "/home/menu"\ntap "My training"\ntap "Sign in with my PIN"\nkey "CANNY-P:EXAMPLE-T1-7Q4M\\n"\n'
    pin 402917
}
other='idle 9s
key "CANNY-P:EXAMPLE-T2-K8VD\n"
idle 9s'

{
    mine
    cat <<'STEPS'
tap "Add a course"
tap "/training_add/list/other"
tap "/training_add/list/name"
type "Laser safety\n"
tap "/training_add/list/date"
type "3/9/2026\n"
tap "Keep it"
tap "/training/list/row-0"
see "Laser safety"
STEPS
    printf '%s\n' "$other"
    cat <<'STEPS'
unsee "Laser safety"
see "Your own, and nobody else's"
tap "Sign in with my PIN"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
STEPS
    pin 685302
    printf 'see "Nothing recorded yet"\nunsee "Laser safety"\n'
} >"$tmp/script"
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <"$tmp/script"

for way in along print; do
    {
        mine
        printf 'tap "/training/list/%s"\nunsee "Add a course"\naudit\n%s\n' "$way" "$other"
        printf 'see "Your own, and nobody else'"'"'s"\nunsee "My training, as a table"\nunsee "The sheet is ready"\n'
    } >"$tmp/script"
    steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <"$tmp/script"
done

# The sheet lies there while its page stands, and no longer; one that a power cut left goes at the next start.
left() {
    find "$tmp/kiosk/prints" -type f 2>/dev/null | wc -l
}
same 0 "$(left)" "sheets left behind"
: >"$tmp/kiosk/prints/own.pdf"
printf 'see "Risk assessments"\n' >"$tmp/script"
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <"$tmp/script"
same 0 "$(left)" "sheets left after a power cut"

# Sending it is the person's own deed: a form that says who reads it, and nothing of the list in it.
{
    mine
    printf 'tap "/training/list/send"\nsee "Which course?"\nsee "can read it, with your name"\nunsee "Laser safety"\naudit\n'
} >"$tmp/script"
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <"$tmp/script"

{
    mine
    printf 'tap "/training/list/erase"\ntap "/training/list/erase"\nsee "Nothing recorded yet"\n'
} >"$tmp/script"
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <"$tmp/script"
grep -rqa "Laser safety" "$tmp/kiosk" && fail "what was erased is still on the disk"
exit 0
