#!/bin/sh
# Dates as the kiosk shows them: a clock that is not set, both clock changes, 31 August and six months, 29 February and two
# years, fourteen months that end in a summer, and the lists of a technician who is away then.
. "$(dirname "$0")/lib.sh"
need python3

CONTENT=$tmp/content
form() { # ID TITLE INTERVAL BASIS
    cat >"$CONTENT/forms/$1.csv" <<CSV
survey,type,name,label,required,kiosk::critical
,select_one pfn,sound,Sound,yes,yes
choices,list_name,name,label
,pfn,pass,Pass
,pfn,fail,Fail
,pfn,na,N/A
settings,form_id,form_title,version,kiosk::interval,kiosk::basis,kiosk::applies_to
,$1,$2,1,$3,$4,$1
CSV
}
content_make() { # CALENDAR
    rm -rf "$CONTENT"
    mkdir -p "$CONTENT/forms" "$CONTENT/school" "$CONTENT/docs"
    cp -R "$content/calendars" "$CONTENT/"
    cp "$content/school/people.csv" "$content/school/competences.csv" "$CONTENT/school/"
    printf '{"id":"dates","name":"Dates Academy","room":"Prep room","calendar":"%s"}\n' "$1" >"$CONTENT/school/school.json"
    cat >"$CONTENT/kinds.csv" <<'CSV'
id,name,plural,icon,guidance,group,ends
half,Half-yearly thing,Half-yearly things,f241,,Laboratory,
biennial,Two-yearly thing,Two-yearly things,f241,,Laboratory,
fortnight,Fortnightly thing,Fortnightly things,f241,,Laboratory,
lawful,Lawful thing,Lawful things,f241,,Laboratory,
CSV
    cat >"$CONTENT/school/items.csv" <<'CSV'
label,kind,name,detail,room,shelf,maker,model,serial
D-HALF,half,Half-year thing,,Prep room,,,,
D-TWO,biennial,Two-year thing,,Prep room,,,,
D-WEEKS,fortnight,Fortnight thing,,Prep room,,,,
D-LAW,lawful,Lawful thing,,Prep room,,,,
CSV
    form half "Half-yearly check" 6m PRACTICE
    form biennial "Two-yearly check" 24m PRACTICE
    form fortnight "Fortnightly check" 2w PRACTICE
    form lawful "Lawful examination" 14m LAW
}
# signs LABEL: the steps of a check that passes.
signs() {
    cat <<STEPS
key "$1\\n"
tap "/item/start"
tap "Pass" in "Sound…"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T1-7Q4M\\n"
see "Recorded"
idle 9s
STEPS
}
# at TIME NAME: plays the script of standard input on the kiosk NAME from that time on.
at() {
    steps "$tmp/$2" --now "$1"
}

content_make example-council

# 31 August and six months is the last of February; the next six end on 31 August again.
at 2026-08-31T10:00:00Z august <<STEPS
$(signs D-HALF)
see "In date"
see "28 Feb 2027"
tap "Why?"
see "28 Feb 2027"
STEPS
at 2027-02-28T10:00:00Z august <<STEPS
key "D-HALF\n"
see "Due today"
back
$(signs D-HALF)
see "31 Aug"
unsee "28 Aug"
STEPS

# 29 February and twenty-four months is 28 February, and the day after it is late.
at 2028-02-29T10:00:00Z leap <<STEPS
$(signs D-TWO)
see "28 Feb 2030"
STEPS
at 2030-02-28T10:00:00Z leap <<'STEPS'
key "D-TWO\n"
see "Due today"
STEPS
at 2030-03-01T10:00:00Z leap <<'STEPS'
key "D-TWO\n"
see "1 day late"
STEPS

# Fourteen months that end in the summer: planned for the last school day before it, lawful until its own day.
at 2026-05-20T10:00:00Z summer <<STEPS
$(signs D-LAW)
see "In date"
see "25 Jun 2027"
tap "Why?"
see "20 Jul 2027"
see "25 Jun 2027"
back
back
tap "/home/due"
tap "/due/summer/tab"
unsee "Lawful examination"
STEPS
at 2027-06-02T10:00:00Z summer <<'STEPS'
tap "/home/due"
tap "/due/half_term/tab"
see "Lawful examination"
tap "/due/summer/tab"
see "Lawful examination"
STEPS
at 2027-07-20T22:30:00Z summer <<'STEPS'
key "D-LAW\n"
unsee "Do not use"
now +1h
key "D-LAW\n"
see "Do not use"
STEPS

# The clock goes back on 25 October and forward on 29 March: the day turns at midnight in London, and a fortnight is
# fourteen days although one of them has 25 hours or 23.
at 2026-10-24T22:50:00Z october <<STEPS
$(signs D-WEEKS)
see "23:50"
see "7 Nov"
tap "/item/history"
see "today"
now +20m
idle 9s
see "00:10"
key "D-WEEKS\n"
see "7 Nov"
tap "/item/history"
see "yesterday"
now +1h
idle 9s
see "01:10"
key "D-WEEKS\n"
see "7 Nov"
tap "/item/history"
see "yesterday"
now +1h
idle 9s
see "01:10"
key "D-WEEKS\n"
see "7 Nov"
tap "/item/history"
see "yesterday"
STEPS
at 2026-03-28T23:50:00Z march <<STEPS
$(signs D-WEEKS)
see "23:50"
see "11 Apr"
tap "/item/history"
see "today"
now +20m
idle 9s
see "00:10"
key "D-WEEKS\n"
see "11 Apr"
tap "/item/history"
see "yesterday"
now +50m
idle 9s
see "02:00"
key "D-WEEKS\n"
see "11 Apr"
tap "/item/history"
see "yesterday"
STEPS

# No calendar is named: a lawful date in July stands, and the lists of who is away then call it in June.
content_make ""
at 2026-05-20T10:00:00Z away <<STEPS
$(signs D-LAW)
see "20 Jul 2027"
STEPS
at 2027-06-21T10:00:00Z away <<'STEPS'
key "D-LAW\n"
see "In date"
tap "Why?"
see "away in the summer"
back
back
tap "/home/due"
see "Lawful examination"
back
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Signed in"
idle 9s
tap "/home/person"
tap "Technician works term time only"
see "Technician works all year"
back
tap "/home/due"
unsee "Lawful examination"
tap "/due/summer/tab"
see "Lawful examination"
back
key "D-LAW\n"
tap "Why?"
unsee "away in the summer"
STEPS

# A clock that nobody set: nothing is called in date by it, what failed stays failed, and all screens say so.
content_make example-council
at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" unset <<STEPS
$(signs D-HALF)
key "D-LAW\n"
tap "/item/start"
tap "Fail" in "Sound…"
tap "/check/rows/sound_note/value"
type "Cracked\n"
tap "/check/sign"
see "Do not use"
STEPS
CLOCK=machine
steps "$tmp/unset" <<'STEPS'
tree home
STEPS
if ! grep -q '"[0-9][0-9]:[0-9][0-9]?"' "$tmp/shots/home.json"; then
    printf '%s: this machine has its time from a network or a battery: what an unset clock shows is left out\n' "$journey"
    exit 0
fi
PANEL=1280x800
steps "$tmp/unset" <<'STEPS'
key "D-HALF\n"
see "Not sure"
STEPS
for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/unset" <<'STEPS'
see "The clock is not set: no date is sure"
audit
tap "/home/clock_unset"
see "The time is not certain"
back
tap "/home/due"
see "The clock is not set: no date is sure"
tap "/due/overdue/tab"
unsee "Nothing is overdue"
audit
back
key "D-HALF\n"
see "In date only if today is"
see "the clock is not set"
audit
tap "Why?"
see "not set"
back
back
key "D-LAW\n"
see "Do not use"
audit
back
key "D-TWO\n"
see "Not checked yet"
STEPS
done

# Where the term dates run out the kiosk says so, and not before.
PANEL=800x480
content_make example-council
steps "$tmp/ended" --now 2026-11-23T10:42:00Z <<'STEPS'
tap "/home/due"
unsee "erm dates"
STEPS
steps "$tmp/ended" --now 2029-11-23T10:42:00Z <<'STEPS'
tap "/home/due"
see "ended on"
see "weekday counts"
audit
back
tap "/home/menu"
tap "This kiosk"
swipe up
swipe up
see "Dates until"
audit
STEPS
