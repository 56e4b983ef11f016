# Shared by the lints. Each has a function `look FILES...` that prints its findings as `file:line: what is wrong`.
# A lint first proves itself on its bad samples: every line marked WANT must be found there, and no other.
cd "$(dirname "$0")/../.." || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

# Files of the project whose names match the patterns; the bad samples are not among them.
sources() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git -c core.quotePath=off ls-files --cached --others --exclude-standard -- "$@"
    else
        for pattern in "$@"; do
            find . -path ./build -prune -o -path ./run-data -prune -o -path ./shots -prune -o -path ./.git -prune -o -type f -name "${pattern##*/}" -print
        done | sed 's|^\./||'
    fi | grep -v '^tests/lint/bad/' | sort -u | while IFS= read -r file; do
        [ ! -f "$file" ] || printf '%s\n' "$file"
    done
}

# look at each file that "$tmp/files" lists
look_listed() {
    set --
    while IFS= read -r file; do
        set -- "$@" "$file"
    done <"$tmp/files"
    look "$@"
}

# prove FILES...: the lint against its bad samples.
prove() {
    grep -nH 'WANT' "$@" | cut -d: -f1,2 | sort -u >"$tmp/want"
    look "$@" | cut -d: -f1,2 | sort -u >"$tmp/got"
    if [ ! -s "$tmp/want" ] || ! cmp -s "$tmp/want" "$tmp/got"; then
        echo "this lint no longer finds what it should in its samples (< wanted, > found):"
        diff "$tmp/want" "$tmp/got"
        exit 1
    fi
}

# finish NAME COUNT: prints what was found, and ends with the status that says whether there was anything.
finish() {
    cat "$tmp/found"
    printf '%s: %d files, %d bad lines\n' "$1" "$2" "$(wc -l <"$tmp/found")"
    [ "$2" -gt 0 ] && [ ! -s "$tmp/found" ]
    exit
}
