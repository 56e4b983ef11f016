#!/bin/sh
# Keys come and go without anybody visiting a kiosk: each role's, and the online ones. A lost key of a council is revoked by
# the targets role alone. Who trusts the first root follows all of it.
. "$(dirname "$0")/lib.sh"

scene
first "$tmp/repo" "$tmp/www"
cp "$tmp/www/metadata/1.root.json" "$tmp/trusted.json"
id_of() {
    "$tool" key list "$tmp/$1.pub" | cut -c 1-12
}
rotate() {
    pack 0 key rotate "$tmp/repo" --at "$day" "$@"
}
# What a kiosk that trusts the first root still reads.
followed() {
    pack 0 verify "$tmp/www" --root "$tmp/trusted.json" --at "$day"
}
followed

# A council's key is lost: its content waits for the new key, and nobody but the targets' people signs the change.
key later "Comhairle, iuchair ùr"
rotate --role employers/o-hara --remove "$(id_of council)" --add "$tmp/later.pub"
says "$tmp/out" "staged: targets, version 2"
says "$tmp/out" "employers/o-hara is not signed by enough of the keys that sign for it now"
says "$tmp/out" "staged: employers/o-hara, version 2"
sign "$tmp/repo" one two
pack 1 sign "$tmp/repo" --key "$tmp/council" --pass-file "$pass"
says "$tmp/err" "may sign nothing that is staged"
# The lost key is worth nothing from now on, without the council: its content stays as kiosks have it, and the others go on.
publish "$tmp/repo" "$tmp/www"
says "$tmp/out" "note: employers/o-hara: signed by 0 of the 1 keys it takes"
pack 1 verify "$tmp/www" --root "$tmp/trusted.json" --at "$day"
says "$tmp/out" "national, version 1"
says "$tmp/out" "1 fault"
pack 0 new --repository "$tmp/waiting" --from "$tmp/www" --root "$tmp/trusted.json" --at "$day"
says "$tmp/out" "note: employers/o-hara"
sign "$tmp/repo" later
publish "$tmp/repo" "$tmp/www"
followed
says "$tmp/out" "employers/o-hara, version 2"
# What the lost key signs now is worth nothing.
cp -R "$tmp/www" "$tmp/thief"
document "$tmp/council-source" bad "Do as you like."
build "$tmp/council-source" --into "$tmp/thief" --role employers/o-hara
pack 1 sign "$tmp/thief" --key "$tmp/council" --pass-file "$pass"
says "$tmp/err" "may sign nothing"
rm "$tmp/council-source/docs/guidance/bad.md"

# One of the national people: as many keys as before, another one among them.
key three "Iain Mac an t-Saoir"
rotate --role national --remove "$(id_of two)" --add "$tmp/three.pub"
sign "$tmp/repo" one two
# The national people can sign their own: their content never stands without its signatures.
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
says "$tmp/out" "fault: national: signed by 1 of the 2 keys"
followed
sign "$tmp/repo" three
publish "$tmp/repo" "$tmp/www"
followed
pack 0 key list "$tmp/www"
says "$tmp/out" "Iain Mac an t-Saoir"

# The online key, as when a hub is lost: the old one's timestamp is worth nothing then.
key online2
rotate --role online --remove "$(id_of online)" --add "$tmp/online2.pub"
says "$tmp/out" "staged: root, version 2"
sign "$tmp/repo" one two
pack 1 publish "$tmp/repo" --to "$tmp/www2" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
says "$tmp/err" "is not the key that root names"
# Both keys sign while the one goes and the other comes: the timestamp is there before the root, and who asks between the two is
# not refused. (A folder in the way of the next root stops the publishing there.)
cp -R "$tmp/www" "$tmp/apart"
mkdir "$tmp/www/metadata/2.root.json.new"
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
says "$tmp/err" "2.root.json"
followed
says "$tmp/out" "root, version 1"
rmdir "$tmp/www/metadata/2.root.json.new"
# With the new key alone nothing fits in between: that is said.
pack 0 publish "$tmp/repo" --to "$tmp/apart" --online-key "$tmp/online2" --pass-file "$pass" --at "$day"
says "$tmp/out" "note: a kiosk that asks between the new root and the new timestamp is refused"
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
followed
says "$tmp/out" "root, version 2"
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online" --pass-file "$pass" --at "$day"
says "$tmp/err" "is not the key that root names"

# The targets' people, which stages targets for the new ones to sign.
rotate --role targets --remove "$(id_of two)" --add "$tmp/three.pub"
says "$tmp/out" "staged: root, version 3"
says "$tmp/out" "staged: targets"
sign "$tmp/repo" one two three
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --pass-file "$pass" --at "$day"
followed

# Root itself: those before and those after have to sign.
rotate --role root --remove "$(id_of two)" --add "$tmp/three.pub"
sign "$tmp/repo" one three
says "$tmp/out" "root: 1 of 2 signatures of the keys before; lacks 1"
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --pass-file "$pass" --at "$day"
sign "$tmp/repo" two
says "$tmp/out" "root: complete"
# Here the root goes first: what was signed before stands by it too.
mkdir "$tmp/www/metadata/timestamp.json.new"
pack 1 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --pass-file "$pass" --at "$day"
followed
says "$tmp/out" "root, version 4"
rmdir "$tmp/www/metadata/timestamp.json.new"
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --pass-file "$pass" --at "$day"
followed
says "$tmp/out" "root, version 4"

# A new employer, and what cannot be.
key head "Ceannard"
pack 1 key rotate "$tmp/repo" --role employers/new-school --add "$tmp/head.pub" --at "$day"
says "$tmp/err" "whose schools is it for?"
pack 1 key rotate "$tmp/repo" --role employers/new-school --add "$tmp/head.pub" --kind school \
    --constituency X-SCIS --at "$day"
says "$tmp/err" "--site NAME"
rotate --role employers/new-school --add "$tmp/head.pub" --kind school --constituency X-SCIS --site "Sgoil O'Hara"
grep -q '"site":"Sgoil O'"'"'Hara"' "$tmp/repo/staged/targets.json" || fail "the school's name is not in targets"
pack 1 key rotate "$tmp/repo" --role national --remove "$(id_of one)" --remove "$(id_of three)" --at "$day"
says "$tmp/err" "would have no key left"
pack 1 key rotate "$tmp/repo" --role national --threshold 3 --at "$day"
says "$tmp/err" "would need 3 signatures and have 2 keys"
pack 1 key rotate "$tmp/repo" --role national --remove 00000000 --at "$day"
says "$tmp/err" "no key of it begins with"
pack 2 key rotate "$tmp/repo" --role nobody --add "$tmp/head.pub"
# A council whose key was stolen, and which has no other yet: its role goes, and what others have stays.
rm "$tmp/repo/staged/"*.json
pack 2 key rotate "$tmp/repo" --role root --drop
pack 2 key rotate "$tmp/repo" --role employers/o-hara --drop --add "$tmp/head.pub"
pack 1 key rotate "$tmp/repo" --role employers/nobody --drop --at "$day"
pack 0 build "$tmp/council-source" --into "$tmp/repo" --role employers/o-hara --renew --at "$day"
rotate --role employers/o-hara --drop
pack 1 build "$tmp/council-source" --into "$tmp/repo" --role employers/o-hara --renew --at "$day"
says "$tmp/err" "nobody signs for employers/o-hara yet"
# What was staged of it before holds up nobody.
sign "$tmp/repo" one three
says "$tmp/out" "employers/o-hara: nobody signs for it"
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/online2" --pass-file "$pass" --at "$day"
followed
! grep -q '^employers/o-hara' "$tmp/out" || fail "the council's role is still there"
says "$tmp/out" "national, version"

printf 'every role has changed its keys, and the first root still leads to all of it\n'
