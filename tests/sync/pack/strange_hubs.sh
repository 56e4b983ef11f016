#!/bin/sh
# What answers in a hub's place: a sign-in page, a redirect, a hub that is busy, one that asks again and again, for what is none
# of a repository's, or refuses. Each is said in words with something to do, and nothing is lost.
. "$(dirname "$0")/lib.sh"

need python3
scene
build "$tmp/source" --into "$tmp/repo" --role national
sign "$tmp/repo" one two

# at MODE STATUS: publishes to it; its words are in $tmp/out and $tmp/err.
at() {
    python3 "$(dirname "$CANNY_SOURCE/tests/sync/pack/lib.sh")/strange_hub.py" "$1" "$tmp/port-$1" &
    hub=$!
    started="$started $hub"
    for _ in $(seq 200); do
        [ ! -s "$tmp/port-$1" ] || break
        sleep 0.05
    done
    pack "$2" publish "$tmp/repo" --to "http://127.0.0.1:$(cat "$tmp/port-$1")"
    kill "$hub"
    wait "$hub" 2>/dev/null
    started=
}

at page 1
says "$tmp/err" "S-111"
says "$tmp/err" "Nothing is lost: run it again"
at redirect 1
says "$tmp/err" "S-111"
at refuses 1
says "$tmp/err" "refuses metadata/1.root.json: it expired on 2026-11-01 (422 content.expired)"
at outside 1
says "$tmp/err" "asks for a file that no repository has"
at again 1
says "$tmp/err" "which this repository lacks"
at mute 1
says "$tmp/err" "Nothing is lost: run it again"
at busy 0
says "$tmp/out" "it had every file"
# Nobody there, and no address.
pack 1 publish "$tmp/repo" --to "http://127.0.0.1:1"
says "$tmp/err" "S-1"
pack 2 publish "$tmp/repo" --to "http://hub.example"
says "$tmp/err" "plain http only to this machine"
pack 2 publish "$tmp/repo" --to "http://127.0.0.1:1" --online-key "$tmp/online"
pack 2 publish "$tmp/repo"
printf 'strange hubs: each is told in words\n'
