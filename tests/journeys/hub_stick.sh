#!/bin/sh
# A kiosk that never has a network, and its hub far away: a stick goes to and fro, with other kiosks' records both ways. The
# hub serves while it reads the stick, and once it does not.
. "$(dirname "$0")/lib.sh"
need python3
. "$here/stick_lib.sh"
labels
hub=$tmp/hub

# import_stick STATUS, and export_stick: at the hub; what it said is in $tmp/said.
import_stick() {
    "$CANNY_BIN/canny-hub" import --data "$hub" --stick "$stick" >"$tmp/said" 2>"$tmp/said.err"
    same "$1" "$?" "the status of an import that said $(cat "$tmp/said" "$tmp/said.err")"
}
export_stick() {
    "$CANNY_BIN/canny-hub" export --data "$hub" --stick "$stick" --site "Example Academy" >"$tmp/said" 2>"$tmp/said.err" ||
        fail "the hub's export failed: $(cat "$tmp/said" "$tmp/said.err")"
}
# offline DATA: a stick goes in and out at a kiosk whose cable is out. It comes by itself where it has something new.
offline() {
    steps "$1" <<STEPS
net off
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
stick out
STEPS
}
# offline_again DATA: the same with nothing new on it.
offline_again() {
    steps "$1" <<STEPS
net off
tap "/home/sync"
stick $stick
tap "The stick" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
stick out
STEPS
}
item() {
    steps "$1" <<STEPS
net off
key "$2\n"
see "New label"
tap "/unknown/register"
tap "/kinds/list/Laboratory"
tap "/kinds/list/fridge"
tap "/register/questions/name"
type " $2\n"
tap "/register/record"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
see "on the register" within 10s
STEPS
}

# A school that a hub adopts; its founder, which has no network, hears of it by the stick.
belong "$tmp/a" "$tmp/b"
site=$(sed 's/.*site=\([0-9a-f]*\)&.*/\1/' "$tmp/answer")
drive "$tmp/a" two_kiosks_a.drive
hub_start "$hub"
# Kiosks that hear of the hub are told an address where nobody is.
"$CANNY_BIN/canny-hub" enrol --data "$hub" --site "Example Academy" --url http://127.0.0.1:9 >"$tmp/code" || fail "no code"
steps "$tmp/b" --hub "$hub_url" --join "$(cat "$tmp/code")" <<'STEPS'
sync
STEPS
offline "$tmp/a"
# What the founder has put there is sealed to the other kiosk alone, as it knows of no hub: that is told, and no fault.
import_stick 0
says "$tmp/said" "not sealed to this hub"
says "$tmp/said" "0 refused, 2 for others"
export_stick
says "$tmp/said" "for "
# The founder's records go on to the hub, which answers by letting the founder in: a second plug takes that along.
steps "$tmp/b" <<STEPS
net off
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
stick out
net on
sync
sync
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
stick out
STEPS
export_stick
offline "$tmp/a"

# No trip is lost: the plug at which the founder heard of the hub has taken what the hub sealed to it, and sealed to the hub.
import_stick 0
if grep -q "for others" "$tmp/said"; then fail "the founder has not sealed to the hub at once: $(cat "$tmp/said")"; fi

# From now on the founder seals to the hub too. What it records comes to the hub without the other kiosk, and the other's
# to it.
item "$tmp/a" EXA-0058
offline "$tmp/a"
import_stick 0
hub_export "$hub" >"$tmp/hub.ndjson"
same 1 "$(grep -c '"label":"EXA-0058"' "$tmp/hub.ndjson")" "items that came to the hub by stick"
import_stick 0
says "$tmp/said" " 0 new lines"
steps "$tmp/b" <<'STEPS'
sync
STEPS
item "$tmp/b" EXA-0059
steps "$tmp/b" <<'STEPS'
sync
STEPS
hub_stop
export_stick
offline "$tmp/a"
import_stick 0
hub_start "$hub"
steps "$tmp/b" <<'STEPS'
sync
STEPS
export_stick
offline_again "$tmp/a"
hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
everything a b
cmp "$tmp/hub.ndjson" "$tmp/a.ndjson" >&2 || fail "kiosks and hub hold different lines"
same 1 "$(grep -c '"label":"EXA-0059"' "$tmp/a.ndjson")" "items that came from the hub by stick"
verify_hub "$hub"

# The hub's receipt is the founder's proof: nothing of its own waits any more, though it never had a network.
steps "$tmp/a" <<'STEPS'
net off
tap "/home/sync"
audit
tree sync
shot sync
STEPS

# All the world has been on the stick: the hub takes what is whole and ours, and says of the rest why not.
python3 - "$stick" "$site" <<'PYTHON'
import os, sys
stick, site = sys.argv[1], sys.argv[2]
here = f"{stick}/CANNY/{site}"
bundle = sorted(n for n in os.listdir(here) if n.endswith(".bundle"))[0]
data = open(f"{here}/{bundle}", "rb").read()
open(f"{here}/{bundle[:17]}0badbad0.bundle.part", "wb").write(data[:100])
open(f"{here}/ffffffffffffffff-0badbad1.bundle", "wb").write(data[: len(data) // 2])
open(f"{here}/ffffffffffffffff-0badbad2.bundle", "wb").write(data[:300] + b"X" + data[301:])
open(f"{here}/ffffffffffffffff-0badbad4.bundle", "wb").truncate(5 * 1024 * 1024)
os.mkdir(f"{here}/ffffffffffffffff-0badbad5.bundle")
os.symlink("/dev/zero", f"{here}/ffffffffffffffff-0badbad6.bundle")
os.mkdir(f"{stick}/CANNY/0123456789abcdef")
os.makedirs(f"{stick}/CANNY/content", exist_ok=True)
PYTHON
hub_export "$hub" | cksum >"$tmp/before"
import_stick 1
for bad in 1 2 4 5 6; do
    grep -q "ffffffffffffffff-0badbad$bad.bundle	refused: " "$tmp/said" || fail "nothing says why 0badbad$bad was refused"
done
says "$tmp/said" "half written, left alone"
says "$tmp/said" "0123456789abcdef/	refused: it is of no site of this hub"
hub_export "$hub" | cksum | cmp - "$tmp/before" >&2 || fail "a bad stick changed the hub"
