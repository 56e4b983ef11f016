#!/bin/sh
# What is wrong outside must not be wrong inside: pictures that are none, payloads that bite, a form with a fault. Each
# gets a clear message, the kiosk goes on, and nothing recorded is lost.
. "$(dirname "$0")/lib.sh"
need python3
labels

# ---- pictures ----

: >"$play/empty.png"
head -c 4000 "$play/EXA-0041.png" | head -c 150 >"$play/cut.png"
head -c 100000 /dev/urandom >"$play/random.png"
printf '\211PNG\r\n\032\n' >"$play/random2.png"
head -c 50000 /dev/urandom >>"$play/random2.png"
head -c 34000000 /dev/zero >"$play/huge.png"
mkdir "$play/folder.png"
# A header that claims more pixels than any memory holds.
python3 - "$play/bomb.png" <<'PYTHON'
import struct, sys, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
head = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))
PYTHON

for picture in empty cut random random2 huge folder bomb nowhere; do
    "$CANNY_BIN/canny" decode "$play/$picture.png" >"$tmp/out" 2>"$tmp/err"
    same 1 $? "status of canny decode $picture.png"
    says "$tmp/err" "$picture.png"
    same 1 "$(grep -c "^canny: " "$tmp/err")" "lines that canny decode says of $picture.png"
    same 0 "$(wc -c <"$tmp/out")" "bytes that canny decode reads from $picture.png"
done
# One bad picture among good ones: the good ones are still read.
"$CANNY_BIN/canny" decode "$play/empty.png" "$play/EXA-0041.png" >"$tmp/out" 2>"$tmp/err"
same 1 $? "status of canny decode with one bad picture"
says "$tmp/out" 'EXA-0041'

# A drive script that holds one up is told so, with the tree and a picture, and the data is whole.
for picture in empty cut random random2 huge folder bomb nowhere; do
    printf 'key "EXA-0041\\n"\nsee "Pressure cooker 1"\nshow %s.png\nsee "never"\n' "$picture" >"$play/held.drive"
    rm -rf "$tmp/shots"
    kiosk "$tmp/pictures" --drive "$play/held.drive"
    same 1 $? "status of showing $picture.png"
    says "$tmp/err" "held.drive:3: show $picture.png"
    same 1280x800 "$(png_size "$tmp/shots/failed-3.png")" "the picture left by showing $picture.png"
done

# A camera that gives nothing else: the kiosk says so and works on; with a good picture among them it reads that.
mkdir "$play/all-bad"
for picture in empty cut random random2 bomb; do
    cp "$play/$picture.png" "$play/all-bad/"
done
steps "$tmp/pictures" --camera "files:$play/all-bad" <<'STEPS'
see "camera is not answering" within 20s
key "EXA-0041\n"
see "Pressure cooker 1"
back
see "camera is not answering"
STEPS
cp "$play/EXA-0043.png" "$play/all-bad/good.png"
steps "$tmp/pictures" --camera "files:$play/all-bad" <<'STEPS'
see "Fume cupboard 1" within 20s
STEPS
verify_kiosk "$tmp/pictures"

# ---- payloads ----

# 4 KB of control characters, quotes and %n, as a burst and as a QR.
python3 - "$play" <<'PYTHON'
import sys
bad = ('%n%s%x"\'\\;--<b>\x01\x02\x1b[31m\x7f{}$()`' * 200).encode()[:2900]
open(sys.argv[1] + "/bad.bin", "wb").write(bad)
text = ('%n%s%x\\"\'\\\\;--<b>\\x01\\x02\\x1b[31m\\x7f{}$()`' * 115)
line = 'key "%s\\n"\n' % text
open(sys.argv[1] + "/bad.steps", "w").write(line + 'see "Not one of our labels"\n')
PYTHON
qrencode -8 --output="$play/bad.png" --type=PNG --size=4 --margin=4 --level=L --read-from="$play/bad.bin" ||
    fail "the bad QR could not be made"
before=$(kiosk_export "$tmp/pictures" | wc -l)
steps "$tmp/pictures" <<STEPS
$(cat "$play/bad.steps")
shot bad
idle 9s
see "Type the number"
key "%n%n%n%n%s\n"
see "%n%n%n%n%s"
idle 9s
back
key "'; drop table log_line; --\n"
idle 9s
key "EXA-0041\n"
see "Pressure cooker 1"
back
show bad.png
see "Not one of our labels" within 20s
show none
idle 9s
tap "/home/type"
type "EXA-0041\n"
see "Pressure cooker 1"
STEPS
same "$before" "$(kiosk_export "$tmp/pictures" | wc -l)" "lines after the bad payloads"
verify_kiosk "$tmp/pictures"
"$CANNY_BIN/canny" decode "$play/bad.png" >"$tmp/out" 2>"$tmp/err" || fail "canny decode fails on the bad QR"
same 1 "$(wc -l <"$tmp/out")" "lines that canny decode prints of the bad QR"

# ---- a form with a wrong column ----

steps "$tmp/form" <<'STEPS'
see "Chemistry prep"
STEPS
cp -r "$CANNY_SOURCE/assets" "$tmp/assets"
CONTENT=$tmp/assets/content
form=$CONTENT/forms/pr-use-ac.csv
sed -i '2s/kiosk::critical/kiosk::critcal/' "$form"
steps "$tmp/form" <<'STEPS'
see "Chemistry prep"
key "EXA-0043\n"
see "Fume cupboard 1"
tap "/item/start"
tap "/check/all_good"
show badge-t1.png
see "Recorded" within 20s
show none
idle 9s
key "EXA-0041\n"
see "Pressure cooker 1"
STEPS
says "$tmp/err" 'content: forms/pr-use-ac.csv'
says "$tmp/err" 'critcal'
same 0 "$(grep -c 'content: forms/fc-use' "$tmp/err")" "faults told of a form that is right"

# A form that is no form at all, and one that is empty: told, and the kiosk runs.
head -c 20000 /dev/urandom >"$CONTENT/forms/el-fvi.csv"
: >"$form"
steps "$tmp/form" <<'STEPS'
see "Chemistry prep"
key "EXA-0043\n"
see "Fume cupboard 1"
see "In date"
back
key "EXA-0040\n"
see "Heating mantle 250 ml"
STEPS
says "$tmp/err" 'content: forms/pr-use-ac.csv'
says "$tmp/err" 'content: forms/el-fvi.csv'
verify_kiosk "$tmp/form"

# The same on a kiosk that was never started before.
steps "$tmp/fresh" <<'STEPS'
see "Type the number"
STEPS
says "$tmp/err" 'content: forms/pr-use-ac.csv'
