#!/bin/sh
# Intervals, bases and who may sign are those of the register that was written by hand: see form_settings.py.
# usage: form_settings.sh SOURCE-DIR
set -u
exec python3 "$(dirname "$0")/form_settings.py" "$@"
