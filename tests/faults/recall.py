"""Recalls under faults: signed notices about what stands on the register of the sample school, what people do about them at the
kiosks, and what must hold in the end: nothing that a kiosk's screen has shown as recalled is passed there, nothing leaves its
quarantine but by a release, and the hub counts each answer once."""

import json
import sqlite3

import look

NOTICE = """---
id: {name}
kind: notice
title: "{what}: do not use it"
issuer: Canny sample content
revised: 2026-11-22
notice_kind: recall
example: "yes"
stop_kinds: [{kind}]
stop_makers: [Example maker]
stop_models: [{model}]
stop_serials:
  - from: {serial}
    to: {serial}
stop_do:
  - Put it where nobody uses it.
---
Example only.
"""
# What a notice is about each: label, words on its page, kind, model, serial. Nothing else is done to these in a run.
TARGETS = [
    ("EXA-0047", "Binocular microscope with LED", "microscope", "MB-40", "MB40-6617"),
    ("EXA-0078", "Binocular microscope 2", "microscope", "MB-40", "MB40-6618"),
    ("EXA-0048", "Eyewash by the door", "eyewash", "EW-2", "EW2-3345"),
    ("EXA-0045", "Plate incubator", "incubator", "IN-30", "IN30-1194"),
    ("EXA-0049", "Hotplate stirrer 2", "appliance-class-1", "HS-300", "HS30-2071"),
    ("EXA-0070", "Bandsaw", "bandsaw", "BS-350", "BS35-0012"),
]
INSPECTED = (0, 1)  # the microscopes are checked too, also while their notice is on its way
RELEASED = (1, 4)  # may be put back into use; of all others each page says for ever that it is out of use
ROWS = ("Eyepiece…", "Stage clips…", "Focus…", "Lamp…", "LED battery…")
BADGE, PIN = "EXAMPLE-T2-K8VD", "685302"


def name(number):
    return f"recall-{number}"


def notice(number):
    _, what, kind, model, serial = TARGETS[number]
    return NOTICE.format(name=name(number), what=what, kind=kind, model=model, serial=serial)


# ---- at a kiosk ----


def known(data):
    """The recalls that a kiosk has, and of those the ones that its screen has yet to show: as it stands before a turn, and nobody but
    the kiosk itself changes it. A made-up notice is shown only where it holds something back, so that one whose item was released
    elsewhere meanwhile is not. Where its disk is too full to look, none."""
    try:
        db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
        has = [n for n in range(len(TARGETS)) if db.execute("select 1 from local_stop where id = ?", (name(n),)).fetchone()]
        own = db.execute("select value from log_meta where key = 'self'").fetchone()
        done = {row[0] for row in db.execute("select notice from stop_seen where device = ?", own or ("",))}
        done |= {row[0] for row in db.execute("select notice from stop_mark where mark = 'cleared'")}
        db.close()
    except sqlite3.Error:
        return [], []
    return has, [n for n in has if name(n) not in done]


class Turn:
    """What somebody does about a recall. loose: another kiosk's words, or a notice, may come in the middle and put an end to it."""

    def __init__(self, steps, loose):
        self.steps, self.loose = steps, loose


def find(number):
    return [f'key "{TARGETS[number][0]}\\n"', f'see "{TARGETS[number][1]}" within 60s']


def sign(badge=BADGE):
    return ['see "Who is signing" within 60s', f'key "CANNY-P:{badge}\\n"']


def seen(waiting):
    """It covers the screen by itself; behind it is what it holds back."""
    return Turn(['tap "/recall_cover/seen" within 60s'], any(n in RELEASED for n in waiting))


def held(number, mark):
    return Turn([*find(number), 'see "Do not use" within 60s', 'unsee "Start check"', f"tree {mark}"], number in RELEASED)


def answer(dice, number, mark):
    button, told = dice.choice([("Found, out of use", "Recorded: found, and out of use"), ("Not here", "it is not here")])
    return Turn([*find(number), f'tap "{button}" within 20s', *sign(), f'see "{told}" within 60s', f"tree {mark}", "idle 9s"], True)


def release(number, mark):
    digits = [f'tap "/sign_in/pad/{digit}"' for digit in PIN] + ['tap "/sign_in/pad/enter"']
    return Turn([*find(number), 'tap "Release it" within 20s', 'tap "/recall_release/reasons/repaired" within 20s',
                 'tap "/recall_release/reasons/note"', 'type "New lead"', 'tap "Hide"', 'tap "/recall_release/record"',
                 f'key "CANNY-P:{BADGE}\\n"', 'see "now your PIN" within 20s', *digits, 'see "Released from this notice" within 60s',
                 f"tree {mark}", "idle 9s"], True)


def inspect(number, mark):
    """A check that a notice may come into."""
    rows = [step for row in ROWS for step in (f'tap "Pass" in "{row}" within 20s', "idle 1s")]
    return Turn([*find(number), 'tap "/item/start" within 20s', *rows, 'tap "/check/sign" within 20s', *sign(), 'see "Recorded" within 60s',
                 f"tree {mark}"], True)


def turn(dice, data, mark):
    """One, or None: nothing has come yet."""
    has, waiting = known(data)
    fresh = [n for n in INSPECTED if n not in has]
    if fresh and dice.random() < 0.5:
        return inspect(dice.choice(fresh), f"PASS-{mark}")
    if not has:
        return None
    if waiting and dice.random() < 0.6:
        return seen(waiting)
    number, what = dice.choice(has), dice.random()
    if number in INSPECTED and what < 0.2:
        return inspect(number, f"PASS-{mark}")
    if number in RELEASED and what < 0.5:
        return release(number, f"CLEARED-{mark}")
    return answer(dice, number, f"ANSWER-{mark}") if what < 0.75 else held(number, f"HELD-{mark}")


def apart(dice, data):
    """While no kiosk can hear of another: each shows what it has not shown, and somebody at each answers for the same item."""
    has, waiting = known(data)
    steps = []
    for _ in waiting:
        steps += ['tap "/recall_cover/seen" within 60s', *find(0), "back"]
    db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
    said = {row[0] for row in db.execute("select distinct notice from stop_mark")}
    db.close()
    for number in [n for n in has if name(n) not in said][:1]:
        steps += answer(dice, number, f"ANSWER-{data.name}-apart").steps
    return steps


# ---- in the end ----


def events(lines):
    """All that was recorded, each chain in its order. A copied card writes on under the same key until it becomes another kiosk, which
    carries those lines: they are a chain of their own, made at another screen."""
    told = []
    for line in lines:
        event = json.loads(line)
        if event["kind"] == "line.carried":
            event = {**json.loads(look.carried(line, event)), "chain": event["device"]}
        told.append({"chain": "", **event})
    return sorted(told, key=lambda event: (event["device"], event["chain"], event["seq"]))


def items(data):
    """The ids of what the notices are about, by the label."""
    db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
    told = [db.execute("select id from item where label = ?", (target[0],)).fetchall() for target in TARGETS]
    db.close()
    for target, rows in zip(TARGETS, told):
        if len(rows) != 1:
            raise look.Wrong(f"{len(rows)} items stand on the register as {target[0]}")
    return [rows[0][0] for rows in told]


def releases(told, item, about):
    return [e for e in told if e["kind"] == "stop.cleared" and e["subject"] == item and e["body"]["notice"] == about]


def passed_none(told):
    """No kiosk passes what its own screen has said is out of use, unless somebody released it before. Returns how many notices were
    seen, and how many passes there were of what a notice came to be about."""
    shown, passes, count = {}, 0, 0
    for event in told:
        here = shown.setdefault((event["device"], event["chain"]), {})
        if event["kind"] == "stop.seen":
            here.setdefault(event["subject"], set()).update(event["body"]["items"])
            count += event["subject"].startswith("recall-")
        if event["kind"] != "check.recorded" or event["body"].get("outcome") != "pass":
            continue
        for about, held_back in here.items():
            if event["subject"] not in held_back:
                continue
            if not any(clear["hlc"] < event["hlc"] for clear in releases(told, event["subject"], about)):
                raise look.Wrong(f"{event['subject']} was passed (line {event['seq']} of {event['device'][:8]}) after {about} was seen there")
            passes += 1
    return count, passes


def answers_of(told, item, about):
    return [e for e in told if e["kind"] == "stop.answered" and e["subject"] == item and e["body"]["notice"] == about]


def counted_once(told, ids, said):
    """The hub's table, a notice a row: of one item each, it stands in one column and in no other."""
    rows = {row[0]: [int(n) for n in row[1:]] for row in (line.split("\t") for line in said.splitlines())}
    answered = 0
    for number, item in enumerate(ids):
        about = name(number)
        answers = answers_of(told, item, about)
        cleared = releases(told, item, about)
        row = rows.get(about)
        if row is None:
            if answers or cleared or any(e["kind"] == "stop.seen" and e["subject"] == about for e in told):
                raise look.Wrong(f"the hub counts nothing of {about}, and somebody saw it")
            continue
        _, _, _, held_back, found, gone, put_back, waiting = row
        if held_back != 1 or found + gone + put_back + waiting != 1:
            raise look.Wrong(f"the hub counts one item of {about} as {row}")
        if (found + gone > 0 and not answers) or (put_back and not cleared) or (waiting and (answers or cleared)):
            raise look.Wrong(f"the hub counts {row} of {about}, with {len(answers)} answers and {len(cleared)} releases")
        answered += len(answers)
    return answered


def last_look(data, published):
    """What a kiosk is to say of them, as the last thing that is done at it: the store knows by now what was released."""
    steps, ids = [], items(data)
    db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
    for number in range(published):
        about = (ids[number], name(number))
        if not db.execute("select 1 from stop_mark where item = ? and notice = ? and mark = 'cleared'", about).fetchone():
            steps += [*find(number), 'see "Do not use" within 60s', 'unsee "Start check"']
    db.close()
    return steps


def confirmed(told, marks):
    """What a screen said of an answer or a release is a line."""
    want = {kind: sum(mark.startswith(kind) for mark in marks) for kind in ("ANSWER", "CLEARED")}
    have = {mark: len({(e["device"], e["seq"], e["hlc"]) for e in told if e["kind"] == kind})
            for mark, kind in (("ANSWER", "stop.answered"), ("CLEARED", "stop.cleared"))}
    for kind, count in want.items():
        if have[kind] < count:
            raise look.Wrong(f"{count} times a screen said {kind}, and {have[kind]} lines say so")


def judge(lines, data, said, marks):
    told, ids = events(lines), items(data)
    count, passes = passed_none(told)
    answered = counted_once(told, ids, said)
    confirmed(told, marks)
    judge_the_judge(told, ids, said)
    times = {kind: sum(mark.startswith(kind) for mark in marks) for kind in ("PASS", "HELD")}
    return (f"{count} recalls shown once each, {answered} answers to them, {times['HELD']} refusals looked at, {times['PASS']} checks "
            f"before a recall, {passes} after a release")


def judge_the_judge(told, ids, said):
    """A pass after the notice, and a hub that counts an answer twice: each must be found."""
    for seen_line in (e for e in told if e["kind"] == "stop.seen" and e["subject"] == name(0) and ids[0] in e["body"]["items"]):
        more = {**seen_line, "seq": 1 << 40, "kind": "check.recorded", "subject": ids[0], "body": {"outcome": "pass"}}
        look.must_tell("a pass of what is recalled", lambda: passed_none([*told, more]))
        break
    for row in (row for row in said.splitlines() if row.startswith(f"{name(0)}\t")):
        cells = row.split("\t")
        twice = said.replace(row, "\t".join([*cells[:5], *(str(int(n) + 1) for n in cells[5:7]), *cells[7:]]))
        look.must_tell("an answer counted twice", lambda: counted_once(told, ids, twice))
