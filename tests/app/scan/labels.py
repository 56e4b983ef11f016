#!/usr/bin/env python3
"""Labels made by zint and qrencode, seen in every way the label tool knows, read by `canny decode`.
usage: labels.py CANNY_DECODE LABELS_TOOL [CANNY_DECODE_2]
Nothing wrong may be read in any of them; what plain zbar reads rightly must be read (all but one in twenty); and the
ways that a label is met every day must be read whatever zbar makes of them. A second decoder, the same one built with
checks, reads one in twelve, so that it meets each label and each way, and has to read the same. Exits 77 where a maker is
not installed."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

from readers import PARALLEL, ours, plain_zbar

QUIET = 10
EVERYDAY = ("plain", "turn7", "turn15", "turn45", "turn90", "turn180", "tilt20", "dim50", "noise8")
# name, maker, its symbology, what is given to it, what must come out
LABELS = (
    ("c128", "zint", "CODE128", "EXA-0042", "EXA-0042"),
    ("c128b", "zint", "CODE128", "lab/7 Kettle.2", "lab/7 Kettle.2"),
    ("c128c", "zint", "CODE128", "20261122004217", "20261122004217"),
    ("c39", "zint", "CODE39", "PREP-17", "PREP-17"),
    ("ean13", "zint", "EANX", "501234567890", "5012345678900"),
    ("ean8", "zint", "EANX", "5012345", "50123452"),
    ("upca", "zint", "UPCA", "04900000658", "0049000006582"),
    ("upce", "zint", "UPCE", "0123450", "0012000003455"),
    ("itf", "zint", "C25INTER", "12345678", "12345678"),
    ("qr", "qrencode", "M", "CANNY-P:7Q4M-ZK2A-91", "CANNY-P:7Q4M-ZK2A-91"),
    ("qrlow", "qrencode", "L", "CANNY-ENROL:1?hub=https://hub.example.org&code=AB12-CD34", None),
    ("qrutf8", "qrencode", "Q", "Àird Mhòr 7 µm", None),
)


def zint_rows(kind, text):
    out = subprocess.run(["zint", "-b", kind, "-d", text, "--dump"], check=True, capture_output=True, text=True).stdout
    row = "".join(bin(int(c, 16))[2:].zfill(4) for c in re.sub(r"\s", "", out.strip().split("\n")[0])).rstrip("0")
    width = len(row) + 2 * QUIET
    empty = "0" * width
    bars = max(30, len(row) // 3)
    return [empty] * 4 + ["0" * QUIET + row + "0" * QUIET] * bars + [empty] * 4


def qr_rows(level, text):
    out = subprocess.run(["qrencode", "-t", "ASCII", "-m", "4", "-l", level, "-8", "-o", "-", text], check=True,
                         capture_output=True, text=True).stdout
    return ["".join("1" if c == "#" else "0" for c in line[::2]) for line in out.split("\n") if line]


def write_pgm(rows, path, module=6):
    with open(path, "wb") as f:
        f.write(b"P5\n%d %d\n255\n" % (len(rows[0]) * module, len(rows) * module))
        for row in rows:
            f.write(b"".join((b"\x1e" if c == "1" else b"\xe1") * module for c in row) * module)


def make(tool, folder, label):
    name, maker, kind, text, _ = label
    path = os.path.join(folder, name + ".pgm")
    write_pgm(zint_rows(kind, text) if maker == "zint" else qr_rows(kind, text), path)
    subprocess.run([tool, path, folder, name], check=True)


def share(ways, step=12):
    """One in `step` of all the pictures, another one of each label's: every label and every way is among them."""
    return [
        "%s-%s.pgm" % (label[0], way) for i, label in enumerate(LABELS) for j, way in enumerate(ways) if (i + j) % step == 0
    ]


def main():
    decode, tool = sys.argv[1:3]
    missing = [name for name in ("zint", "qrencode") if shutil.which(name) is None]
    if missing:
        print("skipped: not installed: " + ", ".join(missing))
        return 77
    ways = subprocess.run([tool, "--list"], check=True, capture_output=True, text=True).stdout.split()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = {}
        for name, maker, kind, text, payload in LABELS:
            for way in ways:
                wanted["%s-%s.pgm" % (name, way)] = (payload or text, way)
        with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(lambda label: make(tool, folder, label), LABELS))
        paths = [os.path.join(folder, name) for name in sorted(wanted)]
        got = ours(decode, paths)
        theirs = plain_zbar(paths)
        for second in sys.argv[3:]:
            checked = ours(second, [os.path.join(folder, name) for name in share(ways)])
            for name in share(ways):
                if checked[name] != got[name]:
                    faults.append("%s: read as %r, and as %r by the second" % (name, sorted(got[name]), sorted(checked[name])))
    read = zbar_read = both = 0
    for name, (payload, way) in sorted(wanted.items()):
        wrong = got[name] - {payload}
        if wrong:
            faults.append("%s: read as %r" % (name, sorted(wrong)))
        right = payload in got[name]
        read += right
        if not right and way in EVERYDAY:
            faults.append("%s: not read" % name)
        if theirs is not None and payload in theirs[name]:
            zbar_read += 1
            both += right
    print("made labels: %d of %d read" % (read, len(wanted)))
    print("not read: " + " ".join(n[:-4] for n in sorted(wanted) if wanted[n][0] not in got[n]))
    if theirs is None:
        print("plain zbar is not installed (zbarimg): no comparison")
    else:
        print("plain zbar: %d, of which read here: %d" % (zbar_read, both))
        if both * 100 < zbar_read * 95:
            faults.append("fewer than 95 %% of what plain zbar reads: %d of %d" % (both, zbar_read))
    for fault in faults:
        print("FAULT " + fault)
    return 1 if faults else 0


sys.exit(main())
