#!/bin/sh
# What mounts a stick on a kiosk: the rule lets only FAT and exFAT of USB through, the unit mounts them so that nothing on them
# can run, become another user or be a device, and where the kiosk looks for them.
set -u
: "${CANNY_SOURCE:?the source folder}"
rule=$CANNY_SOURCE/platform/pi/udev/90-canny-stick.rules
unit=$CANNY_SOURCE/platform/pi/systemd/canny-stick@.service
fail() {
    printf 'pi_stick: %s\n' "$*" >&2
    exit 1
}
has() {
    grep -qF -- "$2" "$1" || fail "${1##*/} lacks: $2"
}

# One line of the rule starts the unit, and it asks for all of these.
starts=$(grep -v '^#' "$rule" | grep -c 'SYSTEMD_WANTS')
[ "$starts" = 1 ] || fail "$starts lines of the rule start something"
line=$(grep -v '^#' "$rule" | grep 'SYSTEMD_WANTS')
for want in 'SUBSYSTEM=="block"' 'ENV{ID_BUS}=="usb"' 'ENV{ID_FS_USAGE}=="filesystem"' \
    'ENV{ID_FS_TYPE}=="vfat|exfat"' 'ENV{SYSTEMD_WANTS}+="canny-stick@%k.service"'; do
    case $line in
    *"$want"*) ;;
    *) fail "the rule lacks: $want" ;;
    esac
done
# What a stranger wrote on the stick names nothing.
case $line in
*ID_FS_LABEL* | *ID_FS_UUID* | *RUN+=* | *PROGRAM=*) fail "the rule uses the stick's own words, or runs something" ;;
esac

mounts=$(grep -c '^Exec.*/mount ' "$unit")
[ "$mounts" = 1 ] || fail "$mounts commands mount something"
line=$(grep '^ExecStart=.*/mount ' "$unit") || fail "nothing mounts"
types=$(printf '%s\n' "$line" | sed -n 's/.*--types \([^ ]*\) .*/\1/p')
[ "$types" = vfat,exfat ] || fail "types are: $types"
options=,$(printf '%s\n' "$line" | sed -n 's/.*--options \([^ ]*\) .*/\1/p'),
for want in noexec nosuid nodev nosymfollow umask=0077; do
    case $options in
    *",$want,"*) ;;
    *) fail "options lack $want: $options" ;;
    esac
done
for bad in exec suid dev rw defaults user users; do
    case $options in
    *",$bad,"*) fail "options hold $bad" ;;
    esac
done
where=$(sed -n 's/^#define STICK_MOUNTS "\(.*\)"$/\1/p' "$CANNY_SOURCE/platform/stick.h")
[ -n "$where" ] || fail "platform/stick.h does not say where"
case $line in
*" /dev/%i $where/%i") ;;
*) fail "it is mounted elsewhere than in $where: $line" ;;
esac
has "$unit" "BindsTo=dev-%i.device"
has "$unit" "umount --lazy $where/%i"
if command -v udevadm >/dev/null 2>&1 && udevadm verify --help >/dev/null 2>&1; then
    udevadm verify "$rule" >&2 || fail "udevadm refuses the rule"
fi
exit 0
