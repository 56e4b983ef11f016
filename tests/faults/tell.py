"""What is to be known of a run that failed, from its output alone: which turn it was about, what the screen said, what the
program said, what stood in the drafts. All of it is put aside too, as far as there is room."""

import json
import re
import shutil
import sqlite3

LINES_MAX = 45
KEPT_MAX = 200 << 20  # bytes put aside


def texts(tree):
    """What stood on a screen, of a widget tree as a drive script writes it."""
    said = []

    def walk(node):
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if node.get("label"):
                said.append(f"{node.get('id', '')}: {node['label']}")
            for one in node.values():
                if isinstance(one, (list, dict)):
                    walk(one)

    walk(tree)
    return said


def drafts(data):
    try:
        db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
        rows = db.execute("select form, field, value from local_draft_answer limit 8").fetchall()
        db.close()
        return [f"  draft: {form} {field} = {value!r}" for form, field, value in rows]
    except sqlite3.Error as fault:
        return [f"  drafts cannot be read: {fault}"]


def about(wrong, kiosks):
    """The kiosks and tokens that the sentence names."""
    tokens = re.findall(r"FLT-[0-9]+-[0-9]+|\b0\.4[0-9]{6}\b", wrong)
    numbers = {int(n) for n in re.findall(r"kiosk([0-9])", wrong)}
    numbers |= {int(token[4]) if token.startswith("FLT-") else int(token[3]) for token in tokens}
    return tokens, [kiosk for kiosk in kiosks if kiosk.number in numbers]


def turn(past, what):
    """A turn in its script's, its program's and its end's words."""
    number, script, status, said = past
    lines = [f"  {what}, turn {number}, ended with {status}:"]
    lines += [f"    {line}" for line in script.splitlines()[-14:]]
    return lines + [f"    | {line}" for line in said.splitlines()[-10:]]


def report(wrong, kiosks, hub):
    tokens, named = about(wrong, kiosks)
    told = []
    for kiosk in named or kiosks:
        kiosk.remember()
        told.append(f"{kiosk.name}: {kiosk.turn} turns, {len(kiosk.confirmed())} records confirmed")
        for token in tokens[:2]:
            shot = kiosk.shots / f"{token}.json"
            if shot.exists():
                said = texts(json.loads(shot.read_text(encoding="utf-8")))
                told.append(f"  the screen when it said {token} was recorded: " + "; ".join(said)[:900])
            for past in [past for past in kiosk.past if token in past[1]][-1:]:
                told += turn(past, f"{token} was typed")
        if named and kiosk.past:
            told += turn(kiosk.past[-1], "last")
        told += drafts(kiosk.data)
    told.append("hub: " + " / ".join(hub.told().splitlines()[-4:]))
    return told[:LINES_MAX]


def keep(tmp, where):
    """The stores aside, without what fills disks and what can be fetched again. Returns where they are."""
    shutil.rmtree(where, ignore_errors=True)
    left = KEPT_MAX
    for path in sorted(tmp.rglob("*"), key=lambda path: ("content" in path.parts, path.suffix == ".png", str(path))):
        if not path.is_file() or path.name == "filler" or "incoming" in path.parts or path.stat().st_size > left:
            continue
        to = where / path.relative_to(tmp)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
        left -= path.stat().st_size
    return where
