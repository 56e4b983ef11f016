#!/bin/sh
# An assessment on paper in all its forms: the sheet with a code that holds its own words, cards for the trolley, a strip for a
# receipt printer; and what a person is offered where there is no printer. What a page says is read out of the PDF, and its code
# from a picture of the page.
. "$(dirname "$0")/lib.sh"
need python3 pdftotext pdftoppm pdfinfo zbarimg
today=2026-11-23T10:42:00Z

first() {
    printf 'tap "/home/**/assessments"\ntap "/find/browse/all"\ntap "/find/list/%s"\n' "$1"
}
# words PDF: what it says, in $tmp/paper.
paper() {
    pdftotext -layout "$1" "$tmp/paper" || fail "$1 cannot be read"
}
pages() {
    pdfinfo "$1" | sed -n 's/^Pages: *//p'
}
# decoded PDF WORDS: the code on its first page, byte for byte, at what a telephone makes of a sheet.
decoded() {
    pdftoppm -r 200 -f 1 -l 1 -gray -png -singlefile "$1" "$tmp/page" || fail "$1 cannot be drawn"
    zbarimg -q --raw -Sdisable -Sqrcode.enable -Sbinary "$tmp/page.png" >"$tmp/decoded" 2>"$tmp/zbar" ||
        fail "no code can be read on $1"
    printf '%s' "$2" >"$tmp/wanted"
    cmp -s "$tmp/wanted" "$tmp/decoded" || fail "the code of $1: wanted $2, got $(cat "$tmp/decoded")"
}

# Two queues, as CUPS would tell them, and what is handed to them.
mkdir "$tmp/bin"
printf '#!/bin/sh\nprintf "Office\\nTill\\n"\n' >"$tmp/bin/lpstat"
printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>"%s"\n' "$tmp/lp" >"$tmp/bin/lp"
chmod +x "$tmp/bin/lpstat" "$tmp/bin/lp"
old_path=$PATH
PATH=$tmp/bin:$PATH

# ---- a model: two taps for the number of groups, on every panel ----
for panel in 800x480 1280x800 720x1280 large; do
    PANEL=$panel
    [ "$panel" != large ] || PANEL=720x1280
    {
        if [ "$panel" = large ]; then
            first c04
            printf 'tap "/assessment/**/steps"\ntap "Get ready"\ntap "Print the prep sheet"\n'
        elif [ "$PANEL" = 720x1280 ]; then
            first c04
            printf 'tap "/assessment/**/steps"\ntap "Get ready"\ntap "Print the prep sheet"\n'
        else
            first c04
            printf 'tap "Print"\n'
        fi
        cat <<STEPS
see "The sheet is ready: 1 page of A4"
audit
shot print-sheet-$panel
tap "/print/**/cards"
see "How many groups?"
audit
shot print-ask-$panel
tap "/print/ways/groups6"
see "6 cards are ready, on 2 pages of A4"
audit
shot print-cards-$panel
tap "/print/**/strip"
see "mm wide"
audit
shot print-strip-$panel
STEPS
    } >"$tmp/script"
    if [ "$panel" = large ]; then
        steps "$tmp/kiosk-$panel" --now "$today" --large <"$tmp/script"
    else
        steps "$tmp/kiosk-$panel" --now "$today" <"$tmp/script"
    fi
done
stem=Thiosulfate-and-acid-disappearing-cross
prints=$tmp/kiosk-800x480/prints
code="Thiosulfate and acid (disappearing cross), revision 2. Never warmer than 50 °C. …"
paper "$prints/$stem.pdf"
says "$tmp/paper" "look at the kiosk for changes"
says "$tmp/paper" "Sulfur dioxide"
decoded "$prints/$stem.pdf" "$code"
paper "$prints/$stem-cards.pdf"
same 2 "$(pages "$prints/$stem-cards.pdf")" "pages of six cards"
for group in 1 2 3 4 5 6; do
    says "$tmp/paper" "Group $group of 6"
done
same 6 "$(grep -o 'c04, revision 2' "$tmp/paper" | wc -l)" "cards that say what they are from"
says "$tmp/paper" "Hydrochloric acid, 1 mol/l"
says "$tmp/paper" "Everything that went out comes back"
paper "$prints/$stem-receipt-80.pdf"
says "$tmp/paper" "Wear: Eye protection"
says "$tmp/paper" "If it goes wrong"
same 0 "$(grep -cE 'Measure the|1 of each' "$tmp/paper")" "steps and kit on a strip"
decoded "$prints/$stem-receipt-80.pdf" "$code"

# ---- what is handed to a queue says which page it is; paper that was chosen is chosen the next time too ----
{
    first c04
    cat <<'STEPS'
tap "Print"
tap "Print on Office"
see "Handed to the printer Office"
tap "Trolley cards"
tap "/print/ways/groups4"
tap "One on A6"
see "4 cards are ready, each on a page of A6"
tap "Print on Office"
tap "Receipt"
tap "58 mm"
see "58 mm wide"
tap "Print on Till"
tap "A4 sheet"
see "The sheet is ready"
back
tap "Print"
tap "Trolley cards"
tap "/print/ways/groups2"
see "each on a page of A6"
tap "Receipt"
see "58 mm wide"
shot print-strip-narrow
STEPS
} | steps "$tmp/kiosk-800x480" --now "$today" || exit 1
same 3 "$(wc -l <"$tmp/lp")" "sheets handed over"
says "$tmp/lp" "-d Office -t Thiosulfate and acid (disappearing cross) -- $prints/$stem.pdf"
says "$tmp/lp" "-o media=A6 -- $prints/$stem-cards-A6.pdf"
grep -q -- "-d Till .* -o media=Custom.58x[0-9]*mm -- $prints/$stem-receipt-58.pdf" "$tmp/lp" || fail "$(cat "$tmp/lp")"
decoded "$prints/$stem-cards-A6.pdf" "$code"
decoded "$prints/$stem-receipt-58.pdf" "$code"
PATH=$old_path

# ---- no printer: a phone, a stick, and where the file lies; what a phone takes names no class ----
PANEL=800x480
{
    first c04
    cat <<'STEPS'
tap "/assessment/adapt"
tap "/adaptations/rows/new"
tap "N5"
tap "/adapt/list/class"
type "4ZZ9\n"
tap "/adapt/list/more_groups"
tap "/adapt/list/more_groups"
tap "/adapt/list/more_groups"
tap "It has all of these"
tap "/adapt/sign"
tap "Technician 1 (example)"
STEPS
    digits 402917
    cat <<STEPS
idle 9s
tap "/adaptation/**/print"
see "No printer is set up"
swipe up
see "prints/$stem.pdf"
tap "Copy to a stick"
see "No stick yet"
tap "Take it on my phone"
see "Never warmer than 50"
tree phone
unsee "4ZZ9"
audit
back
audit
shot print-none
tap "Trolley cards"
see "3 groups"
see "3 cards are ready, on 1 page of A4"
tap "One on A6"
STEPS
} | steps "$tmp/copy" --now "$today" || exit 1
paper "$tmp/copy/prints/$stem-cards-A6.pdf"
same 3 "$(pages "$tmp/copy/prints/$stem-cards-A6.pdf")" "cards of the copy"
says "$tmp/paper" "Group 3 of 3"
# The id is of any width, and so the line may break anywhere in it.
tr -s ' \n' ' ' <"$tmp/paper" >"$tmp/flat"
id=$(kiosk_export "$tmp/copy" | grep assessment.adapted | grep 4ZZ9 | grep -oE '[0-9a-f]{16}' | while read -r each; do
    grep -q "copy $each, signed 23 Nov 2026, from c04" "$tmp/flat" && printf '%s' "$each" && break
done)
[ -n "$id" ] || fail "no card says which copy it is"
same 3 "$(grep -c "Class 4ZZ9" "$tmp/paper")" "cards that name the class"
decoded "$tmp/copy/prints/$stem-cards-A6.pdf" "$code"

# ---- what is odd: no kit, no chemicals, an apostrophe, a title of 200 letters, a link; work in the prep room has no tray ----
CONTENT=$tmp/odd
cp -r "$content" "$CONTENT"
long=$(printf 'Ailsa O%sHara looks at a leaf ' "'" | head -c 28)
long=$(printf '%s%s%s%s%s%s%s%s' "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long" | head -c 200)
python3 - "$CONTENT/docs/assessments" "$long" <<'PYTHON'
import re, sys
folder, title = sys.argv[1:]
text = open(folder + "/b10.md", encoding="utf-8").read()
for key in ("chemicals", "equipment", "quantities", "ppe"):
    text = re.sub(r"(?m)^%s:.*\n((  .*)?\n)*?(?=\S)" % key, "", text)
text = re.sub(r"(?m)^title: .*", 'title: "%s"' % title, text)
text = re.sub(r"(?m)^plain_title: .*", 'plain_title: "long"', text)
open(folder + "/b10.md", "w", encoding="utf-8").write(text)
text = open(folder + "/c04.md", encoding="utf-8").read()
open(folder + "/c04.md", "w", encoding="utf-8").write(text.replace("id: c04\n", "id: c04\nlink: https://example.org/c04\n", 1))
PYTHON
printf -- '---\nid: t-paper\nkind: guidance\ncodes: [T-PAPER]\nrevision: 4\ntitle: What a phone takes from the paper\nissuer: Canny tests\n---\nWords.\n' \
    >"$CONTENT/docs/guidance/t-paper.md"
{
    first b10
    cat <<'STEPS'
tap "Print"
audit
tap "Trolley cards"
see "1 card is ready"
tap "Receipt"
back
back
back
STEPS
    first c04
    printf 'tap "Print"\nback\nback\nback\n'
    first prep-cutting-stock
    printf 'tap "Print"\nsee "Receipt"\nunsee "Trolley cards"\nback\nback\nback\n'
    printf 'key "T-PAPER\\n"\ntap "/reader/print"\nsee "The sheet is ready"\nunsee "Receipt"\naudit\n'
} | steps "$tmp/odd-kiosk" --now "$today" || exit 1
decoded "$tmp/odd-kiosk/prints/$stem.pdf" "https://example.org/c04"
decoded "$tmp/odd-kiosk/prints/What-a-phone-takes-from-the-paper.pdf" "What a phone takes from the paper, revision 4."
for sheet in "$tmp"/odd-kiosk/prints/Ailsa*; do
    paper "$sheet"
    same 1 "$(pages "$sheet")" "pages of $sheet"
    says "$tmp/paper" "O'Hara"
    says "$tmp/paper" "look at the kiosk"
done
