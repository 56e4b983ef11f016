#!/bin/sh
# The employer's matrix stands in the rest of an assessment's page where the employer asks for one; never on the first screen, and
# on no kiosk that is not that employer's.
. "$(dirname "$0")/lib.sh"

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

# Without that employer: the same activity shows none; and the council's own shows none as soon as it does not ask.
PANEL=800x480
rest >"$tmp/script"
steps "$tmp/none" <"$tmp/script"
says "$tmp/shots/rest.json" "Use something else"
grep -qF 'matrix' "$tmp/shots/rest.json" && fail "a kiosk of no employer shows a matrix"
cp -r "$CANNY_SOURCE/assets" "$tmp/assets"
sed -i 's/^matrix: .*/matrix: "no"/' "$tmp/assets/content/employers/example-council/issuer.yaml"
rest >"$tmp/script"
CONTENT=$tmp/assets/content steps "$tmp/council-800x480" <"$tmp/script"
says "$tmp/shots/rest.json" "extraction on while ethanol is out"
grep -qF 'matrix' "$tmp/shots/rest.json" && fail "a matrix is shown that the employer does not ask for"
exit 0
