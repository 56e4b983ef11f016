#!/bin/sh
# Fails on a function that a header offers and that no file of the programs names but its own: it is to be static, or to
# go. What stays for the sake of tests stands in unused.rules, with its reason.
. "$(dirname "$0")/common.sh"

rules=tests/lint/unused.rules

look() {
    awk -v rules="$rules" '
        BEGIN {
            while ((getline line < rules) > 0) {
                row++
                if (split(line, word, /[ \t]+/) > 1 && word[1] != "#")
                    kept[word[1]] = row
            }
        }
        function name_of(line) {
            return match(line, /[A-Za-z_][A-Za-z_0-9]*\(/) ? substr(line, RSTART, RLENGTH - 1) : ""
        }
        FILENAME == rules { next }
        FNR == 1 { in_note = 0; header = FILENAME ~ /\.h$/ }
        in_note { end = index($0, "*/"); if (end == 0) next; $0 = substr($0, end + 2); in_note = 0 }
        {
            gsub(/"([^"\\]|\\.)*"/, "")
            while (!in_note && (begin = index($0, "/*")) > 0) {
                end = index(substr($0, begin + 2), "*/")
                in_note = end == 0
                $0 = substr($0, 1, begin - 1) (in_note ? "" : " " substr($0, begin + 3 + end))
            }
        }
        {
            # At the margin stand declarations in a header, definitions in a source.
            own = ""
            if (/^[A-Za-z]/ && !/^(static|typedef|struct [a-z_0-9]* \{|enum [a-z_0-9]* \{)/) {
                line = $0
                sub(/^MUST_USE /, "", line)
                sub(/PRINTF_LIKE\([^)]*\)/, "", line)
                own = name_of(line)
                if (own != "" && header && !(own in at))
                    at[own] = FILENAME ":" FNR
                if (own != "" && !header)
                    home[own] = FILENAME
            }
            gsub(/[^A-Za-z_0-9]+/, " ")
            count = split($0, word, " ")
            for (i = 1; i <= count; i++)
                if (word[i] != own && !(word[i] in many)) {
                    if (!(word[i] in seen))
                        seen[word[i]] = FILENAME
                    else if (seen[word[i]] != FILENAME)
                        many[word[i]] = 1
                }
        }
        END {
            for (name in at) {
                used = name in many || (name in seen && seen[name] != home[name])
                if (!used && !(name in kept))
                    print at[name] ": nobody but its own file calls " name
                if (used && name in kept)
                    print rules ":" kept[name] ": " name " is called by now"
            }
            for (name in kept)
                if (!(name in at))
                    print rules ":" kept[name] ": no header offers " name
        }' "$@" | sort
}

# The samples: one function of each sort.
real=$rules
rules=$tmp/rules
cat >"$tmp/one.h" <<'END'
MUST_USE enum err one_called(int a,
                             int b);
int one_alone(void); /* WANT */
const char *one_unnamed(void); /* WANT */
void one_for_tests(void);
/* one_alone( in words *is no call. */
END
cat >"$tmp/one.c" <<'END'
int one_alone(void)
{
    return 0;
}
enum err one_called(int a, int b)
{
    return one_alone();
}
const char *one_unnamed(void)
{
}
void one_for_tests(void)
{
}
END
cat >"$tmp/two.c" <<'END'
/* A note *with a star. */
static void two(void)
{
    one_called(1, 2); /* one_unnamed(
        one_unnamed( */
    puts("one_alone()");
}
END
cat >"$rules" <<'END'
one_for_tests a reason
one_called is called /* WANT */
one_gone went /* WANT */
END
prove "$tmp/one.h" "$tmp/one.c" "$tmp/two.c" "$rules"
rules=$real

sources 'app/*.c' 'app/*.h' 'platform/*.c' 'platform/*.h' 'sync/*.c' 'sync/*.h' >"$tmp/files"
look_listed >"$tmp/found"
finish unused "$(wc -l <"$tmp/files")"
