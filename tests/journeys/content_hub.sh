#!/bin/sh
# Signed content from a hub: a kiosk that joins has the guidance that was published, and each change of it with the next contact;
# it tells the hub what it has; a ring that the hub holds back waits; and what is wrong is told with what to do.
. "$(dirname "$0")/lib.sh"
. "$here/content_lib.sh"

need sqlite3
"$CANNY_BIN/canny-hub" content --help >/dev/null 2>&1 || skip "canny-hub knows no content yet"
content_keys
hub=$tmp/hub
hub_start "$hub"
"$CANNY_BIN/canny-hub" content --data "$hub" key >"$tmp/hub.pub" || fail "the hub has no key"
content_repository "$tmp/hub.pub"
quietly "$CANNY_BIN/canny-hub" content --data "$hub" trust "$signed/staged/root.json"
document "$tmp/source" first-page "About balances" "Level them first."
build national 1
quietly "$tool" publish "$signed" --to "$hub_url"
CONTENT=$tmp/empty
mkdir -p "$CONTENT"

# plain DATA [OPTIONS...] <<STEPS: a kiosk without a folder of content of its own.
plain() {
    plain_data=$1
    shift
    mkdir -p "$play"
    cat >"$play/steps.drive"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$plain_data" $(size_of 1280x800) --shots "$tmp/shots" --drive "$play/steps.drive" "$@" \
        >"$tmp/out" 2>"$tmp/err" && return 0
    cat -n "$play/steps.drive" >&2
    tell_kiosk "a step failed"
}

# installs: what the hub was told.
installs() {
    "$CANNY_BIN/canny-hub" content --data "$hub" installs >"$tmp/installs" || fail "the hub does not tell what is installed"
}

# ---- joins, and has it ----

code=$("$CANNY_BIN/canny-hub" enrol --data "$hub" --site "Example High School" | head -n 1)
plain "$tmp/kiosk" --hub "$hub_url" --join "$code" <<'STEPS'
sync within 30s
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 1"
tap "/sync/state/content"
see "Up to date"
see "Last checked"
shot content
back
back
sync within 30s
STEPS
found=$("$CANNY_BIN/canny" find --data "$tmp/kiosk" balances) || fail "nothing is found"
[ "$(printf '%s\n' "$found" | head -n 1 | cut -f 1)" = first-page ] || fail "the page of the first edition is not found: $found"
verify_kiosk "$tmp/kiosk"
installs
grep -q 'national.*1' "$tmp/installs" || { cat "$tmp/installs" >&2; fail "the hub does not know that edition 1 is in use"; }

quietly "$CANNY_BIN/canny-hub" backup --data "$hub" --out "$tmp/backup"

# ---- a change ----

document "$tmp/source" second-page "About fume cupboards" "Sash down."
build national 2
quietly "$tool" publish "$signed" --to "$hub_url"
# While somebody reads it comes, and is taken as soon as he is home again: the kiosk waits for no touch and no minute.
plain "$tmp/kiosk" <<'STEPS'
tap "/home/guidance"
sync within 30s
back
see "1 new" within 5s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
STEPS
"$CANNY_BIN/canny" find --data "$tmp/kiosk" "fume cupboards" | grep -q '^second-page' || fail "the second edition is not in use"

# ---- the hub holds a ring back, and lets it go ----

quietly "$CANNY_BIN/canny-hub" content --data "$hub" hold national 0
document "$tmp/source" third-page "About microwave ovens" "Not for food."
build national 3
quietly "$tool" publish "$signed" --to "$hub_url"
plain "$tmp/kiosk" <<'STEPS'
sync within 30s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
tap "/sync/state/content"
see "Newer waits"
see "2; newest: 3"
back
back
sync within 30s
STEPS
"$CANNY_BIN/canny" find --data "$tmp/kiosk" "microwave" | grep -q '^third-page' && fail "an edition that is held back is in use"
installs
grep -q 'waiting' "$tmp/installs" || { cat "$tmp/installs" >&2; fail "the hub does not know that a kiosk waits"; }
quietly "$CANNY_BIN/canny-hub" content --data "$hub" hold national off
plain "$tmp/kiosk" <<'STEPS'
sync within 30s
idle 3s
sync within 30s
STEPS
"$CANNY_BIN/canny" find --data "$tmp/kiosk" "microwave" | grep -q '^third-page' || fail "the third edition is not in use"
verify_kiosk "$tmp/kiosk"
# The manifest of the first edition is not kept any more; the patch from it to the second one stands.
quietly "$CANNY_BIN/canny-hub" verify --data "$hub"

# ---- the hub is put back from the backup of the first edition: the kiosk gives it the newest, and nobody does anything ----

hub_stop
quietly "$CANNY_BIN/canny-hub" restore --data "$hub" --from "$tmp/backup" --replace
hub_start "$hub"
"$CANNY_BIN/canny-hub" content --data "$hub" show >"$tmp/show" || fail "the hub does not show its content"
grep -q "^national.*	3	100%" "$tmp/show" && fail "the backup has the third edition already"
plain "$tmp/kiosk" <<'STEPS'
sync within 30s
sync within 30s
sync within 30s
STEPS
"$CANNY_BIN/canny-hub" content --data "$hub" show >"$tmp/show" || fail "the hub does not show its content"
grep -q "^national.*	3	100%" "$tmp/show" || { cat "$tmp/show" >&2; fail "the hub did not get the third edition back"; }
grep -q "^behind" "$tmp/show" && fail "the hub says that it lies behind"
quietly "$CANNY_BIN/canny-hub" verify --data "$hub"
plain "$tmp/kiosk" <<'STEPS'
sync within 30s
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 3"
STEPS

# ---- its log of what came from where ----

says "$tmp/kiosk/content/log" '"edition":"3","manifest"'
says "$tmp/kiosk/content/log" '"source":"hub"'
cp -Rp "$tmp/kiosk" "$tmp/changed"
sed 's/"edition":"2"/"edition":"9"/' "$tmp/kiosk/content/log" >"$tmp/changed/content/log"
"$CANNY_BIN/canny" verify --data "$tmp/changed" >"$tmp/verify" 2>&1 && fail "canny verify passes over a changed log of content"
says "$tmp/verify" "something was changed or left out"

# ---- off for the summer ----

plain "$tmp/kiosk" <<'STEPS'
sync within 30s
net off
now +70d
tap "/home/menu"
tap "/menu/rows/records"
see "Not checked lately"
tap "/sync/state/content"
see "more than two weeks"
shot content_old
back
back
net on
sync within 30s
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 3"
unsee "Not checked lately"
STEPS

# ---- a clock far off, either way: good content comes, and old stays out ----

for year in 1970 2099; do
    document "$tmp/source" "page-$year" "About the year $year" "It was a year."
    build national "y$year"
    quietly "$tool" publish "$signed" --to "$hub_url"
    plain "$tmp/kiosk" --machine-time "$year-02-01T10:00:00Z" <<'STEPS'
sync within 30s
idle 3s
sync within 30s
STEPS
    "$CANNY_BIN/canny" find --data "$tmp/kiosk" "year $year" | grep -q "^page-$year" || fail "nothing comes to a kiosk in $year"
done
