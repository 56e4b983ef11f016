#!/bin/sh
# A recall by the signed way, from source to screen: it reaches a running kiosk with the next contact although the hub holds the
# edition that it stands in back, and ends with the file that no longer has it.
. "$(dirname "$0")/lib.sh"
. "$here/content_lib.sh"

content_keys
rm -rf "$tmp/source"
cp -R "$content" "$tmp/source"
hub=$tmp/hub
hub_start "$hub"
"$CANNY_BIN/canny-hub" content --data "$hub" key >"$tmp/hub.pub" || fail "the hub has no key"
content_repository "$tmp/hub.pub"
quietly "$CANNY_BIN/canny-hub" content --data "$hub" trust "$signed/staged/root.json"
build national 1
quietly "$tool" publish "$signed" --to "$hub_url"

# The example school comes with a folder of content; from then on the kiosk has what the hub serves.
steps "$tmp/a" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
key "EXA-0044\n"
see "power supply"
sync within 60s
STEPS
plain() {
    cat >"$play/steps.drive"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$tmp/a" $(size_of 800x480) --shots "$tmp/shots" --drive "$play/steps.drive" \
        >"$tmp/out" 2>"$tmp/err" && return 0
    cat -n "$play/steps.drive" >&2
    tell_kiosk "a step failed"
}
plain <<'STEPS'
sync within 60s
idle 3s
key "EXA-0044\n"
unsee "Do not use"
STEPS

quietly "$CANNY_BIN/canny-hub" content --data "$hub" hold national 0
cp "$CANNY_SOURCE/tests/data/notices/recall-test.md" "$tmp/source/docs/notices/"
build national 2
quietly "$tool" publish "$signed" --to "$hub_url"
# It comes while somebody checks the very item: the check says so, keeps its answers and is not signed. The hub is silent until
# the check lies open.
hub_stop
plain <<'STEPS' &
key "EXA-0044\n"
tap "/item/start"
see "Sign and record"
shot open
sync within 60s
see "Do not use. Recall: Power supply LV-12" within 20s
see "Not while a notice holds it"
unsee "Sign and record"
audit
# A form lies open that somebody has half typed: the notice comes over it after a while, and the form is below it.
key "EXA-0302\n"
tap "/unknown/register" within 20s
tap "/kinds/list/Electrical"
tap "/kinds/list/power-supply"
tap "/register/questions/detail"
type "Half a sentence"
idle 4m
unsee "Recall: do not use"
idle 2m
see "Recall: do not use" within 20s
audit
tap "/recall_cover/seen"
back
see "Half a sentence"
audit
key "EXA-0044\n"
see "Do not use"
see "Recall: Power supply LV-12"
back
tap "/home/menu"
tap "/menu/rows/records"
tap "/sync/state/content"
see "newest: 2"
STEPS
checking=$!
await test -e "$tmp/shots/open.png" || fail "the check was not opened"
hub_start "$hub"
wait "$checking" || exit 1

# Nor does a trainee sign it, who reads at that moment who else could.
sed -e 's/^id: .*/id: recall-microscopes/' -e 's/power-supply, eyewash/microscope/' -e 's/LV-12\]/MB-40]/' -e '/stop_serials/,/to:/d' \
    "$CANNY_SOURCE/tests/data/notices/recall-test.md" >"$tmp/source/docs/notices/recall-microscopes.md"
build national 3
quietly "$tool" publish "$signed" --to "$hub_url"
hub_stop
rm -f "$tmp/shots/open.png"
plain <<'STEPS' &
key "EXA-0078\n"
tap "/item/start"
tap "Pass" in "Eyepiece…"
tap "Pass" in "Stage clips…"
tap "Pass" in "Focus…"
tap "Pass" in "Lamp…"
tap "Pass" in "LED battery…"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T4-5MDW\n"
see "Countersign now"
shot open
sync within 60s
see "Not recorded: do not use. Recall" within 20s
unsee "Countersign now"
see "Not while a notice holds it"
audit
STEPS
checking=$!
await test -e "$tmp/shots/open.png" || fail "nobody is asked who may sign"
hub_start "$hub"
wait "$checking" || exit 1

# Two editions were held back, of which the second superseded the first; once nothing is held the kiosk takes the last at once.
told() {
    "$CANNY_BIN/canny-hub" content --data "$hub" installs >"$tmp/installs" || fail "the hub does not tell what is installed"
    same "$1" "$(cut -f 1-4 "$tmp/installs")" "what the kiosk says of its editions"
}
rm "$tmp/source/docs/notices/recall-test.md" "$tmp/source/docs/notices/recall-microscopes.md"
build national 4
quietly "$tool" publish "$signed" --to "$hub_url"
quietly "$CANNY_BIN/canny-hub" content --data "$hub" hold national off
plain <<'STEPS'
sync within 60s
idle 3s
sync within 60s
key "EXA-0044\n"
see "power supply"
unsee "Do not use"
STEPS
told "national	4	installed	1"
verify_kiosk "$tmp/a"
