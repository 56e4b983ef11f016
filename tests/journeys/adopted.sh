#!/bin/sh
# A school without a hub gets one. One of its two kiosks joins by a code: the hub takes the school's past from it, the other's
# too, and the stick enrols the other, which has never asked.
. "$(dirname "$0")/lib.sh"
need python3
. "$here/stick_lib.sh"
labels
hub=$tmp/hub

belong "$tmp/a" "$tmp/b"
site=$(sed 's/.*site=\([0-9a-f]*\)&.*/\1/' "$tmp/answer")
drive "$tmp/a" two_kiosks_a.drive
drive "$tmp/b" two_kiosks_b.drive
carry "$tmp/a"
carry "$tmp/b"

# Not the founder: the one that came later.
hub_start "$hub"
join_hub b
# A further round takes what the hub said to the first.
steps "$tmp/b" <<'STEPS'
sync
STEPS
hub_export "$hub" >"$tmp/hub.ndjson"
same 2 "$(grep -c '"kind":"kiosk.enrolled"' "$tmp/hub.ndjson")" "enrolments at the hub"
same 0 "$(grep '"kind":"kiosk.enrolled"' "$tmp/hub.ndjson" | grep -vc "\"site\":\"$site\"")" "enrolments elsewhere"
same 2 "$(grep '"kind":"kiosk.enrolled"' "$tmp/hub.ndjson" | grep -c "\"hub_url\":\"$hub_url\"")" "enrolments that tell where the hub is"
everything b
LC_ALL=C sort "$tmp/hub.ndjson" | cmp - "$tmp/b.ndjson" >&2 || fail "the hub has not all the past of both"
verify_hub "$hub"

# The founder has heard of no hub, until the stick comes.
steps "$tmp/a" <<'STEPS'
tap "/home/sync"
see "By stick"
STEPS
carry "$tmp/b"
carry "$tmp/a"
steps "$tmp/a" <<'STEPS'
sync
STEPS
for round in 1 2; do
    for kiosk in b a; do
        steps "$tmp/$kiosk" <<'STEPS'
sync
STEPS
    done
done
hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
everything a b
cmp "$tmp/hub.ndjson" "$tmp/a.ndjson" >&2 || fail "kiosks and hub hold different lines"
same 2 "$(grep -c '"kind":"kiosk.enrolled"' "$tmp/hub.ndjson")" "enrolments at the end"
verify_hub "$hub"

# A code for this school that comes late is no other school's.
hub_code "$hub" >"$tmp/code"
steps "$tmp/c" --hub "$hub_url" --join "$(cat "$tmp/code")" <<'STEPS'
sync
STEPS
kiosk_export "$tmp/c" | grep -c "\"site\":\"$site\"" >/dev/null || fail "the third kiosk is elsewhere"
