#!/bin/sh
# A client that knows TUF and nothing of Canny reads what a publisher gave a hub: first root, both roles' manifests; a key that
# was lost is taken out by targets alone, and the hub's own key is changed, without a hand on the client.
. "$(dirname "$0")/lib.sh"
pack=$CANNY_BIN/canny-pack
admin=$CANNY_BIN/canny-hub
keys=$CANNY_SOURCE/assets/sample-keys
phrase=$keys/DEMO-passphrase.txt
repository=$tmp/repository
hub=$tmp/hub
council=employers/example-council

quiet() {
    "$@" >"$tmp/out" 2>&1 || {
        cat "$tmp/out" >&2
        fail "$1 $2: failed"
    }
}

sign() {
    for key in "$@"; do
        quiet "$pack" sign "$repository" --key "$key" --pass-file "$phrase"
    done
}

publish() {
    quiet "$pack" publish "$repository" --to "$hub_url"
}

# read_both STATUS: downloads both manifests and ends so.
read_both() {
    "$pack" tuf --metadata-url "$hub_url/v1/content/metadata/" --metadata-dir "$tmp/trusted" \
        --target-base-url "$hub_url/v1/content/targets/" --target-dir "$tmp/files" \
        --target-name national/manifest.json --target-name "$council/manifest.json" download >"$tmp/out" 2>"$tmp/err"
    same "$1" "$?" "the plain client ended ($(cat "$tmp/err"))"
}

version() {
    sed -n 's/.*"version":\([0-9]*\)}}*$/\1/p' "$tmp/trusted/$1.json"
}

mkdir "$tmp/trusted"
quiet "$admin" content --data "$hub" key
cp "$tmp/out" "$tmp/hub.pub"
sh "$CANNY_SOURCE/tests/tools/sample_repository" "$repository" "$tmp/hub.pub" || fail "no sample repository"
quiet "$admin" content --data "$hub" trust "$repository/staged/root.json"
hub_start "$hub"
publish

quiet "$pack" tuf --metadata-dir "$tmp/trusted" init "$repository/metadata/1.root.json"
read_both 0
for name in national "$council"; do
    ours=$(sha256sum <"$tmp/files/$(printf '%s/manifest.json' "$name" | sed 's,/,%2F,g')" | cut -d ' ' -f 1)
    [ -f "$repository/targets/$name/$ours.manifest.json" ] || fail "$name: not the manifest that was published"
done
cmp -s "$tmp/trusted/root.json" "$repository/metadata/1.root.json" || fail "another root than was published"

# The council's key is lost: targets take it out and put another in, and what the old one signed is worth nothing.
quiet "$pack" key make "$tmp/ailsa" --name Ailsa --pass-file "$phrase"
lost=$("$pack" key list "$keys/DEMO-council.pub" | cut -d ' ' -f 1)
quiet "$pack" key rotate "$repository" --role "$council" --remove "$lost" --add "$tmp/ailsa.pub"
sign "$keys/DEMO-one" "$keys/DEMO-two"
quiet "$pack" build "$CANNY_SOURCE/assets/content" --into "$repository" --role "$council" --renew
sign "$tmp/ailsa"
publish
read_both 0
same 2 "$(version targets)" "the version of targets"
same 2 "$(version employers%2Fexample-council)" "the version of the council's role"

# The hub's key: a new one, named by the next root.
quiet "$admin" content --data "$hub" rotate-key
quiet "$admin" content --data "$hub" key
cp "$tmp/out" "$tmp/next.pub"
if cmp -s "$tmp/hub.pub" "$tmp/next.pub"; then
    fail "the hub's next key is its old one"
fi
old=$("$pack" key list "$tmp/hub.pub" | cut -d ' ' -f 1)
quiet "$pack" key rotate "$repository" --role online --add "$tmp/next.pub" --remove "$old"
sign "$keys/DEMO-one" "$keys/DEMO-two"
publish
read_both 0
same 2 "$(version root)" "the version of the root"
