#!/bin/sh
# All that two kiosks of a site can record apart (a fail that stops an item, a correction, a countersignature, a grant, a
# loan, a kit, a culture, a retirement) reaches the other one, and the order in which they come back to the hub changes
# nothing: the same lines and the same screens.
. "$(dirname "$0")/lib.sh"
need python3
mkdir -p "$play"
hub=$tmp/hub
hub_start "$hub"
join_hub a b
drive "$tmp/a" two_orders_begin.drive
steps "$tmp/b" <<'STEPS'
sync
key "EXA-0073\n"
see "To countersign"
STEPS
drive "$tmp/a" two_orders_a.drive
drive "$tmp/b" two_orders_b.drive
hub_stop

# The same three once more, as they stand before anybody comes back.
for what in hub a b; do
    cp -R "$tmp/$what" "$tmp/$what-late" || exit 1
done

# comes ORDER HUB KIOSK...: the kiosks come back one after the other; the later one has the quarantine at once.
comes() {
    suffix=$1
    hub_start "$tmp/hub$suffix"
    shift
    for kiosk in "$@"; do
        steps "$tmp/$kiosk$suffix" <<'STEPS'
sync
STEPS
    done
    hub_stop
    verify_hub "$tmp/hub$suffix"
    hub_export "$tmp/hub$suffix" | LC_ALL=C sort >"$tmp/hub$suffix.ndjson"
    for kiosk in a b; do
        verify_kiosk "$tmp/$kiosk$suffix"
        kiosk_export "$tmp/$kiosk$suffix" | LC_ALL=C sort >"$tmp/$kiosk$suffix.ndjson"
        cmp "$tmp/$kiosk$suffix.ndjson" "$tmp/hub$suffix.ndjson" >&2 || fail "$kiosk$suffix and its hub differ"
    done
}
comes "" a b a
comes -late b a b
cmp "$tmp/hub.ndjson" "$tmp/hub-late.ndjson" >&2 || fail "the order of coming back changed the lines"
same 1 "$(grep -c '"kind":"check.countersigned"' "$tmp/hub.ndjson")" "countersignatures"
same 1 "$(grep '"kind":"site.calendar"' "$tmp/hub.ndjson" | grep -c '"calendar":""')" "changes of the calendar"
same 1 "$(grep -c '"corrects_why":"Read the wrong display"' "$tmp/hub.ndjson")" "corrections"

when=$(date -u -d '+2 days' +%Y-%m-%d)T10:00:00Z
for kiosk in a b a-late b-late; do
    drive "$tmp/$kiosk" two_orders_look.drive --now "$when"
    mkdir "$tmp/look-$kiosk"
    mv "$tmp"/shots/*.json "$tmp/look-$kiosk/"
    for look in "$tmp/look-$kiosk"/*.json; do
        words "$look" >"$tmp/words"
        [ -s "$tmp/words" ] || fail "${look##*/} holds no words"
        words "$tmp/look-a/${look##*/}" >"$tmp/words-a"
        diff "$tmp/words-a" "$tmp/words" >&2 || fail "$kiosk shows ${look##*/} differently"
    done
done
