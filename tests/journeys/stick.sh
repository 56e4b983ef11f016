#!/bin/sh
# Two kiosks of a school without a hub share their records by a stick: out, in, back, and again. What is half written, damaged
# or another's on it harms nothing. At the end both hold the same lines and show the same state.
. "$(dirname "$0")/lib.sh"
need python3
. "$here/stick_lib.sh"
labels

belong "$tmp/a" "$tmp/b"
site=$(sed 's/.*site=\([0-9a-f]*\)&.*/\1/' "$tmp/answer")

# Apart: different items, and the same item checked on both.
drive "$tmp/a" two_kiosks_a.drive
drive "$tmp/b" two_kiosks_b.drive

# Out at the first; the card comes by itself, at each size.
for PANEL in 720x1280 1280x800 800x480; do
    steps "$tmp/a" <<STEPS
stick $stick
see "Stick found" within 20s
see "to put on it"
audit
shot found
STEPS
done
[ -z "$(ls -A "$stick")" ] || fail "something was written before anybody said so"
PANEL=800x480 steps "$tmp/a" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
see "Put on the stick"
see "All is written"
audit
shot done
tap "/stick/done"
tap "/home/sync"
see "A stick is in"
stick out
see "Use a stick"
see "Take the stick round the other kiosks"
see "Last given"
unsee "Next try"
audit
tap "Use a stick"
see "Plug one in"
STEPS
[ -n "$(find "$stick/CANNY/$site" -name '*.bundle')" ] || fail "no bundle is on the stick"
[ -z "$(find "$stick" -name '*.part')" ] || fail "something half written was left"

# Nothing is told in clear on it.
if grep -rqa "Example Academy\|EXA-00" "$stick/CANNY"; then fail "the stick can be read by anybody"; fi

# In at the second, which gives what it has; back at the first; and once more at both, which changes nothing.
carry "$tmp/b"
carry "$tmp/a"
for kiosk in a b; do
    kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
    verify_kiosk "$tmp/$kiosk"
done
cmp "$tmp/a.ndjson" "$tmp/b.ndjson" >&2 || fail "the two kiosks hold different lines"
same 2 "$(grep -c '"label":"EXA-0057"' "$tmp/a.ndjson")" "items registered as EXA-0057"

# All the world has been on this stick: ten thousand files, another school's folder, a stranger's and a half-written bundle,
# a damaged one, one that is too large, what is no file at all.
mkdir -p "$stick/DCIM" "$stick/CANNY/0123456789abcdef" "$stick/CANNY/content"
python3 - "$stick" "$site" <<'PYTHON'
import os, sys
stick, site = sys.argv[1], sys.argv[2]
for i in range(10000):
    open(f"{stick}/DCIM/IMG_{i:05}.JPG", "w").close()
here = f"{stick}/CANNY/{site}"
for i in range(300):
    open(f"{here}/holiday {i}.txt", "w").close()
open(f"{stick}/CANNY/0123456789abcdef/0011223344556677-00000001.bundle", "wb").write(b"another school's")
bundle = sorted(n for n in os.listdir(here) if n.endswith(".bundle"))[0]
bytes = open(f"{here}/{bundle}", "rb").read()
open(f"{here}/{bundle[:17]}0badbad0.bundle.part", "wb").write(bytes[:100])
open(f"{here}/{bundle[:17]}0badbad1.bundle", "wb").write(bytes[: len(bytes) // 2])
open(f"{here}/{bundle[:17]}0badbad2.bundle", "wb").write(bytes[:300] + b"X" + bytes[301:])
open(f"{here}/ffffffffffffffff-0badbad3.bundle", "wb").write(bytes)
open(f"{here}/ffffffffffffffff-0badbad4.bundle", "wb").truncate(5 * 1024 * 1024)
os.mkdir(f"{here}/ffffffffffffffff-0badbad5.bundle")
os.symlink("/dev/zero", f"{here}/ffffffffffffffff-0badbad6.bundle")
open(f"{here}/ffffffffffffffff.receipt", "w").write('{"type":"canny.receipt"}.AAAA')
PYTHON
find "$stick/CANNY/0123456789abcdef" "$stick/DCIM" -type f | LC_ALL=C sort | cksum >"$tmp/theirs"

# Another record on each, and the stick again.
steps "$tmp/b" <<'STEPS'
key "EXA-0058\n"
see "New label"
tap "/unknown/register"
tap "/kinds/list/Laboratory"
tap "/kinds/list/fridge"
tap "/register/questions/name"
type " by stick\n"
tap "/register/record"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
see "on the register" within 10s
STEPS
steps "$tmp/b" <<STEPS
stick $stick
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
unsee "All is written"
unsee "ffffffffffffffff"
see "files were left as they are"
audit
tap "/stick/did/left"
see "Tap to hide which"
audit
shot left
STEPS
carry "$tmp/a"
# Nothing new for the second: no card comes over its work, and whoever looks is told.
steps "$tmp/b" <<STEPS
tap "/home/sync"
stick $stick
tap "The stick" within 20s
see "Nothing new on it"
tap "Take and give"
see "You can pull it out now" within 60s
tap "/stick/did/left"
tree left
STEPS
for bad in 3 4 5 6; do
    says "$tmp/shots/left.json" "ffffffffffffffff-0badbad$bad.bundle"
done
says "$tmp/shots/left.json" "ffffffffffffffff.receipt"
for kiosk in a b; do
    kiosk_export "$tmp/$kiosk" | LC_ALL=C sort >"$tmp/$kiosk.ndjson"
    verify_kiosk "$tmp/$kiosk"
done
cmp "$tmp/a.ndjson" "$tmp/b.ndjson" >&2 || fail "the two kiosks hold different lines after the second turn"
same 1 "$(grep -c '"label":"EXA-0058"' "$tmp/a.ndjson")" "items that came by stick"

# Bundles by another version of the program: the card comes and says so, as nobody would look for them otherwise.
cp -R "$stick/CANNY/$site" "$tmp/aged" && mkdir -p "$tmp/drawer/CANNY" && mv "$tmp/aged" "$tmp/drawer/CANNY/$site"
for aged in "$tmp/drawer/CANNY/$site"/*.bundle; do
    [ ! -f "$aged" ] || printf 1 | dd of="$aged" bs=1 seek=6 conv=notrunc status=none
done
PANEL=800x480
steps "$tmp/b" <<STEPS
stick $tmp/drawer
see "by another version of Canny: update both kiosks" within 20s
audit
tap "Take and give"
see "You can pull it out now" within 60s
see "By another version of Canny. Tap for which"
audit
shot aged
STEPS
PANEL=1280x800
find "$stick/CANNY/0123456789abcdef" "$stick/DCIM" -type f | LC_ALL=C sort | cksum >"$tmp/theirs.after"
cmp "$tmp/theirs" "$tmp/theirs.after" >&2 || fail "others' files were touched"

# Both show the same, at the same moment.
PANEL=1280x800
for kiosk in a b; do
    rm -f "$tmp"/shots/*.json
    drive "$tmp/$kiosk" two_kiosks_look.drive --now "$(date -u -d '+2 days' +%Y-%m-%d)T10:00:00Z"
    mkdir "$tmp/look-$kiosk"
    mv "$tmp"/shots/*.json "$tmp/look-$kiosk/"
done
for look in "$tmp"/look-a/*.json; do
    words "$look" >"$tmp/words-a"
    words "$tmp/look-b/${look##*/}" >"$tmp/words-b"
    [ -s "$tmp/words-a" ] || fail "${look##*/} holds no words"
    diff "$tmp/words-a" "$tmp/words-b" >&2 || fail "the kiosks show ${look##*/} differently"
done

# Who was heard of, on each; in large letters too.
for PANEL in 800x480 1280x800 720x1280; do
    steps "$tmp/a" <<STEPS
tap "/home/**/menu"
tap "/menu/rows/kiosk"
tap "/kiosk/rows/kiosks"
see "last heard of"
audit
shot kiosks
back
tap "/kiosk/rows/large"
tap "/kiosk/rows/kiosks"
audit
stick $stick
back
back
tap "/home/sync"
audit
tap "The stick" within 20s
audit
shot found-large
tap "Take and give"
see "You can pull it out now" within 60s
audit
shot done-large
back
back
tap "/home/**/menu"
tap "/menu/rows/kiosk"
tap "/kiosk/rows/large"
STEPS
done

# A stick that is full, and one that is write-protected.
mkdir "$tmp/small"
if ! mount -t tmpfs -o size=64k canny-stick "$tmp/small" 2>/dev/null; then
    printf '%s: no file system can be mounted here: a full stick was not tried\n' "$journey"
    exit 0
fi
mounted=$tmp/small
PANEL=800x480
cat /dev/zero >"$tmp/small/holiday.mov" 2>/dev/null
steps "$tmp/b" <<STEPS
key "EXA-0059\n"
see "New label"
tap "/unknown/register"
tap "/kinds/list/Laboratory"
tap "/kinds/list/fridge"
tap "/register/questions/name"
type " of a full stick\n"
tap "/register/record"
key "CANNY-P:EXAMPLE-T2-K8VD\n"
see "on the register" within 10s
STEPS
steps "$tmp/b" <<STEPS
stick $tmp/small
see "Stick found" within 20s
tap "Take and give"
see "The stick is full" within 60s
unsee "All is written"
unsee "You can pull it out now"
audit
shot full
STEPS
[ -z "$(find "$tmp/small" -name '*.part')" ] || fail "something half written was left on the full stick"
rm "$tmp/small/holiday.mov"
steps "$tmp/b" <<STEPS
stick $tmp/small
see "Stick found" within 20s
tap "Take and give"
see "You can pull it out now" within 60s
STEPS
mount -o remount,ro "$tmp/small" || fail "the stick could not be write-protected"
steps "$tmp/a" <<STEPS
stick $tmp/small
see "Stick found" within 20s
tap "Take and give"
see "The stick is write-protected" within 60s
unsee "All is written"
unsee "You can pull it out now"
audit
shot protected
STEPS
kiosk_export "$tmp/a" >"$tmp/a.ndjson"
same 1 "$(grep -c '"label":"EXA-0059"' "$tmp/a.ndjson")" "items taken from a write-protected stick"
verify_kiosk "$tmp/a"
