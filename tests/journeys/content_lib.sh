# What journeys of signed content share: a small source, a repository with throw-away keys, and a hub that serves it.
# Sourced after lib.sh.

tool=$CANNY_BIN/canny-pack
signed=$tmp/signed
pass=$tmp/pass
printf 'four plain words here\n' >"$pass"

# quietly COMMAND...: its output only where it fails.
quietly() {
    "$@" >"$tmp/said" 2>&1 || { cat "$tmp/said" >&2; fail "$*"; }
}

# document FOLDER NAME TITLE WORDS: a page of guidance.
document() {
    mkdir -p "$1/docs/guidance"
    cat >"$1/docs/guidance/$2.md" <<PAGE
---
id: $2
kind: guidance
title: "$3"
issuer: "Example"
summary: "What stands under the title."
revised: 2026-11-20
revision: 1
---
$4
PAGE
}

# content_keys: those of everybody, and a source to begin with.
content_keys() {
    for name in one council; do
        quietly "$tool" key make "$tmp/$name" --name "$name" --pass-file "$pass"
    done
    quietly "$tool" new "$tmp/source"
    quietly "$tool" new "$tmp/council-source" --employer example --name "Example Council" --constituency S12000036
}

# content_repository ONLINE.pub: signed by one person each.
content_repository() {
    quietly "$tool" new --repository "$signed" --online "$1" --key root,targets,national="$tmp/one.pub" \
        --key employers/example="$tmp/council.pub" --constituency example=S12000036
    quietly "$tool" sign "$signed" --key "$tmp/one" --pass-file "$pass"
}

# build ROLE EDITION [OPTIONS...]: the next edition, signed.
build() {
    case $1 in
    national) from=$tmp/source key=$tmp/one ;;
    *) from=$tmp/council-source key=$tmp/council ;;
    esac
    role=$1
    edition=$2
    shift 2
    quietly "$tool" build "$from" --into "$signed" --role "$role" --edition "$edition" "$@"
    quietly "$tool" sign "$signed" --key "$key" --pass-file "$pass"
}
