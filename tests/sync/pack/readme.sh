#!/bin/sh
# The ten lines of the README under «Publish content», as they stand there: typed by a person who is asked for pass phrases,
# with a real hub. Then a change, which is four lines more.
. "$(dirname "$0")/lib.sh"

hub=${CANNY_HUB:-$CANNY_BIN/canny-hub}
"$hub" content --help >/dev/null 2>&1 || skip "canny-hub knows no content yet"
need python3
mkdir -p "$tmp/it/run-data" "$tmp/bin"
ln -s "$tool" "$tmp/bin/canny-pack"
ln -s "$hub" "$tmp/bin/canny-hub"
PATH=$tmp/bin:$PATH
cd "$tmp/it" || exit 1

sed -n '/^## Publish content/,/^## /p' "$CANNY_SOURCE/README.md" | sed -n '/^```sh/,/^```/p' | grep -v '^```' >"$tmp/lines"
same 10 "$(wc -l <"$tmp/lines")" "lines of the README"

"$hub" serve --data run-data/hub --listen 127.0.0.1:0 >"$tmp/hub.out" 2>"$tmp/hub.log" &
started="$started $!"
for _ in $(seq 200); do
    url=$(sed -n 's/^listening on //p' "$tmp/hub.out")
    [ -z "$url" ] || break
    sleep 0.05
done
[ -n "$url" ] || fail "the hub does not start: $(cat "$tmp/hub.log")"

# as_typed FILE: its lines on a terminal, with the same pass phrase wherever one is asked for.
as_typed() {
    sed "s#https://hub.example.gov.uk#$url#" "$1" >"$tmp/typed.sh"
    python3 "$(dirname "$CANNY_SOURCE/tests/sync/pack/lib.sh")/answer.py" "$tmp/typed.sh" >"$tmp/out" 2>&1 ||
        { cat "$tmp/out" >&2; fail "the lines of the README"; }
}
as_typed "$tmp/lines"
says "$tmp/out" "the hub has taken national, version 1"
pack 0 key list repo
says "$tmp/out" "Mòrag O'Hara"

# A kiosk's client finds it there.
mkdir "$tmp/trusted"
pack 0 tuf --metadata-dir "$tmp/trusted" init repo/metadata/1.root.json
pack 0 tuf --metadata-url "$url/v1/content/metadata/" --metadata-dir "$tmp/trusted" --target-name national/manifest.json \
    --target-dir "$tmp/files" --target-base-url "$url/v1/content/targets/" download
grep -rq 'our-first-document' "$tmp/files" || fail "the manifest lacks the document"

# A change.
document content second "A change."
grep -E '^canny-pack (build|sign|publish)' "$tmp/lines" >"$tmp/change"
same 4 "$(wc -l <"$tmp/change")" "lines of a change"
as_typed "$tmp/change"
says "$tmp/out" "the hub has taken national, version 2"
pack 0 tuf --metadata-url "$url/v1/content/metadata/" --metadata-dir "$tmp/trusted" --target-name national/manifest.json \
    --target-dir "$tmp/files" --target-base-url "$url/v1/content/targets/" download
grep -rq 'second.md' "$tmp/files" || fail "the manifest lacks the change"

# Once more: nothing to send, nothing changed.
pack 0 publish repo --to "$url"
says "$tmp/out" "it had every file"
# A council's officer takes a copy from the hub to sign in.
pack 0 new --repository copy --from "$url" --root repo/metadata/1.root.json
pack 0 verify copy
says "$tmp/out" "national, version 2"
# A council's role comes in by the targets' people; from then on its officer publishes alone, from a copy, with a key of its own.
key officer "Comhairle O'Hara"
pack 0 key rotate repo --role employers/o-hara --add "$tmp/officer.pub" --constituency S12000036
grep -E '^canny-pack (sign|publish)' "$tmp/lines" >"$tmp/change"
as_typed "$tmp/change"
says "$tmp/out" "the hub has taken targets, version 2"
pack 0 new --repository council --from "$url" --root repo/metadata/1.root.json
pack 0 new council-content --employer o-hara --name "Comhairle \"Ò\" O'Hara" --constituency S12000036
pack 0 build council-content --into council --role employers/o-hara
sign council officer
pack 0 publish council --to "$url"
says "$tmp/out" "the hub has taken employers/o-hara, version 1"
pack 0 tuf --metadata-url "$url/v1/content/metadata/" --metadata-dir "$tmp/trusted" --target-dir "$tmp/files" \
    --target-name employers/o-hara/manifest.json --target-base-url "$url/v1/content/targets/" download
grep -rq 'o-hara-first-document' "$tmp/files" || fail "the council's manifest lacks its document"

# A root that the hub has gone past is no other repository.
cp -R repo behind
# Two people build on the same edition: the second is told before anything of hers counts here, and told again.
cp -R repo rival
cp -R content rival-content
document rival-content third "The rival's."
pack 0 build rival-content --into rival --role national
document content third "The first one's."
grep -E '^canny-pack (build|sign|publish)' "$tmp/lines" >"$tmp/change"
as_typed "$tmp/change"
sed 's/ repo/ rival/' "$tmp/change" | grep sign >"$tmp/rival"
as_typed "$tmp/rival"
for _ in once again; do
    pack 1 publish rival --to "$url"
    says "$tmp/err" "another national of version"
    says "$tmp/err" "canny-pack new --repository COPY --from"
    [ -e rival/staged/national.json ] || fail "what the hub refused counts here"
done
pack 0 key rotate repo --role root
grep -E '^canny-pack (sign|publish)' "$tmp/lines" >"$tmp/change"
as_typed "$tmp/change"
says "$tmp/out" "the hub has taken root, version 2"
pack 0 publish behind --to "$url"
pack 0 publish repo --to "$url"
# Who comes with another repository is told.
mkdir other && cd other || exit 1
scene
build "$tmp/source" --into "$tmp/repo" --role national
sign "$tmp/repo" one two
pack 1 publish "$tmp/repo" --to "$url"
says "$tmp/err" "trusts another repository"
printf 'the ten lines of the README do what it says\n'
