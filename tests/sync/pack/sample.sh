#!/bin/sh
# The sample content as ./run signs it: with the DEMO keys, nothing twice, and on when the hub's key is another. Each of the keys
# says that it is for the demo.
. "$(dirname "$0")/lib.sh"

sample=$CANNY_SOURCE/tests/tools/sample_repository
keys=$CANNY_SOURCE/assets/sample-keys
for file in "$keys"/*.pub; do
    case $(basename "$file") in DEMO-*) ;; *) fail "$file does not say that it is for the demo" ;; esac
    pack 0 key list "$file"
    says "$tmp/out" "DEMO"
done

key hub
"$sample" "$tmp/repo" "$tmp/hub.pub" || fail "the sample repository could not be made"
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/hub" --pass-file "$pass"
pack 0 verify "$tmp/www"
says "$tmp/out" "national, version 1"
says "$tmp/out" "employers/example-council, version 1"

# Again: nothing is staged. Another hub: its key comes in by a root that follows the first.
"$sample" "$tmp/repo" "$tmp/hub.pub" || fail "again"
same "" "$(ls "$tmp/repo/staged")" "what is staged when nothing has changed"
key hub2
"$sample" "$tmp/repo" "$tmp/hub2.pub" || fail "another hub"
same "root.json" "$(ls "$tmp/repo/staged")" "what is staged for another hub"
pack 1 publish "$tmp/repo" --to "$tmp/other" --online-key "$tmp/hub" --pass-file "$pass"
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/hub2" --pass-file "$pass"
cp "$tmp/www/metadata/1.root.json" "$tmp/first.json"
pack 0 verify "$tmp/www" --root "$tmp/first.json"
says "$tmp/out" "root, version 2"
printf 'the sample repository: made, left, and led on\n'
