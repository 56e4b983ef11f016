#!/bin/sh
# The hub is put back from an older backup, and from an older copy of its folder without being told, while its kiosks have
# gone on; one of them was enrolled after the backup. After two rounds each all hold the same lines, every chain is whole, and
# nobody had to do anything.
. "$(dirname "$0")/lib.sh"
need python3
labels
hub=$tmp/hub

# sent KIOSK WORDS...: records an item on a kiosk and sends it.
sent() {
    sent_kiosk=$1
    steps "$tmp/$sent_kiosk" <<STEPS
key "EXA-9$2\n"
see "New label" within 20s
tap "/unknown/register"
tap "/kinds/list/Laboratory"
tap "/kinds/list/fridge"
tap "/register/questions/name"
type " number $2\n"
tap "/register/record"
show badge-t1.png
see "on the register" within 20s
show none
sync
STEPS
}

# all_equal WHAT: the kiosks and the hub hold the same lines, and every chain is whole.
all_equal() {
    hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
    for kiosk in a b c; do
        [ -d "$tmp/$kiosk" ] || continue
        kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
        cmp "$tmp/hub.ndjson" "$tmp/$kiosk.ndjson" >&2 || fail "$1: kiosk $kiosk and the hub hold different lines"
        verify_kiosk "$tmp/$kiosk"
    done
    verify_hub "$hub"
}

# known KIOSK KEY: what its worker knows of the hub.
known() {
    python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("select value from sync_state where key = ?", sys.argv[2:]).fetchone()[0])' "$tmp/$1/canny.db" "$2"
}

# another_life WHAT OLD: every kiosk knows the hub's new epoch, and owes it nothing any more.
another_life() {
    for kiosk in a b c; do
        [ "$(known "$kiosk" epoch)" != "$2" ] || fail "$1: kiosk $kiosk goes by the old epoch"
        same "$(known a epoch)" "$(known "$kiosk" epoch)" "$1: the epoch that kiosk $kiosk knows"
        same 0 "$(known "$kiosk" debt)" "$1: what kiosk $kiosk owes"
    done
}

rounds() {
    for round in 1 2; do
        for kiosk in a b c; do
            [ -d "$tmp/$kiosk" ] || continue
            steps "$tmp/$kiosk" <<'STEPS'
sync
STEPS
        done
    done
}

hub_start "$hub"
join_hub a b
sent a 001
rounds
all_equal "before"

# An older copy of its folder, as IT would keep one.
hub_stop
cp -Rp "$hub" "$tmp/older"
hub_start "$hub"
join_hub c
sent a 002
sent b 003
sent c 004
rounds
all_equal "before the loss"
cp "$tmp/hub.ndjson" "$tmp/lost.ndjson"
life=$(known a epoch)

hub_stop
rm -rf "$hub"
mv "$tmp/older" "$hub"
hub_start "$hub"
# One of them has something new meanwhile, and another comes first.
steps "$tmp/b" <<'STEPS'
sync
tap "/home/menu"
tap "/menu/rows/records"
see "All sent" within 20s
audit
shot restored
STEPS
sent c 005
rounds
all_equal "an older folder"
another_life "an older folder" "$life"
life=$(known a epoch)
LC_ALL=C comm -23 "$tmp/lost.ndjson" "$tmp/hub.ndjson" >"$tmp/missing"
[ ! -s "$tmp/missing" ] || { cat "$tmp/missing" >&2; fail "lines that the hub had are lost"; }
same 1 "$(grep -c '"name":"Fridge number 004"' "$tmp/hub.ndjson")" "what the kiosk of after the backup recorded"

# A backup, made while it serves, and restored by one command.
"$CANNY_BIN/canny-hub" backup --data "$hub" --out "$tmp/backup" >"$tmp/out" 2>&1 || {
    cat "$tmp/out" >&2
    fail "no backup could be made"
}
sent a 006
sent b 007
rounds
all_equal "before the second loss"
cp "$tmp/hub.ndjson" "$tmp/lost.ndjson"
hub_stop
rm -rf "$hub"
"$CANNY_BIN/canny-hub" restore --data "$hub" --from "$tmp/backup" >"$tmp/out" 2>&1 || {
    cat "$tmp/out" >&2
    fail "the backup could not be restored"
}
hub_start "$hub"
rounds
all_equal "a backup"
another_life "a backup" "$life"
LC_ALL=C comm -23 "$tmp/lost.ndjson" "$tmp/hub.ndjson" >"$tmp/missing"
[ ! -s "$tmp/missing" ] || {
    cat "$tmp/missing" >&2
    fail "lines that the hub had are lost after the restore"
}
