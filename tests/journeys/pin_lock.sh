#!/bin/sh
# Five wrong PINs lock a person's PIN and say so at once; the lock outlasts a restart, holds nobody else back, and ends.
. "$(dirname "$0")/lib.sh"
alone=yes
PANEL=800x480

{
    printf 'tap "/home/person"\ntap "Technician 1 (example)"\n'
    for _ in 1 2 3 4; do
        digits 111111
        printf 'see "That is not the PIN"\n'
    done
    digits 111111
    printf 'see "Too many wrong PINs"\naudit\n'
} >"$tmp/steps"
steps "$tmp/data" <"$tmp/steps"
# The right one, after a restart.
{
    printf 'tap "/home/person"\ntap "Technician 1 (example)"\n'
    digits 402917
    printf 'see "Too many wrong PINs"\nidle 9s\nback\ntap "/home/person"\ntap "Technician 2 (example)"\n'
    digits 685302
    printf 'unsee "Who is signing"\nsee "Technician 2"\n'
} >"$tmp/steps"
steps "$tmp/data" <"$tmp/steps"
{
    printf 'now +2m\ntap "/home/person"\ntap "Technician 1 (example)"\n'
    digits 402917
    printf 'unsee "Who is signing"\nsee "Technician 1"\n'
} >"$tmp/steps"
steps "$tmp/data" <"$tmp/steps"
verify_kiosk "$tmp/data"
