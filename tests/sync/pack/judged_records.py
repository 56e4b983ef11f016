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
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as f:
            json.dump(rows, f)
            f.flush()
            run = subprocess.run([records, os.path.join(root, "assets/content/forms", form + ".csv"), f.name, str(seq)],
                                 capture_output=True, text=True, timeout=300, check=False)
        if run.returncode != 0:
            sys.exit(run.stderr)
        sys.stdout.write(run.stdout)
        seq += run.stdout.count("\n")


if __name__ == "__main__":
    main()
