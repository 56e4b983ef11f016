#!/bin/sh
# The hub's requests as a stranger to our code makes them: another implementation of RFC 9421 (from npm) signs and verifies,
# every operation of the description that the hub serves is asked well and badly, and what a kiosk and the hub say to each
# other is judged on its way.
. "$(dirname "$0")/lib.sh"
command -v node >/dev/null || skip "there is no node here"
command -v npm >/dev/null || skip "there is no npm here"

# The packages, by the lock file, once in a build folder.
peer=$(dirname "$CANNY_BIN")/peer
mkdir -p "$peer"
for file in package.json package-lock.json; do
    cmp -s "$CANNY_SOURCE/tests/api/$file" "$peer/$file" || rm -rf "$peer/node_modules"
    cp "$CANNY_SOURCE/tests/api/$file" "$peer/" || fail "$peer cannot be written"
done
[ -d "$peer/node_modules" ] ||
    (cd "$peer" && npm ci --ignore-scripts --no-audit --no-fund >"$tmp/npm" 2>&1) || {
    rm -rf "$peer/node_modules"
    tail -n 3 "$tmp/npm" >&2
    skip "the packages of tests/api could not be fetched"
}
cp "$CANNY_SOURCE"/tests/api/*.mjs "$peer/" || fail "$peer cannot be written"

hub_start "$tmp/hub"
id=$(node -e 'fetch(process.argv[1]).then((r) => r.json()).then((health) => console.log(health.hub))' "$hub_url/healthz")
same 64 "${#id}" "digits of the hub's id"
node "$peer/peer.mjs" watch "$hub_url" "$id" >"$tmp/watch" 2>&1 &
watch=$!
started="$started $watch"
await hub_listens "$tmp/watch" || fail "nothing stands between"
steps "$tmp/kiosk" --hub "$(sed -n 's/^listening on //p' "$tmp/watch")" --join "$(hub_code "$tmp/hub")" <<'STEPS'
sync
STEPS
kill "$watch"
wait "$watch" || {
    cat "$tmp/watch" >&2
    fail "kiosk and hub do not sign as the standard says"
}
sed -n '$p' "$tmp/watch"
says "$tmp/watch" "each signed both ways"

# Last, as it guesses at codes until the hub listens to no more of them.
node "$peer/peer.mjs" check "$hub_url" "$id" "$(hub_code "$tmp/hub")" || fail "the hub is not what it describes"
