"""Signed content under faults: a publisher who brings out small editions all the while, now and then with a stop notice, now and
then with another key; and what must hold of every kiosk's content in the end."""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import time

import look
import recall

NOTICE = """---
id: {name}
kind: notice
title: "Fridge {number}: its plug may get hot"
issuer: Canny sample content
revised: 2026-11-22
notice_kind: recall
example: "yes"
stop_kinds: [fridge]
stop_makers: [Nobody]
stop_models: [K-{number}]
stop_do:
  - Unplug it.
---
Example only.
"""
PAGE = """---
id: faults-page
kind: guidance
title: "Which edition this is"
issuer: Canny sample content
summary: "Edition {number}."
revised: 2026-11-22
revision: {number}
example: "yes"
---
This is edition {number}, and the form of the fume cupboard says the same.
"""
# A row of the form that everybody fills in: it is never opened in half an edition.
ROW, MARK = "Hold a strip of tissue at the foot of the open sash: it must lean inward.", "Hold a tissue there (edition {number})."

VERSION = "2026.11.1"


class Publisher:
    """The national body at its table. Everything that it signs lies on a disk that nobody harms; what it publishes goes to a hub
    that is killed, full, or an older copy of itself."""

    def __init__(self, tmp, dice, source, tools, hub):
        self.tmp, self.dice, self.hub, self.pack = tmp, dice, hub, tools / "canny-pack"
        self.tools, self.program = tools, source
        self.source, self.repository = tmp / "content", tmp / "repository"
        self.keys = source / "assets/sample-keys"
        self.phrase = ["--pass-file", self.keys / "DEMO-passphrase.txt"]
        self.national = ["DEMO-one", "DEMO-two"]
        self.number = 0
        self.process = None
        self.sent = self.notices = self.recalls = self.rotations = self.refused = 0
        self.wants = False  # the hub lacks what was signed last
        self.due = 0.0
        self.made = {}  # manifest -> number
        self.said = tmp / "publisher.out"

    # ---- at the table ----

    def run(self, *words):
        return look.run(self.pack, *words)

    def key(self, name):
        own = self.tmp / name
        return own if own.exists() else self.keys / name

    def sign(self, names):
        for name in names:
            # Whoever may sign nothing that is staged is told so, and that is no fault here.
            subprocess.run([self.pack, "sign", self.repository, "--key", self.key(name), *map(str, self.phrase)], check=False,
                           capture_output=True)

    def build(self, *more):
        self.run("build", self.source, "--into", self.repository, "--role", "national", "--edition", str(self.number), *more)
        self.sign([*self.national, "DEMO-one", "DEMO-two"])
        newest = max((self.repository / "targets/national").glob("*.manifest.json"), key=lambda path: path.stat().st_mtime_ns)
        manifest = newest.name.partition(".")[0]
        if json.loads(newest.read_bytes())["edition"] != str(self.number):
            raise look.Wrong(f"the newest manifest is not edition {self.number}'s")
        self.made[manifest] = self.number
        self.newest = manifest
        self.wants = True

    def write(self):
        """The next edition: a page and a form's row, now and then a notice about nothing that is here, or a recall of something."""
        self.number += 1
        (self.source / "docs/guidance/faults-page.md").write_text(PAGE.format(number=self.number), encoding="utf-8")
        # A form that says something else is another version.
        words = self.row.replace(ROW, MARK.format(number=self.number)).replace(VERSION, f"{VERSION}.{self.number}")
        self.form.write_text(words, encoding="utf-8")
        if self.dice.random() < 0.3 or self.number == 2:
            self.notices += 1
            (self.source / f"docs/notices/faults-{self.notices}.md").write_text(
                NOTICE.format(name=f"faults-{self.notices}", number=self.notices), encoding="utf-8")
        if self.recalls < len(recall.TARGETS) and (self.dice.random() < 0.35 or self.number in (2, 4)):
            (self.source / f"docs/notices/{recall.name(self.recalls)}.md").write_text(recall.notice(self.recalls), encoding="utf-8")
            self.recalls += 1

    def rotate(self):
        """Another person signs for the national body from now on; or everybody at the root signs once more."""
        self.rotations += 1
        if self.dice.random() < 0.5:
            self.run("key", "rotate", self.repository, "--role", "root")
            self.sign(["DEMO-one", "DEMO-two"])
            return
        new = f"key{self.rotations}"
        self.run("key", "make", self.tmp / new, "--name", f"DEMO {new}", *self.phrase)
        gone = self.national.pop()
        gone = self.run("key", "list", f"{self.key(gone)}.pub").split()[0].decode()
        self.run("key", "rotate", self.repository, "--role", "national", "--remove", gone, "--add", self.tmp / f"{new}.pub")
        self.national.append(new)

    def begin(self):
        """The repository, trusted and published while all is well; and a copy of it as the hub serves it, for first starts."""
        shutil.copytree(self.program / "assets/content", self.source)
        self.form = self.source / "forms/fc-use.csv"
        self.row = self.form.read_text(encoding="utf-8")
        if ROW not in self.row or VERSION not in self.row:
            raise look.Wrong("the fume cupboard's form has another row or version: ROW and VERSION of content.py name them")
        online = self.tmp / "hub.pub"
        online.write_bytes(look.run(self.tools / "canny-hub", "content", "--data", self.hub.data, "key"))
        own = []
        for role in ("root", "targets", "national"):
            for name in ("DEMO-one", "DEMO-two"):
                own += ["--key", f"{role}={self.keys}/{name}.pub"]
        self.run("new", "--repository", self.repository, "--online", online, *own)
        self.write()
        self.build()
        staged = self.repository / "staged/root.json"
        look.run(self.tools / "canny-hub", "content", "--data", self.hub.data, "trust", staged)
        self.publish()
        self.wait()
        if self.wants:
            raise look.Wrong(f"the first edition is not published: {self.said.read_text()[-600:]}")
        self.served = self.tmp / "served"
        done = subprocess.run([self.pack, "new", "--repository", self.served, "--from", self.url(), "--root",
                               self.repository / "metadata/1.root.json"], capture_output=True, preexec_fn=self.hub.into, check=False)
        if done.returncode != 0:
            raise look.Wrong(f"the hub does not give what was published: {done.stderr.decode()[-600:]}")

    # ---- to the hub ----

    def url(self):
        return f"http://127.0.0.1:{self.hub.port}"

    def publish(self):
        with open(self.said, "wb") as out:
            self.process = subprocess.Popen([self.pack, "publish", self.repository, "--to", self.url()], stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL, preexec_fn=self.hub.into)

    def ended(self):
        """Takes note of a publication that has come to its end, whatever end."""
        status = self.process.returncode
        self.process = None
        if "Sanitizer" in self.said.read_text(encoding="utf-8", errors="replace") or status not in (0, 1):
            raise look.Wrong(f"canny-pack publish ended with {status}: {self.said.read_text()[-1500:]}")
        if status == 0:
            self.sent += 1
            self.wants = False
        else:
            self.refused += 1

    def wait(self):
        if self.process is not None:
            self.process.wait()
            self.ended()

    def step(self):
        """Called all the while: never waits."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.ended()
        now = time.monotonic()
        if now < self.due:
            return
        if self.wants:
            self.publish()
            self.due = now + self.dice.uniform(0.5, 3)
            return
        self.due = now + self.dice.uniform(4, 14)
        renewed = self.dice.random() < 0.2
        if renewed:
            self.rotate()
        self.write()
        self.build(*(["--renew"] if renewed else []))

    def put_back(self):
        """The hub is an older one: what is newest has to be published there once more."""
        self.wants = True

    def finish(self, kiosks):
        """One more edition, and all of it is at the hub. Timestamps are numbered by the minute, and by one more where two are signed
        in a minute: a hub that was put back may be behind what kiosks have seen, as long as more was published than minutes went by.
        Here that is so, and what comes next takes it past them."""
        known = max([timestamp(data) for data in kiosks if data.exists()], default=0)
        self.wait()
        for _ in range(30):
            self.write()
            self.build()
            for _ in range(5):
                if not self.wants:
                    break
                self.publish()
                self.wait()
            if self.wants:
                raise look.Wrong(f"with everything well nothing can be published: {self.said.read_text()[-900:]}")
            said = look.run(self.tools / "canny-hub", "content", "--data", self.hub.data, "show").decode()
            if int(re.search(r"^snapshot\t(\d+)", said, re.M).group(1)) > known:
                return
        raise look.Wrong(f"thirty editions do not take the hub past timestamp {known}")

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def tally(self):
        return f"{self.number} editions, {self.sent} published, {self.refused} cut off or refused, {self.notices} notices, {self.recalls} recalls, {self.rotations} rotations"


# ---- what a kiosk has ----

def edition(data):
    """The database of the edition in use; None: there is none yet."""
    try:
        name = (data / "content/current").read_text(encoding="ascii").split()[0]
    except (OSError, IndexError):
        return None
    return data / "content" / f"{name}.db"


def timestamp(data):
    path = data / "content/metadata/timestamp.json"
    return json.loads(path.read_text(encoding="utf-8"))["signed"]["version"] if path.exists() else 0


def open_edition(path):
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def whole(data, publisher):
    """Whatever cut a kiosk off, the edition in use is one of those that were signed, and says the same in all its parts."""
    path = edition(data)
    if path is None:
        return
    db = open_edition(path)
    try:
        if db.execute("pragma quick_check").fetchone()[0] != "ok":
            raise look.Wrong(f"{data.name}: the edition in use is damaged")
        page = set(re.findall(r"\bEdition (\d+)\.", " ".join(str(row) for row in db.execute("select * from doc where id = 'faults-page'"))))
        form = set(re.findall(r"\(edition (\d+)\)", " ".join(str(row) for row in db.execute("select * from form where id = 'fc-use'"))))
    except sqlite3.Error as fault:
        raise look.Wrong(f"{data.name}: the edition in use cannot be read: {fault}") from fault
    finally:
        db.close()
    if len(page) != 1 or page != form or int(min(page)) > publisher.number:
        raise look.Wrong(f"{data.name} shows a page of edition {page} and a form of {form}; {publisher.number} were signed")


def installed(data):
    """Each line of the log of what was made and used."""
    path = data / "content/log"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def tables(path):
    """Of each table how many rows, and a hash over them in order. What an edition was made from (the one before, in one step or in
    many) shows in the places of documents and forms alone, in what is called new, and in the index, which speaks of places."""
    db = open_edition(path)
    db.row_factory = sqlite3.Row
    places = {place: (name, rank) for place, name, rank in db.execute("select place, id, rank from doc")}
    told = {}
    for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name").fetchall():
        if name in ("news", "find"):
            continue
        rows = []
        for row in db.execute(f"select * from {name}"):
            row = dict(row)
            place = row.pop("place", None)
            if name == "meta" and row["key"] in ("serial", "school"):
                continue
            rows.append(repr((row, places[place] if name in ("doc_source", "doc_key", "doc_code") else "")))
        told[name] = (len(rows), hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest())
    db.close()
    return told


def found(tools, data):
    """What the search says to some words."""
    return [look.run(tools / "canny", "find", "--data", data, *words.split()) for words in ("which edition", "fridge plug", "acid", "fume")]


def stops(data):
    db = sqlite3.connect(f"file:{data}/canny.db?mode=ro", uri=True)
    told = {name for (name,) in db.execute("select id from local_stop where role = 'national'")}
    db.close()
    return told


def judge(publisher, kiosks, clean, hub):
    """All have what is newest, as a kiosk has it that never knew anything else."""
    first, answers = tables(edition(clean)), found(publisher.tools, clean)
    want = {path.stem for path in (publisher.source / "docs/notices").glob("*.md") if "notice_kind: recall" in path.read_text(encoding="utf-8")}
    for data in [clean, *kiosks]:
        whole(data, publisher)
        for line in installed(data):
            if line["manifest"] not in publisher.made:
                raise look.Wrong(f"{data.name} had an edition that nobody signed: {line}")
        last = [line for line in installed(data) if line["what"] == "in use"][-1:]
        if not last or last[0]["manifest"] != publisher.newest:
            has = publisher.made.get(last[0]["manifest"]) if last else None
            raise look.Wrong(f"{data.name} has edition {has}, and {publisher.number} is the newest")
        for name, told in tables(edition(data)).items():
            if told != first.get(name):
                raise look.Wrong(f"{data.name}'s edition differs from a new kiosk's in {name}: {told[0]} and {first[name][0]} rows")
        if found(publisher.tools, data) != answers:
            raise look.Wrong(f"{data.name} finds other documents than a new kiosk")
        missing = {name for name in want if name.startswith(("faults-", "recall-"))} - stops(data)
        if missing:
            raise look.Wrong(f"{data.name} does not know of {sorted(missing)}")
    said = look.run(publisher.tools / "canny-hub", "content", "--data", hub, "installs").decode()
    told = [line.split("\t") for line in said.splitlines()]
    newest = [row for row in told if row[0] == "national" and row[1] == str(publisher.number) and row[2] == "installed"]
    if [int(row[3]) for row in newest] != [len(kiosks) + 1]:
        raise look.Wrong(f"the hub was told of other installs than {len(kiosks) + 1} of edition {publisher.number}:\n{said}")
    return f"{publisher.tally()}; all {len(kiosks) + 1} have edition {publisher.number}, whole and alike, and know {len(want)} notices"


