#!/usr/bin/env python3
"""Real photographs of real codes, read by `canny decode` and by plain zbar.
usage: photographs.py CANNY_DECODE FOLDER [CANNY_DECODE_2] [--third] [--bench]
None may be read wrongly, and of what plain zbar reads rightly at least 95 in 100 must be read. --third takes one in three
of each source. A second decoder, the same one built with checks, reads every fifth, and has to read the same. --bench
judges nothing and tells the time. Exits 77 where the photographs are not there: they are third parties' and not ours to
copy."""
import collections
import os
import sys

from readers import Photographs, ours, ours_share, plain_zbar, timed

OURS = ("CODE-128", "CODE-39", "ITF", "EAN-13", "EAN-8", "UPC-A", "UPC-E", "QR")
GROUPS = (("Code 128, 39, ITF", OURS[:3]), ("all linear", OURS[:7]), ("QR", OURS[7:]))


def percent(part, whole):
    return 100.0 * part / whole if whole else 0.0


def main():
    decode, folder = sys.argv[1:3]
    bench = "--bench" in sys.argv
    again = [word for word in sys.argv[3:] if not word.startswith("--")]
    if not os.path.exists(os.path.join(folder, "expected.tsv")):
        print("skipped: no labelled photographs in " + folder)
        return 77
    photographs = Photographs(folder)
    if "--third" in sys.argv:
        photographs.keep(sorted(photographs.expected)[::3])
    got, seconds = timed(ours_share if bench else ours, decode, photographs.paths())
    zbar, zbar_seconds = timed(plain_zbar, photographs.paths())
    count, right, zbar_right, both, wrong, zbar_wrong = (collections.Counter() for _ in range(6))
    for name, (symbology, payload) in sorted(photographs.expected.items()):
        ok, bad = photographs.judge(name, got[name])
        zbar_ok, zbar_bad = photographs.judge(name, zbar[name]) if zbar is not None else (False, [])
        count[symbology] += 1
        right[symbology] += ok
        wrong[symbology] += bool(bad)
        zbar_right[symbology] += zbar_ok
        zbar_wrong[symbology] += bool(zbar_bad)
        both[symbology] += ok and zbar_ok
        if bad:
            print("WRONG %s: %s %r read as %r" % (name, symbology, payload, bad))
    print("%-18s %6s %14s %14s %6s" % ("", "photos", "read / wrong", "zbar / wrong", "both"))
    rows = [(s, (s,)) for s in sorted(count)] + list(GROUPS)
    for title, kinds in rows:
        n, k, w, z, zw, b = (sum(c[s] for s in kinds) for c in (count, right, wrong, zbar_right, zbar_wrong, both))
        print("%-18s %6d %8.1f%% / %2d %8.1f%% / %2d %6d" % (title, n, percent(k, n), w, percent(z, n), zw, b))
    if bench:
        print("a photograph, with reading the file: %.1f ms; plain zbarimg %.1f ms"
              % (1000 * seconds / len(photographs.expected), 1000 * zbar_seconds / len(photographs.expected)))
        return 0
    faults = sum(wrong.values())
    for second in again:
        some = photographs.paths()[::10]
        checked = ours(second, some)
        for name in map(os.path.basename, some):
            if checked[name] != got[name]:
                print("NOT THE SAME %s: %r and %r" % (name, sorted(got[name]), sorted(checked[name])))
                faults += 1
    if zbar is None:
        print("plain zbar is not installed (zbarimg): no comparison")
    else:
        share = percent(sum(both.values()), sum(zbar_right.values()))
        print("of what plain zbar reads rightly: %.1f %%" % share)
        faults += share < 95
    return 1 if faults else 0


sys.exit(main())
