#!/bin/sh
# A kiosk's card has died. A new one is enrolled in its place: it fetches everything that the school and the old card had,
# stands in its room, and the old one is out of use.
. "$(dirname "$0")/lib.sh"
need python3
labels
hub=$tmp/hub
hub_start "$hub"

# join DATA CODE NAME
join() {
    steps "$1" --hub "$hub_url" <<STEPS
tap "/home/menu"
tap "/menu/rows/records"
tap "Join a hub"
tap "/join/fields/code"
type "$2\n"
$3
tap "Join this hub"
see "Joined" within 20s
see "All sent" within 20s
STEPS
}
join "$tmp/old" "$(hub_code "$hub")" 'tap "/join/fields/name"
type "Prep 2\n"'
join "$tmp/other" "$(hub_code "$hub")" ''
steps "$tmp/old" <<'STEPS'
key "EXA-9001\n"
see "New label" within 20s
tap "/unknown/register"
tap "/kinds/list/Laboratory"
tap "/kinds/list/fridge"
tap "/register/questions/name"
type " of the old card\n"
tap "/register/record"
show badge-t1.png
see "on the register" within 20s
show none
sync
STEPS
old_id=$(own_id "$tmp/old")
kiosk_export "$tmp/old" | grep "^{\"v\":1,\"device\":\"$old_id\"" | LC_ALL=C sort >"$tmp/past"

# The new card, in its place. Nobody says where it stands (the sample school would): it has the old one's name.
steps "$tmp/new" <<'STEPS'
net off
STEPS
python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("delete from local_setting where key = ?", ("room",))
db.commit()' "$tmp/new/canny.db"
code=$("$CANNY_BIN/canny-hub" enrol --data "$hub" --site "Example Academy" --replaces "$old_id" | head -n 1) ||
    fail "no code could be made for the new card"
join "$tmp/new" "$code" ''
steps "$tmp/new" <<'STEPS'
key "EXA-9001\n"
see "Fridge of the old card" within 20s
back
tap "/home/menu"
tap "/menu/rows/records"
see "All sent" within 20s
STEPS
kiosk_export "$tmp/new" | grep "^{\"v\":1,\"device\":\"$old_id\"" | LC_ALL=C sort >"$tmp/kept"
cmp "$tmp/past" "$tmp/kept" >&2 || fail "the new card lacks lines of the old one"
room=$(python3 -c 'import sqlite3, sys
row = sqlite3.connect(sys.argv[1]).execute("select value from local_setting where key = ?", ("room",)).fetchone()
print(row[0] if row else "")' "$tmp/new/canny.db")
case $room in
*"Prep 2") ;;
*) fail "the new card stands in «$room», the old one stood in Prep 2" ;;
esac

# The old card, found in a drawer: out of use.
steps "$tmp/old" <<'STEPS'
see "The hub has taken this kiosk out of use" within 20s
STEPS
for kiosk in other new; do
    steps "$tmp/$kiosk" <<'STEPS'
sync
STEPS
    kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
    verify_kiosk "$tmp/$kiosk"
done
hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
cmp "$tmp/hub.ndjson" "$tmp/other.ndjson" >&2 || fail "hub and other kiosk hold different lines"
verify_hub "$hub"

# How far a long first reading is, on each panel: as the worker tells it while it reads.
hub_stop
for PANEL in 800x480 1280x800 720x1280; do
    rm -rf "$tmp/reading"
    cp -Rp "$tmp/new" "$tmp/reading"
    python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("insert or replace into sync_state values (?, ?)", ("to_come", "3120"))
db.execute("insert or replace into sync_state values (?, ?)", ("hub.url", "http://127.0.0.1:1"))
db.execute("update sync_state set value = ? where key like ?", ("", "fault%"))
db.commit()' "$tmp/reading/canny.db"
    steps "$tmp/reading" <<STEPS
net off
tap "/home/menu"
tap "/menu/rows/records"
shot fetching-$PANEL
audit
STEPS
done
