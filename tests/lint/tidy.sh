#!/bin/sh
# tests/lint/tidy.sh [FILES]: clang-tidy-14 by the rules in .clang-tidy over the named C files, or over all of the
# project. For people: it takes minutes. It needs the compile commands of a configured build (cmake --preset dev);
# BUILD names another folder than build/dev. One process a file: with several, version 14's va_list check reports
# ghosts.
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build/dev}

tool=$(command -v clang-tidy-14) || {
    echo "skipped: clang-tidy-14 is not installed"
    exit 77
}
[ -f "$build/compile_commands.json" ] || {
    echo "tidy: $build holds no compile_commands.json: run cmake --preset dev, or set BUILD" >&2
    exit 2
}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

if [ $# -eq 0 ]; then
    git ls-files -- '*.c' | grep -v '^tests/lint/bad/' >"$tmp/files"
else
    printf '%s\n' "$@" >"$tmp/files"
fi
# A header's finding is met from every file that includes it: told once. An option of gcc's alone would count as an
# error, after which the analyzer's checks are left out without a word.
xargs -P "$(nproc)" -n 1 "$tool" --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option <"$tmp/files" \
    2>/dev/null | grep -E '(warning|error): ' | sort -u >"$tmp/found"
cat "$tmp/found"
printf 'tidy: %d files, %d findings\n' "$(wc -l <"$tmp/files")" "$(wc -l <"$tmp/found")"
[ ! -s "$tmp/found" ]
