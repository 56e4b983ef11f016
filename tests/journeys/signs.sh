#!/bin/sh
# Signs are drawn by a small SVG reader, and documents name them by code: every code named has its file, every file
# keeps to shapes that reader draws, and no black point of a GHS symbol touches the red frame (|x-50| + |y-50| stays
# within 39 where the white field ends at 41). The first coordinates ever drawn broke that in nine places.
# usage: signs.sh [SOURCE-DIR]
set -u

root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
signs=$root/assets/signs
failed=0

tell() {
    failed=$((failed + 1))
    printf '%s\n' "$1" >&2
}

for n in 1 2 3 4 5 6 7 8 9; do
    [ -s "$signs/ghs0$n.svg" ] || tell "ghs0$n.svg is missing"
done

for file in "$signs"/*.svg; do
    odd=$(grep -oE '<[a-zA-Z]+' "$file" | sort -u | grep -vE '^<(svg|g|path|circle|ellipse|rect|polygon|line)$' | tr '\n' ' ')
    [ -z "$odd" ] || tell "${file##*/}: the reader does not draw $odd"
    grep -qE 'style=|class=|clip-path|url\(' "$file" && tell "${file##*/}: style, class or url"
done

touching=$(awk -v q='"' '
    function attr(s, name,   p) {
        p = index(s, " " name "=" q)
        if (p == 0) return ""
        s = substr(s, p + length(name) + 3)
        return substr(s, 1, index(s, q) - 1)
    }
    function check(x, y, r) {
        x = x < 50 ? 50 - x : x - 50
        y = y < 50 ? 50 - y : y - 50
        if (x + y + r > 39.01) print FILENAME ":" FNR ": " x + y + r
    }
    /#000000/ && /<polygon/ {
        n = split(attr($0, "points"), at, /[ ,]/)
        for (i = 1; i < n; i += 2) check(at[i], at[i + 1], 0)
        seen++
    }
    # A circle reaches furthest along the diagonal, by its radius times the root of two.
    /#000000/ && /<circle/ { check(attr($0, "cx"), attr($0, "cy"), 1.41422 * attr($0, "r")); seen++ }
    /#000000/ && /<line/ { check(attr($0, "x1"), attr($0, "y1"), 0); check(attr($0, "x2"), attr($0, "y2"), 0); seen++ }
    END { if (seen < 40) print "only " seen + 0 " black shapes were read" }
' "$signs"/ghs0?.svg)
[ -z "$touching" ] || tell "a symbol touches its frame: $touching"

for doc in "$root"/assets/content/docs/*/*.md; do
    for code in $(sed -n 's/^\(hazards\|ppe\): *\[\(.*\)\].*/\2/p' "$doc" | tr ',' ' '); do
        [ -s "$signs/$code.svg" ] || tell "${doc##*/}: no sign $code.svg"
    done
done

for doc in "$root"/assets/content/docs/assessments/*.md; do
    grep -q '^Example: not adopted by any employer' "$doc" || tell "${doc##*/}: does not say that it is an example"
    grep -q '^example: "yes"' "$doc" || tell "${doc##*/}: is not marked as an example"
done

printf '%s failed\n' "$failed"
[ "$failed" -eq 0 ]
