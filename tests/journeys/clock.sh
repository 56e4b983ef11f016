#!/bin/sh
# Clocks that are wrong by lifetimes: a kiosk at 1970 and one at 2099 record alone, join the hub, learn the time from its
# signed answer and say of their earlier records when those really were made; then the register is changed apart on both of
# them and on one that knows the time, and no wrong year wins.
. "$(dirname "$0")/lib.sh"
need python3
mkdir -p "$play"
CLOCK=machine
hub=$tmp/hub
hub_start "$hub"

# Records made before anybody told the time, then the hub's answer. join NAME TIME YEAR: the same run of the same machine.
join() {
    steps "$tmp/$1" --machine-time "$2" --hub "$hub_url" <<STEPS
see "?"
tap "/home/menu"
tap "/menu/rows/kiosk"
see "no date is sure until the hub"
audit
back
key "EXA-0043\n"
see "Fume cupboard 1"
tap "/item/start"
tap "/check/rows/velocity/value"
type "0.45\n"
tap "/check/all_good"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Recorded"
idle 9s
tap "/item/history"
see "time not certain"
audit
shot history-$1-before
tap "/history/rows/row0"
see "The time was not certain when this was recorded"
audit
back
back
back
tap "/home/menu"
tap "/menu/rows/records"
see "The time is not certain"
tap "Join a hub"
tap "/join/fields/code"
type "$(hub_code "$hub")\n"
tap "Join this hub"
see "All sent" within 30s
unsee "The time is not certain"
back
sync within 30s
sync within 30s
key "EXA-0043\n"
tap "/item/history"
see "really today"
unsee "time not certain"
audit
shot history-$1
tap "/history/rows/row0"
see "The kiosk's clock was wrong, as it learnt later"
audit
shot record-$1
back
back
back
tap "/home/menu"
tap "/menu/rows/kiosk"
swipe up
swipe up
swipe up
swipe up
see "Told by the hub."
audit
shot kiosk-$1
STEPS
    kiosk_export "$tmp/$1" >"$tmp/lines"
    grep '"kind":"clock.learnt"' "$tmp/lines" | grep "$(id_of "$1")" >"$tmp/learnt"
    same 1 "$(grep -c . "$tmp/learnt")" "times that $1 learnt"
    says "$tmp/learnt" '"clock":"hub"'
    says "$tmp/learnt" "\"old\":\"$3"
    says "$tmp/learnt" "\"new\":\"$(date -u +%Y)"
    same 1 "$(grep -c "\"at\":\"$3.*\"kind\":\"check.recorded\".*\"value\":\"0.45\"" "$tmp/lines")" "checks as stamped in $3"
}

# The device of a kiosk: whose lines its data folder wrote first.
id_of() {
    kiosk_export "$tmp/$1" >"$tmp/of"
    python3 - "$tmp/of" "$tmp/known" <<'PYTHON'
import json, os, sys
known = open(sys.argv[2]).read().split() if os.path.exists(sys.argv[2]) else []
for line in open(sys.argv[1], encoding="utf-8"):
    event = json.loads(line)
    if event["kind"] == "clock.learnt" and event["device"] not in known:
        print(event["device"])
        break
PYTHON
}
PANEL=1280x800
join past 1970-01-01T00:05:00Z 1970
id_of past >"$tmp/known"
PANEL=800x480
join far 2099-06-01T09:00:00Z 2099
PANEL=1280x800
steps "$tmp/good" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync within 30s
sync within 30s
STEPS
for kiosk in past far good; do
    steps "$tmp/$kiosk" <<'STEPS'
sync within 30s
sync within 30s
STEPS
done

# Apart: one has just been told the time; the one of 2099 and the one of 1970 are switched on anew, find no hub and know
# nothing again.
edit() {
    cat <<STEPS
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
key "$1\n"
tap "/item/more"
tap "/more/more/edit"
tap "/edit/fields/school"
type "$2\n"
tap "/edit/record"
see "Recorded"
STEPS
}
{ printf 'sync within 30s\nnet off\n'; edit EXA-0040 "Of today"; } | steps "$tmp/good"
hub_stop
{ echo 'see "?"'; edit EXA-0040 "Of the year 2099"; } | steps "$tmp/far" --machine-time 2099-06-02T09:00:00Z
{ echo 'see "?"'; edit EXA-0040 "Of the year 1970"; edit EXA-0041 "Seen in 1970"; } |
    steps "$tmp/past" --machine-time 1970-01-01T00:05:00Z
hub_start "$hub"

# Together again, in an order that would let the last one win. Each kiosk learns the time anew in the first round and says
# so in a line of its own; for the others to have that too, nobody wakes in a wrong year in the rounds after it.
together() {
    for round in 1 2 3; do
        for kiosk in past good far; do
            # shellcheck disable=SC2046
            steps "$tmp/$kiosk" $([ "$round" -gt 1 ] || echo --machine-time "$(machine_time "$kiosk")") <<'STEPS'
sync within 30s
sync within 30s
STEPS
        done
    done
    for kiosk in past far good; do
        kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
        verify_kiosk "$tmp/$kiosk"
        cmp "$tmp/past.ndjson" "$tmp/$kiosk.ndjson" >&2 || fail "past and $kiosk hold different lines"
    done
    hub_export "$hub" | LC_ALL=C sort >"$tmp/hub.ndjson"
    cmp "$tmp/past.ndjson" "$tmp/hub.ndjson" >&2 || fail "kiosk and hub hold different lines"
    verify_hub "$hub"
}
machine_time() {
    case $1 in
    past) echo 1970-01-01T00:07:00Z ;;
    far) echo 2099-06-03T09:00:00Z ;;
    good) date -u +%Y-%m-%dT%H:%M:%SZ ;;
    esac
}
# school LABEL WORDS: what every kiosk says of the item.
school() {
    for kiosk in past far good; do
        steps "$tmp/$kiosk" --machine-time "$(machine_time "$kiosk")" <<STEPS
net off
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
key "$1\n"
tap "/item/more"
tap "/more/more/edit"
swipe up
see "$2"
STEPS
    done
}
together
school EXA-0040 "Of today"
school EXA-0041 "Seen in 1970"

# Nobody is shut out either: what the two say once they have seen the rest stands.
hub_stop
{ echo 'see "?"'; edit EXA-0040 "Again of 2099"; } | steps "$tmp/far" --machine-time 2099-06-04T09:00:00Z
{ echo 'see "?"'; edit EXA-0041 "Again of 1970"; } | steps "$tmp/past" --machine-time 1970-01-01T00:09:00Z
hub_start "$hub"
together
school EXA-0040 "Again of 2099"
school EXA-0041 "Again of 1970"

# No stamp holds a wrong year: the first twelve digits are milliseconds, and 1970 is a count from nothing.
python3 - "$tmp/hub.ndjson" <<'PYTHON' || fail "a wrong year stands in a stamp"
import json, sys, time
for line in open(sys.argv[1], encoding="utf-8"):
    event = json.loads(line)
    ms = int(event["hlc"][:12], 16)
    assert ms < 1000 or abs(ms / 1000 - time.time()) < 3600, line[:200]
PYTHON
hub_stop
