#!/bin/sh
# Every template of the register, opened, filled and signed by taps in the kiosk: see templates.py.
: "${CANNY_BIN:?CANNY_BIN is the folder of the programs}"
: "${CANNY_SOURCE:=$(cd "$(dirname "$0")/../.." && pwd)}"
exec python3 "$(dirname "$0")/templates.py" "$CANNY_BIN" "$CANNY_SOURCE" "$@"
