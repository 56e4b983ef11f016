#!/bin/sh
# A hub behind TLS and a proxy, as a council's publisher meets it: the authority's certificate and the proxy are given, one
# connection takes all files, what is wrong on the way is said with what to give; and a hub that goes in the middle is gone on with.
. "$(dirname "$0")/lib.sh"
here=$CANNY_SOURCE/tests/journeys
. "$here/net_lib.sh"
need python3 openssl

hub_start "$tmp/hub"
certificate hub authority hub.test
tls_front "$tmp/tls/hub.pem" "${hub_listen##*:}"
mkdir "$tmp/ca"
cp "$tmp/tls/authority.crt" "$tmp/ca/"
url=https://hub.test:$front_port

key one
pack 0 new "$tmp/source"
"$CANNY_BIN/canny-hub" content --data "$tmp/hub" key >"$tmp/hub.pub"
pack 0 new --repository "$tmp/repo" --online "$tmp/hub.pub" --key root,targets,national="$tmp/one.pub"
pack 0 build "$tmp/source" --into "$tmp/repo" --role national
sign "$tmp/repo" one
"$CANNY_BIN/canny-hub" content --data "$tmp/hub" trust "$tmp/repo/staged/root.json" >/dev/null || fail "trust"

# to WORDS OPTIONS...: it fails, and says so; nothing that was staged counts yet.
to() {
    words=$1
    shift
    pack 1 publish "$tmp/repo" --to "$url" "$@"
    says "$tmp/err" "$words"
    grep -q kiosk "$tmp/err" && fail "a person at a keyboard is told of a kiosk: $(cat "$tmp/err")"
    [ -e "$tmp/repo/staged/national.json" ] || fail "what nobody has taken counts here"
}
proxy_start refuse
to S-144 --proxy "$proxy_at"
proxy_start basic
to S-143 --proxy "$proxy_at"
proxy_start open
to S-120 --proxy "$proxy_at"
says "$tmp/err" "--ca FOLDER"
pack 2 publish "$tmp/repo" --to "$url" --proxy "a b"
pack 2 publish "$tmp/repo" --to "$tmp/www" --proxy "$proxy_at"

# A hub that goes after the third file; then all of it, and no file twice.
HALF=${hub_listen##*:} python3 "$CANNY_SOURCE/tests/sync/pack/strange_hub.py" half "$tmp/port" &
started="$started $!"
await says_a_number "$tmp/port" || fail "the hub that goes does not listen"
pack 1 publish "$tmp/repo" --to "http://127.0.0.1:$(cat "$tmp/port")"
says "$tmp/err" "Nothing is lost: run it again"
first=$(sed -n 's/.*: \([0-9]*\) files sent.*/\1/p' "$tmp/out")
before=$(grep -c CONNECT "$tmp/proxy.out")
pack 0 publish "$tmp/repo" --to "$url" --proxy "$proxy_at" --ca "$tmp/ca"
says "$tmp/out" "the hub has taken national, version 1"
then=$(sed -n 's/.*: \([0-9]*\) files sent.*/\1/p' "$tmp/out")
same "$(find "$tmp/repo/blobs" "$tmp/repo/targets" "$tmp/repo/patches" -type f | wc -l)" $((first + then)) "files sent in both runs"
# Nothing was staged this time, so there is one connection, for every file.
same 1 $(($(grep -c CONNECT "$tmp/proxy.out") - before)) "connections of one publishing"
# And a copy comes the same way.
pack 0 new --repository "$tmp/copy" --from "$url" --proxy "$proxy_at" --ca "$tmp/ca"
pack 0 verify "$tmp/copy"
printf 'a hub behind a proxy and TLS: reached, and gone on with\n'
