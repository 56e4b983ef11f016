#!/bin/sh
# Fails on C whose layout is not clang-format's (version 14: others lay some lines out in another way).
. "$(dirname "$0")/common.sh"

tool=$(command -v clang-format-14) || {
    echo "skipped: clang-format-14 is not installed"
    exit 77
}

look() {
    "$tool" --style=file --dry-run "$@" 2>&1 | sed -n 's/^\([^ :]*:[0-9]*\):[0-9]*: warning: \(.*\) \[.*/\1: \2/p'
}

prove tests/lint/bad/format.c
sources '*.c' '*.h' >"$tmp/files"
look_listed >"$tmp/found"
# A file is laid out as a whole, so one line tells about it.
sort -t: -u -k1,1 "$tmp/found" -o "$tmp/found"
finish format "$(wc -l <"$tmp/files")"
