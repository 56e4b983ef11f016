#!/bin/sh
# A drive script that cannot be done tells where, what it met and how it looked; wrong scripts and wrong usage are told
# before anything is done.
. "$(dirname "$0")/lib.sh"
mkdir -p "$play"

# A step that cannot be done: the line, the step, the tree, a picture of the panel's size.
cat >"$play/fails.drive" <<'STEPS'
# two lines of words

see "Chemistry prep"
tap "No such button" within 300ms
shot never
STEPS
for PANEL in 800x480 1280x800 720x1280; do
    rm -rf "$tmp/shots"
    kiosk "$tmp/data" --drive "$play/fails.drive"
    same 1 $? "status of a failing step"
    says "$tmp/err" 'fails.drive:4: tap "No such button"'
    says "$tmp/err" 'On the screen:'
    says "$tmp/err" '/home/type'
    says "$tmp/err" 'Type the number'
    same "$PANEL" "$(png_size "$tmp/shots/failed-4.png")" "the failing step's picture"
    [ ! -e "$tmp/shots/never.png" ] || fail "the script went on after a failing step"
done
PANEL=800x480

# failing_step LINE STEP: each kind of step that can fail does.
failing_step() {
    printf '%s\n' "$2" >"$play/fails.drive"
    rm -rf "$tmp/shots"
    kiosk "$tmp/data" --drive "$play/fails.drive"
    same 1 $? "status of: $2"
    says "$tmp/err" "fails.drive:$1:"
    same "$PANEL" "$(png_size "$tmp/shots/failed-$1.png")" "picture of: $2"
}
failing_step 1 'see "nothing like this" within 100ms'
failing_step 1 'unsee "Chemistry prep" within 100ms'
failing_step 1 'tap "/home/nowhere" within 100ms'
failing_step 1 'tap "Pass" in "No row…" within 100ms'
failing_step 1 'type "no field is open" within 100ms'
failing_step 1 'back within 100ms'
failing_step 1 'sync within 100ms'
failing_step 1 'show no-such-picture.png
see "label" within 100ms' || true
failing_step 1 'now yesterday'

# Wrong scripts: nothing is started, the line is named.
wrong_script() {
    kiosk "$tmp/data" --drive "$play/wrong.drive"
    same 1 $? "status of a script with $2"
    says "$tmp/err" "$1"
    grep -q 'On the screen' "$tmp/err" && fail "a script with $2 was played"
    return 0
}
printf 'see "Chemistry prep"\n\ndance\n' >"$play/wrong.drive"
wrong_script 'line 3: dance is not a step' 'an unknown step'
printf 'see "Chemistry\n' >"$play/wrong.drive"
wrong_script 'line 1: ' 'a quote that does not end'
printf '\nkey "a\\qb"\n' >"$play/wrong.drive"
wrong_script 'line 2: ' 'an escape that is none'
printf 'see Chemistry\n' >"$play/wrong.drive"
wrong_script 'line 1: ' 'words without quotes'
printf 'shot ../elsewhere\n' >"$play/wrong.drive"
wrong_script 'line 1: ' 'a picture outside the folder'
printf 'see "x" within soon\n' >"$play/wrong.drive"
wrong_script 'line 1: ' 'a time that is none'
printf 'idle\n' >"$play/wrong.drive"
wrong_script 'line 1: ' 'a step that lacks its words'
printf '# fine\nsee "\377\376"\n' >"$play/wrong.drive"
wrong_script 'line 2: ' 'bytes that are not UTF-8'
rm "$play/wrong.drive"
wrong_script 'wrong.drive' 'no file'

# Wrong usage: status 2 and a sentence.
usage() {
    wanted=$1
    shift
    "$CANNY_BIN/canny" "$@" >"$tmp/out" 2>"$tmp/err"
    same 2 $? "status of canny $*"
    says "$tmp/err" "$wanted"
}
usage '--no-such is not an option' --no-such
usage '--data wants a value' --data
usage 'WIDTHxHEIGHT' --size 800
usage 'WIDTHxHEIGHT' --size 0x480
usage 'WIDTHxHEIGHT' --size 99999999999x480
usage 'millimetres' --mm big
usage 'millimetres' --mm 1x1
usage 'export' export
usage 'export' export --data "$tmp/data" --format xml
usage 'verify' verify
usage 'decode' decode
usage 'find' find --data "$tmp/data"
