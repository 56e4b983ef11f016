#!/bin/sh
# A wedge scanner's burst is a scan wherever it comes, typing is typing, and a scan in the middle of a check keeps what
# was answered.
. "$(dirname "$0")/lib.sh"
for PANEL in 800x480 1280x800 720x1280; do
    drive "$tmp/$PANEL" wedge.drive
    verify_kiosk "$tmp/$PANEL"
done
