#!/bin/sh
# What canny-hub cannot say it does not pass over: an answer that does not get out, and a log with faults, end with status
# 1 and one sentence. A hub that lost its folder is told as what it is, however often the kiosk asks.
. "$(dirname "$0")/lib.sh"
need sqlite3
hub=$tmp/hub
hub_start "$hub"
join_hub kiosk

if [ -c /dev/full ]; then
    for command in verify export "enrol --site Example"; do
        # shellcheck disable=SC2086
        "$CANNY_BIN/canny-hub" $command --data "$hub" >/dev/full 2>"$tmp/err"
        same 1 $? "status of canny-hub $command on a full disk"
        same 1 "$(grep -c '^canny-hub ' "$tmp/err")" "lines that canny-hub $command says on a full disk"
    done
fi

# Another hub at the same address: its key is not the one that the kiosk joined.
hub_stop
mv "$hub" "$tmp/old-hub"
hub_start "$hub"
cat >"$play/asks.drive" <<'STEPS'
sync within 4s
STEPS
kiosk "$tmp/kiosk" --drive "$play/asks.drive"
same 1 $? "status of sync with another hub"
says "$tmp/err" S-112
same 0 "$(grep -c S-201 "$tmp/err")" "answers of a hub that is busy with our asking"
hub_stop

sqlite3 "$tmp/old-hub/hub.db" "update line set line = replace(line, 'check.recorded', 'check.recordeD') where no =
    (select min(no) from line where line like '%\"kind\":\"check.recorded\"%')" ||
    fail "the hub's line could not be changed"
"$CANNY_BIN/canny-hub" verify --data "$tmp/old-hub" >"$tmp/out" 2>"$tmp/err"
same 1 $? "status of canny-hub verify on a changed line"
says "$tmp/err" "faults in the log of $tmp/old-hub"
same 1 "$(wc -l <"$tmp/err")" "lines that canny-hub verify says of a changed line"
verify_kiosk "$tmp/kiosk"
