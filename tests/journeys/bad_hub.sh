#!/bin/sh
# Whatever answers in the hub's place, the records screen says what happened, what it means, what to do and a code;
# checks go on being recorded, nothing is taken for delivered, and the hub gets all of it when it is back.
. "$(dirname "$0")/lib.sh"
need python3
hub=$tmp/hub
hub_start "$hub"
steps "$tmp/kiosk" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync
tap "/home/menu"
tap "/menu/rows/records"
see "All sent"
STEPS
hub_stop
port=${hub_listen##*:}
sent=$(hub_export "$hub" | wc -l)

# record_and_see CODE...: a check is recorded, sending fails, and the screen tells it.
recorded=0
record_and_see() {
    recorded=$((recorded + 1))
    steps "$tmp/kiosk" <<STEPS
$(fume_check 0.5$recorded)
idle 9s
back
tap "/home/menu"
tap "/menu/rows/records"
tap "Try now"
see "$1" within 60s
see "Means"
see "othing is lost"
see "Do"
unsee "All sent"
back
see "$recorded safe here"
key "EXA-0041\n"
see "Pressure cooker 1"
STEPS
    verify_kiosk "$tmp/kiosk"
    same $((sent + recorded)) "$(kiosk_export "$tmp/kiosk" | wc -l)" "lines on the kiosk"
}

bad_hub() {
    : >"$tmp/bad.out"
    python3 "$here/bad_hub.py" "$port" "$1" >"$tmp/bad.out" 2>"$tmp/bad.err" &
    bad_pid=$!
    started="$started $bad_pid"
    await hub_listens "$tmp/bad.out" || {
        cat "$tmp/bad.err" >&2
        fail "the bad hub does not listen"
    }
    record_and_see "$2"
    stop "$bad_pid" 2>/dev/null
}

# Nobody there at all.
record_and_see S-103
bad_hub rubbish S-110
bad_hub noise S-110
bad_hub page S-111
bad_hub empty S-106
bad_hub cut S-106
bad_hub reset S-106
bad_hub endless S-110
bad_hub lies S-110
bad_hub trouble S-110
bad_hub busy S-201
bad_hub hangs S-104

# A rubbish answer to joining is told on the joining screen, and joins nothing.
python3 "$here/bad_hub.py" "$port" rubbish >"$tmp/bad.out" 2>"$tmp/bad.err" &
bad_pid=$!
started="$started $bad_pid"
await hub_listens "$tmp/bad.out" || fail "the bad hub does not listen"
steps "$tmp/other" --hub "http://127.0.0.1:$port" <<'STEPS'
tap "/home/menu"
tap "/menu/rows/records"
tap "Join a hub"
tap "/join/fields/code"
type "ABCD-EFGH-JKMN\n"
tap "Join this hub"
see "Not joined" within 60s
see "S-110"
back
see "On its own"
STEPS
stop "$bad_pid" 2>/dev/null

# The hub is back: it gets every line, once.
hub_start "$hub"
steps "$tmp/kiosk" <<'STEPS'
sync within 30s
tap "/home/menu"
tap "/menu/rows/records"
see "All sent"
STEPS
kiosk_export "$tmp/kiosk" | LC_ALL=C sort >"$tmp/a"
hub_export "$hub" | LC_ALL=C sort >"$tmp/b"
cmp "$tmp/a" "$tmp/b" >&2 || fail "kiosk and hub hold different lines"
same $((sent + recorded)) "$(wc -l <"$tmp/b")" "lines at the hub"
verify_kiosk "$tmp/kiosk"
verify_hub "$hub"
