#!/bin/sh
# Time on the kiosk: the countdown when nobody is there, due states that follow the days, odd days of the calendar, and
# a clock that nobody vouches for.
. "$(dirname "$0")/lib.sh"
for PANEL in 800x480 1280x800 720x1280; do
    drive "$tmp/idle-$PANEL" idle.drive
done
PANEL=800x480
drive "$tmp/time" time.drive --now 2026-11-23T10:00:00Z
drive "$tmp/leap" time_leap.drive --now 2028-02-29T10:00:00Z
drive "$tmp/year" time_year.drive --now 2027-12-31T23:30:00Z
verify_kiosk "$tmp/leap"
verify_kiosk "$tmp/year"
kiosk_export "$tmp/leap" | tail -n 1 >"$tmp/line"
says "$tmp/line" '"at":"2028-02-29T10:'
says "$tmp/line" '"clock":"set"'

# With no hub and no network time the kiosk says that the time is not certain, until a hub tells it.
PANEL=1280x800
steps "$tmp/untrusted" <<'STEPS'
see "Chemistry prep"
STEPS
if kiosk_export "$tmp/untrusted" | tail -n 1 | grep -q '"clock":"none"'; then
    steps "$tmp/untrusted" <<'STEPS'
see "?"
tap "/home/menu"
tap "/menu/rows/records"
see "The time is not certain"
STEPS
else
    printf '%s: this machine vouches for its time: the uncertain clock was not tried\n' "$journey"
fi
hub_start "$tmp/hub"
steps "$tmp/untrusted" --hub "$hub_url" --join "$(hub_code "$tmp/hub")" <<'STEPS'
sync
tap "/home/menu"
tap "/menu/rows/records"
see "All sent"
unsee "The time is not certain"
STEPS
