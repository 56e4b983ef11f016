"""A hub and its console for tests: a hub of its own on loopback (on PostgreSQL where CANNY_POSTGRES says so), accounts, and
people who sign in and ask for pages as a browser does, without being one."""

import base64
import hashlib
import hmac
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from free_port import free_port  # noqa: E402: it stands beside this folder

BIN = os.environ["CANNY_BIN"]
PASSWORD = "a pass phrase for tests"


def digits(secret, after=0):
    """The six digits of an authenticator (RFC 6238), `after` steps from now."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, (int(time.time()) // 30 + after).to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1000000:06d}"


class Hub:
    """serve: further options of `canny-hub serve`."""

    def __init__(self, *serve):
        self.folder = tempfile.TemporaryDirectory()
        postgres = os.environ.get("CANNY_POSTGRES")
        self.where = ["--database", postgres] if postgres else ["--data", self.folder.name + "/hub"]
        self.log = open(self.folder.name + "/log", "w+", encoding="utf-8")
        self.options = serve
        self.process = None
        self.serve()

    def serve(self, listen=None):
        listen = listen or f"127.0.0.1:{free_port()}"
        self.process = subprocess.Popen([f"{BIN}/canny-hub", "serve", *self.where, "--listen", listen, *self.options],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.port = int(line.rsplit(":", 1)[1])
                return
        raise AssertionError("the hub does not listen: " + open(self.log.name, encoding="utf-8").read())

    def run(self, *args, status=0):
        """A command of canny-hub on this hub; what it prints."""
        done = subprocess.run([f"{BIN}/canny-hub", args[0], *self.where, *args[1:]], capture_output=True, text=True, check=False)
        assert done.returncode == status, f"{args}: {done.returncode}: {done.stderr}"
        return done.stdout if status == 0 else done.stderr

    def account(self, login, role, name=None, **place):
        """An account; the token of its invitation."""
        where = [word for key, value in place.items() for word in ("--" + key, value)]
        said = self.run("account", "--login", login, "--name", name or login.title(), "--role", role, *where)
        return re.search(r"invite=([0-9a-f]{64})", said).group(1)

    def person(self, login, role, name=None, **place):
        """Somebody who is signed in."""
        p = Person(self)
        p.set_up(self.account(login, role, name, **place))
        p.sign_in(login)
        return p

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0, "the hub did not end well"

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if self.process.poll() is None:
            self.process.kill()
        if kind is not None:
            self.log.seek(0)
            print(self.log.read()[-3000:])
        self.folder.cleanup()


class Reply:
    def __init__(self, reply, text):
        self.status, self.headers, self.text = reply.status, reply.headers, text

    @property
    def to(self):
        return self.headers["Location"]


class Person:
    """Somebody with a browser: cookies, and forms as pages give them."""

    def __init__(self, hub):
        self.hub, self.cookies, self.secret = hub, {}, None

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.hub.port, timeout=30)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        connection.request(method, path, body=body, headers=headers)
        reply = connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        connection.close()
        for line in reply.headers.get_all("Set-Cookie", []):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return Reply(reply, text)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, fields, **headers):
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.ask("POST", path, urllib.parse.urlencode(fields), **headers)

    def token(self, path="/account"):
        """What a form of that page carries."""
        page = self.get(path)
        found = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)
        assert found, f"{path} has no form: {page.status}"
        return found.group(1)

    def send(self, path, fields=None, page="/account"):
        """A form of ours: with the token of a page."""
        return self.post(path, {"token": self.token(page), **(fields or {})})

    def set_up(self, invite, password=PASSWORD):
        page = self.get(f"/set-up?invite={invite}")
        assert page.status == 200, page.text
        self.secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text).group(1)
        done = self.send("/set-up", {"invite": invite, "password": password, "again": password,
                                     "code": digits(self.secret, -1)}, page=f"/set-up?invite={invite}")
        assert (done.status, done.to) == (303, "/sign-in"), done.text

    def sign_in(self, login, password=PASSWORD, code=None, after=0, to=""):
        reply = self.send("/sign-in", {"login": login, "password": password, "to": to,
                                       "code": code or digits(self.secret, after)}, page="/sign-in")
        return reply
