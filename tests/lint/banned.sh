#!/bin/sh
# Fails on functions that overrun, that are not safe with threads or that start a shell, on comments of two slashes
# (they are for lines that go today), and on promises without an issue number.
. "$(dirname "$0")/common.sh"

look() {
    cat tests/lint/code.awk - >"$tmp/banned.awk" <<'AWK'
BEGIN {
    names = "strcpy|strcat|strncpy|sprintf|vsprintf|sscanf|strtok|atoi|gets|gmtime|localtime|system|popen|alloca"
    call = "(^|[^A-Za-z0-9_.>])(" names ")[ \t]*\\("
}
FNR == 1 { in_block = 0 }
{
    bare($0)
    if (code !~ /^#[ \t]*include/ && match(code, call)) {
        name = substr(code, RSTART, RLENGTH)
        gsub(/[^a-z]/, "", name)
        printf "%s:%d: %s() is banned\n", FILENAME, FNR, name
    }
    if (slashes)
        printf "%s:%d: a // comment\n", FILENAME, FNR
    if (note ~ /(^|[^A-Z])(TODO|FIXME|XXX)([^A-Z]|$)/ && note !~ /#[0-9]/)
        printf "%s:%d: a promise without an issue number\n", FILENAME, FNR
}
AWK
    awk -f "$tmp/banned.awk" "$@"
}

prove tests/lint/bad/banned.c
sources '*.c' '*.h' >"$tmp/files"
look_listed >"$tmp/found"
finish banned "$(wc -l <"$tmp/files")"
