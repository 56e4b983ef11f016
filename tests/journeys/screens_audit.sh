#!/bin/sh
# Every screen in every state passes the audit on the three panels, and in large letters on the widest.
. "$(dirname "$0")/lib.sh"
labels
{
    printf 'P5\n640 480\n255\n'
    awk 'BEGIN { for (i = 0; i < 640 * 480; i++) printf "%c", 65 + i % 23 }'
} >"$play/bench.pgm"

audit_panel() {
    label=$1
    shift
    data=$tmp/$label
    hub=$tmp/hub-$label
    hub_listen=127.0.0.1:0
    hub_start "$hub"
    drive "$data" screens_audit.drive "$@"
    # Another kiosk of the school has put the same new label on something else.
    steps "$tmp/other-$label" --hub "$hub_url" --join "$(hub_code "$hub")" <<STEPS
key "EXA-0058\n"
tap "/unknown/register"
tap "/register/questions/incubator"
tap "/register/record"
show badge-t2.png
see "on the register" within 10s
sync
STEPS
    drive "$data" screens_audit_joined.drive --hub "$hub_url" --join "$(hub_code "$hub")" "$@"
    hub_stop
}

for PANEL in 800x480 1280x800 720x1280; do
    audit_panel "$PANEL"
done
PANEL=1280x800
audit_panel large --large
