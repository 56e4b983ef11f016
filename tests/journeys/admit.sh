#!/bin/sh
# A school without a hub: the first kiosk founds the site by admitting the second. Each holds what the other's screen shows
# before its camera; a person who answers for the school signs with badge and PIN. What is wrong with a code is said in plain
# words, and changes nothing.
. "$(dirname "$0")/lib.sh"
need python3
labels

for PANEL in 800x480 1280x800 720x1280; do
    a=$tmp/a-$PANEL
    b=$tmp/b-$PANEL
    c=$tmp/c-$PANEL

    # The new kiosk shows who it is. Its name is its room, which can be changed.
    steps "$b" <<'STEPS'
tap "/home/sync"
see "On its own"
audit
tap "Kiosks of this school"
audit
shot kiosks-none
tap "Join a school that has a kiosk already"
see "Show this code"
see "Digits "
see "Chemistry prep room"
audit
shot hello
STEPS
    cp "$tmp/shots/hello.png" "$play/hello.png"
    "$CANNY_BIN/canny" decode "$play/hello.png" >"$tmp/hello" || fail "the code on the screen cannot be read"
    says "$tmp/hello" "CANNY-HELLO:1?key="
    says "$tmp/hello" "name=Chemistry%20prep%20room"

    # The first kiosk reads it. A technician's signature is not enough.
    steps "$a" <<STEPS
tap "/home/sync"
tap "Kiosks of this school"
tap "Admit a kiosk"
see "Scan the new kiosk"
audit
show hello.png
see "The new kiosk is called" within 20s
show none
see "The school's name"
audit
shot admit
tap "/admit/ask/name"
type " 2\n"
tap "Sign and admit"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
$(digits 685302)
see "Not admitted"
unsee "Show this to the new kiosk"
STEPS
    same 0 "$(kiosk_export "$a" | grep -c '"kind":"kiosk.admitted"\|"subject":"[0-9a-f]\{16\}".*site.founded')" "lines of a refused admission"

    steps "$a" <<STEPS
show hello.png
see "The new kiosk is called" within 20s
show none
tap "Sign and admit"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
$(digits 561098)
see "Show this to the new kiosk" within 10s
idle 9s
audit
shot answer
tap "/admit/done"
see "Example Academy"
see "(this kiosk)"
see "not heard of yet"
audit
shot kiosks-two
STEPS
    cp "$tmp/shots/answer.png" "$play/answer.png"
    "$CANNY_BIN/canny" decode "$play/answer.png" | sed -n 's/^QR[^\t]*\t//p' >"$tmp/answer"
    says "$tmp/answer" "CANNY-ADMIT:1?site="
    site=$(sed 's/.*site=\([0-9a-f]*\)&.*/\1/' "$tmp/answer")
    kiosk_export "$a" >"$tmp/a.ndjson"
    same 1 "$(grep -c '"kind":"kiosk.admitted"' "$tmp/a.ndjson")" "admissions"
    same 1 "$(grep -c "\"kind\":\"site.founded\",\"subject\":\"$site\"" "$tmp/a.ndjson")" "foundings of the site"

    # Read by a third kiosk it is told as another's; with another signature, as wrong; as an old one, by its date.
    steps "$c" <<STEPS
key "$(cat "$tmp/answer")\n"
see "for another kiosk"
STEPS
    wrong=$(sed 's/&sig=\(.\)/\&sig=A/;t' "$tmp/answer")
    [ "$wrong" != "$(cat "$tmp/answer")" ] || wrong=$(sed 's/&sig=./\&sig=B/' "$tmp/answer")
    steps "$b" <<STEPS
key "$wrong\n"
see "signature on this answer is not right"
idle 9s
key "$(sed 's/name=Example/name=Another/' "$tmp/answer")\n"
see "signature on this answer is not right"
idle 9s
key "CANNY-ADMIT:1?site=$site\n"
see "was not read whole. Show it again"
unsee "Not one of our labels"
idle 9s
now +30d
key "$(cat "$tmp/answer")\n"
see "this answer is old"
STEPS

    # The one that it is for reads it from the other's screen, and belongs.
    steps "$b" <<STEPS
tap "/home/sync"
tap "Kiosks of this school"
tap "Join a school that has a kiosk already"
show answer.png
see "This kiosk belongs to Example Academy now" within 20s
show none
see "by stick"
idle 9s
audit
shot joined
back
tap "/home/sync"
see "By stick"
audit
shot sync
STEPS
    # Once it belongs, another school's answer is refused.
    verify_kiosk "$a"
    verify_kiosk "$b"
done

# In large letters.
for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/large-$PANEL" <<STEPS
tap "/home/person"
back
tap "/home/menu"
tap "/menu/rows/kiosk"
tap "/kiosk/rows/large"
tap "/kiosk/rows/kiosks"
audit
tap "Join a school that has a kiosk already"
see "Chemistry prep room"
audit
shot hello-large
back
tap "Admit a kiosk"
audit
key "$(sed -n 's/^QR[^\t]*\t//p' "$tmp/hello")\n"
see "The new kiosk shows"
see "Admit only a kiosk that you know"
audit
tap "Sign and admit"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
$(digits 561098)
see "Show this to the new kiosk" within 10s
idle 9s
audit
shot answer-large
tap "/admit/done"
audit
STEPS
done
