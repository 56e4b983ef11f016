# What the journeys about a school's network share: certificates, a hub behind TLS, proxies. Sourced after lib.sh.

# certificate NAME ISSUER HOST...: $tmp/tls/NAME.pem with key and certificate, signed by the authority ISSUER, which is made if it
# is not there yet ($tmp/tls/ISSUER.crt). FROM and TO, as openssl takes them, make it valid at another time.
certificate() {
    cert_name=$1
    cert_issuer=$2
    shift 2
    mkdir -p "$tmp/tls"
    if [ ! -f "$tmp/tls/$cert_issuer.crt" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=$cert_issuer" \
            -keyout "$tmp/tls/$cert_issuer.key" -out "$tmp/tls/$cert_issuer.crt" 2>/dev/null ||
            fail "the authority $cert_issuer could not be made"
    fi
    cert_names=$(printf 'DNS:%s,' "$@")
    printf 'subjectAltName=%s\n' "${cert_names%,}" >"$tmp/tls/$cert_name.ext"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$cert_name" \
        -keyout "$tmp/tls/$cert_name.key" -out "$tmp/tls/$cert_name.csr" 2>/dev/null &&
        openssl x509 -req -in "$tmp/tls/$cert_name.csr" -CA "$tmp/tls/$cert_issuer.crt" -CAkey "$tmp/tls/$cert_issuer.key" \
            -CAcreateserial -days "${DAYS:-36500}" -extfile "$tmp/tls/$cert_name.ext" -out "$tmp/tls/$cert_name.crt" 2>/dev/null ||
        fail "the certificate $cert_name could not be made"
    cat "$tmp/tls/$cert_name.key" "$tmp/tls/$cert_name.crt" >"$tmp/tls/$cert_name.pem"
}

says_a_number() {
    [ -s "$1" ]
}

# tls_front CERTIFICATE PORT: TLS before that port; front_port is its own.
tls_front() {
    : >"$tmp/front.out"
    python3 "$here/../sync/client/tls_front.py" "$1" "$2" >"$tmp/front.out" 2>"$tmp/front.err" &
    front_pid=$!
    started="$started $front_pid"
    await says_a_number "$tmp/front.out" || fail "TLS before the hub does not listen"
    front_port=$(cat "$tmp/front.out")
}

# proxy_start MODE [KEY-AND-CERTIFICATE BODIES]: proxy_at is its address, $tmp/proxy.out what it was asked.
proxy_start() {
    proxy_mode=$1
    shift
    : >"$tmp/proxy.out"
    python3 "$here/net_proxy.py" "$proxy_mode" "$front_port" "$@" >"$tmp/proxy.out" 2>"$tmp/proxy.err" &
    proxy_pid=$!
    started="$started $proxy_pid"
    await hub_listens "$tmp/proxy.out" || {
        cat "$tmp/proxy.err" >&2
        fail "the proxy does not listen"
    }
    proxy_at=$(sed -n 's/^listening on //p' "$tmp/proxy.out")
}

# proxy_set DATA ADDRESS [USER PASSWORD]: as IT may put it there, instead of typing it on the screen.
proxy_set() {
    printf '{"address":"%s","user":"%s","password":"%s"}' "$2" "${3:-}" "${4:-}" >"$1/proxy.json"
}

# try_and_see DATA CODE STEP...: the records screen tells the code after «Try now», and each STEP as "TLS: Failed".
try_and_see() {
    try_data=$1
    try_code=$2
    shift 2
    {
        printf 'tap "/home/menu"\ntap "/menu/rows/records"\ntap "Try now"\nsee "%s" within 30s\n' "$try_code"
        printf 'see "othing is lost"\naudit\n'
        for try_step in "$@"; do
            printf 'see "%s"\n' "$try_step"
        done
    } | steps "$try_data"
}
