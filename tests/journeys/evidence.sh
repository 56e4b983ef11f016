#!/bin/sh
# Evidence: a picture taken in a check on one kiosk, a logger's file and a certificate beside it, are kept through a power
# cut, go to the hub with their record and are fetched and looked at on the site's other kiosk. And what is wrong: a camera
# that is not there, a picture that is too large as it comes, papers that are none.
. "$(dirname "$0")/lib.sh"
need python3 pdftoppm
labels
# Noise is the largest picture that a camera can give.
python3 - "$play/noise.pgm" <<'PYTHON'
import random, sys
random.seed(5)
with open(sys.argv[1], "wb") as f:
    f.write(b"P5\n1600 1200\n255\n" + random.randbytes(1600 * 1200))
PYTHON
{
    printf 'P5\n640 480\n255\n'
    awk 'BEGIN { for (i = 0; i < 640 * 480; i++) printf "%c", 65 + i % 23 }'
} >"$play/plain.pgm"
papers() {
    mkdir -p "$1/import"
    python3 "$here/certificate.py" "$1/import/paper.pdf" 3 "Certificate 2026/1187" "Valid until 1 November 2027"
    printf 'not a paper\n' >"$1/import/none.pdf"
    python3 "$here/certificate.py" --noise 5000000 "$1/import/huge.pdf" 1 "Too much"
    awk 'BEGIN { print "minutes,degrees"; for (i = 0; i <= 3600; i++) printf "%.3f,%.2f\n", i / 60, i < 1200 ? 20 + i / 12 : 121.4 }' \
        >"$1/import/run.csv"
}

hub=$tmp/hub
hub_start "$hub"
join_hub a
join_hub b
papers "$tmp/a"

# files DATA STATE...: how many files a kiosk knows in those states.
files() {
    files_data=$1
    shift
    for state in "$@"; do
        "$CANNY_BIN/canny" file --data "$files_data" || fail "canny file fails"
    done | awk -F'\t' -v want=" $* " 'index(want, " " $4 " ")' | sort -u | wc -l
}
hash_of() {
    "$CANNY_BIN/canny" file --data "$1" | awk -F'\t' -v type="$2" '$2 == type { print $1 }'
}

# No camera: said so, and the check goes on without the picture that nobody demands.
steps "$tmp/a" <<'STEPS'
net off
key "EXA-0055\n"
tap "/item/**/more"
tap "/more/more/form-mb-ster"
tap "/check/rows/indicator_photo/take"
see "The camera shows nothing"
see "can be signed without the picture"
audit
tap "/picture/cancel"
see "Take a picture"
STEPS
same 0 "$(files "$tmp/a" here held)" "files of a picture that nobody took"

# Where the form demands the picture, there is a way to go on without, which says so; and the picture can come later.
cp -R "$CANNY_SOURCE/tests/data/bench_school" "$tmp/wanted"
sed -i 's/^,image,photo,A picture of it,,,,/,image,photo,A picture of it,,,yes,/' "$tmp/wanted/forms/bench-all.csv"
grep -q '^,image,photo,A picture of it,,,yes,' "$tmp/wanted/forms/bench-all.csv" || fail "the form asks for no picture"
CONTENT=$tmp/wanted
steps "$tmp/wants" <<'STEPS'
key "LM-001\n"
tap "/item/**/more"
tap "Every row there is"
tap "/check/rows/photo/take"
see "This check wants a picture"
audit
shot dark
tap "/picture/without"
see "No picture: the camera showed nothing"
audit
shot without
tap "/check/rows/photo/take"
show plain.pgm
tap "/picture/take" within 20s
tap "/picture/use"
see "Take it again"
unsee "No picture:"
STEPS
unset CONTENT

# A camera that went away comes back by itself.
mkdir "$play/camera"
cat >"$play/steps.drive" <<'STEPS'
net off
key "EXA-0055\n"
tap "/item/**/more"
tap "/more/more/form-mb-ster"
tap "/check/rows/indicator_photo/take"
see "The camera shows nothing"
tree dark
tap "/picture/take" within 30s
see "Use this"
STEPS
(
    await [ -e "$tmp/shots/dark.json" ] || true
    cp "$play/plain.pgm" "$play/camera/one.pgm"
) &
plugged=$!
kiosk "$tmp/a" --camera "files:$play/camera" --drive "$play/steps.drive" || tell_kiosk "the camera does not come back"
wait "$plugged"

# Too large as it comes; taken back; taken again; and the power is cut before anybody signed.
cat >"$play/steps.drive" <<'STEPS'
net off
show noise.pgm
key "EXA-0055\n"
tap "/item/**/more"
tap "/more/more/form-mb-ster"
tap "/check/rows/indicator_photo/take"
tap "/picture/take" within 20s
tap "/picture/again"
tap "/picture/take" within 20s
tap "/picture/use"
tap "/check/rows/indicator_photo/remove"
see "Take a picture"
tap "/check/rows/indicator_photo/take"
tap "/picture/take" within 20s
tap "/picture/use"
see "Take it again"
tap "/check/rows/log/log"
tap "/log/list/file0"
tap "/log/done"
see "from run.csv"
die
STEPS
kiosk "$tmp/a" --drive "$play/steps.drive"
[ $? -eq 137 ] || tell_kiosk "the kiosk did not get as far as the power cut"
same 2 "$(files "$tmp/a" here held)" "files of the draft: the picture and the log, and nothing that was taken back"
picture=$(hash_of "$tmp/a" image/jpeg)
"$CANNY_BIN/canny" file --data "$tmp/a" "$picture" >"$tmp/picture.jpg" || fail "the picture does not come out"
[ "$(wc -c <"$tmp/picture.jpg")" -le 204800 ] || fail "the picture is larger than 200 KiB"
same "$picture" "$(sha256sum "$tmp/picture.jpg" | cut -d ' ' -f 1)" "the picture's hash"

# Nothing of a draft leaves the kiosk.
steps "$tmp/a" <<'STEPS'
sync
STEPS
same 0 "$(files "$tmp/a" held)" "files of a draft that the hub holds"

# The draft is there with its picture, and is signed with no network; a certificate is attached, two that are none are not.
steps "$tmp/a" <<'STEPS'
net off
key "EXA-0055\n"
see "Go on with the check"
tap "Go on with the check"
tap "/check/rows/log/log"
see "3601 readings, 0 to 60 min, kept as the lowest of each"
back
tap "/check/rows/indicator_photo/photo"
see "Closer"
back
tap "Media" in "Load"
tap "Pass" in "Check before use…"
tap "Pass" in "Caps…"
tap "/check/rows/start/quick/now"
tap "/check/rows/at_pressure/quick/now"
tap "/check/rows/end/quick/now"
tap "/check/rows/pressure/value"
type "1.04\n"
tap "/check/rows/hold/value"
type "16\n"
tap "Time-steam-temperature strip turned"
tap "Pass" in "Cooled…"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Recorded" within 9s
tap "/item/**/history"
tap "/history/rows/picture0"
see "Closer"
back
back
tap "/item/**/more"
tap "/more/more/papers"
tap "/certificates/add"
tap "none.pdf"
tap "Written scheme"
tap "/certificate_add/attach"
see "Not attached" within 9s
tap "huge.pdf"
tap "/certificate_add/attach"
see "Not attached" within 9s
tap "paper.pdf"
tap "/certificate_add/attach"
see "Attached" within 9s
STEPS
kiosk_export "$tmp/a" >"$tmp/a.ndjson"
same 1 "$(grep '"kind":"check.recorded"' "$tmp/a.ndjson" | grep -c "\"sha256\":\"$picture\",\"type\":\"image/jpeg\"")" \
    "records that name the picture"
same 1 "$(grep -c '"kind":"item.document"' "$tmp/a.ndjson")" "papers attached"
same 3 "$(files "$tmp/a" here)" "files that wait for the hub"

# A correction keeps the picture; an undo of it does too.
steps "$tmp/a" <<'STEPS'
net off
key "EXA-0055\n"
tap "/item/**/history"
tap "/history/rows/row0"
tap "/record/correct"
tap "/check/rows/indicator_photo/photo"
see "Closer"
back
tap "/check/rows/why/value"
type "Held longer\n"
tap "/check/rows/hold/value"
type "\b\b17\n"
tap "/check/sign"
key "CANNY-P:EXAMPLE-T1-7Q4M\n"
see "Corrected" within 9s
tap "Undo"
see "Taken back" within 9s
STEPS
kiosk_export "$tmp/a" >"$tmp/a.ndjson"
same 2 "$(grep '"kind":"check.recorded"' "$tmp/a.ndjson" | grep -c "\"sha256\":\"$picture\",\"type\":\"image/jpeg\"")" \
    "records that name the picture after a correction"

# To the hub, and to the other kiosk: the lines by themselves, the files when somebody wants to see them.
steps "$tmp/a" <<'STEPS'
sync
STEPS
same 3 "$(files "$tmp/a" held)" "files that the hub holds"
steps "$tmp/b" <<'STEPS'
sync
STEPS
same 0 "$(files "$tmp/b" here held)" "files that came to the other kiosk unasked"
same 3 "$(files "$tmp/b" named)" "files that the other kiosk knows of"
steps "$tmp/b" <<'STEPS'
key "EXA-0055\n"
tap "/item/**/history"
tap "/history/rows/picture0"
see "Not on this kiosk"
audit
net off
tap "/look/fetch"
see "comes with the next contact" within 20s
audit
net on
sync
see "Closer" within 20s
audit
shot fetched
tap "/look/send"
see "Plug it in"
back
back
tap "/history/rows/row0"
tap "Look: Picture of the indicator"
see "Closer"
back
back
back
tap "/item/**/more"
tap "/more/more/papers"
tap "/certificates/papers/paper0"
see "not on this kiosk"
tap "/certificate/look"
tap "/look/fetch"
see "Page 1 of 3" within 20s
STEPS
same 2 "$(files "$tmp/b" held)" "files that the other kiosk has fetched"
"$CANNY_BIN/canny" file --data "$tmp/b" "$picture" | cmp - "$tmp/picture.jpg" || fail "the picture came otherwise"

# Damaged on the disk: told, and fetched again by itself.
find "$tmp/b/files" -type f | while read -r file; do
    printf 'damage' | dd of="$file" bs=1 seek=1000 conv=notrunc 2>/dev/null
done
if "$CANNY_BIN/canny" file --data "$tmp/b" "$picture" >/dev/null 2>"$tmp/err"; then
    fail "a damaged picture came out"
fi
says "$tmp/err" "damaged"
steps "$tmp/b" <<'STEPS'
net off
key "EXA-0055\n"
tap "/item/**/history"
tap "/history/rows/picture0"
see "damaged"
audit
back
back
tap "/item/**/more"
tap "/more/more/papers"
tap "/certificates/papers/paper0"
tap "/certificate/look"
see "It was damaged on this kiosk"
see "fetched by itself"
audit
net on
sync
see "Page 1 of 3" within 20s
STEPS
"$CANNY_BIN/canny" file --data "$tmp/b" "$picture" | cmp - "$tmp/picture.jpg" || fail "the picture was not mended"

for kiosk in a b; do
    verify_kiosk "$tmp/$kiosk"
done
verify_hub "$hub"
hub_stop
