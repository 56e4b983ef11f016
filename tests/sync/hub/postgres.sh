#!/bin/sh
# A PostgreSQL of its own in a temporary folder, on a socket only, for as long as a command runs:
#     postgres.sh COMMAND [ARGUMENTS...]      the command finds its address in CANNY_POSTGRES
# Status 77, with the reason, where none can be started, or a program that NEED names is not installed. DURABLE=off:
# without waiting for the disk, as tests want it.
set -u

skip() {
    printf 'postgres: skipped: %s\n' "$*"
    exit 77
}

for program in ${NEED:-}; do
    command -v "$program" >/dev/null 2>&1 || [ -x "/usr/sbin/$program" ] || skip "$program is not installed"
done
PATH=$PATH:/usr/sbin
bin=
for folder in /usr/lib/postgresql/*/bin; do
    [ -x "$folder/initdb" ] && bin=$folder
done
[ -n "$bin" ] || skip "no PostgreSQL is installed"

# The server refuses to run as root: then it runs as the user that the package made for it.
as=
if [ "$(id -u)" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || skip "run by root, and there is no user postgres"
    command -v setpriv >/dev/null 2>&1 || skip "run by root, and setpriv is not installed"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi

tmp=$(mktemp -d) || exit 1
chmod 711 "$tmp"
mkdir "$tmp/data" "$tmp/socket" || exit 1
[ -z "$as" ] || chown postgres: "$tmp/data" "$tmp/socket"
server=
command=
cleanup() {
    status=$?
    trap - EXIT HUP INT TERM
    [ -z "$command" ] || { kill "$command" && wait "$command"; } 2>/dev/null
    [ -z "$server" ] || { kill -INT "$server" && wait "$server"; } 2>/dev/null
    rm -rf "$tmp"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

cd "$tmp" || exit 1
$as "$bin/initdb" -D "$tmp/data" -U canny --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$tmp/log" 2>&1 || {
    cat "$tmp/log" >&2
    exit 1
}
$as "$bin/postgres" -D "$tmp/data" -k "$tmp/socket" -c listen_addresses= -c max_connections=60 \
    -c "fsync=${DURABLE:-on}" -c log_min_messages=fatal >>"$tmp/log" 2>&1 &
server=$!
tries=0
until "$bin/pg_isready" -q -h "$tmp/socket" -U canny; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$tmp/log" >&2
        exit 1
    fi
    # A poll of a condition, not a guess at how long it takes.
    sleep 0.1
done

CANNY_POSTGRES="postgresql://canny@/postgres?host=$tmp/socket"
CANNY_POSTGRES_PID=$server
export CANNY_POSTGRES CANNY_POSTGRES_PID
cd "$OLDPWD" || exit 1
"$@" &
command=$!
wait "$command"
status=$?
command=
exit "$status"
