#!/bin/sh
# storm.sh BENCH-STORM CANNY-HUB: its short form. A sanitizer keeps up to 256 MiB of what was freed back from use: less of it
# here, so that the bound is over the hub's own memory.
set -eu
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=32"
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$1" --hub "$2" --data "$data" --kiosks 300 --sites 100 --requests 2 --lines 20 --mib 256
