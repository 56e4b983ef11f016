# What the tests of canny-pack's repositories share. Sourced, not run.
. "$CANNY_SOURCE/tests/journeys/lib.sh"

tool=$CANNY_BIN/canny-pack
pass=$tmp/pass
printf 'four plain words here\nsecond line\n' >"$pass"
day=2026-11-23T10:00:00Z

# pack STATUS ARGUMENTS...: the command must end so; its words are in $tmp/out and $tmp/err.
pack() {
    wanted=$1
    shift
    "$tool" "$@" >"$tmp/out" 2>"$tmp/err"
    got=$?
    [ "$got" = "$wanted" ] || { cat "$tmp/out" "$tmp/err" >&2; fail "canny-pack $*: status $got, not $wanted"; }
}

# key NAME [WHO]: a new key with the pass phrase of all.
key() {
    pack 0 key make "$tmp/$1" --name "${2:-$1}" --pass-file "$pass"
}

# sign REPOSITORY NAME...
sign() {
    signed=$1
    shift
    for who in "$@"; do
        pack 0 sign "$signed" --key "$tmp/$who" --pass-file "$pass"
    done
}

# publish REPOSITORY FOLDER [OPTIONS...]: by the folder's own online key.
publish() {
    from=$1
    to=$2
    shift 2
    pack 0 publish "$from" --to "$to" --online-key "$tmp/online" --pass-file "$pass" --at "$day" "$@"
}

# document FOLDER ID WORDS: a document that lints clean.
document() {
    mkdir -p "$1/docs/guidance"
    cat >"$1/docs/guidance/$2.md" <<END
---
id: $2
kind: guidance
title: "About $2"
issuer: "O'Hara"
summary: "What stands under the title."
revised: 2026-11-20
revision: 1
---
$3
END
}

# Everybody's keys, a small source, and a repository of two for root, targets and national, with one council.
scene() {
    key one "Mòrag O'Hara"
    key two "Ailsa \"Ò\" Mac a' Ghobhainn"
    key council "Comhairle O'Hara"
    key online
    pack 0 new "$tmp/source" --at "$day"
    document "$tmp/source" second "The second document."
    pack 0 new "$tmp/council-source" --employer o-hara --name "Comhairle \"Ò\" O'Hara" --constituency S12000036 \
        --at "$day"
    repository "$tmp/repo"
}

repository() {
    pack 0 new --repository "$1" --online "$tmp/online.pub" --at "$day" \
        --key root,targets="$tmp/one.pub" --key root,targets="$tmp/two.pub" \
        --key national="$tmp/one.pub" --key national="$tmp/two.pub" \
        --key employers/o-hara="$tmp/council.pub" --constituency o-hara=S12000036
}

build() {
    built=$1
    shift
    pack 0 build "$built" --at "$day" "$@"
}

# first REPOSITORY FOLDER: the first edition of both roles, published.
first() {
    build "$tmp/source" --into "$1" --role national
    build "$tmp/council-source" --into "$1" --role employers/o-hara
    sign "$1" one two council
    publish "$1" "$2"
}
