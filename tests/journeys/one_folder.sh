#!/bin/sh
# Two kiosks on one data folder: the second is refused in words, the first works on, and when it ends, however it ends,
# the folder is free again.
. "$(dirname "$0")/lib.sh"

mkdir -p "$play"
cat >"$play/first.drive" <<'STEPS'
see "Chemistry prep"
shot running
see "never" within 60s
STEPS
printf 'see "Chemistry prep"\n' >"$play/second.drive"

# shellcheck disable=SC2046
"$CANNY_BIN/canny" --data "$tmp/data" --content "$content" $(size_of 800x480) --shots "$tmp/shots" \
    --drive "$play/first.drive" >"$tmp/first.out" 2>"$tmp/first.err" &
first=$!
started=$first
await test -e "$tmp/shots/running.png" || fail "the first kiosk does not start"
PANEL=800x480 kiosk "$tmp/data" --drive "$play/second.drive"
same 1 $? "status of a second kiosk on the same folder"
says "$tmp/err" "another kiosk is running on $tmp/data"
same 1 "$(grep -c '^canny: ' "$tmp/err")" "lines that the second kiosk says"
# What only reads may look meanwhile.
verify_kiosk "$tmp/data"

kill -KILL "$first"
wait "$first" 2>/dev/null
started=
PANEL=800x480 kiosk "$tmp/data" --drive "$play/second.drive" || tell_kiosk "the folder stays locked after a power cut"
verify_kiosk "$tmp/data"
