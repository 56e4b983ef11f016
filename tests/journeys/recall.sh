#!/bin/sh
# A signed notice recalls a power supply. The kiosk shows it once, over everything; what it is about, and what it may be about,
# is out of use at once, on every kiosk of the school, and what is registered later too. The school answers, one is released
# by badge and PIN, and the hub counts without a name.
. "$(dirname "$0")/lib.sh"
labels
hub=$tmp/hub
hub_start "$hub"
cp -R "$content" "$tmp/content"
notices=$tmp/content/docs/notices
CONTENT=$tmp/content

# Two kiosks of a school, before there is any notice. One supply of those to come is registered without its plate.
steps "$tmp/a" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
key "EXA-0044\n"
see "power supply"
unsee "Do not use"
back
key "EXA-0301\n"
tap "/unknown/register" within 20s
tap "/kinds/list/Electrical"
tap "/kinds/list/power-supply"
tap "/register/record"
show badge-t2.png
see "on the register" within 20s
show none
sync
STEPS
steps "$tmp/b" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync
key "EXA-0301\n"
see "Power supply" within 20s
unsee "Do not use"
STEPS

# The notice comes.
cp "$CANNY_SOURCE/tests/data/notices/recall-test.md" "$notices/"
steps "$tmp/a" <<'STEPS'
see "Recall: do not use"
see "Unplug it now. Do not open it."
audit
tap "/recall_cover/seen"
see "Look at the plate"
see "All 3 not here"
audit
back
see "Recall: 3 items to answer for"
audit
key "EXA-0044\n"
see "Do not use"
see "Recall: Power supply LV-12"
tap "Why?"
see "a signed recall"
audit
back
tap "Found, out of use"
show badge-t2.png
see "Recorded: found, and out of use" within 20s
show none
idle 9s
see "Answered, found and out of use"
unsee "Start check"
back
key "EXA-0301\n"
see "It may be one of those. Look at the plate"
sync
STEPS

# Once: it does not cover this kiosk again. It is told on the other, which knows already what was found.
steps "$tmp/a" <<'STEPS'
see "Recall: 2 items to answer for"
unsee "Unplug it now. Do not open it."
STEPS
steps "$tmp/b" <<'STEPS'
see "Recall: do not use"
sync
tap "/recall_cover/seen"
see "Out of use" within 20s
back
key "EXA-0044\n"
see "Answered, found and out of use" within 20s
back
# Its plate is read, and says another maker: it was not one of them.
key "EXA-0301\n"
see "Look at the plate"
tap "Write what its plate says"
tap "/edit/fields/maker"
type "Other works"
tap "Hide"
tap "/edit/record"
show badge-t2.png
see "Recorded" within 20s
show none
idle 9s
unsee "Do not use"
back
see "Recall: 1 item to answer for"
sync
STEPS
"$CANNY_BIN/canny-hub" stops --data "$hub" >"$tmp/stops" || fail "canny-hub stops failed"
# Notice, revision, sites that saw it, sites that answered all; items held back, found, not here, released, not answered.
same "recall-test	1	1	0	2	1	0	0	1" "$(cat "$tmp/stops")" "what the hub counts"

# The rest is not here; and the found one is released, by badge alone not.
released() {
    kiosk_export "$tmp/a" | grep -c '"kind":"stop.cleared"'
}
steps "$tmp/a" <<'STEPS'
sync
see "Recall: 1 item to answer for" within 20s
tap "Recall: 1 item to answer for"
tap "Not here"
show badge-t2.png
see "it is not here" within 20s
show none
idle 9s
back
key "EXA-0044\n"
tap "Release it"
tap "/recall_release/reasons/repaired"
tap "/recall_release/reasons/note"
type "New earth lead"
tap "Hide"
tap "/recall_release/record"
see "Badge seen: now your PIN"
STEPS
same 0 "$(released)" "releases by a badge alone"
steps "$tmp/a" <<'STEPS'
key "EXA-0044\n"
tap "Release it"
tap "/recall_release/reasons/repaired"
tap "/recall_release/reasons/note"
type "New earth lead"
tap "Hide"
tap "/recall_release/record"
show badge-t2.png
see "now your PIN" within 20s
show none
tap "/sign_in/pad/6"
tap "/sign_in/pad/8"
tap "/sign_in/pad/5"
tap "/sign_in/pad/3"
tap "/sign_in/pad/0"
tap "/sign_in/pad/2"
tap "/sign_in/pad/enter"
see "Released from this notice"
idle 9s
unsee "Do not use"
tap "/item/history"
see "Recall"
sync
STEPS
same 1 "$(released)" "releases by badge and PIN"
steps "$tmp/b" <<'STEPS'
sync
key "EXA-0044\n"
see "power supply" within 20s
unsee "Do not use"
STEPS
same "recall-test	1	1	1	2	0	1	1	0" "$("$CANNY_BIN/canny-hub" stops --data "$hub")" "what the hub counts at the end"
"$CANNY_BIN/canny-hub" stops --data "$hub" --notice recall-test | cut -f 1,3- >"$tmp/sites"
same 1 "$(wc -l <"$tmp/sites")" "sites of the notice"

# What is registered later is out of use as well; and once the notice is taken back, nothing is.
steps "$tmp/a" <<'STEPS'
key "EXA-0302\n"
tap "/unknown/register" within 20s
tap "/kinds/list/Electrical"
tap "/kinds/list/power-supply"
tap "/register/record"
show badge-t2.png
see "on the register" within 20s
show none
key "EXA-0302\n"
see "Do not use"
back
STEPS
sed -i 's/^notice_kind: recall/withdrawn: "The maker has put them right"\n&/' "$notices/recall-test.md"
steps "$tmp/a" <<'STEPS'
unsee "Recall"
key "EXA-0302\n"
unsee "Do not use"
STEPS
verify_kiosk "$tmp/a"
verify_kiosk "$tmp/b"
verify_hub "$hub"
