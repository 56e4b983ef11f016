#!/bin/sh
# A technician's day at the bench of a school of thirty thermometers, two kettles and two meters, on the three panels: a tray,
# a trainee and a supervisor, instruments, every kind of row, timers, corrections.
. "$(dirname "$0")/lib.sh"
alone=yes
CONTENT=$CANNY_SOURCE/tests/data/bench_school
mkdir -p "$play"
{
    printf 'P5\n640 480\n255\n'
    awk 'BEGIN { for (i = 0; i < 640 * 480; i++) printf "%c", 65 + i % 23 }'
} >"$play/bench.pgm"

# of KIND WORDS: how many lines of the kind hold the words.
of() {
    grep "\"kind\":\"$1\"" "$tmp/lines" | grep -c -- "$2"
}

lines_of() {
    verify_kiosk "$1"
    kiosk_export "$1" >"$tmp/lines"
}

# What a person does between the first label and the signature: labels, taps, a badge. Looking does not count.
tray_counted() {
    for i in $(seq -w 1 30); do
        printf 'key "TT-0%s\\n"\n' "$i"
        [ "$i" = 01 ] && printf 'tap "/item/start"\n'
    done
    printf 'tap "/tray/sign"\nkey "CANNY-P:BENCH-T1-7Q4M\\n"\n'
}

for PANEL in ${PANELS:-800x480 1280x800 720x1280}; do
    data=$tmp/$PANEL
    tray_counted >"$tmp/touches"
    same 33 "$(grep -c . "$tmp/touches")" "touches and scans for thirty"
    { cat "$tmp/touches"; echo 'see "30 recorded, all passed"'; echo audit; } >"$tmp/counted"
    steps "$data-tray" <"$tmp/counted"
    lines_of "$data-tray"
    same 30 "$(of check.recorded '"form":"bench-look".*"outcome":"pass"')" "records of the tray"
    same 1 "$(grep '"form":"bench-look"' "$tmp/lines" | grep -o '"tray":"[^"]*"' | sort -u | grep -c .)" "trays"
    same 1 "$(grep '"form":"bench-look"' "$tmp/lines" | grep -o '"actor":"[^"]*"' | sort -u | grep -c .)" "signers"
    same 30 "$(of check.recorded '"form":"bench-look".*"competence":"T"')" "records signed as T"

    drive "$data-odd" bench_tray.drive
    lines_of "$data-odd"
    same 29 "$(of check.recorded '"form":"bench-look".*"outcome":"pass"')" "passes of the tray"
    same 1 "$(of check.recorded '"form":"bench-look".*"outcome":"quarantine"')" "fails of the tray"
    same 30 "$(of check.withdrawn .)" "what the undo of a tray takes back"

    drive "$data" bench_trainee.drive
    lines_of "$data"
    same 1 "$(of check.recorded '"outcome":"advise".*"countersign":"T"')" "records that wait for a T"
    same 1 "$(of check.countersigned '"code":"R"')" "countersignatures"

    drive "$data" bench_meter.drive
    drive "$data" bench_rows.drive
    drive "$data" bench_correct.drive
    drive "$data" bench_good.drive
    lines_of "$data"
    same 1 "$(of check.recorded '"form":"bench-meter".*"label":"LM-001".*"value":">19.99"')" "readings with their meter"
    same 2 "$(of check.recorded '"form":"bench-all".*"value":"120".*"value":"TT-003 TT-004"')" "forms of every row, and the correction of one"
    same 1 "$(of check.recorded '"corrects_why":"One reading left out".*"value":"0 20.5 1 121.2 2 121.5"')" "readings in a correction"
    same 1 "$(of check.recorded '"corrects_why":"Wrong kettle looked at"')" "corrections"
    same 1 "$(of check.recorded '"form":"bench-look".*"outcome":"fail"')" "all good but one"
    same 1 "$(find "$data/files" -type f | grep -c .)" "pictures"
done
