#!/bin/sh
# The journeys' own rig: a step that fails fails its journey wherever it stands; a copied first start is what a kiosk makes.
. "$(dirname "$0")/lib.sh"
today=2026-11-23T10:00:00Z

# told WHAT STATUS: a journey of the lines of standard input ends so.
told() {
    { printf '. "%s/lib.sh"\nalone=yes\n' "$here" && cat; } >"$tmp/$1.sh"
    sh "$tmp/$1.sh" >"$tmp/told" 2>&1
    told_status=$?
    [ "$told_status" -eq "$2" ] || cat "$tmp/told" >&2
    same "$2" "$told_status" "status of a journey with $1"
}
told nothing_wrong 0 <<'SH'
printf 'see "Chemistry prep"\n' | steps "$tmp/kiosk"
SH
told a_step_that_fails 1 <<'SH'
printf 'see "never" within 0s\n' >"$tmp/script"
steps "$tmp/kiosk" <"$tmp/script"
SH
told a_step_that_fails_in_a_pipe 1 <<'SH'
printf 'see "never" within 0s\n' | steps "$tmp/kiosk"
printf 'still here\n'
SH
says "$tmp/told" "still here"
told a_step_that_fails_in_brackets 1 <<'SH'
(printf 'see "never" within 0s\n' | steps "$tmp/kiosk") || true
SH
told a_kiosk_after_a_failure 1 <<'SH'
found=$(fail "no such thing")
kiosk "$tmp/kiosk" --drive /dev/null
printf 'never here\n'
SH
! grep -q 'never here' "$tmp/told" || fail "a journey went on with another kiosk after a failure"
told a_hub_for_copies 1 <<'SH'
hub_start "$tmp/hub"
SH
says "$tmp/told" "cannot be copies of one"

# What a first start puts into the log, but for what is drawn by lot.
lines() {
    kiosk_export "$1" | sed 's/.*"kind":\("[a-z.]*"\).*"body":{\(.\{0,60\}\).*/\1 \2/;s/[0-9a-f]\{16,\}/ID/g'
}
printf 'tree home\n' >"$tmp/home.drive"
fresh=yes
kiosk "$tmp/fresh" --now "$today" --drive "$tmp/home.drive" || tell_kiosk "no first start"
words "$tmp/shots/home.json" >"$tmp/fresh.words"
fresh=
kiosk "$tmp/indexed" --now "$today" --drive "$tmp/home.drive" || tell_kiosk "no start with the index copied"
words "$tmp/shots/home.json" >"$tmp/indexed.words"
alone=yes
kiosk "$tmp/copied" --now "$today" --drive "$tmp/home.drive" || tell_kiosk "no start with the school copied"
words "$tmp/shots/home.json" >"$tmp/copied.words"
lines "$tmp/fresh" >"$tmp/fresh.lines"
for way in indexed copied; do
    diff "$tmp/fresh.words" "$tmp/$way.words" >&2 || fail "home is another after a first start that was $way"
    lines "$tmp/$way" >"$tmp/$way.lines"
    diff "$tmp/fresh.lines" "$tmp/$way.lines" >&2 || fail "other lines after a first start that was $way"
    verify_kiosk "$tmp/$way"
done
! cmp -s "$tmp/fresh/device.key" "$tmp/indexed/device.key" || fail "two kiosks have one key"
