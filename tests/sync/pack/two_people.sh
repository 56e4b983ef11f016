#!/bin/sh
# From nothing to published content by two people on two machines, with names as people have them: what lacks a signature is
# not published, a copy that was carried is merged, a key that may not sign is told so, and a kiosk's client takes the whole.
. "$(dirname "$0")/lib.sh"

scene
pack 1 new --repository "$tmp/repo" --online "$tmp/online.pub" --key root="$tmp/one.pub" --key targets="$tmp/one.pub" \
    --key national="$tmp/one.pub"
says "$tmp/err" "is there already"

build "$tmp/source" --into "$tmp/repo" --role national
says "$tmp/out" "national, edition 2026-11-23 for 100 kiosks of a hundred: 4 files"
says "$tmp/out" "staged for signing"

# Nothing before two have signed; each is told what it is, and what is not what it was is not signed.
sign "$tmp/repo" one
says "$tmp/out" "edition 2026-11-23 for 100 kiosks of a hundred: 4 files"
manifest=$(ls "$tmp/repo/targets/national/"*.manifest.json)
cp "$manifest" "$tmp/manifest"
sed -i 's/"percent":100/"percent":101/' "$manifest"
pack 1 sign "$tmp/repo" --key "$tmp/two" --pass-file "$pass"
says "$tmp/err" "national is not signed"
cp "$tmp/manifest" "$manifest"
sign "$tmp/repo" one
says "$tmp/out" "national: 1 of 2 signatures; lacks 1"
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
says "$tmp/out" "not published: national, version 1 lacks 1 signature"
says "$tmp/err" "nothing that is staged has the signatures it needs"
[ ! -e "$tmp/www" ] || fail "something was published"
# One person twice is one person.
sign "$tmp/repo" one
says "$tmp/out" "national: 1 of 2 signatures; lacks 1"
# Who may sign nothing is told so, and who gives the wrong words.
pack 1 sign "$tmp/repo" --key "$tmp/council" --pass-file "$pass"
says "$tmp/err" "may sign nothing that is staged"
says "$tmp/err" "Comhairle O'Hara"
printf 'other words\n' >"$tmp/wrong"
pack 1 sign "$tmp/repo" --key "$tmp/two" --pass-file "$tmp/wrong"
says "$tmp/err" "this is not its pass phrase"

# The second person, on another machine, with copies of the staged files and nothing else.
mkdir "$tmp/mail"
cp "$tmp/repo/staged/"*.json "$tmp/mail/"
for role in root targets national; do
    pack 0 sign "$tmp/mail/$role.json" --key "$tmp/two" --pass-file "$pass"
done
says "$tmp/out" "national/manifest.json"
# Meanwhile the first machine still lacks it; a copy of something else is refused.
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
sed 's/"version":1/"version":9/' "$tmp/mail/national.json" >"$tmp/other.json"
pack 1 sign "$tmp/repo" --merge "$tmp/other.json"
says "$tmp/err" "is not what is staged"
# A signature that is none stays out.
sed 's/"sig":"./"sig":"0/; s/"sig":"../"sig":"00/' "$tmp/repo/staged/national.json" >"$tmp/none.json"
pack 0 sign "$tmp/repo" --merge "$tmp/none.json"
says "$tmp/out" "0 new signatures for national"
pack 0 sign "$tmp/repo" --merge "$tmp/mail/root.json" "$tmp/mail/targets.json" "$tmp/mail/national.json"
says "$tmp/out" "1 new signature for national"
says "$tmp/out" "national: complete, 2 of 2 signatures"
publish "$tmp/repo" "$tmp/www"
says "$tmp/out" "complete: national, version 1"
pack 0 verify "$tmp/www" --at "$day"
says "$tmp/out" "0 faults"
says "$tmp/out" "employers/o-hara: nothing is published yet"

# The council publishes by itself, from a copy of what is published, and touches nobody else's.
pack 1 new --repository "$tmp/council-repo" --from "$tmp/www" --root "$tmp/mail/targets.json" --at "$day"
[ ! -e "$tmp/council-repo" ] || fail "a copy that was refused has the name of a good one"
pack 0 new --repository "$tmp/council-repo" --from "$tmp/www" --root "$tmp/mail/root.json" --at "$day"
says "$tmp/out" "verified"
pack 1 build "$tmp/source" --into "$tmp/council-repo" --role employers/o-hara --at "$day"
says "$tmp/err" "whose content is it?"
build "$tmp/council-source" --into "$tmp/council-repo" --role employers/o-hara
sign "$tmp/council-repo" council
says "$tmp/out" "employers/o-hara: complete, 1 of 1 signatures"
publish "$tmp/council-repo" "$tmp/www"
pack 0 verify "$tmp/www" --at "$day"
says "$tmp/out" "employers/o-hara, version 1"
pack 0 key list "$tmp/www"
says "$tmp/out" "Ailsa \"Ò\" Mac a' Ghobhainn"
says "$tmp/out" "national: 2 of 2"

# Who comes later with something that others have gone past is told, and nothing of theirs is put aside.
document "$tmp/source" third "The third document."
build "$tmp/source" --into "$tmp/repo" --role national
sign "$tmp/repo" one two
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
says "$tmp/err" "which is not from this repository"
pack 0 verify "$tmp/www" --at "$day"

# A stick holds the same.
mkdir "$tmp/stick"
pack 0 publish "$tmp/council-repo" --stick "$tmp/stick"
pack 0 verify "$tmp/stick/CANNY/content" --root "$tmp/www/metadata/1.root.json" --at "$day"
printf 'two people, two machines: published, and verified\n'
