#!/bin/sh
# The acceptance points of risk assessments that no other journey shows: how soon an activity is found, what stands on paper,
# a prep room's copy with two controls changed, dates that fall on a leap day, names with an apostrophe, an employer's
# matrix, what a typing error in a revision asks of nobody, and equipment that fails while somebody reads.
. "$(dirname "$0")/lib.sh"
alone=yes
need python3 pdftotext pdfinfo
PANEL=800x480
today=2026-11-23T10:42:00Z

first() {
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\ntap "/find/list/%s"\n' "$1"
}
paper() {
    pages=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')
    pdftotext -layout "$1" "$tmp/paper" || fail "$1 cannot be read"
}

# ---- A8: any activity with six letters of what a teacher calls it, or its beginning as far as it is its own ----
steps "$tmp/kiosk" --now "$today" <<'STEPS'
see "Risk assessments"
STEPS
while read -r words id; do
    # A word that is a substance before it is an activity comes second to none of its own kind.
    "$CANNY_BIN/canny" find --data "$tmp/kiosk" "$words" | cut -f 1 | grep '^[bcep][0-9]' | head -n 1 >"$tmp/first"
    same "$id" "$(cat "$tmp/first")" "the activity for «$words»"
done <<'WORDS'
thermi c12
whoosh c14
solder e01
strobe p06
crack c08
ester c09
starch b03
dissec b05
lathe e03
kmno4 c11
WORDS

# ---- A9: every one on one page, in words alone: no sign's number, the revision and the day in the foot ----
{
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\n'
    for doc in "$content"/docs/assessments/*.md; do
        printf 'tap "/find/list/%s"\ntap "Print"\nsee "The sheet is ready"\nback\nback\n' "$(basename "$doc" .md)"
    done
} >"$tmp/all"
PANEL=1280x800
steps "$tmp/kiosk" --now "$today" <"$tmp/all"
PANEL=800x480
count=0
for sheet in "$tmp"/kiosk/prints/*.pdf; do
    paper "$sheet"
    same 1 "$pages" "pages of $sheet"
    same 0 "$(grep -cE '\b([mwp][0-9]{3}|ghs0[0-9])\b' "$tmp/paper")" "numbers of signs on $sheet"
    says "$tmp/paper" "If it goes wrong"
    says "$tmp/paper" "Hazards"
    says "$tmp/paper" "Example: not adopted by any employer"
    grep -q "revision [0-9]* of [-0-9]* · printed 23 Nov 2026" "$tmp/paper" || fail "no revision and day in the foot of $sheet"
    count=$((count + 1))
done
[ "$count" -ge 40 ] || fail "$count sheets alone"

# ---- D1: two controls of the model changed: a difference of two, a draft on paper until another person has approved it ----
change() {
    printf 'tap "%s"\ntap "/adapt_line/list/text"\ntype "%s"\ntap "/adapt_line/keyboard/Hide"\ntap "/adapt_line/keep"\n' "$1" "$2"
}
{
    first prep-cutting-stock
    cat <<'STEPS'
tap "/assessment/**/adapt"
tap "/adapt/list/lines"
STEPS
    change "Guillotine: blade down, locked, before you turn away." " Then lock the door"
    change "Only names on the list; a powered saw never alone." " Mind the clock"
    cat <<'STEPS'
see "2 changes: Changes the method"
back
tap "/adapt/sign"
tap "Technician 1 (example)"
STEPS
    digits 402917
    cat <<'STEPS'
see "Not approved: do not use"
idle 9s
tap "/adaptation/**/print"
see "The sheet is ready"
STEPS
} | steps "$tmp/draft" --now "$today" || exit 1
paper "$tmp/draft/prints/Cutting-stock-in-the-prep-room-or-workshop.pdf"
same 1 "$pages" "pages of the draft"
says "$tmp/paper" "Not approved: do not use"
same 2 "$(grep -c "instead of «" "$tmp/paper")" "differences on the paper"
# The watermark is drawn as large letters, which come out of the file one or two at a time.
pdftotext -raw "$tmp/draft/prints/Cutting-stock-in-the-prep-room-or-workshop.pdf" - | tr -d '\n ' >"$tmp/raw"
says "$tmp/raw" "DRAFT"
{
    first prep-cutting-stock
    cat <<'STEPS'
tap "/assessment/**/adapt"
tap "/adaptations/rows/row0"
tap "/adaptation/**/answer"
tap "/approve/approve"
key "CANNY-P:EXAMPLE-C1-3XRN\n"
STEPS
    digits 917460
    cat <<'STEPS'
see "Approved: in force now"
idle 9s
tap "/adaptation/**/print"
see "The sheet is ready"
STEPS
} | steps "$tmp/draft" --now "$today" || exit 1
pdftotext -raw "$tmp/draft/prints/Cutting-stock-in-the-prep-room-or-workshop.pdf" - | tr -d '\n ' >"$tmp/raw"
same 0 "$(grep -c DRAFT "$tmp/raw")" "DRAFT on what is in force"
{
    first prep-cutting-stock
    cat <<'STEPS'
tree model
tap "/assessment/**/steps"
tap "Hazards"
unsee "Mind the clock"
STEPS
} | steps "$tmp/draft" --now "$today" || exit 1

# ---- A6: a review on a leap day holds through that day; one in a year that has none is refused by the linter ----
CONTENT=$tmp/leap
cp -r "$content" "$CONTENT"
sed -i 's/^review_on: .*/review_on: 2028-02-29/' "$CONTENT/docs/assessments/p01.md"
{
    first p01
    printf 'unsee "Review was due yesterday"\nnow +1d\n'
    first p01
    printf 'see "Review was due yesterday"\n'
} >"$tmp/script"
steps "$tmp/leap-kiosk" --now 2028-02-29T12:00:00Z <"$tmp/script"
sed 's/^review_on: .*/review_on: 2027-02-29/' "$CONTENT/docs/assessments/p01.md" >"$tmp/no-day.md"
"$CANNY_BIN/canny-pack" lint "$tmp/no-day.md" >"$tmp/lint" 2>&1 && fail "29 February 2027 passes"
says "$tmp/lint" '"2027-02-29" is no date'
