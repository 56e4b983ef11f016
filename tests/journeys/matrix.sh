#!/bin/sh
# The employer's matrix stands in the rest of an assessment's page, and on its sheet, where the employer asks for one; never on the
# first screen, on a card or a receipt, and on no kiosk that is not that employer's.
. "$(dirname "$0")/lib.sh"
need pdftotext pdfinfo
alone=yes

row='Ethanol vapour catches fire, Unlikely (2), Major (5), Medium (10)'
typed() {
    printf '%s\n' "$1" | fold -w1 | sed 's|.*|tap "/sign_in/pad/&"|'
    printf 'tap "/sign_in/pad/enter"\n'
}
# The rest of the page, told and scrolled through; the tree also holds what is scrolled away.
rest() {
    printf 'tap "/home/assessments"\ntap "/find/browse/all"\ntap "/find/list/b03"\ntree first\n'
    printf 'tap "/assessment/steps"\ntap "Hazards"\ntree rest\n'
}
shown() {
    grep -qF "$row" "$tmp/shots/rest.json" || fail "$1 shows no matrix"
    grep -qF 'Medium (10)' "$tmp/shots/first.json" && fail "$1 shows the matrix on the first screen"
    return 0
}
# printed DATA NAME: what the sheet of that activity says, in $tmp/paper; it is one page.
printed() {
    pdftotext -layout "$1/prints/$2.pdf" "$tmp/paper" || fail "no sheet in $1"
    same 1 "$(pdfinfo "$1/prints/$2.pdf" | sed -n 's/^Pages: *//p')" "pages of $2"
}
sheet='tap "Get ready"\ntap "Print the prep sheet"\nsee "The sheet is ready"\ntap "Trolley cards"\ntap "/print/ways/groups1"\ntap "Receipt"\n'
for PANEL in 800x480 1280x800 720x1280; do
    {
        cat <<'STEPS'
tap "/home/board"
tap "/board/rows/constituency"
tap "/constituency/words"
type "stirling\n"
tap "/constituency/list/S12000030"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
STEPS
        typed 402917
        printf 'idle 9s\nback\n'
        rest
        case $PANEL in
        800x480) printf 'swipe up\nswipe up\nswipe up\nswipe up\nswipe up\nswipe up\nswipe up\n' ;;
        1280x800) printf 'swipe up\nswipe up\n' ;;
        720x1280) printf 'swipe up\nswipe up\nswipe up\n' ;;
        esac
        printf 'audit\nshot matrix-%s\n' "$PANEL"
        [ "$PANEL" != 800x480 ] || printf '%b' "$sheet"
    } >"$tmp/script"
    steps "$tmp/council-$PANEL" <"$tmp/script"
    shown "$PANEL"
done
PANEL=1280x800
{
    # In large letters the first screen may scroll, and its buttons with it.
    rest | sed 's|"/assessment/steps"|"/assessment/page/steps"|; /^tree first/d'
    printf 'audit\n'
} >"$tmp/script"
steps "$tmp/council-1280x800" --large <"$tmp/script"
grep -qF "$row" "$tmp/shots/rest.json" || fail "large letters show no matrix"

stem=Testing-a-leaf-for-starch
printed "$tmp/council-800x480" "$stem"
says "$tmp/paper" "As the form of"
grep -q 'Ethanol vapour catches fire  *Unlikely (2)  *Major (5)  *Medium (10)' "$tmp/paper" || fail "no matrix on the sheet"
for form in cards receipt-80; do
    pdftotext -layout "$tmp/council-800x480/prints/$stem-$form.pdf" "$tmp/paper" || fail "no $form"
    grep -qE 'Medium|Matrix' "$tmp/paper" && fail "a matrix on $form"
done

# Without that employer: the same activity shows none; and the council's own shows none as soon as it does not ask.
PANEL=800x480
{
    rest
    printf '%b' "$sheet"
} >"$tmp/script"
steps "$tmp/none" <"$tmp/script"
printed "$tmp/none" "$stem"
says "$tmp/paper" "What to do"
grep -qE 'Medium|Matrix|Unlikely' "$tmp/paper" && fail "a sheet of no employer has a matrix"
says "$tmp/shots/rest.json" "Use something else"
grep -qF 'matrix' "$tmp/shots/rest.json" && fail "a kiosk of no employer shows a matrix"
cp -r "$CANNY_SOURCE/assets" "$tmp/assets"
sed -i 's/^matrix: .*/matrix: "no"/' "$tmp/assets/content/employers/example-council/issuer.yaml"
rm "$tmp/council-800x480/prints/"*
{
    rest
    printf '%b' "$sheet"
} >"$tmp/script"
CONTENT=$tmp/assets/content steps "$tmp/council-800x480" <"$tmp/script"
says "$tmp/shots/rest.json" "extraction on while ethanol is out"
grep -qF 'matrix' "$tmp/shots/rest.json" && fail "a matrix is shown that the employer does not ask for"
printed "$tmp/council-800x480" "$stem"
says "$tmp/paper" "What to do"
grep -qE 'Medium|Matrix|Unlikely' "$tmp/paper" && fail "a matrix is printed that the employer does not ask for"
exit 0
