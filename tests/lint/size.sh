#!/bin/sh
# Fails on a function of more than 80 lines and on a file of more than 500. A function is what stands between a brace
# alone in the first column and its partner there, with the lines of its head: the layout test holds that shape.
. "$(dirname "$0")/common.sh"

look() {
    awk -v function_max=80 -v file_max=500 '
        function file_end() {
            if (lines > file_max)
                printf "%s:%d: a file of %d lines\n", name, lines, lines
        }
        FNR == 1 { if (NR > 1) file_end(); name = FILENAME; head = 0; open = 0 }
        { lines = FNR }
        /^[A-Za-z_]/ && !open { head = FNR }
        /^\{/ { open = 1 }
        /^\}/ {
            if (open && FNR - head + 1 > function_max)
                printf "%s:%d: a function of %d lines\n", FILENAME, head, FNR - head + 1
            open = 0
        }
        END { file_end() }' "$@"
}

# The samples are made here: they are long and say nothing.
function_of() {
    printf '%s\n{\n' "$2"
    seq $(($1 - 3)) | sed 's/.*/    x++;/'
    printf '}\n\n'
}
function_of 80 'static int just_fits(void)' >"$tmp/functions.c"
function_of 81 'static int too_long(void) /* WANT */' >>"$tmp/functions.c"
seq 500 | sed 's|.*|/* line */|' >"$tmp/fits.c"
{ cat "$tmp/fits.c"; echo '/* WANT */'; } >"$tmp/long.c"
prove "$tmp/functions.c" "$tmp/fits.c" "$tmp/long.c"

sources '*.c' '*.h' >"$tmp/files"
look_listed >"$tmp/found"
finish size "$(wc -l <"$tmp/files")"
