#!/bin/sh
# storm.sh BENCH-STORM CANNY-HUB: its short form. Sanitizers keep memory of their own, so the bound is wider here.
set -eu
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$1" --hub "$2" --data "$data" --kiosks 300 --sites 100 --requests 2 --lines 20 --mib 400
