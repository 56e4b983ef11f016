#!/bin/sh
# The tour is played as ./run plays it, on each of the three panels: a hub, a kiosk that joins it, and a picture at
# every stop of the panel's own size.
. "$(dirname "$0")/lib.sh"
labels
# The first start in full, as that of a machine just unpacked.
fresh=yes

for PANEL in 800x480 1280x800 720x1280; do
    # A hub of its own: the label that the tour registers must be unknown to the site.
    hub=$tmp/hub-$PANEL
    hub_listen=127.0.0.1:0
    hub_start "$hub"
    code=$(hub_code "$hub")
    rm -rf "$tmp/shots"
    mkdir -p "$tmp/kiosk-$PANEL/import"
    cp "$here/new-term.csv" "$tmp/kiosk-$PANEL/import/"
    drive "$tmp/kiosk-$PANEL" tour.drive --hub "$hub_url" --join "$code"
    stops=$(grep -c '^shot ' "$here/tour.drive")
    pictures=0
    for picture in "$tmp/shots"/*.png; do
        same "$PANEL" "$(png_size "$picture")" "the size of ${picture##*/}"
        pictures=$((pictures + 1))
    done
    same "$stops" "$pictures" "pictures of the tour at $PANEL"
    verify_kiosk "$tmp/kiosk-$PANEL"
    checks=$(kiosk_export "$tmp/kiosk-$PANEL" | grep -c '"kind":"check.recorded"')
    [ "$checks" -ge 35 ] || fail "$PANEL: only $checks checks are in the log"
    verify_hub "$hub"
    hub_stop
    fresh=
    if [ -n "${CANNY_SHOTS:-}" ]; then
        mkdir -p "$CANNY_SHOTS" && cp -r "$tmp/shots" "$CANNY_SHOTS/$PANEL"
    fi
done
