#!/bin/sh
# storm.sh BENCH-STORM CANNY-HUB: its short form. Sanitizers keep memory of their own, so what is
# freed is kept back from use by little, or that alone would be 256 MiB.
set -eu
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=32"
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$1" --hub "$2" --data "$data" --kiosks 300 --sites 100 --requests 2 --lines 20 --mib 256
