"""What must hold when all have talked: nothing lost, nothing twice, all the same."""

import collections
import hashlib
import json
import re
import sqlite3
import subprocess
from pathlib import Path


TOKEN = r"FLT-[0-9]+-[0-9]+|0\.4[0-9]{6}"  # a label or a value that the runner types, each once


class Wrong(Exception):
    pass


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, check=False)
    if done.returncode != 0:
        raise Wrong(f"{' '.join(map(str, words[:2]))}: {done.stderr.decode()[-600:]}{done.stdout.decode()[-600:]}")
    return done.stdout


def lines_of(program, data):
    words = ["--format", "ndjson"] if program.name == "canny" else []
    lines = run(program, "export", "--data", data, *words).splitlines()
    twice = [line for line, count in collections.Counter(lines).items() if count > 1]
    if twice:
        raise Wrong(f"{data.name} holds a line twice: {twice[0][:200]!r}")
    names = collections.Counter((e["device"], e["seq"]) for e in map(json.loads, lines))
    if max(names.values()) > 1:
        raise Wrong(f"{data.name} holds two lines under {names.most_common(1)}")
    return frozenset(lines)


def tables(source):
    """The projections' tables and views, as the source names them."""
    text = (Path(source) / "app/store/project_tables.c").read_text(encoding="utf-8")
    return re.findall(r'\.name = "([a-z_]+)"', text)


def state(source, data):
    """Of each table of the projections: how many rows, and a hash over them in order."""
    db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
    told = {}
    for table in tables(source):
        rows = sorted(repr(row) for row in db.execute(f"select * from {table}"))
        told[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    db.close()
    return told


def same_state(source, stores):
    first = state(source, stores[0])
    if not any(count for count, _ in first.values()):
        raise Wrong("the projections are empty")
    for other in stores[1:]:
        for table, told in state(source, other).items():
            if told != first[table]:
                raise Wrong(f"{other.name} and {stores[0].name} differ in {table}: {told[0]} and {first[table][0]} rows")


def carried(line, event):
    """The line that stands whole inside another."""
    inner = line[line.index(b',"line":') + 8:-2]
    if hashlib.sha256(inner).hexdigest() != event["body"]["sha256"]:
        raise Wrong(f"a carried line is not what it says: {line[:200]!r}")
    return inner


def records(lines):
    """Each line that was recorded, once: those that left their chain stand whole inside others, perhaps in several."""
    told = set()
    for line in lines:
        event = json.loads(line)
        told.add(carried(line, event) if event["kind"] == "line.carried" else line)
    return told


def seen_once(lines, tokens):
    """What a screen confirmed is a line, and one only. What it did not confirm may be one, and only one too. A value that is
    nearly one of the runner's was typed wrongly, or stood there as it was before: the line is there, under another number."""
    count, odd = collections.Counter(), set()
    for line in records(lines):
        found = [label.decode() for label in re.findall(rb'"label":"(FLT-[^"]*)"', line)]
        # The cupboard's check can be signed without the value, but nobody here means to.
        if b'"field":"airflow"' in line:
            value = re.search(rb'"field":"velocity",[^{}]*"value":"([^"]*)"', line)
            found.append(value.group(1).decode() if value else "no value")
        for name in set(found):
            if re.fullmatch(TOKEN, name):
                count[name] += 1
            else:
                odd.add(name)
    for token in tokens:
        if count[token] != 1:
            raise Wrong(f"{token} was recorded, said the screen, and is in {count[token]} lines; mistyped ones: {sorted(odd)}")
    if odd:
        raise Wrong(f"nobody meant to type {sorted(odd)}")
    for token, times in count.items():
        if times > 1:
            raise Wrong(f"{token} was recorded once at the most, and is in {times} lines")
    return len(tokens), len(count) - len(tokens)


def spoil(data, statement):
    db = sqlite3.connect(f"{data}/canny.db")
    if db.execute(statement).rowcount != 1:
        raise Wrong(f"nothing to spoil: {statement}")
    db.commit()
    db.close()


def must_tell(what, judge):
    try:
        judge()
    except Wrong:
        return
    raise Wrong(f"the judge does not see {what}")
