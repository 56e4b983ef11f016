#!/bin/sh
# Signed content by stick, for a school without a network: a newer edition is taken with the records, an older stick is told
# kindly and changes nothing, and a stick that was damaged, or signed by somebody else, is told with what to do.
. "$(dirname "$0")/lib.sh"
. "$here/content_lib.sh"
. "$here/stick_lib.sh"
labels

belong "$tmp/a" "$tmp/b"
content_keys
quietly "$tool" key make "$tmp/online" --name online --pass-file "$pass"
content_repository "$tmp/online.pub"
online="--online-key $tmp/online --pass-file $pass"
document "$tmp/source" first-page "About balances" "Level them first."
build national 1
# shellcheck disable=SC2086
quietly "$tool" publish "$signed" --to "$tmp/public" $online
# shellcheck disable=SC2086
quietly "$tool" publish "$signed" --stick "$stick" $online
cp -Rp "$stick" "$tmp/old-stick"

# The kiosk is set up once with the repository, which is whom it trusts from then on.
CONTENT=$tmp/public
steps "$tmp/a" <<'STEPS'
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 1"
STEPS

# plain DATA <<STEPS: as from then on, without being told of a folder.
plain() {
    mkdir -p "$play"
    cat >"$play/steps.drive"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$1" $(size_of "${PANEL:-1280x800}") --shots "$tmp/shots" --drive "$play/steps.drive" \
        >"$tmp/out" 2>"$tmp/err" && return 0
    cat -n "$play/steps.drive" >&2
    tell_kiosk "a step failed"
}

document "$tmp/source" second-page "About fume cupboards" "Sash down."
build national 2
# shellcheck disable=SC2086
quietly "$tool" publish "$signed" --stick "$stick" $online
for PANEL in 720x1280 1280x800 800x480; do
    plain "$tmp/a" <<STEPS
stick $stick
see "Stick found" within 20s
see "signed guidance on it too"
audit
STEPS
done
PANEL=1280x800
plain "$tmp/a" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
see "Edition 2 taken"
audit
tap "/stick/done"
stick out
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
STEPS
"$CANNY_BIN/canny" find --data "$tmp/a" "fume cupboards" | grep -q '^second-page' || fail "the edition of the stick is not in use"
says "$tmp/a/content/log" '"source":"stick"'
verify_kiosk "$tmp/a"

# took STICK WORDS HEAD: what the card says of the guidance on it, below and at its head; what is read here stays.
took() {
    plain "$tmp/a" <<STEPS
stick $1
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
see "$3"
see "$2"
audit
shot took
tap "/stick/done"
stick out
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
STEPS
}
took "$stick" "Nothing newer" "All is written"
took "$tmp/old-stick" "Older than what is here" "All is written"

# Damaged: a file of the third edition is cut short.
document "$tmp/source" third-page "About microwave ovens" "Not for food."
build national 3
cp -Rp "$stick" "$tmp/damaged"
# shellcheck disable=SC2086
quietly "$tool" publish "$signed" --stick "$tmp/damaged" $online
cp -Rp "$tmp/damaged" "$tmp/good"
for blob in "$tmp/damaged/CANNY/content/blobs"/*/*.zst; do
    [ -e "$stick${blob#"$tmp/damaged"}" ] || printf 'x' | dd of="$blob" bs=1 seek=9 conv=notrunc 2>/dev/null
done
took "$tmp/damaged" "S-512" "was not taken: see below"

# Signed by somebody else: the same names, other keys.
mv "$tmp/one" "$tmp/one.kept" && mv "$tmp/one.pub" "$tmp/one.pub.kept"
quietly "$tool" key make "$tmp/one" --name one --pass-file "$pass"
quietly "$tool" key make "$tmp/stranger-online" --name stranger --pass-file "$pass"
mv "$signed" "$signed.kept"
content_repository "$tmp/stranger-online.pub"
build national 4
cp -Rp "$stick" "$tmp/stranger"
rm -rf "$tmp/stranger/CANNY/content"
quietly "$tool" publish "$signed" --stick "$tmp/stranger" --online-key "$tmp/stranger-online" --pass-file "$pass"
took "$tmp/stranger" "Not taken (S-507)" "was not taken: see below"

# And the good one is taken all the same.
plain "$tmp/a" <<STEPS
stick $tmp/good
see "Stick found" within 20s
tap "Take and give"
see "Edition 3 taken" within 60s
STEPS
verify_kiosk "$tmp/a"
