#!/bin/sh
# On the 7-inch panel the keyboard leaves room for one field: what is asked, and what was found, is still to be seen.
. "$(dirname "$0")/lib.sh"
PANEL=800x480
drive "$tmp/kiosk" small_panel.drive --now 2026-11-23T10:00:00Z
