#!/bin/sh
# A fail that matters keeps an item out of use everywhere, from that moment, until somebody with badge and PIN has
# checked it again.
. "$(dirname "$0")/lib.sh"
labels
hub=$tmp/hub
hub_start "$hub"

# Both kiosks know the item as usable.
steps "$tmp/b" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
key "EXA-0041\n"
see "Pressure cooker 1"
unsee "Do not use"
sync
STEPS

# One fail among passes: out of use at once, with its reason.
drive "$tmp/a" quarantine.drive --hub "$hub_url" --join "$(hub_code "$hub")"

# The other kiosk learns it.
steps "$tmp/b" <<'STEPS'
sync
key "EXA-0041\n"
see "Do not use" within 20s
see "Weight sticking"
see "Check again after repair"
tap "Why?"
see "The rule"
back
STEPS

# A pass there by badge alone does not put it back into use: the PIN is asked for as well, and turning back releases
# nothing.
released() {
    kiosk_export "$tmp/b" | grep -c '"value":"777"'
}
drive "$tmp/b" quarantine_pass.drive
same 0 "$(released)" "passes recorded by a badge alone"
steps "$tmp/b" <<'STEPS'
key "EXA-0041\n"
see "Do not use"
see "Go on with the check"
STEPS

# With both it does.
drive "$tmp/b" quarantine_release.drive
same 1 "$(released)" "passes recorded with badge and PIN"
kiosk_export "$tmp/b" | grep '"value":"777"' >"$tmp/line"
says "$tmp/line" '"releases":["'
says "$tmp/line" 'badge+pin'

# And the first kiosk follows.
steps "$tmp/a" <<'STEPS'
sync
key "EXA-0041\n"
see "In date" within 20s
unsee "Do not use"
tap "/item/history"
see "Do not use"
see "Weight sticking"
STEPS
verify_kiosk "$tmp/a"
verify_kiosk "$tmp/b"
verify_hub "$hub"
