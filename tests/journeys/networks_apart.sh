#!/bin/sh
# Networks that a school may have, each made in a namespace of its own: none, one that gives no address, one that speaks IPv6
# only, one whose name server lies, one with a sign-in page. The records screen names the step that failed; what is recorded
# is safe, and goes when the way is free.
if [ -z "${CANNY_APART:-}" ]; then
    unshare -rnm sh -c 'ip link add school type veth peer name far' 2>/dev/null || {
        echo "networks_apart: skipped: this machine gives no network namespace"
        exit 77
    }
    CANNY_APART=yes exec unshare -rnm sh "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/net_lib.sh"
need python3 openssl ip
hub=$tmp/hub
kiosk=$tmp/kiosk

# far WORDS...: net_far.py with them; far_pid is its number.
far() {
    : >"$tmp/far.out"
    python3 "$here/net_far.py" "$@" >"$tmp/far.out" 2>"$tmp/far.err" &
    far_pid=$!
    started="$started $far_pid"
    await hub_listens "$tmp/far.out" || {
        cat "$tmp/far.err" >&2
        fail "net_far.py $1 does not listen"
    }
}
address() {
    ip -6 addr add "$1/64" dev school nodad || fail "no address $1"
}

# One cable, nothing but IPv6, and the school's own name server.
ip link add school type veth peer name far && ip link set lo up && ip link set far up && ip link set school up ||
    fail "no cable could be laid"
ip addr del 127.0.0.1/8 dev lo
address fd00::1
address fd00::53
address fd00::66
printf 'nameserver fd00::53\n' >"$tmp/resolv.conf"
mount --bind "$tmp/resolv.conf" /etc/resolv.conf
printf 'hub.test fd00::1\n' >"$tmp/zone"
far dns fd00::53 "$tmp/zone"
name_server=$far_pid
hub_listen='[::1]:0'
hub_start "$hub"
port=${hub_listen##*:}
certificate hub authority hub.test
far tls fd00::1 8443 "$tmp/tls/hub.pem" "$port"
true_front=$far_pid
ready "$kiosk"
mkdir -p "$kiosk/ca"
cp "$tmp/tls/authority.crt" "$kiosk/ca/"

# IPv6 only: joined, sent.
steps "$kiosk" --hub https://hub.test:8443 --join "$(hub_code "$hub")" <<'STEPS'
sync within 20s
tap "/home/menu"
tap "/menu/rows/records"
see "All sent"
STEPS
sent=$(hub_export "$hub" | wc -l)

# A name server that lies: the name leads to another machine, with a certificate of its own name, by an authority that is
# trusted or not.
printf 'hub.test fd00::66\n' >"$tmp/zone"
certificate other authority other.test
far tls fd00::66 8443 "$tmp/tls/other.pem" page
try_and_see "$kiosk" S-121 "Name: OK" "Route: OK" "TLS: Failed"
stop "$far_pid" 2>/dev/null
certificate stranger strangers hub.test
far tls fd00::66 8443 "$tmp/tls/stranger.pem" page
try_and_see "$kiosk" S-120 "TLS: Failed" "Identity: Not reached"
stop "$far_pid" 2>/dev/null

# A page where the hub should be, behind a good certificate; the same behind one that has run out, which only NTP's time judges
# where the hub's own key has to prove the answer; and any clock where only TLS proves it.
far tls fd00::66 8443 "$tmp/tls/hub.pem" page
try_and_see "$kiosk" S-111 "TLS: OK" "Identity: Failed"
stop "$far_pid" 2>/dev/null
DAYS=-1 certificate old authority hub.test
far tls fd00::66 8443 "$tmp/tls/old.pem" page
try_and_see "$kiosk" S-111 "TLS: OK" "Identity: Failed"
ready "$tmp/late"
mkdir -p "$tmp/late/ca"
cp "$tmp/tls/authority.crt" "$tmp/late/ca/"
steps "$tmp/late" --hub https://hub.test:8443 <<'STEPS'
tap "/home/menu"
tap "/menu/rows/records"
tap "Join a hub"
tap "/join/fields/code"
type "ABCD-EFGH-JKMN\n"
tap "Join this hub"
see "Not joined" within 20s
see "S-123"
STEPS
stop "$far_pid" 2>/dev/null

# A sign-in page that catches every connection, and speaks no TLS.
far portal fd00::66 8443
try_and_see "$kiosk" S-122 "TLS: Failed"
stop "$far_pid" 2>/dev/null
try_and_see "$kiosk" S-103 "Route: OK" "Hub: Failed"

# A name that nobody knows, and an address that no route leads to.
: >"$tmp/zone"
try_and_see "$kiosk" S-102 "Name: Failed" "Route: Not reached"
printf 'hub.test 2001:db8::1\n' >"$tmp/zone"
try_and_see "$kiosk" S-105 "Name: OK" "Route: Failed"

# A machine that says nothing, as behind a firewall: its number on the cable is nobody's.
printf 'hub.test fd00::99\n' >"$tmp/zone"
ip -6 neigh add fd00::99 lladdr 02:00:00:00:00:99 dev school
try_and_see "$kiosk" S-104 "Name: OK" "Route: Failed"

# A cable without an address; the same with a NetworkManager that knows why; no cable.
ip -6 addr del fd00::1/64 dev school
ip -6 addr del fd00::53/64 dev school
ip -6 addr del fd00::66/64 dev school
try_and_see "$kiosk" S-108 "Route: Failed"
mkdir "$tmp/bin"
printf '#!/bin/sh\nprintf "GENERAL.STATE:60 (connecting (need authentication))\\nGENERAL.REASON:0 (No reason given)\\n"\n' \
    >"$tmp/bin/nmcli"
chmod +x "$tmp/bin/nmcli"
(PATH=$tmp/bin:$PATH && try_and_see "$kiosk" S-109 "Route: Failed") || exit 1
ip link set school down
try_and_see "$kiosk" S-101 "Route: Failed"

# What was recorded meanwhile is sent once the way is free.
steps "$kiosk" <<STEPS
$(fume_check 0.51)
STEPS
stop "$name_server" 2>/dev/null
stop "$true_front" 2>/dev/null
ip link set school up
address fd00::1
address fd00::53
printf 'hub.test fd00::1\n' >"$tmp/zone"
far dns fd00::53 "$tmp/zone"
far tls fd00::1 8443 "$tmp/tls/hub.pem" "$port"
steps "$kiosk" <<'STEPS'
sync within 30s
STEPS
same $((sent + 1)) "$(hub_export "$hub" | wc -l)" "lines at the hub"
verify_kiosk "$kiosk"
verify_hub "$hub"
