#!/bin/sh
# Every screen in every state passes the audit on the small and the narrow panel; with `wide`, on the widest, which has the most
# room; with `large`, in large letters on the widest, and all that is read and recalled, and the signed editions, on the other two.
. "$(dirname "$0")/lib.sh"
need python3
. "$here/content_lib.sh"
labels
{
    printf 'P5\n640 480\n255\n'
    awk 'BEGIN { for (i = 0; i < 640 * 480; i++) printf "%c", 65 + i % 23 }'
} >"$play/bench.pgm"

# walk PLAY NAME OPTIONS...: plays both scripts by `PLAY DATA SCRIPT OPTIONS...`, with a hub between them, and another kiosk of the
# school that has put the same new label on something else.
walk() {
    how=$1
    label=$2
    shift 2
    data=$tmp/$label
    hub=$tmp/hub-$label
    hub_listen=127.0.0.1:0
    hub_start "$hub"
    "$how" "$data" screens_audit.drive "$@"
    # Two spreadsheets, one with faults, to be taken in.
    mkdir -p "$data-lists/import"
    printf 'kind,name,room\nfridge,Cold one,Lab 1\nno-such-kind,Odd one,Lab 1\n' >"$data-lists/import/faults.csv"
    printf 'kind,name,room\nfridge,Cold one,Lab 1\nfridge,Cold two,Lab 1\n' >"$data-lists/import/register.csv"
    # A paper and a logger's file, to be kept with a record.
    mkdir -p "$data-evidence/import"
    python3 "$here/certificate.py" "$data-evidence/import/paper.pdf" 3 "Certificate 2026/1187" "Valid until 1 November 2027"
    awk 'BEGIN { print "minutes,degrees"; for (i = 0; i <= 60; i++) print i "," (i < 20 ? 20 + 5 * i : 121.4) }' \
        >"$data-evidence/import/run.csv"
    # Lists, bench, letters, reading and evidence each change much: each on a kiosk of its own, the bench in a school of its own.
    # One that has wiped itself, and nobody has read it yet.
    mkdir -p "$data-wiped"
    : >"$data-wiped/wiped"
    mkdir -p "$play/stick"
    # Content that brings a recall of something here, and a stop of an activity and a chemical.
    if [ ! -d "$tmp/recalled" ]; then
        cp -R "$content" "$tmp/recalled"
        cp "$CANNY_SOURCE"/tests/data/notices/*.md "$tmp/recalled/docs/notices/"
    fi
    # An employer's form in the place of the nation's.
    if [ ! -d "$tmp/employer" ]; then
        cp -R "$content" "$tmp/employer"
        mkdir -p "$tmp/employer/employers/example-council/forms"
        sed 's/,14m,/,12m,/; s/2026\.11\.1/2026.11.1-ec/' "$content/forms/fc-lev.csv" \
            >"$tmp/employer/employers/example-council/forms/fc-lev.csv"
    fi
    # Signed content.
    if [ ! -d "$tmp/public" ]; then
        content_keys
        quietly "$tool" key make "$tmp/online" --name online --pass-file "$pass"
        content_repository "$tmp/online.pub"
        build national 2026-11-23
        quietly "$tool" publish "$signed" --to "$tmp/public" --online-key "$tmp/online" --pass-file "$pass"
    fi
    for part in lists bench letters reading evidence wiped stick recall employer signed; do
        CONTENT=$content
        [ "$part" != bench ] || CONTENT=$CANNY_SOURCE/tests/data/bench_school
        [ "$part" != recall ] || CONTENT=$tmp/recalled
        [ "$part" != employer ] || CONTENT=$tmp/employer
        [ "$part" != signed ] || CONTENT=$tmp/public
        [ ! -e "$here/screens_audit_$part.drive" ] ||
            "$how" "$data-$part" "screens_audit_$part.drive" "$@"
    done
    # A second edition on the kiosk that has the first.
    if [ ! -d "$tmp/public-second" ]; then
        document "$tmp/source" brand-new "A brand-new page" "What it says."
        build national 2026-11-24
        quietly "$tool" publish "$signed" --to "$tmp/public-second" --online-key "$tmp/online" --pass-file "$pass"
    fi
    CONTENT=$tmp/public-second
    "$how" "$data-signed" screens_audit_edition.drive "$@"
    CONTENT=$content
    steps "$tmp/other-$label" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
key "EXA-0058\n"
tap "/unknown/register"
tap "/kinds/list/Microbiology"
tap "/kinds/list/incubator"
tap "/register/record"
show badge-t2.png
see "on the register" within 10s
sync
STEPS
    "$how" "$data" screens_audit_joined.drive --hub "$hub_url" --join "$(hub_code "$hub")" "$@"
    hub_stop
}

# The walk with a tree after each audit tells which screens it came by.
note_screens() {
    note_data=$1
    awk '{ print } /^audit$/ { print "tree audit-" NR }' "$here/$2" >"$play/note.drive"
    shift 2
    kiosk "$note_data" --drive "$play/note.drive" "$@" || {
        cat -n "$play/note.drive" >&2
        tell_kiosk "a step failed"
    }
    grep -oh '"role":"screen","label":"[a-z_]*"' "$tmp"/shots/audit-*.json | sed 's/.*:"//;s/"//' >>"$tmp/visited"
}

if [ "${1:-}" = large ]; then
    PANEL=1280x800
    walk drive large --large
    # The small and the narrow panel have the least room for such letters: all that is read and recalled, once on each.
    for PANEL in 800x480 720x1280; do
        drive "$tmp/reading-$PANEL" screens_audit_reading.drive --large
        CONTENT=$tmp/recalled
        drive "$tmp/recall-$PANEL" screens_audit_recall.drive --large
        CONTENT=$tmp/public
        drive "$tmp/signed-$PANEL" screens_audit_signed.drive --large
        CONTENT=$tmp/public-second
        drive "$tmp/signed-$PANEL" screens_audit_edition.drive --large
        CONTENT=
    done
    exit 0
fi
if [ "${1:-}" = wide ]; then
    PANEL=1280x800
    walk drive wide
    exit 0
fi
PANEL=800x480
walk drive "$PANEL"
PANEL=720x1280
walk note_screens "$PANEL"
sort -u "$tmp/visited" >"$tmp/audited"
grep -h -A 2 '^const struct screen screen_' "$CANNY_SOURCE"/app/screens/*.c | sed -n 's/.*\.id = "\([a-z_]*\)".*/\1/p' |
    sort -u >"$tmp/screens"
[ "$(wc -l <"$tmp/screens")" -ge 18 ] || fail "the list of screens could not be read"
# faults/reads audits it: a script cannot make a read fail.
echo unread | sort -u - "$tmp/audited" >"$tmp/all_audited"
diff "$tmp/screens" "$tmp/all_audited" >&2 || fail "a screen is not audited (-) or not known (+)"
