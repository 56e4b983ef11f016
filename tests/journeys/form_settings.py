#!/usr/bin/env python3
"""Nobody changes an interval, its basis or who may sign unnoticed.

tests/data/register.csv is written by hand from the closing register of the trade's fact sheet, one row a form, and says in
`note` where a form goes beyond it. Each form's settings are held against its row: who signs, interval, the intervals that
it may work out, whether it rests while the school is closed, basis, what a fail leads to, how long records are kept, and which
other form's cycle a pass serves (one that has all of its rows).

usage: form_settings.py SOURCE-DIR
"""
import csv
import os
import re
import sys

HELD = {
    "who": "kiosk::competence",
    "interval": "kiosk::interval",
    "basis": "kiosk::basis",
    "fail": "kiosk::fail_action",
    "keep": "kiosk::retention",
    "serves": "kiosk::counts_as",
}
# Whose word stands above each basis: a form says it in its basis_text.
ABOVE = {
    "LAW": "never for less",
    "SCHEME": "comes first",
    "ACOP": "comes first",
    "GUIDE": "comes first",
    "PRACTICE": "comes first",
}


def sheets_of(path):
    """The rows of survey and settings, by column."""
    out, sheet, head = {"survey": [], "choices": [], "settings": []}, "", None
    with open(path, encoding="utf-8-sig", newline="") as f:
        for cells in csv.reader(f):
            if cells and cells[0]:
                sheet, head = cells[0], None
            if not any(cells[1:]):
                continue
            if head is None:
                head = cells[1:]
            else:
                out[sheet].append({h: c for h, c in zip(head, cells[1:]) if h})
    return out


def worked_out(rows, settings):
    """Every interval that the row named by interval_from can yield."""
    name = settings.get("kiosk::interval_from")
    if not name:
        return set()
    text = next(r["calculation"] for r in rows if r["name"] == name)
    found = set(re.findall(r"'(\d+[dwmy]|term|use)'", text))
    if "concat(" in text:  # months that somebody chooses
        found |= {"12m", "24m"}
    return found


def not_asked(form, served):
    """Pass or fail rows of a form that the one which counts as it leaves out, by their labels."""
    asked = " ".join(r.get("label", "") for r in form["survey"]).lower()
    return [r["name"] for r in served["survey"] if r["name"] not in {r["name"] for r in form["survey"]}
            and r["type"].startswith("select_one pf") and r["label"].lower() not in asked]


def wrong_with(row, form):
    settings = form["settings"][0]
    for column, setting in HELD.items():
        if settings.get(setting, "") != row[column]:
            yield f"{column}: {settings.get(setting, '') or 'none'}, the register says {row[column] or 'none'}"
    if settings.get("kiosk::in_session", "") not in ({"yes"} if row["session"] else {"", "no"}):
        yield "in_session is not as the register says"
    varies = set(row["varies"].split())
    if worked_out(form["survey"], settings) != varies:
        yield f"works out {sorted(worked_out(form['survey'], settings))}, the register says {sorted(varies)}"
    if ABOVE[row["basis"]] not in settings.get("kiosk::basis_text", ""):
        yield "basis_text does not say whose word stands above it"
    for setting in ("kiosk::source", "kiosk::edition", "kiosk::confidence", "kiosk::basis_text"):
        if not settings.get(setting):
            yield f"no {setting}"
    if settings.get("kiosk::quick_pass") == "yes" and (
        settings.get("kiosk::basis") in ("LAW", "SCHEME", "ACOP")
        or any(r.get("required") == "yes" and not r["type"].startswith("select_one pf") for r in form["survey"])
    ):
        yield "«All good» may not answer for a number, a date or a statutory check"
    for r in form["survey"]:
        figure = r.get("kiosk::limit_low") or r.get("kiosk::limit_high")
        said = [r.get("kiosk::" + column) for column in ("source", "edition", "confidence")]
        if (figure or any(said)) and not all(said):
            yield f"{r['name']}: not all of source, edition and confidence"
        if (r.get("kiosk::kind") or "").find("pat-tester") >= 0 and r.get("kiosk::instrument") != "yes":
            yield f"{r['name']}: scans a tester that is not held to its calibration"


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        return 2
    folder = os.path.join(sys.argv[1], "assets/content/forms")
    with open(os.path.join(sys.argv[1], "tests/data/register.csv"), encoding="utf-8", newline="") as f:
        register = list(csv.DictReader(f))
    forms = {n[:-4] for n in os.listdir(folder) if n.endswith(".csv")}
    named = [r["form"] for r in register]
    out = [f"{n}: no row in tests/data/register.csv" for n in sorted(forms - set(named))]
    out += [f"{n}: stands twice in tests/data/register.csv" for n in sorted({n for n in named if named.count(n) > 1})]
    for row in register:
        if row["form"] not in forms:
            out.append(f"{row['form']}: there is no such form")
            continue
        form = sheets_of(os.path.join(folder, row["form"] + ".csv"))
        out += [f"{row['form']}: {w}" for w in wrong_with(row, form)]
        if row["serves"] in ("el-fvi", "el-solder"):
            served = sheets_of(os.path.join(folder, row["serves"] + ".csv"))
            out += [f"{row['form']}: counts as {row['serves']} and leaves out {n}" for n in not_asked(form, served)]
    for line in out:
        print(line, file=sys.stderr)
    print(f"{len(register)} forms held to the register, {len(out)} differ")
    return 1 if out or not register else 0


if __name__ == "__main__":
    sys.exit(main())
