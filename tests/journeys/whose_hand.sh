#!/bin/sh
# Whose hand signs: what one person may sign, another who comes to the kiosk meanwhile does not sign with it; answers of
# another person are told as theirs; and an instrument that lapses or fails while a check is open blocks it.
. "$(dirname "$0")/lib.sh"
alone=yes
CONTENT=$CANNY_SOURCE/tests/data/bench_school

of() {
    kiosk_export "$1" | grep "\"kind\":\"$2\"" | grep -c -- "$3"
}

# The panel was asked for a technician; the trainee who comes does not sign as one.
steps "$tmp/gate" <<'STEPS'
key "KT-001\n"
tap "/item/more"
tap "Two signatures"
tap "Pass" in "Source…"
tap "/check/sign"
key "CANNY-P:BENCH-T1-7Q4M\n"
see "A second person must countersign"
key "CANNY-P:BENCH-T2-K8VD\n"
see "Choose first"
idle 9s
tap "/check/person"
key "CANNY-P:BENCH-T2-K8VD\n"
idle 9s
back
see "Somebody else is at the kiosk now"
unsee "countersign later"
idle 9s
tap "/check/sign"
see "Trainee Two (example) may not sign this alone"
tap "/check/trainee"
see "Recorded"
STEPS
same 0 "$(of "$tmp/gate" check.recorded '"competence":"T"')" "records with a competence that their signer has not"
same 1 "$(of "$tmp/gate" check.recorded '"form":"bench-two".*"countersign":"R"')" "records as a trainee"

# A tray is the same: the badge of the supervisor does not sign the trainee's tray.
steps "$tmp/tray" <<'STEPS'
key "TT-001\n"
tap "/item/start"
key "TT-002\n"
tap "/tray/sign"
key "CANNY-P:BENCH-T2-K8VD\n"
see "may not sign this alone"
key "CANNY-P:BENCH-T1-7Q4M\n"
see "Choose first"
idle 9s
tap "/tray/person"
key "CANNY-P:BENCH-T1-7Q4M\n"
idle 9s
back
see "Somebody else is at the kiosk now"
idle 9s
tap "/tray/sign"
see "2 recorded, all passed"
STEPS
same 2 "$(of "$tmp/tray" check.recorded '"form":"bench-look".*"competence":"T"')" "records of the tray"
same 0 "$(of "$tmp/tray" check.recorded '"countersign"')" "records that wait"

# Answers of another person are told as theirs.
steps "$tmp/draft" <<'STEPS'
key "CANNY-P:BENCH-T1-7Q4M\n"
key "KT-001\n"
tap "/item/more"
tap "Two signatures"
tap "Pass" in "Source…"
tap "/check/later"
idle 9s
tap "/more/person"
tap "/kiosk/sign_out"
key "KT-001\n"
tap "Go on with the check"
see "Technician One (example)'s answers of"
see "look at each one before you sign"
STEPS

# The calibration runs out at midnight, while the check is open.
steps "$tmp/lapse" --now 2026-11-22T12:00:00Z <<'STEPS'
see "Checks due"
STEPS
steps "$tmp/lapse" --now 2027-10-23T22:59:40Z <<'STEPS'
key "KT-001\n"
tap "/item/more"
tap "Insulation test"
key "LM-001\n"
tap "/check/rows/ohms/value"
type "5\n"
see "All answered"
idle 30s
see "1 answer to put right"
see "ran out"
STEPS

# Its calibration was tried and failed since: last month's pass does not speak for it.
steps "$tmp/fault" <<'STEPS'
key "LM-001\n"
tap "/item/start"
tap "Fail" in "Agrees…"
tap "/check/rows/agrees_note/value"
type "Reads high\n"
tap "No" in "Put right…"
tap "/check/sign"
key "CANNY-P:BENCH-T1-7Q4M\n"
see "Recorded"
idle 9s
key "KT-001\n"
tap "/item/more"
tap "Insulation test"
key "LM-001\n"
tap "/check/rows/ohms/value"
type "5\n"
see "1 answer to put right"
STEPS
# Writing an old pass down right is no look at what failed since: it stays out of use.
steps "$tmp/old" <<'STEPS'
key "CANNY-P:BENCH-T1-7Q4M\n"
see "Signed in"
idle 9s
key "KT-002\n"
see "Do not use"
tap "/item/history"
tap "/history/rows/row1"
tap "Correct this record"
tap "Pass" in "Lead…"
tap "Pass" in "No scale…"
tap "/check/rows/why/value"
type "Wrong day\n"
tap "/check/sign"
see "Corrected"
idle 9s
key "KT-001\n"
key "KT-002\n"
see "Do not use"
see "Lead cut"
STEPS
same 0 "$(of "$tmp/old" check.recorded '"releases"')" "releases by a correction of an older record"

# Correcting the fail itself into a pass is a release: badge and PIN.
steps "$tmp/fail" <<STEPS
key "CANNY-P:BENCH-T1-7Q4M\n"
see "Signed in"
idle 9s
key "KT-002\n"
tap "/item/history"
tap "/history/rows/row0"
tap "Correct this record"
tap "Pass" in "Lead…"
tap "Pass" in "No scale…"
tap "/check/rows/why/value"
type "The other kettle\n"
tap "/check/sign"
see "now your PIN"
$(digits 402917)
see "Corrected"
idle 9s
key "KT-001\n"
key "KT-002\n"
unsee "Do not use"
STEPS
same 1 "$(of "$tmp/fail" check.recorded '"signed_by":"badge+pin".*"releases"')" "releases by badge and PIN"
verify_kiosk "$tmp/gate"
verify_kiosk "$tmp/tray"
verify_kiosk "$tmp/fault"
