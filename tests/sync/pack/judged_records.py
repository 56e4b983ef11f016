#!/usr/bin/env python3
"""The cases of tests/data/judged as a history: every one that could be signed, written as a kiosk writes it.

usage: judged_records.py RECORDS SOURCE-DIR >HISTORY.ndjson
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(sys.argv[2], "tests/journeys"))
import judged  # noqa: E402


def write(records, root, form, rows, seq):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as f:
        json.dump(rows, f)
        f.flush()
        run = subprocess.run([records, os.path.join(root, "assets/content/forms", form + ".csv"), f.name, str(seq)],
                             capture_output=True, text=True, timeout=300, check=False)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return [json.loads(line) for line in run.stdout.splitlines()]


def registered(record, item, facts):
    """The line of the register before it, which says what the form asks of the item."""
    first = dict(record, kind="item.registered", subject=item, body={"label": "EXA", "facts": facts})
    later = dict(record, seq=record["seq"] + 1, hlc="%016x" % (int(record["hlc"], 16) + 1), subject=item)
    later["body"] = dict(later["body"], item=item)
    return [first, later]


def main():
    records, root = sys.argv[1:3]
    cases = {}
    for path in sorted(glob.glob(os.path.join(root, "tests/data/judged/*.csv"))):
        for _, row, answers, facts in judged.read_table(path):
            case = {"answers": answers, "facts": facts}
            if row["today"]:
                case["today"] = row["today"]
            cases.setdefault(row["template"], []).append(case)
    seq = 1
    for form, rows in sorted(cases.items()):
        # Of this form more than the records hold is asked: its items stand in the register, each case's in its own words.
        for part in [[row] for row in rows] if form == "ra-use-in" else [rows]:
            lines = write(records, root, form, part, seq)
            if form == "ra-use-in" and lines:
                lines = registered(lines[0], "%016x" % seq, part[0]["facts"].get("item", {}))
            for line in lines:
                print(json.dumps(line, separators=(",", ":"), ensure_ascii=False))
            seq += len(lines)


if __name__ == "__main__":
    main()
