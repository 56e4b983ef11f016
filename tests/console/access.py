#!/usr/bin/env python3
"""Every route, every role, three places (own school, another school of the authority, another authority), against the table in
access.txt. And whatever a page shows, no name of a place out of reach is in it."""

import os
import re
import subprocess
import sys

from console import BIN, Hub, Person

HERE = os.path.dirname(os.path.abspath(__file__))
OURS, OTHERS = "Ardnamurchan Council", "Benbecula Council"
SCHOOLS = {"own": "Ardgour Academy", "other": "Kilchoan High", "foreign": "Balivanich School"}
AUTHORITY = {"own": OURS, "other": OURS, "foreign": OTHERS}
AT_AUTHORITY, AT_SCHOOL = ("it", "adviser"), ("head", "technician", "teacher", "viewer")


def table():
    rows = []
    for line in open(HERE + "/access.txt", encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            method, path, *roles = line.split()
            rows.append((method, path, set(roles)))
    return rows


def reaches(role, place):
    return place == "own" or (place == "other" and role in AT_AUTHORITY)


def out_of_reach(role):
    """Names that such a person must never read."""
    if role == "sserc":
        return [OURS, OTHERS, *SCHOOLS.values()]
    return [SCHOOLS[place] for place in SCHOOLS if not reaches(role, place)] + [OTHERS]


def fill(path, ids, place):
    """The path with what is of that place in it; None where the hub has nothing of that kind."""
    for kind in re.findall(r"\{(\w+)\}", path):
        value = "console.css" if kind == "asset" else ids[place].get(kind)
        if value is None:
            return None
        path = path.replace("{" + kind + "}", value)
    return path


def check(rows, hub, ids):
    people = {None: Person(hub)}
    for role in (*AT_AUTHORITY, *AT_SCHOOL, "sserc"):
        place = {"authority": OURS} if role in AT_AUTHORITY else {"site": SCHOOLS["own"]} if role in AT_SCHOOL else {}
        people[role] = hub.person(role, role, **place)
    asked = 0
    for method, pattern, roles in rows:
        if pattern in ("/sign-out", "/account/end"):
            continue # they end the session that the others need; signin.py walks them
        for role, person in people.items():
            for place in SCHOOLS if "{" in pattern and "{asset}" not in pattern else ("own",):
                path = fill(pattern, ids, place)
                assert path is not None, f"the test has nothing for {pattern}: give the hub one"
                reply = person.get(path) if method == "GET" else person.send(path, page="/account" if role else "/sign-in")
                asked += 1
                what = f"{method} {path} ({place}) by {role or 'nobody'}: {reply.status}"
                if "anybody" in roles:
                    assert reply.status != 403 or path == "/sign-in", what
                elif role is None:
                    assert reply.status == 303 and reply.to.startswith("/sign-in"), what
                elif "own" in roles:
                    assert reply.status in (200, 303), what
                elif role not in roles:
                    assert reply.status == 403, what
                elif "{" in pattern and not reaches(role, place):
                    assert reply.status == 404, what
                else:
                    assert reply.status in (200, 303, 409, 422), what
                for name in out_of_reach(role) if role else ():
                    assert name not in reply.text, f"{what} shows {name}"
    return asked


def routes():
    """As the program has them."""
    said = subprocess.run([f"{BIN}/console_routes"], capture_output=True, text=True, check=True).stdout
    return {tuple(line.split()) for line in said.splitlines()}


def main():
    rows = table()
    ours = {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path, _ in rows}
    assert len(ours) == len(rows), "a row stands twice"
    assert ours == routes(), f"only here: {sorted(ours - routes())}; only in the program: {sorted(routes() - ours)}"
    with Hub() as hub:
        ids = {}
        for place, school in SCHOOLS.items():
            hub.run("enrol", "--site", school)
            hub.run("authority", "--site", school, "--authority", AUTHORITY[place])
            ids[place] = {}
        said = hub.run("oidc", "add", "--name", "Nobody's accounts", "--issuer", "http://127.0.0.1:9", "--client", "c")
        for place in SCHOOLS:
            ids[place]["issuer"] = re.search(r"/sign-in/back/(\w+)", said).group(1)
        asked = check(rows, hub, ids)
        hub.stop()
    print(f"access: {len(rows)} routes, {asked} requests: ok")


if __name__ == "__main__":
    sys.exit(main())
