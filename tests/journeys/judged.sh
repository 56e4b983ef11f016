#!/bin/sh
# Each template, judged by tables that were written from the trade's rules: see judged.py.
# usage: judged.sh CANNY-PACK SOURCE-DIR
set -u
exec python3 "$(dirname "$0")/judged.py" "$@"
