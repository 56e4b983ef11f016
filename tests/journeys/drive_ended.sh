#!/bin/sh
# A kiosk that is ended in the middle of a script says so at once: neither a success nor a wait for what can no longer
# come.
. "$(dirname "$0")/lib.sh"
mkdir -p "$play"
cat >"$play/ended.drive" <<'STEPS'
shot running
see "never" within 60s
see "Chemistry prep"
STEPS
# shellcheck disable=SC2046
"$CANNY_BIN/canny" --data "$tmp/data" --content "$content" $(size_of 800x480) --shots "$tmp/shots" \
    --drive "$play/ended.drive" >"$tmp/out" 2>"$tmp/err" &
kiosk_pid=$!
started=$kiosk_pid
await test -e "$tmp/shots/running.png" || fail "the kiosk does not start"
kill -TERM "$kiosk_pid"
wait "$kiosk_pid"
same 1 $? "status of a script that was cut short"
started=
says "$tmp/err" "ended before this step was done"
says "$tmp/err" "ended.drive:2"
verify_kiosk "$tmp/data"
