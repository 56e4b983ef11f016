#!/bin/sh
# What is handed to a phone: the picture of each QR screen, decoded by another program, is the stored text byte for byte, on
# the three panels and in large letters; black on white; and passing on counts once for each time.
. "$(dirname "$0")/lib.sh"
alone=yes
need sqlite3 zbarimg python3
# A link as long as a link may be.
link=https://example.org/a-link-that-has-sixty-two-bytes-in-it/0123
same 62 "${#link}" "bytes of the link"
CONTENT=$tmp/content
cp -R "$content" "$CONTENT" || exit 1
cat >"$CONTENT/docs/guidance/taken-along.md" <<DOC
---
id: taken-along
kind: guidance
title: "Zwieback: taken along on a phone"
issuer: Test
summary: A page with a link.
link: $link
link_text: The whole page
---
Words.
DOC

# code NAME: the text in the picture, as a phone would read it; the tree says what was stored.
code() {
    python3 - "$tmp/shots/$1.json" >"$tmp/stored" <<'PYTHON'
import json, sys
nodes = json.load(open(sys.argv[1], encoding="utf-8"))
(label,) = [n["label"] for n in nodes if n["path"] == "/handoff/code"]
sys.stdout.write(label[len("QR code: "):])
PYTHON
    zbarimg -q --raw -Sdisable -Sqrcode.enable -Sbinary "$tmp/shots/$1.png" >"$tmp/decoded" 2>"$tmp/zbar" ||
        fail "$1 ($PANEL): the picture cannot be decoded"
    cmp "$tmp/stored" "$tmp/decoded" >&2 || fail "$1 ($PANEL): the picture says something else"
}

for PANEL in 800x480 1280x800 720x1280 large; do
    large=
    panel=$PANEL
    [ "$PANEL" != large ] || large=--large
    [ "$PANEL" != large ] || PANEL=1280x800
    steps "$tmp/$panel" $large <<'STEPS'
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
key "EXA-0041\n"
tap "/item/more"
tap "/more/more/ask"
tap "/ask/write"
tap "/letter/rows/question/value"
type "May we, at 2 mol/l?"
tap "/letter/keyboard/Hide"
tap "/letter/phone"
see "To advice@example.org"
shot mail
tree mail
audit
back
tap "/letter/rows/question/value"
type " One two three four five six seven eight nine ten eleven twelve thirteen fourteen"
type " and fifteen and sixteen and seventeen and eighteen and nineteen and twenty"
type " and as many more as make a second part of what is handed over to a phone: thirty-two"
tap "/letter/keyboard/Hide"
tap "/letter/phone"
see "Part 1 of 2"
shot part1
tree part1
audit
tap "/handoff/next"
see "Part 2 of 2"
shot part2
tree part2
audit
STEPS
    for name in mail part1 part2; do
        code "$name"
        [ "$(wc -c <"$tmp/decoded")" -le 300 ] || fail "$name ($panel) holds more than 300 bytes"
        cp "$tmp/decoded" "$tmp/$name.text"
    done
    cat "$tmp/part1.text" "$tmp/part2.text" >"$tmp/whole"
    says "$tmp/whole" "thirty-two"
    says "$tmp/mail.text" "mailto:advice@example.org?subject=Ask%20SSERC&body="
    same 0 "$(grep -c 'Technician 1' "$tmp/whole")" "names in what is taken along"

    steps "$tmp/$panel" $large <<'STEPS'
tap "/home/guidance"
tap "/find/words"
type "zwieback"
tap "/find/keyboard/Hide"
tap "Zwieback: taken along on a phone"
tap "/reader/phone"
shot link
tree link
audit
tap "I passed it on"
see "Counted"
tap "To another school"
audit
back
tap "/reader/phone"
tap "I passed it on"
STEPS
    code link
    same "$link" "$(cat "$tmp/decoded")" "the link on a phone ($panel)"
    same "2 1" "$(sqlite3 -separator ' ' "$tmp/$panel/canny.db" "select (select n from local_count where name = 'shared'),
        (select n from local_count where name = 'shared.other')")" "what was counted ($panel)"
done
