#!/bin/sh
# «Undo» takes a check back by another event: both lines stay, and the state is as before.
. "$(dirname "$0")/lib.sh"
for PANEL in 800x480 1280x800 720x1280; do
    drive "$tmp/$PANEL" undo.drive
    verify_kiosk "$tmp/$PANEL"
    kiosk_export "$tmp/$PANEL" >"$tmp/lines"
    same 1 "$(grep -c '"kind":"check.withdrawn"' "$tmp/lines")" "withdrawals at $PANEL"
    same 2 "$(tail -n 3 "$tmp/lines" | grep -c '"kind":"check.recorded"')" "checks of today at $PANEL"
done
