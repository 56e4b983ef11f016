"""A school's register as its spreadsheet would give it: register.py COUNT [FAULTS] > FILE.csv

Every kind that most schools have many of, in several rooms, with labels of the school's own and the last dates of their
checks; days are written as people type them. FAULTS rows have something wrong.
"""
import csv
import datetime
import sys

KINDS = [
    ("appliance-class-1", "Kettle", "el-fvi", 400),
    ("Hotplate or heating mantle", "Hotplate", "el-fvi", 700),
    ("extension-lead", "Extension", "el-lead", 300),
    ("microscope", "Microscope", "", 0),
    ("pressure-cooker", "Pressure cooker", "pr-use-ac", 20),
    ("power-supply", "Power supply", "el-fvi", 500),
    ("eye-protection", "Goggles, class set", "", 0),
    ("centrifuge", "Centrifuge", "", 0),
]
ROOMS = ["Chemistry prep room", "Biology prep room", "Physics prep room", "Lab 1", "Lab 2", "Lab 3", "Lab 4", "Lab 5"]


def main():
    count = int(sys.argv[1])
    faults = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    today = datetime.date.fromisoformat(sys.argv[3]) if len(sys.argv) > 3 else datetime.date.today()
    out = csv.writer(sys.stdout)
    out.writerow(["Label", "Kind", "Name", "Room", "Shelf", "Serial", "last:el-fvi", "last:el-lead", "last:pr-use-ac"])
    for i in range(count):
        kind, name, form, spread = KINDS[i % len(KINDS)]
        label = f"REG-{i + 1:04d}"
        day = today - datetime.timedelta(days=1 + i * 37 % spread) if spread else None
        text = day.strftime("%d/%m/%Y") if day else ""
        if i < faults:
            kind, text = [("hotplat", text), (kind, "31/02/2026" if form else text), ("", text)][i % 3]
        cells = [label, kind, f"{name} {i // len(KINDS) + 1}", ROOMS[i % len(ROOMS)], f"{'ABCDE'[i % 5]}{i % 9 + 1}",
                 f"SN{i * 7919 % 100000:05d}"]
        out.writerow(cells + [text if form == check else "" for check in ("el-fvi", "el-lead", "pr-use-ac")])


main()
