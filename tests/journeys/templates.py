#!/usr/bin/env python3
"""Every template is opened, filled and signed in the kiosk itself, by taps, and its record is read back.

The answers are the «good» rows of tests/data/judged; what a row needs around it (an item of its kind, the
instruments it scans, the facts it reads) is made as a school in a copy of the content.

usage: templates.py BIN-DIR SOURCE-DIR [TEMPLATE...]
"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

BADGE = "CANNY-P:EXAMPLE-T1-7Q4M"
PERSON = "Technician 1 (example)"
CODES = ["T", "P", "M3", "R", "W", "B", "C", "A"]
# What keeps each kind of instrument in calibration.
CALIBRATION = {"gm-counter": "ra-counter", "balance": "ba", "thermometer": "th", "multimeter": "ma"}


def read_form(path):
    """Rows, choices and settings of one form."""
    rows, choices, settings, sheet, head = [], {}, {}, "", None
    with open(path, encoding="utf-8", newline="") as f:
        for cells in csv.reader(f):
            if cells[0]:
                sheet, head = cells[0], None
            if not any(cells[1:]):
                continue
            if head is None:
                head = cells[1:]
                continue
            row = dict(zip(head, cells[1:]))
            if sheet == "survey":
                rows.append(row)
            elif sheet == "choices":
                choices.setdefault(row["list_name"], {})[row["name"]] = row["label"]
            else:
                settings = row
    return {"rows": rows, "choices": choices, "settings": settings}


def read_good(root):
    """The first case of each template that passes, with its facts."""
    good = {}
    folder = os.path.join(root, "tests/data/judged")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                if row["case"] == "good":
                    good[row["template"]] = (json.loads(row["answers"]), json.loads(row["facts"] or "{}"))
    return good


def make_school(content, forms, good):
    """One item for each template, one of each kind that a row scans. Returns label by template and by kind."""
    items, kinds, facts = [], {}, set()
    for i, (name, form) in enumerate(sorted(forms.items())):
        kind = form["settings"]["kiosk::applies_to"].split()[0]
        own = good.get(name, ({}, {}))[1].get("item", {})
        facts |= set(own)
        items.append({"label": f"TPL-{i:04}", "kind": "microscope" if kind == "*" else kind,
                      "name": f"Item for {name}", "template": name, **{f"fact:{k}": v for k, v in own.items()}})
        for row in form["rows"]:
            for wanted in row.get("kiosk::kind", "").split():
                if wanted not in ("person", "new"):
                    kinds.setdefault(wanted, f"KND-{len(kinds):04}")
    for kind, label in kinds.items():
        items.append({"label": label, "kind": kind, "name": f"A {kind}", "template": ""})
    head = ["label", "kind", "name", "detail", "room", "shelf", "maker", "model", "serial"]
    head += [f"fact:{k}" for k in sorted(facts)]
    school = os.path.join(content, "school")
    with open(os.path.join(school, "items.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, head, restval="", extrasaction="ignore", lineterminator="\n")
        out.writeheader()
        out.writerows(dict(i, room="Prep room", shelf="A1") for i in items)
    with open(os.path.join(school, "checks.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["label", "form", "days_ago", "outcome", "person", "reason", "next_due"])
        for kind, label in kinds.items():
            for name, form in forms.items():
                settings = form["settings"]
                if settings.get("kiosk::calibration") == "yes" and kind in settings["kiosk::applies_to"].split():
                    out.writerow([label, name, 10, "pass", PERSON, "",
                                  355 if settings.get("kiosk::next_due") else ""])
    with open(os.path.join(school, "competences.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["person", "code", "until", "basis"])
        out.writerows([PERSON, code, "", "Trained"] for code in CODES)
    return {i["template"]: i["label"] for i in items if i["template"]}, kinds, items


def british(day):
    return "/".join(reversed(day[:10].split("-")))


class Script:
    """The steps that fill one form."""

    def __init__(self, form, answers, kinds, items):
        self.form, self.answers, self.kinds, self.items = form, answers, kinds, items
        self.steps = []

    def write(self, row, text):
        # Where Enter begins a new line, the keyboard is put away by its own key.
        end = ['tap "/check/keyboard/Hide"'] if "multiline" in row.get("appearance", "") else []
        enter = "" if end else "\\n"
        self.steps += [f'tap "/check/rows/{row["name"]}/value"', f'type "{text}{enter}"', *end]

    def scan(self, row, value):
        wanted = row.get("kiosk::kind", "").split()
        if "person" in wanted:
            self.steps.append(f'key "{BADGE}\\n"')
        elif "many" in row.get("appearance", ""):
            self.steps += [f'key "{i["label"]}\\n"' for i in self.items if i["kind"] in wanted]
        elif "new" in wanted:
            self.steps.append('key "NEW-0001\\n"')
        elif wanted:
            self.steps.append(f'key "{self.kinds[wanted[0]]}\\n"')
        else:
            self.write(row, value)

    def choose(self, row, value):
        labels = self.form["choices"][row["type"].split(" ", 1)[1]]
        for name in value.split(" "):
            self.steps.append(f'tap "{labels[name]}" in "{row["label"]}"')

    def row(self, row, relevant):
        value = self.answers.get(row["name"])
        if value is None or row["name"] not in relevant:
            return
        kind = row["type"].split(" ")[0]
        if kind in ("select_one", "select_multiple"):
            self.choose(row, value)
        elif kind == "barcode":
            self.scan(row, value)
        elif kind == "date":
            self.write(row, british(value))
        elif kind == "dateTime":
            self.write(row, british(value) + " " + value[11:16])
        elif kind in ("text", "integer", "decimal", "time"):
            self.write(row, value)


def try_form(pack, path, answers, facts, tmp):
    with open(os.path.join(tmp, "a.json"), "w", encoding="utf-8") as f:
        json.dump(answers, f)
    with open(os.path.join(tmp, "f.json"), "w", encoding="utf-8") as f:
        json.dump({**facts, "now": "2026-11-23T10:00:00"}, f)
    run = subprocess.run([pack, "try", path, "--answers", f.name.replace("f.json", "a.json"), "--facts", f.name,
                          "--today", "2026-11-23"], capture_output=True, text=True, timeout=60, check=False)
    return json.loads(run.stdout) if run.stdout else {"fields": []}


class Journey:
    def __init__(self, programs, root, tmp):
        self.programs, self.root, self.tmp = programs, root, tmp
        self.content = os.path.join(tmp, "content")
        shutil.copytree(os.path.join(root, "assets/content"), self.content)
        folder = os.path.join(root, "assets/content/forms")
        self.forms = {n[:-4]: read_form(os.path.join(folder, n)) for n in os.listdir(folder) if n.endswith(".csv")}
        self.good = read_good(root)
        self.labels, self.kinds, self.items = make_school(self.content, self.forms, self.good)
        self.seed = os.path.join(tmp, "seed")

    def kiosk(self, data, steps):
        script = data + ".drive"
        with open(script, "w", encoding="utf-8") as f:
            f.write("\n".join(steps) + "\n")
        env = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "detect_leaks=0"))
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            env.pop(name, None)
        return subprocess.run(
            [os.path.join(self.programs, "canny"), "--data", data, "--content", self.content, "--size", "1280x800",
             "--mm", "216.96x135.6", "--shots", data + ".shots", "--now", "2026-11-23T10:00:00Z", "--drive", script],
            capture_output=True, text=True, timeout=240, check=False, env=env)

    def fill(self, name, label, tmp):
        answers, facts = self.good[name]
        path = os.path.join(self.root, "assets/content/forms", name + ".csv")
        pack = os.path.join(self.programs, "canny-pack")
        facts = {**facts, "item": {"room": "Prep room", "shelf": "A1", **facts.get("item", {})}}
        for row in self.form_of(name)["rows"]:
            # What the kiosk fills in by itself is left as it stands.
            if row.get("calculation") and row["type"] != "calculate" and row["name"] in answers:
                less = {k: v for k, v in answers.items() if k != row["name"]}
                fields = {f["name"]: f for f in try_form(pack, path, less, facts, tmp)["fields"]}
                if fields.get(row["name"], {}).get("value"):
                    answers = less
        tried = try_form(pack, path, answers, facts, tmp)
        relevant = {f["name"] for f in tried["fields"] if f.get("relevant")}
        script = Script(self.form_of(name), answers, self.kinds, self.items)
        script.steps += [f'key "{label}\\n"', 'see "More" within 20s', 'tap "/item/more"', f'tap "/more/more/form-{name}"']
        for row in script.form["rows"]:
            script.row(row, relevant)
        return script.steps

    def form_of(self, name):
        return self.forms[name]

    def steps_of(self, name, tmp):
        """The steps of one template; an «in» is filled after its «out»."""
        label = self.labels[name]
        out = {"ra-use-in": "ra-use-out", "mb-class-in": "mb-class-out", "loan-in": "loan-out"}.get(name)
        steps = []
        for form in ([out] if out else []) + [name]:
            steps += self.fill(form, label, tmp) + ['tap "/check/sign"']
            if "+" in self.form_of(form)["settings"]["kiosk::competence"]:
                steps.append('tap "Sign, countersign later"')
            steps += ['see "Recorded" within 20s', "idle 9s"]
        return steps

    def records(self, data):
        out = subprocess.run([os.path.join(self.programs, "canny"), "export", "--data", data, "--format", "ndjson",
                              "--kind", "check.recorded"], capture_output=True, text=True, timeout=60, check=False)
        return [json.loads(line)["body"] for line in out.stdout.splitlines()]

    def some(self, names):
        """What went wrong, by template: one kiosk fills one after the other, and starts again behind one that fails."""
        wrong = {n: "no good case in tests/data/judged" for n in names if n not in self.good}
        left = [n for n in names if n in self.good]
        data = os.path.join(self.tmp, "d-" + names[0])
        os.makedirs(data + ".tmp")
        shutil.copytree(self.seed, data)
        while left:
            lines, owner = ["idle 1s", f'key "{BADGE}\\n"', f'see "{PERSON}" within 20s'], [None] * 3
            for name in left:
                steps = self.steps_of(name, data + ".tmp")
                lines += steps
                owner += [name] * len(steps)
            run = self.kiosk(data, lines)
            if run.returncode == 0:
                break
            at = re.search(r"\.drive:(\d+):", run.stderr)
            name = owner[int(at.group(1)) - 1] if at else None
            if name is None:
                wrong.update({n: run.stderr[-700:] for n in left})
                break
            wrong[name] = run.stderr.strip().splitlines()[-1]
            left = left[left.index(name) + 1:]
        signed = {r["form"]: r for r in self.records(data)}
        for name in names:
            if name not in wrong and signed.get(name, {}).get("outcome") not in ("pass", "advise"):
                wrong[name] = f"recorded as {signed.get(name, {}).get('outcome')}"
        return wrong


def main():
    if len(sys.argv) < 3:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        return 2
    tmp = tempfile.mkdtemp()
    journey = Journey(sys.argv[1], sys.argv[2], tmp)
    first = journey.kiosk(journey.seed, ['see "Lab work" within 20s'])
    names = sys.argv[3:] or sorted(journey.forms)
    if first.returncode != 0:
        print(first.stderr[-2000:], file=sys.stderr)
        return 1
    wrong = {}
    with ThreadPoolExecutor(max_workers=2) as pool:
        for part in pool.map(journey.some, [names[i::8] for i in range(8) if names[i::8]]):
            wrong.update(part)
    for name in sorted(wrong):
        print(f"{name}: {wrong[name]}", file=sys.stderr)
    print(f"{len(names) - len(wrong)} templates signed, {len(wrong)} failed")
    if not os.environ.get("CANNY_KEEP"):
        shutil.rmtree(tmp)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
