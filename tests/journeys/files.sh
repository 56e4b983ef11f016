#!/bin/sh
# A certificate recorded on one kiosk reaches the hub and, when it is asked for, the site's other kiosk, byte for byte, though
# kiosk and hub are killed in the middle of both ways. What the hub's disk damaged is refused by who fetches it, and found by
# verify.
. "$(dirname "$0")/lib.sh"
need python3
hub=$tmp/hub
hub_start "$hub"
join_hub a b

# state DATA: what the kiosk says of the file, read beside it.
cat >"$tmp/state.py" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}/canny.db?mode=ro", uri=True, timeout=30)
row = db.execute("select state, moved from log_file where hash = ?", (sys.argv[2],)).fetchone()
print(*(row or ("none", 0)))
PYTHON
state() {
    python3 "$tmp/state.py" "$1" "$sha" || fail "the state of the file in $1 cannot be read"
}

# cut DATA STATE: runs the kiosk, and kills it and the hub with SIGKILL as soon as some of the file has moved further. Who looks
# is there before the kiosk is, which may have moved all of it within the time that another program takes to start.
cat >"$tmp/cut.py" <<'PYTHON'
import os, signal, sqlite3, subprocess, sys, time
data, sha, state, hub, *kiosk = sys.argv[1:]
db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True, timeout=30)
def look():
    return db.execute("select state, moved, bytes from log_file where hash = ?", (sha,)).fetchone() or ("none", 0, 0)
begun = look()[1]
kiosk = subprocess.Popen(kiosk)
until = time.monotonic() + 60
while time.monotonic() < until:
    now = look()
    if now[0] != state or now[1] > begun:
        break
    time.sleep(0.002)  # a poll of a condition
else:
    kiosk.kill()
    sys.exit("nothing moved in a minute")
kiosk.kill()
os.kill(int(hub), signal.SIGKILL)
kiosk.wait()
print("%s %d of %d" % now, file=sys.stderr)
sys.exit(0 if now[0] == state else "it was moved whole before it could be cut")
PYTHON
killed() {
    left=
    for pid in $started; do
        [ "$pid" = "$1" ] || left="$left $pid"
    done
    started=$left
    wait "$1" 2>/dev/null
}
cut() {
    mkdir -p "$play"
    { for _ in 1 2 3 4 5 6 7 8; do echo 'sync within 60s'; done; } >"$play/many.drive"
    # shellcheck disable=SC2046
    python3 "$tmp/cut.py" "$1" "$sha" "$2" "$hub_pid" "$CANNY_BIN/canny" --data "$1" --content "$content" \
        $(size_of 800x480) --drive "$play/many.drive" --shots "$tmp/shots" >"$tmp/out" 2>"$tmp/cut" || {
        cat "$tmp/cut" >&2
        fail "$1 could not be cut off"
    }
    killed "$hub_pid"
    hub_start "$hub"
}
# whole DATA: rounds until the hub and the kiosk hold it.
whole() {
    for _ in 1 2 3 4 5 6 7 8; do
        steps "$1" <<'STEPS'
sync within 60s
STEPS
        case $(state "$1") in held*) return 0 ;; esac
    done
    fail "the file in $1 is $(state "$1")"
}

python3 - "$tmp/certificate.pdf" <<'PYTHON'
import random, sys
body = random.Random(7).randbytes(4 * 1024 * 1024 - 20)
open(sys.argv[1], "wb").write(b"%PDF-1.7\n" + body + b"\n%%EOF\n")
PYTHON
sha=$("$CANNY_BIN/files_cli" put "$tmp/a" "$tmp/certificate.pdf" item1) || fail "the file could not be kept"
same "here 0" "$(state "$tmp/a")" "the file before any round"

# To the hub, cut twice.
cut "$tmp/a" here
once=$(state "$tmp/a")
cut "$tmp/a" here
twice=$(state "$tmp/a")
[ "${twice#here }" -gt "${once#here }" ] || fail "it did not go on: $once, then $twice"
whole "$tmp/a"
verify_hub "$hub"

# To the other kiosk: the line comes by itself, the file when it is wanted.
steps "$tmp/b" <<'STEPS'
sync
STEPS
same "named 0" "$(state "$tmp/b")" "the file at the other kiosk"
"$CANNY_BIN/files_cli" want "$tmp/b" "$sha" || fail "the file could not be asked for"
cut "$tmp/b" named
cut "$tmp/b" named
whole "$tmp/b"
"$CANNY_BIN/files_cli" read "$tmp/b" "$sha" | cmp - "$tmp/certificate.pdf" || fail "it came otherwise than it went"
for kiosk in a b; do
    verify_kiosk "$tmp/$kiosk"
done

# A byte of it changed on the hub's disk: a kiosk on a new card refuses what it is given, and verify tells.
hub_stop
python3 - "$hub/hub.db" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
at, data = db.execute("select at, data from file_part where at > 0 order by at limit 1").fetchone()
db.execute("update file_part set data = ? where at = ?", (bytes([data[0] ^ 1]) + data[1:], at))
db.commit()
PYTHON
hub_start "$hub"
join_hub c
"$CANNY_BIN/files_cli" want "$tmp/c" "$sha" || fail "the file could not be asked for"
for _ in 1 2 3 4 5 6; do
    steps "$tmp/c" <<'STEPS'
sync within 60s
STEPS
done
case $(state "$tmp/c") in
named*) ;;
*) fail "a changed file was taken: $(state "$tmp/c")" ;;
esac
[ ! -e "$tmp/c/files/$(printf '%.2s' "$sha")/$sha" ] || fail "a changed file stands at the kiosk"
"$CANNY_BIN/canny-hub" verify --data "$hub" >"$tmp/verify" 2>&1 && fail "verify finds nothing wrong at the hub"
says "$tmp/verify" "file $(printf '%.16s' "$sha") is damaged"
# One changed at a kiosk is found there too, and fetched again once it is read; from a hub that is whole.
printf x >>"$tmp/b/files/$(printf '%.2s' "$sha")/$sha"
"$CANNY_BIN/canny" verify --data "$tmp/b" >"$tmp/verify" 2>&1 && fail "verify finds nothing wrong at the kiosk"
says "$tmp/verify" "was damaged on this kiosk"

# A hub whose room for the school is used up: the records go, the file waits, and the page says why.
python3 - "$hub/hub.db" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
site = db.execute("select id from site").fetchone()[0]
db.execute("insert into file(site, hash, type, bytes, whole, device, at_ms)"
           " values(?, 'big', 'text/csv', 2147483648, 1, 'none', 1)", (site,))
db.commit()
PYTHON
printf 'time,C\n10:00,4.1\n' >"$tmp/fridge.csv"
sha=$("$CANNY_BIN/files_cli" put "$tmp/a" "$tmp/fridge.csv" item1) || fail "the table could not be kept"
for panel in 800x480 1280x800 720x1280; do
    PANEL=$panel
    steps "$tmp/a" <<'STEPS'
sync
tap "/home/menu"
tap "/menu/rows/records"
see "Files wait"
see "no room left"
audit
STEPS
done
same "here 0" "$(state "$tmp/a")" "the file that the hub has no room for"
