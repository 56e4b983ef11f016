#!/bin/sh
# A data folder that cannot be written: not a folder, read-only, or full in the middle of the work. Each is told in
# words, what was answered stays, and when there is room again it is recorded, once.
. "$(dirname "$0")/lib.sh"
labels

# A file where the folder should be, and a folder that cannot be made.
: >"$tmp/file"
for data in "$tmp/file" "$tmp/file/below" /proc/canny; do
    printf 'see "never"\n' >"$play/never.drive"
    kiosk "$data" --drive "$play/never.drive"
    same 1 $? "status with --data $data"
    says "$tmp/err" "$data"
    same 1 "$(grep -c '^canny: ' "$tmp/err")" "lines that canny says of --data $data"
done

# A folder that this user may not write. Root may write anywhere, so root is asked to be somebody else.
steps "$tmp/ro" <<'STEPS'
see "Chemistry prep"
STEPS
before=$(kiosk_export "$tmp/ro")
chmod 755 "$tmp" "$play"
chmod -R a+rX,a-w "$tmp/ro"
as=
[ "$(id -u)" -ne 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ -n "$as" ] && ! $as test -x "$CANNY_BIN/canny" 2>/dev/null; then
    printf '%s: nobody but root can run the programs here: the read-only folder was not tried\n' "$journey"
else
    # shellcheck disable=SC2086
    $as "$CANNY_BIN/canny" --data "$tmp/ro" --content "$content" --size 1280x800 --drive "$play/never.drive" \
        >"$tmp/out" 2>"$tmp/err"
    same 1 $? "status with a read-only folder"
    says "$tmp/err" "canny: "
    says "$tmp/err" "$tmp/ro"
fi
chmod -R u+w "$tmp/ro"
same "$before" "$(kiosk_export "$tmp/ro")" "lines after the read-only folder"
verify_kiosk "$tmp/ro"

# A full disk: a small file system, filled while the check waits for its signature. The camera's command is what acts in
# the middle of the script: it fills the disk when a picture of that name appears, shows the badge, frees the disk when
# asked to, and shows a web address to say so.
need qrencode python3
mkdir "$tmp/disk"
if ! mount -t tmpfs -o size=16m canny-full "$tmp/disk" 2>/dev/null; then
    printf '%s: no file system can be mounted here: the full disk was not tried\n' "$journey"
    exit 0
fi
mounted=$tmp/disk
qr_frame() {
    qrencode -t ASCII -m 4 -l M -- "$1" | python3 "$here/qr_frame.py" >"$2" || fail "the frame of $1 could not be made"
}
python3 "$here/qr_frame.py" </dev/null >"$tmp/blank.raw"
qr_frame CANNY-P:EXAMPLE-T1-7Q4M "$tmp/badge.raw"
qr_frame https://freed.example "$tmp/freed.raw"
qr_frame https://full.example "$tmp/full.raw"
cat >"$tmp/camera.sh" <<CAMERA
#!/bin/sh
# camera.sh FRAME-WHEN-FULL
picture=$tmp/blank.raw
while cat "\$picture"; do
    if [ -e "$tmp/shots/free-now.png" ]; then
        rm -f "$tmp/disk/filler"
        picture=$tmp/freed.raw
    elif [ -e "$tmp/shots/fill-now.png" ] && [ "\$picture" = "$tmp/blank.raw" ]; then
        cat /dev/zero >"$tmp/disk/filler" 2>/dev/null
        picture=\$1
    fi
    sleep 0.05 # the pace of a camera
done
CAMERA

# Started once, so that the sample school is there; then the answers, the full disk, and room again.
steps "$tmp/disk/kiosk" <<'STEPS'
see "Chemistry prep"
STEPS
before=$(kiosk_export "$tmp/disk/kiosk" | wc -l)
drive "$tmp/disk/kiosk" bad_disk.drive --camera "pipe:sh $tmp/camera.sh $tmp/badge.raw" --camera-size 640x480
same $((before + 1)) "$(kiosk_export "$tmp/disk/kiosk" | wc -l)" "lines once there was room again"
verify_kiosk "$tmp/disk/kiosk"

# Answers given while nothing can be saved: they stay as they are when the screen is built anew (somebody signs in, the item
# is left and opened again), go to the disk by themselves when there is room, and are what is recorded.
rm -f "$tmp/shots/"*-now.png
drive "$tmp/disk/kiosk" bad_disk_answers.drive --camera "pipe:sh $tmp/camera.sh $tmp/full.raw" --camera-size 640x480
same $((before + 2)) "$(kiosk_export "$tmp/disk/kiosk" | wc -l)" "lines once the answers were saved"
kiosk_export "$tmp/disk/kiosk" >"$tmp/lines"
says "$tmp/lines" '"value":"0.4321"'
verify_kiosk "$tmp/disk/kiosk"

# The same with a copy of an assessment for a class: it is there after the page was left, and after the kiosk was.
rm -f "$tmp/shots/"*-now.png
drive "$tmp/disk/kiosk" bad_disk_adapt.drive --camera "pipe:sh $tmp/camera.sh $tmp/full.raw" --camera-size 640x480
steps "$tmp/disk/kiosk" <<'STEPS'
key "CANNY-P:EXAMPLE-C1-3XRN\n"
tap "/home/assessments"
tap "/find/browse/all"
tap "/find/list/c03"
tap "/assessment/adapt"
see "3B1"
STEPS
verify_kiosk "$tmp/disk/kiosk"
