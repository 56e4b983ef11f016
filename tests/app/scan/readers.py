"""Runs `canny decode` and plain zbarimg over many pictures, and says which payloads are right. For the tests."""
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import time

PARALLEL = 2
ZBAR_NAMES = {"CODE-128", "CODE-39", "EAN-13", "EAN-8", "UPC-A", "UPC-E", "I2/5", "QR-Code"}


def ours_share(decode, paths):
    got = collections.defaultdict(set)
    run = subprocess.run([decode, "--names"] + paths, capture_output=True)
    if run.returncode != 0:
        raise SystemExit("canny decode: status %d: %s" % (run.returncode, run.stderr.decode("utf-8", "replace")[-2000:]))
    for line in run.stdout.decode("utf-8", "replace").split("\n"):
        part = line.split("\t", 2)
        if len(part) == 3:
            got[part[0]].add(part[2])
    return got


def ours(decode, paths):
    """file name -> payloads, by as many processes as the smallest machine has cores"""
    got = collections.defaultdict(set)
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        for share in pool.map(lambda i: ours_share(decode, paths[i::PARALLEL]), range(PARALLEL)):
            got.update(share)
    return got


def plain_zbar(paths):
    """The same by zbarimg as it comes, our symbologies only; None where it is not installed."""
    if shutil.which("zbarimg") is None:
        return None
    got = collections.defaultdict(set)
    out = subprocess.run(["zbarimg", "-q", "--xml"] + paths, capture_output=True).stdout.decode("utf-8", "replace")
    for source in re.finditer(r"<source href='([^']*)'>(.*?)</source>", out, re.S):
        symbols = re.finditer(r"<symbol type='([^']*)'.*?<!\[CDATA\[(.*?)\]\]>", source[2], re.S)
        for symbol in symbols:
            if symbol[1] in ZBAR_NAMES:
                got[os.path.basename(source[1])].add(symbol[2].replace("\n", "\\n"))
    return got


def timed(call, *args):
    start = time.monotonic()
    result = call(*args)
    return result, time.monotonic() - start


def table(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]
    return [(row + ["", ""])[:3] for row in rows]


class Photographs:
    """The labelled photographs of a folder: expected.tsv (file, symbology, payload; NONE: nothing may be read) and
    also.tsv (file, `same`: an equal spelling of the payload, or `visible`: another code in the picture, payload)."""

    def __init__(self, folder):
        self.folder = folder
        self.expected = {name: (sym, payload) for name, sym, payload in table(os.path.join(folder, "expected.tsv"))}
        self.same = collections.defaultdict(set)
        self.visible = collections.defaultdict(set)
        for name, kind, payload in table(os.path.join(folder, "also.tsv")):
            (self.same if kind == "same" else self.visible)[name].add(payload)

    def keep(self, names):
        self.expected = {name: self.expected[name] for name in names}

    def paths(self):
        return [os.path.join(self.folder, name) for name in sorted(self.expected)]

    @staticmethod
    def spellings(payload):
        """Forms of one number that say the same: GS separators left out, 12 digits of a UPC for 13 of an EAN, an EAN
        with its add-on of two or five digits."""
        forms = {payload, payload.replace("\x1d", "")}
        if payload.isdigit():
            if len(payload) == 12:
                forms.add("0" + payload)
            if len(payload) in (15, 18):
                forms.add(payload[:13])
            if len(payload) in (14, 17):
                forms.add("0" + payload[:12])
        return forms

    def judge(self, name, payloads):
        """(was the code read rightly, what was read wrongly)"""
        symbology, wanted = self.expected[name]
        wanted = wanted.replace("\n", "\\n")
        right, wrong = False, []
        for payload in payloads:
            forms = self.spellings(payload)
            if symbology != "NONE" and (wanted in forms or forms & self.same[name]):
                right = True
            elif not forms & self.visible[name]:
                wrong.append(payload)
        return right, wrong
