#!/bin/sh
# The nine duties a tap from home, each with its log on paper; one's own training behind the PIN and in no log; the five
# challenges; the head teacher's page on one sheet with nobody's name; cover and handover.
. "$(dirname "$0")/lib.sh"
alone=yes
need pdftotext pdfinfo

badge_and_pin="key \"CANNY-P:EXAMPLE-T1-7Q4M\\n\"
$(digits 402917)"

# prints NAME: the sheet's text, its pages in $pages.
prints() {
    [ -f "$tmp/kiosk/prints/$1" ] || fail "no sheet $1"
    pages=$(pdfinfo "$tmp/kiosk/prints/$1" | sed -n 's/^Pages: *//p')
    pdftotext -layout "$tmp/kiosk/prints/$1" "$tmp/$1.txt" || fail "$1 cannot be read"
}

# Nine of them, one tap from home, and each opens without a network.
for PANEL in 800x480 1280x800 720x1280; do
    rm -rf "$tmp/kiosk"
    steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/duties"
see "Prep room risks"
see "Help teachers assess"
see "Employer's guidance"
see "Keep up with the law"
see "Check equipment"
see "Leak-test sources"
see "Prepare cultures"
see "Liaise with SSERC"
see "Keep training in date"
audit
tap "Prep room risks"
audit
tap "/duty/list/go"
audit
tap "Back"
tap "Back"
tap "Help teachers assess"
tap "/duty/list/go"
audit
tap "Back"
tap "Back"
tap "Employer's guidance"
see "Sign in to see your own."
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Keep up with the law"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Check equipment"
see "Done in the last twelve months"
audit
tap "/duty/list/go"
tap "Back"
tap "/duty/list/print"
see "The sheet is ready"
audit
tap "Back"
tap "Back"
tap "Leak-test sources"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Prepare cultures"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Liaise with SSERC"
tap "/duty/list/go"
tap "Back"
tap "Back"
tap "Keep training in date"
tap "/duty/list/go"
see "Your own, and nobody else's"
tap "Back"
tap "Back"
tap "Back"
tap "/home/menu"
tap "No technician today"
see "Not without the technician"
audit
tap "Back"
tap "/home/menu"
tap "Handover"
audit
tap "Make the sheet"
see "The sheet is ready"
STEPS
done
prints Duty-5-Check-equipment.pdf
says "$tmp/Duty-5-Check-equipment.pdf.txt" "EXA-0042"
says "$tmp/Duty-5-Check-equipment.pdf.txt" "printed 23 Nov 2026"
# Every item that is late or out of use stands on the sheet that hands the room over.
prints Handover.pdf
PANEL=1280x800
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/due"
tap "/due/overdue/tab"
tree due
STEPS
pdftotext -raw "$tmp/kiosk/prints/Handover.pdf" "$tmp/handover.raw"
python3 - "$tmp/shots/due.json" "$tmp/handover.raw" <<'PYTHON' || fail "an item that is late is not on the handover sheet"
import json, re, sys
tree = json.load(open(sys.argv[1], encoding="utf-8"))
sheet = " ".join(open(sys.argv[2], encoding="utf-8").read().split())
late = [n["label"] for n in tree if re.fullmatch(r"/due/rows/row\d+", n["path"])]
assert len(late) >= 3, "the list of what is late is empty"
missing = [name for name in late if name not in sheet]
assert not missing, missing
PYTHON

# Training: behind the PIN, in no line of the log, points by level and never across, erased on demand.
kiosk_export "$tmp/kiosk" >"$tmp/before"
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/menu"
tap "My training"
unsee "Add a course"
tap "Sign in with my PIN"
$badge_and_pin
tap "Add a course"
audit
unsee "Stirling"
tap "/training_add/list/course-microbiology-level-3"
tap "/training_add/list/date"
type "1/2/2022\n"
tap "/training_add/list/certificate"
type "MB-77\n"
tap "/training_add/list/expires"
type "31/1/2027\n"
audit
tap "Keep it"
see "Until 31 Jan 2027"
see "credit point"
unsee "level 3"
unsee "Level 0"
tap "Add a course"
tap "/training_add/list/other"
tap "/training_add/list/name"
type "Laser safety\n"
tap "/training_add/list/date"
type "3/9/2026\n"
tap "Keep it"
see "Laser safety"
see "Not credit-rated"
audit
tap "/training/list/along"
see "My training, as a table"
audit
tap "Back"
tap "Back"
tap "/home/duties"
see "1 runs out"
tap "Back"
STEPS
kiosk_export "$tmp/kiosk" >"$tmp/after"
cmp -s "$tmp/before" "$tmp/after" || fail "one's own training went into the log"
grep -q "Laser" "$tmp/after" && fail "one's own training is in the export"
# Somebody else sees none of it; the person erases it.
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/menu"
tap "My training"
tap "Sign in with my PIN"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
$(digits 685302)
unsee "Laser safety"
tap "/training/person"
tap "/kiosk/sign_out"
tap "/home/menu"
tap "My training"
tap "Sign in with my PIN"
$badge_and_pin
see "Laser safety"
tap "/training/list/erase"
see "There is no way back"
tap "/training/list/erase"
unsee "Laser safety"
see "Nothing recorded yet"
STEPS

# The five challenges are ticked by each person alone, and stay.
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/board"
tap "Five challenges"
unsee "Done"
audit
tap "I know my STAC representative"
$badge_and_pin
tap "I know my STAC representative"
see "Done"
audit
STEPS
steps "$tmp/kiosk" --now 2027-11-23T10:42:00Z <<STEPS
tap "/home/board"
tap "Five challenges"
unsee "Done"
tap "Sign in with my PIN to tick"
$badge_and_pin
see "Done"
STEPS

# The head teacher's page: the technician's numbers, one side of A4, nobody's name.
steps "$tmp/kiosk" --now 2026-11-23T10:42:00Z <<STEPS
tap "/home/menu"
tap "For the head teacher"
unsee "Items not to be used"
tap "Sign in with my PIN"
$badge_and_pin
see "Items not to be used"
audit
tree head
tap "Print on one page"
STEPS
prints For-the-head-teacher.pdf
same 1 "$pages" "pages of the head teacher's sheet"
for name in "O'Hara" Ailsa Ruaridh "Technician 1" Sorley; do
    grep -q "$name" "$tmp/For-the-head-teacher.pdf.txt" && fail "the head teacher's sheet names $name"
done
says "$tmp/For-the-head-teacher.pdf.txt" "Items not to be used"
