#!/usr/bin/env python3
"""Every template decides what the trade says it decides.

The tables in tests/data/judged are written from the fact sheet of the trade and not from the forms, by
somebody who did not write the form. Each row is filled in by `canny-pack try` and what comes out is compared:
the outcome, what to do about a fail, and the next due date. A template without a row that passes and one that
does not is a hole in the tables and fails as well.

usage: judged.py CANNY-PACK SOURCE-DIR [TEMPLATE...]
"""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

COLUMNS = ["template", "case", "answers", "today", "outcome", "fail_action", "next_due"]
OUTCOMES = {"open", "pass", "advise", "fail", "quarantine"}


def read_table(path):
    """Rows of one table, with answers that start from an earlier case written out."""
    rows, known = [], {}
    with open(path, encoding="utf-8", newline="") as f:
        table = csv.DictReader(f)
        missing = [c for c in COLUMNS if c not in (table.fieldnames or [])]
        if missing:
            raise ValueError(f"{path}: columns missing: {', '.join(missing)}")
        for row in table:
            where = f"{os.path.basename(path)}:{table.line_num} {row['template']} «{row['case']}»"
            try:
                answers = json.loads(row["answers"])
                facts = json.loads(row.get("facts") or "{}")
            except ValueError as error:
                raise ValueError(f"{where}: {error}") from error
            key = (row["template"], row["case"])
            if key in known:
                raise ValueError(f"{where}: this case stands twice")
            base = {}
            if "=" in answers:
                base = dict(known[(row["template"], answers.pop("="))])
            base.update(answers)
            known[key] = {k: v for k, v in base.items() if v is not None}
            if row["outcome"] not in OUTCOMES:
                raise ValueError(f"{where}: no outcome is called {row['outcome']!r}")
            rows.append((where, row, known[key], facts))
    return rows


def try_rows(pack, root, form, rows):
    """What comes out of each row of one form; a program that ends early leaves the rest without."""
    cases = []
    for _, row, answers, facts in rows:
        case = {"answers": answers, "facts": facts}
        if row["today"]:
            case["today"] = row["today"]
        cases.append(case)
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as f:
        json.dump(cases, f)
        f.flush()
        run = subprocess.run([pack, "try", os.path.join(root, "assets/content/forms", form + ".csv"), "--cases", f.name],
                             capture_output=True, text=True, timeout=300, check=False)
    results = [json.loads(line) for line in run.stdout.splitlines() if line.endswith("}")]
    refused = any("error" in r for r in results)
    if run.returncode != (1 if refused else 0) or len(results) != len(cases):
        ended = f"status {run.returncode} after {len(results)} of {len(cases)} cases: {run.stderr.strip()[:2000]}"
        results += [{"error": ended}] * (len(cases) - len(results) or 1)
        results[-1] = {"error": ended}
    return results


def stands_open(got):
    """What keeps a check from being signed, in words."""
    out = []
    for field in got.get("fields", []):
        if field.get("missing"):
            out.append(f"{field['name']} unanswered")
        if field.get("fault"):
            out.append(f"{field['name']}: {field['fault']}")
    return "; ".join(out[:6])


def compare(row, got):
    if "outcome" not in got:
        return f"canny-pack try: {got.get('error')}"
    if got["outcome"] != row["outcome"]:
        detail = stands_open(got) if got["outcome"] == "open" else got.get("reason")
        return f"wanted {row['outcome']}, got {got['outcome']} ({detail})"
    for column in ("fail_action", "next_due"):
        want = row[column]
        have = got.get(column) or ""
        if want and have != ("" if want == "-" else want):
            return f"{column}: wanted {want}, got {have or 'none'}"
    return None


def limits_of(path):
    """Name and figure of every limit that a form states for a reading; one that is worked out has its cases by hand."""
    sheet, head = "", None
    with open(path, encoding="utf-8-sig", newline="") as f:
        for cells in csv.reader(f):
            if cells and cells[0]:
                sheet, head = cells[0], None
            if sheet != "survey" or not any(cells[1:]):
                continue
            if head is None:
                head = cells[1:]
                continue
            row = dict(zip(head, cells[1:]))
            for column in ("kiosk::limit_low", "kiosk::limit_high"):
                if re.fullmatch(r"-?[0-9.]+", row.get(column, "")) and row["type"] in ("integer", "decimal", "range"):
                    yield row["name"], float(row[column])


def readings(rows, form, name):
    for _, row, answers, _ in rows:
        try:
            if row["template"] == form:
                yield float(answers.get(name, ""))
        except (TypeError, ValueError):
            pass


def limit_holes(root, form, rows):
    """Each limit is tried at it, under it and over it."""
    for name, limit in limits_of(os.path.join(root, "assets/content/forms", form + ".csv")):
        tried = list(readings(rows, form, name))
        if not (limit in tried and min(tried) < limit < max(tried)):
            yield f"{form}: {name}: no case at, under and over {limit:g}"


def main():
    if len(sys.argv) < 3:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        return 2
    pack, root, only = sys.argv[1], sys.argv[2], set(sys.argv[3:])
    folder = os.path.join(root, "tests/data/judged")
    rows = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".csv"):
            rows += read_table(os.path.join(folder, name))
    if only:
        rows = [r for r in rows if r[1]["template"] in only]

    failed = []
    by_form = {}
    for row in rows:
        by_form.setdefault(row[1]["template"], []).append(row)
    with ThreadPoolExecutor(max_workers=2) as pool:
        # Most of a start is the sanitizers' and the form's reading, so one tries all rows of its form.
        for own, results in zip(by_form.values(), pool.map(lambda f: try_rows(pack, root, *f), by_form.items())):
            for (where, row, _, _), got in zip(own, results):
                wrong = compare(row, got)
                if wrong:
                    failed.append(f"{where}: {wrong}")

    forms = {f[:-4] for f in os.listdir(os.path.join(root, "assets/content/forms")) if f.endswith(".csv")}
    for form in sorted((forms & only) if only else forms):
        outcomes = {r[1]["outcome"] for r in rows if r[1]["template"] == form}
        if not outcomes & {"pass", "advise"}:
            failed.append(f"{form}: no case that passes")
        if not outcomes & {"fail", "quarantine"}:
            failed.append(f"{form}: no case that fails")
        failed += limit_holes(root, form, rows)
    for line in failed:
        print(line, file=sys.stderr)
    print(f"{len(rows)} cases, {len(failed)} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
