#!/bin/sh
# A school's proxy: set on the screen by somebody who may, with a password that stays where it belongs; and what the records
# screen says when the proxy wants another password, is not there, blocks, or takes TLS apart.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/net_lib.sh"
need python3 openssl
password='correct horse'
hub=$tmp/hub
kiosk=$tmp/kiosk
hub_start "$hub"
certificate hub authority hub.test
tls_front "$tmp/tls/hub.pem" "${hub_listen##*:}"
ready "$kiosk"
mkdir -p "$kiosk/ca"
cp "$tmp/tls/authority.crt" "$kiosk/ca/"

# A kiosk that knows nobody yet has to get out too: there whoever sets it up may, and there alone.
mkdir -p "$tmp/bare" "$tmp/new"
cp "$content/kinds.csv" "$tmp/bare/"
CONTENT=$tmp/bare
steps "$tmp/new" <<'STEPS'
tap "More"
tap "/menu/rows/kiosk"
tap "/kiosk/rows/network"
tap "/network/change"
see "User, if it wants one"
tap "/network/fields/address"
type "proxy.example:8080\n"
tap "/network/save"
see "http://proxy.example:8080"
STEPS
unset CONTENT

# What the environment says is not taken: nobody here asked for it.
proxy_start refuse
mv "$tmp/proxy.out" "$tmp/environment.out"
https_proxy=http://$proxy_at http_proxy=$https_proxy all_proxy=$https_proxy
export https_proxy http_proxy all_proxy

# Typed on the screen by the officer, as a technician may not. The password is wrong at first, which joining tells.
proxy_start basic
steps "$kiosk" --hub https://hub.test <<STEPS
tap "/home/menu"
tap "/menu/rows/kiosk"
tap "/kiosk/rows/network"
see "None yet"
audit
tap "/network/change"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
$(digits 402917)
see "Not opened"
unsee "User, if it wants one"
idle 9s
back
tap "/kiosk/sign_out"
tap "/home/menu"
tap "/menu/rows/kiosk"
tap "/kiosk/rows/network"
tap "/network/change"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
$(digits 561098)
tap "/network/fields/address"
type "$proxy_at\n"
tap "/network/fields/user"
type "kiosk-7\n"
tap "/network/fields/password"
type "wrong horse\n"
audit
tree typed
tap "/network/save"
see "Kept: this proxy"
see "Kept, and not shown"
audit
tree kept

STEPS
same 600 "$(stat -c %a "$kiosk/proxy.json")" "mode of the proxy's file"
if grep -q 'wrong horse' "$tmp/shots/typed.json" "$tmp/shots/kept.json" "$tmp/out" "$tmp/err"; then
    fail "the password is on the screen or in what the kiosk says"
fi
steps "$kiosk" --hub https://hub.test <<STEPS
tap "/home/menu"
tap "/menu/rows/records"
tap "Join a hub"
tap "/join/fields/code"
type "$(hub_code "$hub")\n"
tap "Join this hub"
see "Not joined" within 20s
see "S-143"
tap "/join/fields/network"
see "Proxy: Failed"
audit
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
tap "/network/change"
$(digits 561098)
tap "/network/fields/password"
type "$password\n"
tap "/network/save"
see "Kept: this proxy"
back
idle 9s
tap "Join this hub"
see "All sent" within 20s
STEPS
says "$tmp/proxy.out" "CONNECT hub.test:443 Basic 407"
says "$tmp/proxy.out" "CONNECT hub.test:443 Basic 200"
same 0 "$(grep -c CONNECT "$tmp/environment.out")" "requests to the environment's proxy"
if grep -q "$password" "$tmp/out" "$tmp/err" "$kiosk"/canny.db*; then
    fail "the password is in the log or among the records"
fi
stop "$proxy_pid" 2>/dev/null

# Digest and NTLM, as the proxy asks for them; then nobody is there.
for scheme in Digest NTLM; do
    proxy_start "$(printf '%s' "$scheme" | tr '[:upper:]' '[:lower:]')"
    proxy_set "$kiosk" "$proxy_at" kiosk-7 "$password"
    steps "$kiosk" <<'STEPS'
sync
STEPS
    says "$tmp/proxy.out" "CONNECT hub.test:443 $scheme 200"
    stop "$proxy_pid" 2>/dev/null
done
try_and_see "$kiosk" S-142 "Proxy: Failed" "TLS: Not reached"

# for_proxy MODE CODE STEP...
for_proxy() {
    proxy_start "$1"
    shift
    proxy_set "$kiosk" "$proxy_at"
    try_and_see "$kiosk" "$@"
    stop "$proxy_pid" 2>/dev/null
}
for_proxy basic S-143 "Route: OK" "Proxy: Failed"
for_proxy refuse S-144 "Proxy: Failed"
for_proxy gateway S-145 "Proxy: Failed"
for_proxy none S-142 "Route: OK" "Proxy: Failed"
proxy_set "$kiosk" "proxy.invalid:8080"
steps "$kiosk" <<'STEPS'
tap "/home/menu"
tap "/menu/rows/records"
tap "Try now"
see "Proxy: Failed" within 30s
STEPS

# A proxy that takes TLS apart: its authority is not trusted until IT drops its certificate into the folder. What it then
# reads names nobody and no place.
certificate inspect inspector hub.test
: >"$tmp/bodies"
proxy_start inspect "$tmp/tls/inspect.pem" "$tmp/bodies"
proxy_set "$kiosk" "$proxy_at"
try_and_see "$kiosk" S-120 "Proxy: OK" "TLS: Failed" "Identity: Not reached"
same 0 "$(wc -c <"$tmp/bodies")" "bytes that went to an authority nobody trusts"
cp "$tmp/tls/inspector.crt" "$kiosk/ca/inspector.pem"
steps "$kiosk" <<STEPS
$(fume_check 0.51)
sync within 20s
STEPS
says "$tmp/bodies" "POST /v1/events"
for word in Technician Example Academy 'Fume cupboard' EXA-0043 prep; do
    if grep -aq "$word" "$tmp/bodies"; then
        fail "a proxy that takes TLS apart reads «$word»"
    fi
done
kiosk_export "$kiosk" | LC_ALL=C sort >"$tmp/a"
hub_export "$hub" | LC_ALL=C sort >"$tmp/b"
cmp "$tmp/a" "$tmp/b" >&2 || fail "kiosk and hub hold different lines"
verify_kiosk "$kiosk"
