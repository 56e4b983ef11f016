#!/usr/bin/env python3
"""Signing in by a real issuer (npm's oidc-provider), as a person with a browser does: to the issuer, its pages, and back; with
each way to sign that the hub takes, and with groups that change."""

import fcntl
import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from console import BIN, Hub, Person

HERE = os.path.dirname(os.path.abspath(__file__)) + "/provider"
SECRET = "a-secret-of-the-client's,-long-enough+/=%"


def packages():
    """What it is made of, by the lock file, once in a build folder, also where both engines' tests begin at once; ends the test
    where it cannot be had."""
    into = os.path.dirname(BIN) + "/provider"
    os.makedirs(into, exist_ok=True)
    with open(into + "/lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json"):
            ours, theirs = open(f"{HERE}/{name}", "rb").read(), f"{into}/{name}"
            if not os.path.exists(theirs) or open(theirs, "rb").read() != ours:
                shutil.rmtree(into + "/node_modules", ignore_errors=True)
                open(theirs, "wb").write(ours)
        shutil.copy(HERE + "/provider.mjs", into)
        if not os.path.exists(into + "/node_modules"):
            done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=into, capture_output=True, check=False)
            if done.returncode != 0:
                shutil.rmtree(into + "/node_modules", ignore_errors=True)
                print("skipped: the packages of tests/console/provider could not be fetched")
                sys.exit(77)
    return into


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows the issuer's own redirects, and none to the hub."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if "/sign-in/back/" in newurl:
            return None
        return urllib.request.Request(newurl, headers={"Accept": "text/html"})


class Visitor:
    """Somebody's browser at the issuer."""

    def __init__(self):
        self.opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, url, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            with self.opener.open(urllib.request.Request(url, data, {"Accept": "text/html"}), timeout=30) as reply:
                return reply.url, reply.read().decode()
        except urllib.error.HTTPError as redirect:
            assert redirect.code in (302, 303), (redirect.code, redirect.read())
            return redirect.headers["Location"], ""

    def sign_in(self, url, name):
        """As that person; the address that the issuer sends the browser back to."""
        for _ in range(4):
            url, page = self.ask(url)
            while "/sign-in/back/" not in url:
                action = re.search(r'<form[^>]*action="([^"]+)"', page).group(1)
                prompt = re.search(r'name="prompt" value="(\w+)"', page).group(1)
                url, page = self.ask(urllib.parse.urljoin(url, action), {"prompt": prompt, "login": name, "password": "any"})
            return urllib.parse.urlsplit(url)
        raise AssertionError("the issuer does not let anybody in")


def through(hub, oidc, name):
    """Somebody, and what the hub says when the issuer has sent the browser back."""
    person = Person(hub)
    there = person.get(f"/sign-in/with/{oidc}?to=%2Fkiosks")
    assert there.status == 303, there.text
    back = Visitor().sign_in(there.to, name)
    return person, person.get(f"{back.path}?{back.query}")


def add(hub, issuer):
    with open(hub.folder.name + "/secret", "w", encoding="utf-8") as file:
        file.write(SECRET)
    said = hub.run("oidc", "add", "--name", "Example Council", "--issuer", issuer, "--client", "canny", "--secret-file", file.name)
    for group, place in (("staff-it", ["--role", "it", "--authority", "Example Council"]),
                         ("staff-science", ["--role", "technician", "--site", "Ardgour Academy"])):
        hub.run("oidc", "map", "--name", "Example Council", "--claim", "groups", "--value", group, *place)
    return re.search(r"/sign-in/back/([0-9a-f]{16})\n", said).group(1)


def walk(hub, issuer, line, alg, people):
    def are(groups):
        with open(people, "w", encoding="utf-8") as file:
            json.dump({"ailsa": {"name": "Ailsa Mackay", "groups": groups}}, file)

    oidc = add(hub, issuer)
    line(f"{alg} http://127.0.0.1:{hub.port}/sign-in/back/{oidc}")
    are(["everybody", "staff-it"])
    ailsa, reply = through(hub, oidc, "ailsa")
    assert (reply.status, reply.to) == (303, "/kiosks"), (alg, reply.text)
    assert "Ailsa Mackay" in ailsa.get("/account").text and ailsa.get("/audit").status == 200
    are(["staff-science"])
    again, reply = through(hub, oidc, "ailsa")
    assert reply.status == 303 and "Technician" in again.get("/account").text and ailsa.get("/audit").status == 403
    are(["everybody"])
    _, reply = through(hub, oidc, "ailsa")
    assert reply.status == 400 and "O-40" in reply.text and ailsa.get("/kiosks").status == 303, "a leaver is out"
    out = Person(hub).get("/sign-in?out=" + oidc).text
    assert f'{issuer}/session/end?client_id=canny' in out, out
    hub.run("oidc", "remove", "--name", "Example Council")


def main():
    if not shutil.which("node") or not shutil.which("npm"):
        print("skipped: there is no node or no npm here")
        sys.exit(77)
    into = packages()
    with Hub() as hub:
        hub.run("enrol", "--site", "Ardgour Academy", "--url", f"http://127.0.0.1:{hub.port}")
        people = hub.folder.name + "/people"
        with open(hub.folder.name + "/provider.log", "w", encoding="utf-8") as log:
            provider = subprocess.Popen(["node", into + "/provider.mjs", people], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)

        def line(text):
            provider.stdin.write(text + "\n")
            provider.stdin.flush()
            for said in provider.stdout: # among notices of the library's
                if said == "serves\n":
                    return
            raise AssertionError(open(log.name, encoding="utf-8").read())

        try:
            issuer = provider.stdout.readline().strip()
            for alg in ("RS256", "PS256", "ES256"):
                walk(hub, issuer, line, alg, people)
        finally:
            provider.kill()
            provider.wait()
        hub.stop()
    print("provider: three ways to sign: ok")


if __name__ == "__main__":
    main()
