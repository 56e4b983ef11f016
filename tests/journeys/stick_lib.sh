# What journeys with a stick share: how a kiosk comes to a school without a hub, and how a stick is carried. Sourced after
# lib.sh. $stick is where the stick is mounted; $tmp/answer holds the last answer to a kiosk that came.
stick=$tmp/stick
mkdir "$stick"

# belong A B: B comes to A's school by what their screens show.
belong() {
    steps "$2" <<'STEPS'
tap "/home/sync"
tap "Kiosks of this school"
tap "Join a school that has a kiosk already"
shot hello
STEPS
    "$CANNY_BIN/canny" decode "$tmp/shots/hello.png" | sed -n 's/^QR[^\t]*\t//p' >"$tmp/hello"
    steps "$1" <<STEPS
key "$(cat "$tmp/hello")\n"
see "The new kiosk is called"
tap "Sign and admit"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
$(digits 561098)
see "Show this to the new kiosk" within 10s
shot answer
STEPS
    "$CANNY_BIN/canny" decode "$tmp/shots/answer.png" | sed -n 's/^QR[^\t]*\t//p' >"$tmp/answer"
    steps "$2" <<STEPS
key "$(cat "$tmp/answer")\n"
see "This kiosk belongs to"
STEPS
}

# carry DATA: plug in, tap, done.
carry() {
    steps "$1" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
stick out
STEPS
}

# everything KIOSK...: their lines in $tmp/KIOSK.ndjson, sorted; their chains verify; all hold the same.
everything() {
    for of; do
        kiosk_export "$tmp/$of" | LC_ALL=C sort >"$tmp/$of.ndjson"
        verify_kiosk "$tmp/$of"
        cmp "$tmp/$1.ndjson" "$tmp/$of.ndjson" >&2 || fail "$1 and $of hold different lines"
    done
}
