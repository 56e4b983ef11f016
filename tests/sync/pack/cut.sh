#!/bin/sh
# Publishing is cut off at every write, rename and sync in turn, by a kill and by a full disk: a kiosk that reads the folder
# then finds the edition before or the new one, whole, and running it again ends it.
. "$(dirname "$0")/lib.sh"

: "${TUF_CUT:?TUF_CUT is the library that cuts}"
scene
first "$tmp/repo" "$tmp/www"
document "$tmp/source" second "The second document says something else."
document "$tmp/source" third "The third document is new."
build "$tmp/source" --into "$tmp/repo" --role national
sign "$tmp/repo" one two

# The sanitizer of a program under test wants to be loaded first.
preload=$(ldd "$tool" | awk '/libasan|libubsan/ { printf "%s ", $3 }')$TUF_CUT
old=0 new=0
# Every cut takes a second or two: a few of each kind, spread over all of them; CUT_STEP=1 makes all.
for kind in kill fail; do
    if [ "$kind" = kill ]; then at=1 step=${CUT_STEP:-8}; else at=2 step=${CUT_STEP:-15}; fi
    while :; do
        rm -rf "$tmp/copy" "$tmp/there"
        cp -R "$tmp/repo" "$tmp/copy"
        cp -R "$tmp/www" "$tmp/there"
        LD_PRELOAD=$preload CUT_KIND=$kind CUT_AT=$at "$tool" publish "$tmp/copy" --to "$tmp/there" \
            --online-key "$tmp/online" --pass-file "$pass" --at "$day" >"$tmp/out" 2>"$tmp/err"
        status=$?
        "$tool" verify "$tmp/there" --at "$day" >"$tmp/read" 2>&1 || {
            cat "$tmp/read" >&2
            fail "cut at $at ($kind): no kiosk can read what is there"
        }
        if grep -q '^national, version 2' "$tmp/read"; then new=$((new + 1)); else old=$((old + 1)); fi
        publish "$tmp/copy" "$tmp/there"
        pack 0 verify "$tmp/there" --at "$day"
        says "$tmp/out" "national, version 2"
        [ "$status" -ne 0 ] || break
        at=$((at + step))
        [ "$at" -lt 400 ] || fail "it never ends"
    done
done
[ "$old" -ge 10 ] || fail "only $old cuts left the old edition"
[ "$new" -ge 2 ] || fail "no cut left the new edition"
printf 'cut off %d times: %d left the edition before, %d the new one\n' "$((old + new - 2))" "$old" "$new"
