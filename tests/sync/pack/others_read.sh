#!/bin/sh
# Another library reads what canny-pack publishes: Debian's securesystemslib, over its own canonical JSON. Names as people have
# them, a root that was rotated, and a council's role among it.
. "$(dirname "$0")/lib.sh"

/usr/bin/python3 -c 'import securesystemslib' 2>/dev/null || skip "python3-securesystemslib is not installed"
scene
first "$tmp/repo" "$tmp/www"
/usr/bin/python3 "$(dirname "$0")/others_read.py" "$tmp/www" >"$tmp/said" || fail "securesystemslib does not agree"
same "9 signatures on 6 files" "$(cat "$tmp/said")" "what it read"

key three "Iain \"Iain Òg\" \\ Mac an t-Saoir"
pack 0 key rotate "$tmp/repo" --role root --add "$tmp/three.pub" --threshold 3 --at "$day"
sign "$tmp/repo" one two three
publish "$tmp/repo" "$tmp/www"
/usr/bin/python3 "$(dirname "$0")/others_read.py" "$tmp/www" >"$tmp/said" || fail "securesystemslib does not agree"
same "14 signatures on 8 files" "$(cat "$tmp/said")" "what it read of the next root"
printf 'securesystemslib: %s\n' "$(cat "$tmp/said")"
