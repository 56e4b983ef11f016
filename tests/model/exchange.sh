#!/bin/sh
# Checks the model of the exchange with spin: every order in which things can happen, for a few lines and disasters. Then
# leaves out one rule after the other: each time spin must find what that rule is for, or the model could not fail.
# usage: exchange.sh [long]       long: more lines and more disasters, some minutes and up to 2 GB of memory
set -u

here=$(cd "$(dirname "$0")" && pwd)
fail() {
    printf 'exchange: %s\n' "$*" >&2
    exit 1
}
for program in spin gcc; do
    command -v $program >/dev/null 2>&1 || {
        echo "exchange: skipped: $program is not installed"
        exit 77
    }
done

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
cp "$here/exchange.pml" "$here/rules.h" "$here/outside.h" "$tmp/" && cd "$tmp" || exit 1
spin -a exchange.pml >spin.out 2>&1 || { cat spin.out >&2; fail "spin does not understand the model"; }
# Safety only, and no partial order reduction, which knows nothing of what the C steps touch.
gcc -std=gnu11 -O2 -w -DSAFETY -DNOREDUCE -o pan pan.c || fail "the checker does not compile"

# What each number may be is told in outside.h, in `begin`.
check() {
    rm -f exchange.pml.trail
    env -i "$@" ./pan -m400000 -w22 >out 2>&1
    grep -q 'max search depth too small\|out of memory\|search not completed' out && { cat out >&2; fail "not searched to its end: $*"; }
    states=$(awk '/states, stored/ { print $1 }' out)
}

# holds NAME NUMBERS...
holds() {
    name=$1
    shift
    check "$@"
    if ! grep -q 'errors: 0$' out; then
        ./pan -r 2>/dev/null | sed -n 's/.*\[ \(.*(.*); \]\)/\1/p' >&2
        grep 'assertion violated' out >&2
        fail "$name: broken by the steps above ($*)"
    fi
    printf '%9s states, all well: %s\n' "$states" "$name"
}

# breaks WHAT NAME NUMBERS...: the assertion that must fail.
breaks() {
    what=$1
    name=$2
    shift 2
    check "$@"
    grep -q "assertion violated !($what)\|assertion violated  !($what)" out ||
        { cat out >&2; fail "$name: spin does not find that it gives $what ($*)"; }
    printf '%9s states until %s: %s\n' "$states" "$what" "$name"
}

holds 'loss, doubles, late arrivals, a hub killed at work' RECORDS_0=2 RECORDS_1=1 REORDERS=1 TWO_STEP=1
holds 'a hub restored' RECORDS_0=2 RECORDS_1=1 HUB_RESTORES=1
holds 'a card restored' RECORDS_0=2 RECORDS_1=1 CARD_RESTORES=1
holds 'a hub and a card restored' RECORDS_0=2 CARD_RESTORES=1 HUB_RESTORES=1
holds 'two cards with one key' RECORDS_0=2 RECORDS_1=2 CLONE=1
holds 'a kiosk revoked, and a hub restored' RECORDS_0=1 RECORDS_1=1 REVOCATIONS=1 HUB_RESTORES=1

breaks reader_skipped 'numbers given out before the lock' BROKEN=1 RECORDS_0=1 RECORDS_1=1 TWO_STEP=1
breaks reader_skipped 'no epoch, so that an old cursor is kept' BROKEN=2 RECORDS_0=2 RECORDS_1=1 HUB_RESTORES=1
breaks line_lost 'the debt to a restored hub forgotten by a kill' BROKEN=3 RECORDS_0=1 REVOCATIONS=1 HUB_RESTORES=1 KILLS=1
breaks line_lost 'only own lines given back' BROKEN=4 RECORDS_0=1 REVOCATIONS=1 HUB_RESTORES=1
breaks line_lost 'a forked line thrown away' BROKEN=5 RECORDS_0=2 RECORDS_1=2 CLONE=1
breaks line_lost "another's forked line thrown away" BROKEN=6 RECORDS_0=2 HUB_RESTORES=1 CARD_RESTORES=1
breaks line_lost 'a fork refused and not healed' BROKEN=7 RECORDS_0=2 RECORDS_1=2 CLONE=1
breaks reader_skipped 'a fork carries all behind its own number' BROKEN=8 RECORDS_0=3 CARD_RESTORES=1
breaks acked_lost 'acknowledged before the commit' BROKEN=9 RECORDS_0=1 CARD_RESTORES=1 TWO_STEP=1
breaks read_by_revoked 'revocations given back last' BROKEN=10 RECORDS_0=1 RECORDS_1=1 HUB_RESTORES=1 REVOCATIONS=1

[ "${1:-}" = long ] || exit 0
holds 'late arrivals and a hub restored' RECORDS_0=2 RECORDS_1=1 REORDERS=1 HUB_RESTORES=1
holds 'two cards with one key, and a hub restored' RECORDS_0=2 RECORDS_1=1 CLONE=1 HUB_RESTORES=1
holds 'a hub restored twice' RECORDS_0=2 RECORDS_1=1 HUB_RESTORES=2
holds 'a card restored, three records' RECORDS_0=3 RECORDS_1=1 CARD_RESTORES=1
holds 'a hub and a card restored, both record' RECORDS_0=1 RECORDS_1=1 CARD_RESTORES=1 HUB_RESTORES=1
holds 'two cards with one key, and a hub restored twice' RECORDS_0=2 RECORDS_1=1 CLONE=1 HUB_RESTORES=2
holds 'a kiosk revoked, two records' RECORDS_0=2 RECORDS_1=1 REVOCATIONS=1 HUB_RESTORES=1
