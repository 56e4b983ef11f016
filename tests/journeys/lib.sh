# What the journeys share: programs, data folders, a hub on a free port, a kiosk that draws to memory, and ways to say
# what went wrong. Sourced, not run. CANNY_BIN is the folder of the programs, CANNY_SOURCE the source folder.
set -u

: "${CANNY_BIN:?CANNY_BIN is the folder of the programs}"
here=$(cd "$(dirname "$0")" && pwd)
: "${CANNY_SOURCE:=$(cd "$here/../.." && pwd)}"
journey=$(basename "$0" .sh)
content=$CANNY_SOURCE/assets/content
# The leak checker runs in the units; here a kiosk that is killed or fails at once is not a leak.
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
export CANNY_SOURCE ASAN_OPTIONS
# With no display in sight the kiosk draws to memory.
unset DISPLAY WAYLAND_DISPLAY

# In memory where there is room for it and programs may be run there: a kiosk that is killed finds its files in either, and
# every record would wait for the disk.
in_memory() {
    [ "$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')0" -gt 10000000 ] || return 1
    probe=$(mktemp /dev/shm/canny.XXXXXX 2>/dev/null) || return 1
    printf '#!/bin/sh\n' >"$probe" && chmod +x "$probe" && "$probe" 2>/dev/null
    probed=$?
    rm -f "$probe"
    return "$probed"
}
if [ -z "${TMPDIR:-}" ] && in_memory; then
    TMPDIR=/dev/shm
    export TMPDIR
fi
tmp=$(mktemp -d) || exit 1
started=
mounted=
cleanup() {
    status=$?
    # What failed in a pipe or in a command's substitution ended only its own shell.
    [ "$status" -ne 0 ] || [ ! -e "$tmp/.fails" ] || status=1
    trap - EXIT HUP INT TERM
    for pid in $started; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    [ -z "$mounted" ] || umount "$mounted"
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ] && [ -n "${CANNY_KEEP:-}" ]; then
        printf '%s: everything is in %s\n' "$journey" "$tmp" >&2
    else
        rm -rf "$tmp"
    fi
    exit "$status"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf '%s: %s\n' "$journey" "$*" >&2
    : >"$tmp/.fails"
    exit 1
}

# 77 is the status that ctest counts as skipped.
skip() {
    printf '%s: skipped: %s\n' "$journey" "$*"
    exit 77
}

need() {
    for program in "$@"; do
        command -v "$program" >/dev/null 2>&1 || skip "$program is not installed"
    done
}

# Labels and badges stand beside the drive scripts, as a script names its pictures from its own folder.
play=$tmp/play
labels() {
    need zint qrencode
    mkdir -p "$play"
    sh "$here/labels.sh" "$play" || fail "the labels could not be made"
}

# size_of 800x480: the options of one of the three panels.
size_of() {
    case $1 in
    800x480) printf '%s' '--size 800x480 --mm 154.08x85.92' ;;
    1280x800) printf '%s' '--size 1280x800 --mm 216.96x135.6' ;;
    720x1280) printf '%s' '--size 720x1280 --mm 87x154.5' ;;
    *) fail "no panel of $1 is known" ;;
    esac
}

# Most of a first start is the making of the index of the content, and most of the rest the school of the sample with its
# PINs. Both are made once for the programs and the content as they are, and copied to each kiosk that has none:
# - the index to every kiosk. The kiosk itself judges, as at any start, whether it fits the folder.
# - the school only to a journey that says `alone=yes`: all its kiosks are then the same device, so they may not meet.
# `fresh=yes` before a call makes it all anew, as the tour does.
# Kept beside the programs; programs or content that are newer have another name, and take the place of what is there.
first_starts() {
    [ -z "${first:-}" ] || return 0
    first_key=$(find "$CANNY_BIN/canny" "$content" -printf '%p %s %T@\n' | sort | cksum | tr ' ' -)
    first=${CANNY_BIN%/*}/first-starts/$first_key
    mkdir -p "$first" 2>/dev/null || first=$tmp/first-starts/$first_key
    for older in "${first%/*}"/*-*; do
        [ "$older" = "$first" ] || rm -rf "$older"
    done
}

# first_start NAME NOW: a data folder after a start at that time, $first/NAME. Two journeys may make it at once: the one that
# comes second keeps the other's.
first_start() {
    [ ! -d "$first/$1" ] || return 0
    : >"$tmp/nothing.drive"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$tmp/making" --content "$content" $(size_of 800x480) --drive "$tmp/nothing.drive" \
        --now "$2" >"$tmp/out" 2>"$tmp/err" || tell_kiosk "the first start failed"
    mkdir -p "$first"
    mv -T "$tmp/making" "$first/$1" 2>/dev/null || rm -rf "$tmp/making"
    [ -f "$first/$1/content.db" ] || fail "$first cannot be written"
}

# ready DATA OPTIONS...: gives a data folder that is new what a first start would make there.
ready() {
    ready_data=$1
    [ -z "${fresh:-}" ] && [ "${CONTENT:-$content}" = "$content" ] && [ ! -e "$ready_data/content.db" ] || return 0
    case " $* " in
    *" --content "*) return 0 ;;
    esac
    first_starts
    if [ -n "${alone:-}" ] && [ ! -e "$ready_data" ]; then
        ready_now=$(printf '%s\n' "$@" | sed -n '/^--now$/{n;p;q;}')
        # Of a kiosk whose clock goes with the machine's, the school is at most an hour old.
        [ "$ready_now" != "$kiosk_now" ] || ready_now=$(date -u +%Y-%m-%dT%H:00:00Z)
        first_start "school-$ready_now" "$ready_now"
        cp -Rp "$first/school-$ready_now" "$ready_data" || fail "$ready_data could not be made"
    else
        first_start index "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
        # Where that cannot be done the kiosk has to say so itself.
        (umask 077 && mkdir -p "$ready_data" && cp "$first/index/content.db" "$ready_data/") 2>/dev/null ||
            rm -f "$ready_data/content.db" 2>/dev/null
    fi
    return 0
}

# same_index FROM DATA...: gives kiosks that are yet to start the index that one made of the same folder of content, which is
# not the sample's own. What is told while an index is made is then not told again.
same_index() {
    index_from=$1
    shift
    for index_to in "$@"; do
        mkdir -p "$index_to" && cp "$index_from/content.db" "$index_to/" || fail "$index_to could not be made"
    done
}

# kiosk DATA [OPTIONS...]: runs the kiosk on the sample content; output in $tmp/out and $tmp/err.
# A panel is named by PANEL=800x480 before the call. Its clock is set by hand to the time there is, as many a machine that
# runs tests has none to be trusted; CLOCK=machine leaves it as it is.
kiosk() {
    [ ! -e "$tmp/.fails" ] || exit 1
    kiosk_data=$1
    shift
    kiosk_now=
    case " $* ${CLOCK:-}" in
    *" --now "* | *" machine") ;;
    *)
        kiosk_now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        set -- "$@" --now "$kiosk_now"
        ;;
    esac
    ready "$kiosk_data" "$@"
    # shellcheck disable=SC2046
    "$CANNY_BIN/canny" --data "$kiosk_data" --content "${CONTENT:-$content}" $(size_of "${PANEL:-1280x800}") \
        --shots "$tmp/shots" "$@" >"$tmp/out" 2>"$tmp/err"
}

# drive DATA SCRIPT [OPTIONS...]: plays tests/journeys/SCRIPT, which must end with status 0.
drive() {
    drive_data=$1
    drive_script=$2
    shift 2
    mkdir -p "$play"
    cp "$here/$drive_script" "$play/" || exit 1
    kiosk "$drive_data" --drive "$play/$drive_script" "$@" && return 0
    tell_kiosk "$drive_script failed"
}

# steps DATA [OPTIONS...] <<EOF: the same with a script from standard input.
steps() {
    steps_data=$1
    shift
    mkdir -p "$play"
    cat >"$play/steps.drive"
    kiosk "$steps_data" --drive "$play/steps.drive" "$@" && return 0
    cat -n "$play/steps.drive" >&2
    tell_kiosk "a step failed"
}

# fume_check VELOCITY: the steps of a fume cupboard's check, from its label to the signature, for a script.
fume_check() {
    cat <<STEPS
key "EXA-0043\\n"
see "Fume cupboard 1"
tap "/item/start"
tap "Pass" in "Air is drawn in…"
tap "Pass" in "Sash…"
tap "Pass" in "Light…"
tap "Pass" in "Nothing stored…"
tap "Pass" in "Baffles…"
tap "/check/rows/velocity/value"
type "$1\\n"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T1-7Q4M\\n"
see "Recorded"
STEPS
}

# digits PIN: the taps that type it on the sign-in page, for a script.
digits() {
    printf '%s' "$1" | sed 's/./tap "\/sign_in\/pad\/&"\n/g'
    printf 'tap "/sign_in/pad/enter"\n'
}

tell_kiosk() {
    cat "$tmp/err" >&2
    fail "$1 (panel ${PANEL:-1280x800})"
}

# Waits until the command succeeds; gives up after a minute, which a busy machine may need.
await() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 1200 ] || return 1
        # A poll of a condition, not a guess at how long it takes.
        sleep 0.05
    done
}

hub_listens() {
    grep -q '^listening on ' "$1" 2>/dev/null
}

# hub_start DATA: hub_url and hub_pid tell where it is. A hub started again takes the port it had, as kiosks know it
# by its address.
hub_listen=127.0.0.1:0
hub_start() {
    [ -z "${alone:-}" ] || fail "kiosks that meet a hub cannot be copies of one"
    case $hub_listen in
    *:0) hub_listen=${hub_listen%0}$(python3 "$CANNY_SOURCE/tests/free_port.py") ;;
    esac
    : >"$tmp/hub.out"
    "$CANNY_BIN/canny-hub" serve --data "$1" --listen "$hub_listen" >"$tmp/hub.out" 2>>"$tmp/hub.err" &
    hub_pid=$!
    started="$started $hub_pid"
    await hub_listens "$tmp/hub.out" || {
        cat "$tmp/hub.err" >&2
        fail "the hub does not listen"
    }
    hub_url=$(sed -n 's/^listening on //p' "$tmp/hub.out")
    hub_listen=${hub_url#http://}
}

hub_stop() {
    stop "$hub_pid" || fail "the hub did not end cleanly"
}

# Ends a program that was started here, and forgets its number, which may soon be another's.
stop() {
    left=
    for pid in $started; do
        [ "$pid" = "$1" ] || left="$left $pid"
    done
    started=$left
    kill "$1"
    wait "$1"
}

hub_code() {
    "$CANNY_BIN/canny-hub" enrol --data "$1" --site "Example Academy" || fail "no code could be made"
}

# join_hub KIOSK...: joins each to the site of the hub in $hub, and sends what it has.
join_hub() {
    for joined in "$@"; do
        steps "$tmp/$joined" --hub "$hub_url" --join "$(hub_code "$hub")" <<'STEPS'
sync
STEPS
    done
}

hub_export() {
    "$CANNY_BIN/canny-hub" export --data "$1" || fail "the hub could not be exported"
}

kiosk_export() {
    "$CANNY_BIN/canny" export --data "$1" --format ndjson || fail "$1 could not be exported"
}

verify_kiosk() {
    "$CANNY_BIN/canny" verify --data "$1" >"$tmp/verify" 2>&1 || {
        cat "$tmp/verify" >&2
        fail "canny verify finds faults in $1"
    }
}

verify_hub() {
    "$CANNY_BIN/canny-hub" verify --data "$1" >"$tmp/verify" 2>&1 || {
        cat "$tmp/verify" >&2
        fail "canny-hub verify finds faults"
    }
}

# same WANTED GOT WHAT
same() {
    [ "$1" = "$2" ] || fail "$3: wanted $1, got $2"
}

# says FILE WORDS: the file holds the words.
says() {
    grep -qF -- "$2" "$1" && return 0
    cat "$1" >&2
    fail "nothing says: $2"
}

# png_size FILE: WIDTHxHEIGHT from the picture's header; nothing when it is no PNG.
png_size() {
    [ "$(od -An -tx1 -N8 "$1" | tr -d ' \n')" = 89504e470d0a1a0a ] || return 0
    od -An -tu1 -j16 -N8 "$1" | awk '{ print $1 * 16777216 + $2 * 65536 + $3 * 256 + $4 "x" $5 * 16777216 + $6 * 65536 + $7 * 256 + $8 }'
}

# words TREE.json: path, role, label and state of each widget, without where it stands and without the bar, whose sync
# and clock are each kiosk's own.
words() {
    python3 - "$1" <<'PYTHON'
import json, sys
for node in json.load(open(sys.argv[1], encoding="utf-8")):
    if node["path"].count("/") == 2 and node["path"].rsplit("/", 1)[1] in ("sync", "clock"):
        continue
    print(node["path"], node["role"], node["label"], *node["state"], sep="\t")
PYTHON
}

# own_id DATA: the id under which the kiosk writes.
own_id() {
    python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("select value from log_meta where key = ?", ("self",)).fetchone()[0])' "$1/canny.db"
}
