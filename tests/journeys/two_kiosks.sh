#!/bin/sh
# Two kiosks of one site record apart and then sync: both hold the same lines and show the same state, and what was
# registered twice under one label is told as a clash.
. "$(dirname "$0")/lib.sh"
need python3
labels
hub=$tmp/hub
hub_start "$hub"
join_hub a
join_hub b

# Apart: different items, the same item, and one label for two things.
drive "$tmp/a" two_kiosks_a.drive
drive "$tmp/b" two_kiosks_b.drive

for round in 1 2; do
    for kiosk in a b; do
        steps "$tmp/$kiosk" <<'STEPS'
sync
STEPS
    done
done

for kiosk in a b; do
    kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
    verify_kiosk "$tmp/$kiosk"
done
cmp "$tmp/a.ndjson" "$tmp/b.ndjson" >&2 || fail "the two kiosks hold different lines"
hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
cmp "$tmp/a.ndjson" "$tmp/hub.ndjson" >&2 || fail "kiosk and hub hold different lines"
verify_hub "$hub"
same 2 "$(grep -c '"label":"EXA-0057"' "$tmp/a.ndjson")" "items registered as EXA-0057"
same 2 "$(grep -c '"value":"0.4[56]"' "$tmp/a.ndjson")" "checks of the fume cupboard from both"

# Both show the same, at the same moment of the same day.
hub_stop
for kiosk in a b; do
    drive "$tmp/$kiosk" two_kiosks_look.drive --now "$(date -u -d '+2 days' +%Y-%m-%d)T10:00:00Z"
    mkdir "$tmp/look-$kiosk"
    mv "$tmp"/shots/*.json "$tmp/look-$kiosk/"
done
for look in "$tmp"/look-a/*.json; do
    other=$tmp/look-b/${look##*/}
    words "$look" >"$tmp/words-a"
    words "$other" >"$tmp/words-b"
    [ -s "$tmp/words-a" ] || fail "${look##*/} holds no words"
    diff "$tmp/words-a" "$tmp/words-b" >&2 || fail "the kiosks show ${look##*/} differently"
done
