#!/bin/sh
# A byte of the limit of a check is another on the card: SQLite notices nothing. Nobody sees the wrong limit; the kiosk says what
# it does about it, and mends itself from what is whole: the edition before, its own files, or the repository.
. "$(dirname "$0")/lib.sh"
. "$here/content_lib.sh"

need python3
content_keys
rm -rf "$tmp/source"
cp -R "$content" "$tmp/source"
quietly "$tool" key make "$tmp/online" --name online --pass-file "$pass"
content_repository "$tmp/online.pub"
build national 1
publish() {
    quietly "$tool" publish "$signed" --to "$tmp/public" --online-key "$tmp/online" --pass-file "$pass"
}
publish

alone=yes steps "$tmp/a" <<'STEPS'
see "Checks due"
STEPS

# plain [--content FOLDER] <<STEPS: without a folder unless one is given.
plain() {
    cat >"$play/steps.drive"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$tmp/a" $(size_of "${PANEL:-1280x800}") --shots "$tmp/shots" --drive "$play/steps.drive" "$@" \
        >"$tmp/out" 2>"$tmp/err" && return 0
    cat -n "$play/steps.drive" >&2
    tell_kiosk "a step failed"
}
# spoil FROM TO: in the edition in use, wherever it stands.
spoil() {
    python3 - "$tmp/a/content" "$1" "$2" <<'SPOIL' || fail "nothing was spoilt"
import sys
where, old, new = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
path = where + '/' + open(where + '/current').read().split()[0] + '.db'
data = open(path, 'rb').read()
assert len(old) == len(new) and old in data
open(path, 'r+b').write(data.replace(old, new))
SPOIL
}
limit() {
    cat <<'STEPS'
key "EXA-0043\n"
see "Fume cupboard 1"
tap "/item/start"
tap "Page down"
see "At least 0.4 m/s"
STEPS
}

plain --content "$tmp/public" <<STEPS
$(limit)
STEPS

# ---- the only edition there is, and nobody to ask: none of it is shown, now and at the next start ----

spoil "m/s,0.4," "m/s,0.1,"
for PANEL in 1280x800 800x480 720x1280; do
    plain <<STEPS
see "Checks due"
see "being checked again" within 10s
audit
shot damaged-home-$PANEL
tap "/home/guidance"
see "S-517"
see "They are being checked again"
audit
shot damaged-find-$PANEL
back
tap "/home/damaged"
see "Being checked again"
unsee "Nothing yet"
audit
shot damaged-content-$PANEL
back
key "EXA-0043\n"
see "Fume cupboard 1"
see "Not known"
unsee "In date"
unsee "0.1 m/s"
audit
shot damaged-item-$PANEL
STEPS
done
PANEL=1280x800

# ---- the repository has the form: it is made again, and the limit is the right one ----

plain --content "$tmp/public" <<STEPS
unsee "being checked again"
$(limit)
STEPS
[ -z "$(find "$tmp/a/content" -name '*.aside')" ] || fail "the damaged edition is kept though it was made again"

# ---- the edition before is whole: it is shown meanwhile, and what it has is taken from it ----

document "$tmp/source" second-page "About balances" "Level them first."
build national 2
publish
plain --content "$tmp/public" <<'STEPS'
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
STEPS
spoil "m/s,0.4," "m/s,0.1,"
plain <<STEPS
see "being checked again"
$(limit)
back
back
unsee "being checked again" within 30s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
unsee "Being checked again"
back
$(limit)
STEPS
[ -z "$(find "$tmp/a/content" -name '*.aside')" ] || fail "the damaged edition is kept though it was made again"
verify_kiosk "$tmp/a"
