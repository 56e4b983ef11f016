#!/bin/sh
# Content that lies anywhere: signs are drawn all the same, from the program's own.
. "$(dirname "$0")/lib.sh"

look() { # DATA NAME
    steps "$1" --now 2026-11-23T10:42:00Z <<STEPS
key "chem:hydrochloric-acid@12\n"
see "Corrosive"
shot $2
STEPS
}
PANEL=800x480
look "$tmp/beside" beside
mkdir "$tmp/far"
cp -R "$content" "$tmp/far/content"
CONTENT=$tmp/far/content
look "$tmp/away" away
cmp "$tmp/shots/beside.png" "$tmp/shots/away.png" || fail "the signs are not drawn with content of another folder"
