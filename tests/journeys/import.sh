#!/bin/sh
# A school's register comes in from a spreadsheet, on the kiosk: a file with faults is told by row and column and takes in
# nothing, a good one takes in all 800 items with their last dates, and the lists, the search and the register stay usable.
. "$(dirname "$0")/lib.sh"
need python3

panel() {
    PANEL=$1
    data=$tmp/$PANEL
    mkdir -p "$data/import"
    python3 "$here/register.py" 800 >"$data/import/register.csv" || exit 1
    python3 "$here/register.py" 40 30 >"$data/import/faults.csv" || exit 1
    printf 'Nothing of a register\n' >"$data/import/letter.csv"
    steps "$data" <<STEPS
tap "/home/menu"
tap "/menu/rows/equipment"
audit
tap "/items/import"
audit
tap "letter.csv"
see "fault"
audit
back

# faults: row and column, and nothing is taken in
tap "/items/import"
tap "faults.csv"
see "Row 2, column kind"
see "is it hotplate"
audit
swipe up
see "there is no such day"
audit
back

# the dry run says what is in it; taking it in wants badge and PIN
tap "/items/import"
tap "register.csv"
see "800 items"
see "500 last dates of checks. Nothing is written yet."
see "Centrifuges"
audit
tap "/import/take"
see "Who is signing?"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "now your PIN"
$(digits 402917)
see "800 items taken in" within 60s
audit
tap "/import/due"
see "Biology prep room"
audit
tap "/due/half_term/tab"
audit
tap "/due/overdue/tab"
audit
tap "/due/summer/tab"
audit
back
audit

# far down the list, by search, by scan
tap "Goggles, class set 96"
see "REG-0767"
audit
back
tap "/items/words"
type "reg-0332"
see "Microscope 42"
unsee "Goggles"
tap "Microscope 42"
see "REG-0332"
tap "/item/history"
audit
back
back
back
key "REG-0001\n"
see "Kettle 1"
tap "/item/history"
see "register.csv"
audit
back
tap "/item/more"
audit
back
back

# the same file again: every label is taken
tap "/home/menu"
tap "/menu/rows/equipment"
tap "/items/import"
tap "register.csv"
see "on «Kettle 1» already"
see "500+ faults"
audit
STEPS
    kiosk_export "$data" >"$tmp/lines"
    same 800 "$(grep -c '"kind":"item.registered".*"label":"REG-' "$tmp/lines")" "items of the spreadsheet"
    same 500 "$(grep -c '"kind":"check.recorded".*"register.csv"' "$tmp/lines")" "last dates of the spreadsheet"
    same 0 "$(grep '"label":"REG-' "$tmp/lines" | grep -c '"actor":""')" "items that nobody took in"
    verify_kiosk "$data"
}

for one in ${PANELS:-800x480 1280x800 720x1280}; do
    panel "$one"
done
