#!/bin/sh
# The man pages tell of every command and option that the programs' --help tells of, and of none that is gone; mandoc reads
# them without a complaint.
. "$CANNY_SOURCE/tests/journeys/lib.sh"

man=$CANNY_SOURCE/platform/man

# options TEXT: each --option in it, once.
options() {
    grep -oE -- '(^|[^a-zA-Z-])--[a-z][a-z-]*' "$1" | grep -oE -- '--[a-z][a-z-]*' | sort -u
}

# section PAGE COMMAND: what the page says of it, its options as a person reads them.
section() {
    awk -v name=".Ss $2" '/^\.S[sh]/ { on = $0 == name } on' "$1" | sed 's/Fl -/--/g; s/Op -/--/g'
}

# tells PAGE COMMAND HELP: the section and the help name the same options.
tells() {
    section "$1" "$2" >"$tmp/section"
    [ -s "$tmp/section" ] || fail "$(basename "$1") has no section \"$2\""
    options "$tmp/section" >"$tmp/there"
    options "$3" >"$tmp/wanted"
    diff "$tmp/wanted" "$tmp/there" >"$tmp/diff" ||
        fail "$(basename "$1"), $2: lacks $(sed -n 's/^< //p' "$tmp/diff" | tr '\n' ' ')and has $(sed -n 's/^> //p' "$tmp/diff" |
            tr '\n' ' ')beyond its --help"
}

for program in canny-hub canny-pack; do
    "$CANNY_BIN/$program" --help | sed -n "s/^  \(canny-pack \)\{0,1\}\([a-z][a-z-]*\)  *[a-z].*/\2/p" >"$tmp/commands"
    [ "$(wc -l <"$tmp/commands")" -ge 10 ] || fail "$program --help lists too few commands"
    while read -r command; do
        "$CANNY_BIN/$program" "$command" --help >"$tmp/help" || fail "$program $command has no help"
        tells "$man/$program.1" "$command" "$tmp/help"
    done <"$tmp/commands"
    sed -n 's/^\.Ss //p' "$man/$program.1" | sort >"$tmp/sections"
    sort "$tmp/commands" | diff - "$tmp/sections" || fail "$program.1 has other commands than $program"
done

"$CANNY_BIN/canny" --help >"$tmp/help"
sed 's/Fl -/--/g' "$man/canny.1" >"$tmp/page"
for option in $(options "$tmp/help"); do
    grep -qF -- "$option" "$tmp/page" || fail "canny.1 does not tell of $option"
done
for command in $(sed -n 's/^  canny \([a-z][a-z]*\) .*/\1/p' "$tmp/help"); do
    grep -q "^\.It Cm $command" "$man/canny.1" || fail "canny.1 does not tell of canny $command"
done

need mandoc
for page in "$man"/*.1; do
    mandoc -Tlint -W warning "$page" || fail "$page"
done
printf 'man pages: every command and option\n'
