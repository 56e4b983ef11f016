#!/bin/sh
# The hub's enrolment code as a QR before the camera: the kiosk shows what it read, joins by one tap, and says in clear
# words when a code is wrong, used or made for another hub.
. "$(dirname "$0")/lib.sh"
labels
hub=$tmp/hub
hub_start "$hub"

# enrol_picture NAME: a new code, its QR as play/NAME.png.
enrol_picture() {
    "$CANNY_BIN/canny-hub" enrol --data "$hub" --site "Example Academy" --url "$hub_url" --qr >"$tmp/enrol" ||
        fail "no code could be made"
    payload=$(grep '^CANNY-ENROL:1?' "$tmp/enrol") || fail "canny-hub enrol --qr prints no payload"
    code=$(head -n 1 "$tmp/enrol")
    qrencode --output="$play/$1.png" --type=PNG --size=6 --margin=6 --level=M -- "$payload" || fail "no QR could be made"
    same "$(printf 'QR-Code\t%s' "$payload")" "$("$CANNY_BIN/canny" decode "$play/$1.png" | sed 's/^QR[^\t]*/QR-Code/')" \
        "what canny decode reads"
}

used=
for PANEL in 800x480 1280x800 720x1280; do
    enrol_picture enrol
    steps "$tmp/$PANEL" <<STEPS
see "Chemistry prep"
show enrol.png
see "Join a hub" within 20s
see "$code"
shot join
show none
tap "Join this hub"
see "Joined" within 20s
idle 9s
see "All sent" within 20s
see "Example Academy"
STEPS
    used=$code
    verify_kiosk "$tmp/$PANEL"
done
verify_hub "$hub"

# The code that was used, shown to another kiosk: clear words, nothing joined, nothing lost.
steps "$tmp/late" <<STEPS
show enrol.png
see "$used" within 20s
show none
tap "Join this hub"
see "Not joined" within 20s
see "was used already"
see "ask IT for a new one"
see "S-401"
back
tap "/home/menu"
tap "/menu/rows/records"
see "On its own"
STEPS

# A code that never was, typed.
steps "$tmp/late" --hub "$hub_url" <<'STEPS'
tap "/home/menu"
tap "/menu/rows/records"
tap "Join a hub"
tap "/join/fields/code"
type "ABCD-EFGH-JKMN\n"
tap "Join this hub"
see "Not joined" within 20s
see "S-401"
STEPS

# The hub of that code is not the one that answers: its key is in the QR.
other=$(printf '%s' "$payload" | sed 's/key=[0-9a-f]*/key=d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a/')
qrencode --output="$play/other.png" --type=PNG --size=6 --margin=6 --level=M -- "$other"
steps "$tmp/late" <<'STEPS'
show other.png
see "Join a hub" within 20s
show none
tap "Join this hub"
see "Not joined" within 20s
see "Another hub answered"
STEPS
verify_kiosk "$tmp/late"
