#!/bin/sh
# Who may sign what: competences with their end, amber before it and brown after; granted by badge and PIN of somebody who
# answers for the school's people, and by nobody to themself.
. "$(dirname "$0")/lib.sh"
alone=yes

steps "$tmp/kiosk" <<STEPS
tap "/home/menu"
tap "/menu/rows/people"
see "SSERC microbiology Level 3"
unsee "SCQF"
see "1 to renew"
audit
tap "Technician 1 (example)"
see "Technician 1 (example)"
see "technician"
see "No end"
see "May sign"
audit
# a technician cannot grant
tap "/person/grant"
tap "/grant/grant/code-M3"
tap "/grant/grant/until"
type "2028-08-31\n"
tap "/grant/grant/basis"
type "SSERC course in June\n"
audit
tap "/grant/record"
see "and your PIN"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
$(digits 685302)
see "Not recorded"
idle 9s
tap "/grant/person"
tap "/kiosk/sign_out"
STEPS
kiosk_export "$tmp/kiosk" >"$tmp/before"

steps "$tmp/kiosk" <<STEPS
tap "/home/menu"
tap "/menu/rows/people"
tap "Technician 1 (example)"
tap "/person/grant"
tap "/grant/grant/code-M3"
tap "/grant/grant/until"
type "2028-08-31\n"
tap "/grant/grant/basis"
type "SSERC course in June\n"
tap "/grant/record"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
$(digits 561098)
see "Recorded: Technician 1 (example)" within 10s
see "SSERC microbiology Level 3"
idle 9s
see "Until 31 Aug 2028"
audit
# two years on it has lapsed
now +700d
tap "/home/menu"
tap "/menu/rows/people"
see "lapsed"
tap "Technician 1 (example)"
see "Ended 31 Aug"
STEPS
kiosk_export "$tmp/kiosk" >"$tmp/after"
same 1 "$(($(grep -c competence.granted "$tmp/after") - $(grep -c competence.granted "$tmp/before")))" "grants recorded"
verify_kiosk "$tmp/kiosk"
