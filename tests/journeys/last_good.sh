#!/bin/sh
# A kiosk that has not heard of a fail records a pass after it: that answers nothing, and does not count as the last good one.
. "$(dirname "$0")/lib.sh"
hub=$tmp/hub
hub_start "$hub"
for kiosk in a b; do
    steps "$tmp/$kiosk" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync
key "EXA-0104\n"
unsee "Do not use"
STEPS
done
hub_stop

look() { # KIOSK TIME ANSWER
    steps "$tmp/$1" --now "$2" <<STEPS
key "CANNY-P:EXAMPLE-T1-7Q4M\\n"
see "Signed in"
idle 9s
key "EXA-0104\\n"
tap "/item/more"
tap "/more/more/form-th-look"
$3
tap "Pass" in "Column…"
tap "Pass" in "Scale…"
tap "Pass" in "Spirit…"
tap "/check/sign"
see "Recorded"
STEPS
}
today=$(date -u +%Y-%m-%d)
look a "${today}T11:00:00Z" 'tap "Fail" in "Glass…"
tap "Cracked"'
look b "${today}T11:30:00Z" 'tap "Pass" in "Glass…"'

hub_start "$hub"
for kiosk in a b a; do
    steps "$tmp/$kiosk" --now "${today}T12:00:00Z" <<'STEPS'
sync
STEPS
done
for kiosk in a b; do
    steps "$tmp/$kiosk" --now "${today}T12:00:00Z" <<'STEPS'
key "EXA-0104\n"
see "Do not use"
see "Last good"
unsee "Last good: today"
STEPS
done
