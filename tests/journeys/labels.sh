#!/bin/sh
# Makes the labels and badges of the example school as pictures, for drive scripts to hold before the camera:
# NAME.png for each item's label (Code 128), badge-t1.png and badge-t2.png for the technicians' badges (QR).
# usage: labels.sh OUTDIR
set -eu

out=${1:?usage: labels.sh OUTDIR}
mkdir -p "$out"

# EXA-0057 is no item of the school: an unknown label.
for label in EXA-0040 EXA-0041 EXA-0042 EXA-0043 EXA-0044 EXA-0049 EXA-0057; do
    zint --barcode=CODE128 --data="$label" --height=60 --scale=2 --quietzones --vwhitesp=10 --output="$out/$label.png"
done

badge() {
    qrencode --output="$out/$1" --type=PNG --size=6 --margin=6 --level=M -- "$2"
}
badge badge-t1.png CANNY-P:EXAMPLE-T1-7Q4M
badge badge-t2.png CANNY-P:EXAMPLE-T2-K8VD
