#!/bin/sh
# The judged journey: a check is recorded with no hub, the power is cut at «Recorded», and when both are back the record
# is at the hub exactly once. And the cut in mid-check: the answers are offered back and the check is finished.
. "$(dirname "$0")/lib.sh"
labels
data=$tmp/kiosk
hub=$tmp/hub

# cut DATA SCRIPT...: plays the scripts one after the other; the last step is the power cut.
cut_after() {
    cut_data=$1
    shift
    for part in "$@"; do
        cat "$here/$part"
    done >"$play/cut.drive"
    echo die >>"$play/cut.drive"
    kiosk "$cut_data" --drive "$play/cut.drive"
    [ $? -eq 137 ] || tell_kiosk "the kiosk did not get as far as the power cut"
}


# With no hub anywhere.
cut_after "$data" check_answers.drive check_sign.drive
verify_kiosk "$data"
kiosk_export "$data" >"$tmp/kiosk.ndjson"
record=$(grep '"kind":"check.recorded"' "$tmp/kiosk.ndjson" | tail -n 1)
says "$tmp/kiosk.ndjson" '"form":"pr-use-ac"'
case $record in
*'"value":"650"'*) ;;
*) fail "the last record is not the check that was signed: $record" ;;
esac

# Power and hub are back: the kiosk shows the record, joins and sends it.
hub_start "$hub"
steps "$data" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
key "EXA-0041\n"
see "In date"
see "Start check"
tap "/item/history"
see "today"
see "Technician 1 (example)"
sync
back
back
tap "/home/menu"
tap "/menu/rows/records"
see "All sent"
STEPS
hub_export "$hub" >"$tmp/hub.ndjson"
same 1 "$(grep -cxF -- "$record" "$tmp/hub.ndjson")" "the record in the hub's export"
same 1 "$(grep -cF '"value":"650"' "$tmp/hub.ndjson")" "records with this answer in the hub's export"

# Sending once more adds nothing.
steps "$data" <<'STEPS'
sync
STEPS
hub_export "$hub" >"$tmp/hub2.ndjson"
cmp -s "$tmp/hub.ndjson" "$tmp/hub2.ndjson" || fail "a second sync changed the hub's lines"
kiosk_export "$data" | sort >"$tmp/a"
sort "$tmp/hub2.ndjson" >"$tmp/b"
cmp "$tmp/a" "$tmp/b" >&2 || fail "kiosk and hub hold different lines"
verify_kiosk "$data"
verify_hub "$hub"

# The cut in mid-check: the answers are there again, the check is finished, and stands in the log once.
cut_after "$tmp/mid" check_answers.drive
verify_kiosk "$tmp/mid"
same 0 "$(kiosk_export "$tmp/mid" | grep -c '"value":"650"')" "checks recorded before anybody signed"
steps "$tmp/mid" <<STEPS
key "EXA-0041\\n"
see "Go on with the check"
tap "/item/start"
see "Your answers of"
see "are back"
see "questions left"
$(cat "$here/check_sign.drive")
STEPS
same 1 "$(kiosk_export "$tmp/mid" | grep -c '"value":"650"')" "checks recorded after the draft was finished"
verify_kiosk "$tmp/mid"
# The draft is gone with its record.
steps "$tmp/mid" <<'STEPS'
key "EXA-0041\n"
see "In date"
see "Start check"
STEPS

# A kiosk that has a hub, and the hub goes away: the same cut, and nobody has to join again.
hub_stop
kept=$tmp/kept
hub_listen=127.0.0.1:0
hub_start "$tmp/hub2"
steps "$kept" --hub "$hub_url" --join "$(hub_code "$tmp/hub2")" <<'STEPS'
sync
STEPS
hub_stop
cut_after "$kept" check_answers.drive check_sign.drive
record=$(kiosk_export "$kept" | tail -n 1)
hub_export "$tmp/hub2" >"$tmp/hub.ndjson"
same 0 "$(grep -cxF -- "$record" "$tmp/hub.ndjson")" "the record at the hub that was away"
hub_start "$tmp/hub2"
steps "$kept" <<'STEPS'
sync within 30s
key "EXA-0041\n"
see "In date"
STEPS
hub_export "$tmp/hub2" >"$tmp/hub.ndjson"
same 1 "$(grep -cxF -- "$record" "$tmp/hub.ndjson")" "the record at the hub that came back"
kiosk_export "$kept" | LC_ALL=C sort >"$tmp/a"
LC_ALL=C sort "$tmp/hub.ndjson" >"$tmp/b"
cmp "$tmp/a" "$tmp/b" >&2 || fail "kiosk and hub hold different lines"
verify_kiosk "$kept"
verify_hub "$tmp/hub2"
