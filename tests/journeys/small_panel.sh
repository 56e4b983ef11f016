#!/bin/sh
# On the 7-inch panel the keyboard leaves room for one field: what is asked, and what was found, is still to be seen.
. "$(dirname "$0")/lib.sh"
PANEL=800x480
drive "$tmp/kiosk" small_panel.drive --now 2026-11-23T10:00:00Z

# In large letters home's ways are a list, beside the picture or beneath it; each can be read and reached.
for PANEL in 800x480 720x1280; do
    steps "$tmp/large-$PANEL" --large --now 2026-11-23T10:00:00Z <<'STEPS'
audit
tap "/home/type"
audit
back
tap "/home/ways/assessments"
see "Biology"
back
tap "/home/ways/menu"
see "People"
back
swipe up
audit
STEPS
done
