#!/bin/sh
# A kiosk without a network is taken out of use at the hub: it hears of it by a stick, another kiosk's or the hub's, deletes
# all that it holds and says so. Nobody else is told of a file that he cannot open, and nothing else can be read by it.
. "$(dirname "$0")/lib.sh"
need python3
. "$here/stick_lib.sh"
labels
hub=$tmp/hub
hub_start "$hub"
join_hub a b c
steps "$tmp/b" <<'STEPS'
sync
STEPS
id=$(own_id "$tmp/a")
[ "$(kiosk_export "$tmp/a" | wc -l)" -gt 10 ] || fail "the kiosk has nothing to delete"
"$CANNY_BIN/canny-hub" revoke --data "$hub" --device "$id" >"$tmp/said" 2>&1 || fail "no revocation: $(cat "$tmp/said")"
steps "$tmp/b" <<'STEPS'
sync
STEPS
# From here on no kiosk can reach the hub.
hub_stop
cp -Rp "$tmp/a" "$tmp/a2"

# wiped DATA: the stick comes to a revoked kiosk from whom the hub cannot be reached.
wiped() {
    steps "$1" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "The hub has taken this kiosk out of use" within 30s
see "Everything on it has been deleted"
shot wiped
STEPS
    [ "$id" != "$(own_id "$1")" ] || fail "the old key is still there"
    same 0 "$(kiosk_export "$1" | grep -c "$id")" "lines that name the old key"
    [ ! -e "$1/wipe" ] || fail "the marker still stands"
}

# By another kiosk's stick, which leaves the card alone where there is nothing but that to tell.
steps "$tmp/b" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
stick out
STEPS
site=$(ls "$stick/CANNY")
ls "$stick/CANNY/$site" >"$tmp/before"
wiped "$tmp/a"
ls "$stick/CANNY/$site" | cmp - "$tmp/before" >&2 || fail "a kiosk that is out of use has written to the stick"
# Its sender finds all as it is; the other can open every file there is.
steps "$tmp/b" <<STEPS
tap "/home/sync"
stick $stick
tap "The stick" within 20s
see "Nothing new on it"
STEPS
steps "$tmp/c" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
unsee "Left as they are on the stick"
stick out
STEPS

# By the hub's.
rm -rf "$stick/CANNY"
"$CANNY_BIN/canny-hub" export --data "$hub" --stick "$stick" --site "Example Academy" >"$tmp/said" 2>&1 ||
    fail "the hub's export failed: $(cat "$tmp/said")"
says "$tmp/said" "for 1 revoked kiosks"
wiped "$tmp/a2"
"$CANNY_BIN/canny-hub" import --data "$hub" --stick "$stick" >"$tmp/said" 2>&1 || fail "the import said $(cat "$tmp/said")"
steps "$tmp/c" <<STEPS
tap "/home/sync"
stick $stick
tap "The stick" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
unsee "Left as they are on the stick"
stick out
STEPS
for kiosk in b c; do
    verify_kiosk "$tmp/$kiosk"
done
verify_hub "$hub"
