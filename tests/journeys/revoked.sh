#!/bin/sh
# A kiosk is taken out of use at the hub: at its next contact it deletes all that it holds and says so, on the page and at
# the next start; its past stays at the hub and at the others. One without a network goes on as before.
. "$(dirname "$0")/lib.sh"
need python3
hub=$tmp/hub
hub_start "$hub"
join_hub a b
steps "$tmp/a" <<'STEPS'
sync
STEPS
id=$(own_id "$tmp/a")
"$CANNY_BIN/canny-hub" revoke --data "$hub" --device "$(printf '%.8s' "$id")" >"$tmp/revoke" 2>&1 || {
    cat "$tmp/revoke" >&2
    fail "the kiosk could not be revoked"
}
kiosk_export "$tmp/a" | grep "^{\"v\":1,\"device\":\"$id\"" | LC_ALL=C sort >"$tmp/past"
[ -s "$tmp/past" ] || fail "the kiosk has no past to keep"

# Where the hub cannot be reached it knows nothing of it, and goes on as before.
hub_stop
steps "$tmp/a" <<'STEPS'
tap "/home/menu"
tap "/menu/rows/records"
see "Offline" within 20s
STEPS
hub_start "$hub"
verify_kiosk "$tmp/a"
cp -Rp "$tmp/a" "$tmp/half"
for PANEL in 800x480 1280x800 720x1280; do
    rm -rf "$tmp/a"
    cp -Rp "$tmp/half" "$tmp/a"
    steps "$tmp/a" <<STEPS
see "The hub has taken this kiosk out of use" within 20s
audit
shot revoked-$PANEL
see "Everything on it has been deleted"
STEPS
    [ ! -e "$tmp/a/wipe" ] || fail "the marker still stands"
    [ "$id" != "$(own_id "$tmp/a")" ] || fail "the old key is still there"
    same 0 "$(kiosk_export "$tmp/a" | grep -c "$id")" "lines that name the old key"
done
unset PANEL
# The next start says it again, until somebody knows; then it is a kiosk like any new one.
steps "$tmp/a" <<'STEPS'
see "The hub has taken this kiosk out of use"
tap "Start as a new kiosk"
tap "/home/menu"
tap "/menu/rows/records"
see "On its own"
STEPS
steps "$tmp/a" <<'STEPS'
unsee "out of use"
STEPS
verify_kiosk "$tmp/a"

# The power goes in the middle of the wipe: the next start ends it.
: >"$tmp/half/wipe"
rm -f "$tmp/half/device.key"
steps "$tmp/half" <<'STEPS'
see "The hub has taken this kiosk out of use"
STEPS
same 0 "$(kiosk_export "$tmp/half" | grep -c "$id")" "lines that name the old key after the power cut"

# Its past is where it was, at the hub and at the other.
steps "$tmp/b" <<'STEPS'
sync
STEPS
for store in hub b; do
    if [ "$store" = hub ]; then hub_export "$hub"; else kiosk_export "$tmp/b"; fi | grep "^{\"v\":1,\"device\":\"$id\"" |
        LC_ALL=C sort >"$tmp/kept"
    cmp "$tmp/past" "$tmp/kept" >&2 || fail "the past of the kiosk is not whole in $store"
done
verify_hub "$hub"
verify_kiosk "$tmp/b"
