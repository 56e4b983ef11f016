#!/bin/sh
# A school with two kiosks, of which one reaches the hub: the other has the nation's and its council's guidance, its council's
# word in the nation's place, and a recall, by a stick that the first has written. A kiosk of another council, at the same hub, has
# nothing of that council's.
. "$(dirname "$0")/lib.sh"
. "$here/content_lib.sh"
. "$here/stick_lib.sh"
labels

belong "$tmp/a" "$tmp/b"
# Its council is said on a screen, as anywhere.
steps "$tmp/a" <<STEPS
tap "/home/board"
tap "/board/rows/constituency"
tap "/constituency/words"
type "edinburgh\n"
tap "/constituency/list/S12000036"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
$(digits 402917)
idle 9s
STEPS
hub=$tmp/hub
hub_start "$hub"
content_keys
"$CANNY_BIN/canny-hub" content --data "$hub" key >"$tmp/hub.pub" || fail "the hub has no key"
content_repository "$tmp/hub.pub"
quietly "$CANNY_BIN/canny-hub" content --data "$hub" trust "$signed/staged/root.json"
document "$tmp/source" balances "About balances" "Level them first."
document "$tmp/source" spills "About spills" "Call the office."
document "$tmp/council-source" spills "About spills in Edinburgh" "Call the council."
build national 1
build employers/example c1
quietly "$tool" publish "$signed" --to "$hub_url"

# plain DATA [OPTIONS...] <<STEPS: a kiosk without a folder of content.
plain() {
    cat >"$play/steps.drive"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$@" $(size_of "${PANEL:-1280x800}") --shots "$tmp/shots" --drive "$play/steps.drive" \
        >"$tmp/out" 2>"$tmp/err" && return 0
    cat -n "$play/steps.drive" >&2
    tell_kiosk "a step failed"
}
# reads DATA WORDS TITLE: the first that is found.
reads() {
    found=$("$CANNY_BIN/canny" find --data "$1" "$2" | head -n 1 | cut -f 2)
    same "$3" "$found" "what ${1##*/} finds for «$2»"
}

# ---- by the hub: the nation's, and the word of its own council in the nation's place ----

steps "$tmp/a" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync within 60s
STEPS
plain "$tmp/a" <<'STEPS'
sync within 60s
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
tap "/sync/state/content"
see "Up to date"
see "Example Council"
audit
shot content_employer
STEPS
reads "$tmp/a" balances "About balances"
reads "$tmp/a" spills "About spills in Edinburgh"
# Another council's, at the same hub.
code=$("$CANNY_BIN/canny-hub" enrol --data "$hub" --site "Elsewhere High School" | head -n 1)
plain "$tmp/other" --hub "$hub_url" --join "$code" <<'STEPS'
sync within 60s
idle 3s
sync within 60s
STEPS
reads "$tmp/other" spills "About spills"
grep -q 'employers' "$tmp/other/content/log" && fail "a kiosk of another council took this one's"

# ---- by the stick, to the one without a network ----

# Records on the stick tell it of the hub, which it cannot reach.
hub_stop

for PANEL in 720x1280 1280x800 800x480; do
    plain "$tmp/a" <<STEPS
stick $stick
see "Stick found" within 20s
see "goes onto it, for the other kiosks"
audit
shot found_$PANEL
STEPS
done
PANEL=1280x800
plain "$tmp/a" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
see "Put on it for the other kiosks of this school"
audit
shot gave
STEPS
ours=$(echo "$stick"/CANNY/*/content)
[ -f "$ours/metadata/timestamp.json" ] || fail "no repository is on the stick"
quietly "$tool" verify "$ours"
plain "$tmp/b" <<STEPS
stick $stick
see "Stick found" within 20s
see "signed guidance on it too"
tap "Take and give"
see "You can pull it out now" within 60s
see "Edition 1 taken"
audit
shot took
tap "/stick/done"
stick out
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 1"
STEPS
reads "$tmp/b" balances "About balances"
reads "$tmp/b" spills "About spills in Edinburgh"
says "$tmp/b/content/log" '"source":"kiosk"'
verify_kiosk "$tmp/b"

# ---- a recall, and a stick that is pulled out in the middle ----

mkdir -p "$tmp/source/docs/notices"
cp "$CANNY_SOURCE/tests/data/notices/recall-test.md" "$tmp/source/docs/notices/"
for kind in power-supply eyewash; do
    printf '%s,A thing,Things,f241,our-first-document,Examples,\n' "$kind" >>"$tmp/source/kinds.csv"
done
document "$tmp/source" balances "About good balances" "Level them first."
build national 2
hub_start "$hub"
quietly "$tool" publish "$signed" --to "$hub_url"
plain "$tmp/a" <<'STEPS'
sync within 60s
idle 3s
STEPS
hub_stop
# What was written before the cut is kept, and what is half written harms nobody.
cp -Rp "$stick" "$tmp/cut"
plain "$tmp/a" <<STEPS
see "Recall: do not use" within 20s
tap "/recall_cover/seen"
back
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
see "Put on it for the other kiosks of this school"
STEPS
for file in $(cd "$stick" && find . -name '*.zst' -o -name '*.json'); do
    [ -e "$tmp/cut/$file" ] || { mkdir -p "$tmp/cut/${file%/*}" && head -c 20 "$stick/$file" >"$tmp/cut/$file.part"; }
done
plain "$tmp/b" <<STEPS
stick $tmp/cut
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
see "Nothing newer"
tap "/stick/done"
stick out
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 1"
STEPS
plain "$tmp/b" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "Edition 2 taken" within 60s
tap "/stick/done"
see "Recall: do not use" within 20s
tap "/recall_cover/seen"
back
key "EXA-0044\n"
see "Do not use"
see "Recall: Power supply LV-12"
STEPS
plain "$tmp/b" <<'STEPS'
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: 2"
STEPS
reads "$tmp/b" balances "About good balances"
verify_kiosk "$tmp/b"
