#!/bin/sh
# Screens say what a person means: a choice by its words, a date as it is typed, whom the red page waits for, and everything
# that may not be used in one list.
. "$(dirname "$0")/lib.sh"
alone=yes
today=2026-11-23T10:00:00Z

t1_signs() {
    cat <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
STEPS
}

panel() {
    PANEL=$1
    data=$tmp/$PANEL

    # A calibration that found the tester out of its limits: the date is typed as it is written.
    steps "$data" --now "$today" <<STEPS
key "EXA-0053\\n"
tap "/item/more"
tap "/more/more/form-in-cal"
tap "/check/rows/certificate/value"
type "C-1\\n"
tap "/check/rows/laboratory/value"
type "Sample lab\\n"
tap "Yes" in "Accredited…"
tap "/check/rows/calibrated/value"
type "21/11/20"
see "21/11/20"
type "26\\n"
see "21/11/2026"
unsee "as in 22/11/2026"
tap "+ 1 year"
audit
shot dates_$PANEL
tap "Out of its limits"
tap "/check/rows/found/value"
type "Reads high\\n"
tap "/check/sign"
$(t1_signs)
see "Do not use"
idle 9s
audit
swipe up
see "A technician enters their report"
see "results were taken with it"
audit
shot stop_$PANEL
tap "/item/stop/touched"
see "Combined"
audit
back
tap "/item/history"
tap "/history/rows/row0"
audit
tree record
STEPS
    says "$tmp/shots/record.json" 'Out of its limits'
    says "$tmp/shots/record.json" '"21 Nov 2026"'
    kiosk_export "$data" >"$tmp/lines"
    says "$tmp/lines" '"value":"2026-11-21"'
    says "$tmp/lines" '"value":"2027-11-23"'
    says "$tmp/lines" '"value":"out","shown":"Out of its limits"'

    # What failed stays out of use whatever else is found, and a trainee's pass waits.
    steps "$data" --now "$today" <<STEPS
key "EXA-0104\\n"
tap "/item/more"
tap "/more/more/form-th-look"
tap "Fail" in "Glass…"
tap "Cracked"
tap "Pass" in "Column…"
tap "Pass" in "Scale…"
tap "Pass" in "Spirit…"
tap "/check/sign"
$(t1_signs)
see "Do not use"
idle 9s
tap "/item/more"
tap "/more/more/form-th"
tap "/check/rows/ice/value"
type "0.0\\n"
tap "/check/rows/pressure/value"
type "1013\\n"
tap "/check/rows/boiling/value"
type "100\\n"
tap "/check/rows/mercury/value"
type "0\\n"
tap "Pass" in "Glass…"
tap "Pass" in "No mercury…"
tap "/check/sign"
see "It stays out of use"
shot stays_$PANEL
idle 9s
key "EXA-0104\\n"
tap "/item/start"
tap "Pass" in "Glass…"
tap "Pass" in "Column…"
tap "Pass" in "Scale…"
tap "Pass" in "Spirit…"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T4-5MDW\\n"
$(printf 'tap "/sign_in/pad/%s"\n' 3 9 4 6 2 8 enter)
tap "/check/trainee"
see "It counts when it is countersigned"
idle 9s
see "Do not use"
see "waits for its countersignature"
audit
shot waits_$PANEL
STEPS

    # A source is taken out by its own form, and is lent to nobody; with a late leak test it does not go out at all.
    steps "$data" --now "$today" <<'STEPS'
key "EXA-0051\n"
tap "/item/more"
tree late
back
back
key "EXA-0052\n"
tap "/item/more"
tree more
STEPS
    says "$tmp/shots/late.json" '/more/more/form-ra-leak"'
    ! grep -q '/more/more/form-ra-use-out"' "$tmp/shots/late.json" || fail "a source goes out with a late leak test"
    says "$tmp/shots/more.json" '/more/more/form-ra-use-out"'
    ! grep -q '/more/more/form-loan-out"' "$tmp/shots/more.json" || fail "a source may be lent to anybody"

    # A scheme's date that is past stops use: it stands in the list with what failed.
    steps "$data" --now 2027-10-20T10:00:00Z <<STEPS
tap "/home/due"
tap "/due/rows/stops"
see "Pressure cooker 1"
shot list_$PANEL
tap "Pressure cooker 1"
see "Do not use"
STEPS
}
panel 800x480
panel 1280x800
panel 720x1280

# Examined, but nobody entered until when that holds: only the scheme can say so, and until then it is not to be used.
CONTENT=$tmp/content
cp -R "$content" "$CONTENT"
sed -i 's/^\(EXA-0041,pr-exam,60,pass,[^,]*,,\)305,/\1,/' "$CONTENT/school/checks.csv"
for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/undated" --now "$today" <<'STEPS'
tap "/home/due"
tap "/due/rows/stops"
see "Pressure cooker 1"
tap "Pressure cooker 1"
see "Do not use"
see "its next date is not entered"
tree undated
audit
STEPS
    says "$tmp/shots/undated.json" '"No next date"'
done
