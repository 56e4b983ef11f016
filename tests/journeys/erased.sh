#!/bin/sh
# A person's data in one command; then their name is erased on one kiosk, by badge and PIN of somebody who may, and is gone from
# that kiosk, the hub and the other kiosk, while the records and the chains stay.
. "$(dirname "$0")/lib.sh"
need python3 qrencode
hub=$tmp/hub
name="Technician 1 (example)"
hub_start "$hub"
join_hub a b
steps "$tmp/a" <<'STEPS'
sync
STEPS

# All that is known, by name and by id; a name that nobody has and an id that nobody has are told.
kiosk_person() {
    "$CANNY_BIN/canny" person --data "$tmp/$1" "$2"
}
kiosk_person a "$name" >"$tmp/known.json" || fail "what is known of a person is not told"
person=$(python3 - "$tmp/known.json" "$name" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
assert {n["name"] for n in d["names"]} == {sys.argv[2]}, d["names"]
assert d["pin_is_set"] is True and d["own"] == [], d
assert len(d["lines"]) > 3 and all(d["person"] in json.dumps(l) for l in d["lines"])
print(d["person"])
PY
) || fail "what is known of a person is not whole"
"$CANNY_BIN/canny" person --data "$tmp/b" --person "$person" >"$tmp/other.json" || fail "the other kiosk knows nobody of that id"
same "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["lines"]))' "$tmp/known.json")" \
    "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["lines"]))' "$tmp/other.json")" "lines on both kiosks"
kiosk_person a "Nobody Atall" 2>"$tmp/why" && fail "somebody was found who is not there"
grep -q "nobody here is called Nobody Atall" "$tmp/why" || fail "the refusal does not say who was looked for"
grep -q "$name" "$hub/hub.db" "$hub/hub.db-wal" || fail "the hub never had the name"

PANEL=800x480
steps "$tmp/a" <<STEPS
tap "/home/menu"
tap "/menu/rows/people"
tap "$name"
tap "/person/lines/erase" within 10s
audit
see "There is no way back"
see "They left the school"
# nothing is signed before it is said why
see "Sign and erase"
tap "/erase/**/asked"
audit
tap "/erase/sign"
# a technician may not
key "CANNY-P:EXAMPLE-T2-K8VD\n"
$(digits 685302)
see "Not erased"
idle 9s
tap "/erase/person"
tap "/kiosk/sign_out"
STEPS
grep -aq "$name" "$tmp/a/canny.db" || fail "a technician erased a name"

steps "$tmp/a" <<STEPS
tap "/home/menu"
tap "/menu/rows/people"
tap "$name"
tap "/person/lines/erase"
tap "/erase/**/left"
tap "/erase/sign"
key "CANNY-P:EXAMPLE-A1-F2ZC\n"
$(digits 561098)
see "Erased here" within 10s
unsee "$name"
audit
idle 9s
sync
STEPS
PANEL=1280x800
steps "$tmp/b" <<STEPS
sync
tap "/home/menu"
tap "/menu/rows/people"
unsee "$name"
key "EXA-0043\n"
tap "/item/**/history"
see "a person no longer named"
tap "/history/rows/row0"
see "3 years, if it fails"
STEPS

for kiosk in a b; do
    verify_kiosk "$tmp/$kiosk"
    grep -aq "$name" "$tmp/$kiosk/canny.db" && fail "kiosk $kiosk still holds the name"
    "$CANNY_BIN/canny" person --data "$tmp/$kiosk" --person "$person" >"$tmp/after.json" || fail "the records of the erased cannot be told"
    grep -q '"name":""' "$tmp/after.json" || fail "kiosk $kiosk does not say that the name is gone"
    grep -q "person.erased" "$tmp/after.json" || fail "kiosk $kiosk does not hold the erasure"
done
verify_hub "$hub"

# The hub: it knows the person, not the name, in any file that it has open; it erases another itself while it serves, and
# tells the kiosks.
no_longer() {
    ! grep -aq "$1" "$hub"/*
}
await no_longer "$name" || fail "the hub still holds the name"
"$CANNY_BIN/canny-hub" person --data "$hub" --person "$person" >"$tmp/hub.json" || fail "the hub knows nobody of that id"
python3 - "$tmp/hub.json" "$tmp/after.json" <<'PY' || fail "the hub does not tell what the kiosks tell"
import json, sys
hub, kiosk = (json.load(open(f)) for f in sys.argv[1:])
assert all(n["name"] == "" for n in hub["names"]), hub["names"]
assert len(hub["lines"]) == len(kiosk["lines"]) > 3, (len(hub["lines"]), len(kiosk["lines"]))
PY
other="Mòrag Sample (example)"
"$CANNY_BIN/canny-hub" erase --data "$hub" --name "Nobody Atall" 2>"$tmp/why" && fail "the hub erased somebody who is not there"
grep -q "nobody here is called" "$tmp/why" || fail "the hub does not say whom it looked for"
"$CANNY_BIN/canny-hub" erase --data "$hub" --person "$person" --name x 2>"$tmp/why"
same 2 "$?" "status of two ways to say who"
# Erased at the hub while they are signed in at a kiosk: signed out there, with the reason. The camera's command is what acts in
# the middle of the script, and shows a web address to say so.
qrencode -t ASCII -m 4 -l M -- https://erased.example | python3 "$here/qr_frame.py" >"$tmp/erased.raw" || fail "no frame was made"
python3 "$here/qr_frame.py" </dev/null >"$tmp/blank.raw"
cat >"$tmp/camera.sh" <<CAMERA
#!/bin/sh
picture=$tmp/blank.raw
while cat "\$picture"; do
    if [ -e "$tmp/shots/erase-now.png" ] && [ ! -e "$tmp/erased" ]; then
        "$CANNY_BIN/canny-hub" erase --data "$hub" --name "$other" --reason left >"$tmp/erased" && picture=$tmp/erased.raw
    fi
    sleep 0.05 # the pace of a camera
done
CAMERA
steps "$tmp/a" --camera "pipe:sh $tmp/camera.sh" --camera-size 640x480 <<STEPS
key "CANNY-P:EXAMPLE-T3-9HJP\\n"
see "$other"
shot erase-now
see "erased.example" within 30s
sync
see "Signed out: this name was erased" within 30s
unsee "$other"
tap "/home/menu"
tap "/menu/rows/people"
unsee "$other"
STEPS
grep -q "is named no longer" "$tmp/erased" || fail "the hub does not say what it did"
no_longer "$other" || fail "the hub still holds the second name"
grep -aq "$other" "$tmp/a/canny.db" && fail "the kiosk still holds the second name"
verify_kiosk "$tmp/a"
hub_stop
verify_hub "$hub"
