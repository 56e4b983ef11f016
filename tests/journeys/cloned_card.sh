#!/bin/sh
# A card is copied, and the copy is put back later while the first goes on: both record. The hub keeps what it had; the other
# goes on as a new kiosk with all that it recorded. Nothing waits for a person, and both show the same.
. "$(dirname "$0")/lib.sh"
need python3
labels
hub=$tmp/hub
hub_start "$hub"
join_hub a
steps "$tmp/a" <<'STEPS'
sync
STEPS
cp -Rp "$tmp/a" "$tmp/copy"

# The first checks one thing, the copy, off the net, stops another and registers a third.
drive "$tmp/a" cloned_card_a.drive
steps "$tmp/a" <<'STEPS'
sync
STEPS
# The hub is out of its reach from the start: else it would first read what the other did.
hub_stop
drive "$tmp/copy" two_kiosks_a.drive
hub_start "$hub"
kiosk_export "$tmp/copy" >"$tmp/copy-before.ndjson"
same 1 "$(grep -c 'Weight sticking' "$tmp/copy-before.ndjson")" "the copy's fail before it met the hub"

for PANEL in 800x480 1280x800 720x1280; do
    rm -rf "$tmp/look-copy"
    cp -Rp "$tmp/copy" "$tmp/look-copy"
    cp -Rp "$hub" "$tmp/look-hub"
    steps "$tmp/look-copy" <<STEPS
sync
tap "/home/menu"
tap "/menu/rows/records"
see "This card was restored or copied" within 20s
audit
shot cloned-$PANEL
STEPS
    hub_stop
    rm -rf "$hub"
    mv "$tmp/look-hub" "$hub"
    hub_start "$hub"
done
unset PANEL

steps "$tmp/copy" <<'STEPS'
sync
see "This card was restored or copied" within 20s
STEPS
for round in 1 2; do
    for kiosk in a copy; do
        steps "$tmp/$kiosk" <<'STEPS'
sync
STEPS
    done
done
for kiosk in a copy; do
    kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
    verify_kiosk "$tmp/$kiosk"
done
hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
cmp "$tmp/a.ndjson" "$tmp/copy.ndjson" >&2 || fail "the two cards hold different lines"
cmp "$tmp/a.ndjson" "$tmp/hub.ndjson" >&2 || fail "kiosk and hub hold different lines"
verify_hub "$hub"
same 1 "$(grep -c '"kind":"kiosk.forked"' "$tmp/hub.ndjson")" "cards that went on as a new kiosk"
[ "$(grep -c '"kind":"line.carried"' "$tmp/hub.ndjson")" -gt 2 ] || fail "nothing was carried"
same 1 "$(grep -c 'Weight sticking' "$tmp/hub.ndjson")" "the copy's fail"
a_id=$(own_id "$tmp/a")
copy_id=$(own_id "$tmp/copy")
[ "$a_id" != "$copy_id" ] || fail "two cards still go by one key"

# Both show the same of what both recorded; the PIN that was set before the fork still signs.
hub_stop
for kiosk in a copy; do
    drive "$tmp/$kiosk" cloned_card_look.drive --now "$(date -u -d '+2 days' +%Y-%m-%d)T10:00:00Z"
    mkdir "$tmp/look-$kiosk-trees"
    mv "$tmp"/shots/*.json "$tmp/look-$kiosk-trees/"
done
for look in "$tmp"/look-a-trees/*.json; do
    words "$look" >"$tmp/words-a"
    words "$tmp/look-copy-trees/${look##*/}" >"$tmp/words-copy"
    [ -s "$tmp/words-a" ] || fail "${look##*/} holds no words"
    diff "$tmp/words-a" "$tmp/words-copy" >&2 || fail "the cards show ${look##*/} differently"
done
