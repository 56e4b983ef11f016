#!/bin/sh
# The noticeboard and all that stands behind it passes the audit on the three panels; with `large`, in large letters.
. "$(dirname "$0")/lib.sh"
alone=yes
today=2026-11-23T10:00:00Z

if [ "${1:-}" = large ]; then
    PANEL=1280x800
    drive "$tmp/large" board.drive --now "$today" --large
    exit 0
fi
for PANEL in 800x480 1280x800 720x1280; do
    drive "$tmp/$PANEL" board.drive --now "$today"
done
