"""A repository of The Update Framework for tests: made in memory, signed with keys of every kind, served over loopback and
wrong in whatever way a case asks for. Written from the specification, with a canonical JSON of its own, so that it agrees with
ours only where both are right.

Repo      roles as plain dicts in .signed; publish() signs them and makes them servable
Server    serves many Repos, notes what was asked
Client    canny-pack tuf in a folder of its own
"""
import copy
import hashlib
import http.server
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

FAKETIME = "/usr/lib/%s-linux-gnu/faketime/libfaketime.so.1" % os.uname().machine
TOP = ("root", "timestamp", "snapshot", "targets")
DAY = 86400


def canonical(node):
    if isinstance(node, str):
        return '"' + node.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if node is True or node is False or node is None:
        return {True: "true", False: "false", None: "null"}[node]
    if isinstance(node, int):
        return str(node)
    if isinstance(node, (list, tuple)):
        return "[" + ",".join(canonical(n) for n in node) + "]"
    return "{" + ",".join(canonical(k) + ":" + canonical(node[k]) for k in sorted(node)) + "}"


def plain(node):
    """JSON as most printers write it: with escapes that the canonical form has not."""
    import json

    return json.dumps(node, indent=1).encode()


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Key:
    def __init__(self, kind="ed25519", **extra):
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        self.kind = kind
        if kind == "ed25519":
            self.secret = ed25519.Ed25519PrivateKey.generate()
            self.object = {"keytype": kind, "scheme": kind, "keyval": {"public": self.secret.public_key().public_bytes(*raw).hex()}}
        elif kind == "rsa":
            self.secret = rsa.generate_private_key(public_exponent=65537, key_size=extra.pop("bits", 2048))
            self.object = {"keytype": "rsa", "scheme": "rsassa-pss-sha256",
                           "keyval": {"public": self.secret.public_key().public_bytes(*pem).decode()}}
        else:
            self.secret = ec.generate_private_key(ec.SECP256R1())
            self.object = {"keytype": kind, "scheme": "ecdsa-sha2-nistp256",
                           "keyval": {"public": self.secret.public_key().public_bytes(*pem).decode()}}
        self.salt = extra.pop("salt", 32)
        self.object.update(extra)
        self.id = sha256(canonical(self.object).encode())

    def alias(self, **changes):
        """The same key under another id."""
        other = copy.copy(self)
        other.object = {**self.object, **changes}
        other.id = sha256(canonical(other.object).encode())
        return other

    def sign(self, data):
        if self.kind == "ed25519":
            return self.secret.sign(data).hex()
        if self.kind == "rsa":
            pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=self.salt)
            return self.secret.sign(data, pss, hashes.SHA256()).hex()
        return self.secret.sign(data, ec.ECDSA(hashes.SHA256())).hex()


class Repo:
    def __init__(self, consistent=True, kind="ed25519"):
        self.now = int(time.time())
        self.kind = kind
        self.signers = {}  # role: [Key]
        self.signed = {}  # role: what is signed
        self.files = {}  # "metadata/1.root.json": bytes
        self.last = {}  # role: bytes published last
        self.content = {}  # path of a target: bytes
        self.asked = []
        self.answers = {}  # path below the repository: (status, headers, body) or a function(handler)
        self.hashes = False  # whether timestamp and snapshot give lengths and hashes
        for role in TOP:
            self.signed[role] = {"_type": role, "spec_version": "1.0.34", "version": 1, "expires": iso(self.now + 30 * DAY)}
        self.root = self.signed["root"]
        self.root.update(keys={}, roles={r: {"keyids": [], "threshold": 1} for r in TOP}, consistent_snapshot=consistent)
        self.timestamp, self.snapshot, self.targets = (self.signed[r] for r in TOP[1:])
        self.timestamp["meta"] = {"snapshot.json": {"version": 1}}
        self.snapshot["meta"] = {"targets.json": {"version": 1}}
        self.targets["targets"] = {}
        for role in TOP:
            self.add_key(role)
        self.publish("targets", "snapshot", "timestamp", "root", bump=False)
        self.first_root = self.last["root"]

    # ---- who signs ----

    def row(self, role, by="targets"):
        """Where a role's keyids and threshold stand, and the keys of that file."""
        if role in TOP:
            return self.root["roles"][role], self.root["keys"]
        d = self.signed[by]["delegations"]
        if "succinct_roles" in d:
            return d["succinct_roles"], d["keys"]
        return next(r for r in d["roles"] if r["name"] == role), d["keys"]

    def add_key(self, role, key=None, by="targets"):
        key = key or Key(self.kind)
        row, keys = self.row(role, by)
        row["keyids"].append(key.id)
        keys[key.id] = key.object
        if key not in self.signers.setdefault(role, []):
            self.signers[role].append(key)
        return key

    def drop_keys(self, role, by="targets"):
        self.row(role, by)[0]["keyids"].clear()
        self.signers[role] = []

    def rotate(self, role, by="targets"):
        self.drop_keys(role, by)
        return self.add_key(role, by=by)

    def delegate(self, role, paths=("*",), by="targets", terminating=False, key=None, scope=None):
        d = self.signed[by].setdefault("delegations", {"keys": {}, "roles": []})
        row = {"name": role, "keyids": [], "threshold": 1, "terminating": terminating}
        row.update({"paths": list(paths)} if scope is None else scope)
        d["roles"].append(row)
        self.add_key(role, key or (self.signers[role][0] if role in self.signers else None), by)
        if role not in self.signed:
            self.signed[role] = {"_type": "targets", "spec_version": "1.0.34", "version": 1,
                                 "expires": iso(self.now + 30 * DAY), "targets": {}}
        return self.signed[role]

    # ---- what is served ----

    def seal(self, role, keys=None):
        data = canonical(self.signed[role]).encode()
        signatures = [{"keyid": k.id, "sig": k.sign(data)} for k in (self.signers[role] if keys is None else keys)]
        return {"signatures": signatures, "signed": self.signed[role]}

    def put(self, role, data, version=None):
        """Serves these bytes as what the role published last."""
        self.last[role] = data
        name = urllib.parse.quote(role, "")
        if role == "root" or (self.root.get("consistent_snapshot") and role != "timestamp"):
            version = version or self.signed[role]["version"]
            self.files["metadata/%d.%s.json" % (version, name)] = data
        else:
            self.files["metadata/%s.json" % name] = data

    def listed(self, role):
        row = {"version": self.signed[role]["version"]}
        if self.hashes:
            row.update(length=len(self.last[role]), hashes={"sha256": sha256(self.last[role])})
        return row

    def publish(self, *roles, bump=True, keys=None):
        for role in roles:
            if bump and role in self.last:
                self.signed[role]["version"] += 1
            self.put(role, plain(self.seal(role, keys)))
            if role == "snapshot":
                self.timestamp["meta"]["snapshot.json"] = self.listed(role)
            elif role not in ("root", "timestamp"):
                self.snapshot["meta"][role + ".json"] = self.listed(role)

    def all(self, *first):
        self.publish(*first, "targets", "snapshot", "timestamp")

    def add(self, path, data, role="targets", algorithms=("sha256",)):
        self.content[path] = data
        self.signed[role]["targets"][path] = {"length": len(data), "hashes": {a: hashlib.new(a, data).hexdigest() for a in algorithms}}

    # ---- what is asked ----

    def answer(self, path):
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        if path.startswith("metadata/") and path in self.files:
            return 200, {}, self.files[path]
        if path.startswith("targets/"):
            name = urllib.parse.unquote(path[len("targets/"):])
            folder, slash, base = name.rpartition("/")
            digest = None
            if self.root.get("consistent_snapshot"):
                digest, _, base = base.partition(".")
            data = self.content.get(folder + slash + base)
            if data is not None and (digest is None or any(digest == hashlib.new(a, data).hexdigest() for a in ("sha256", "sha512"))):
                return 200, {}, data
            wrong = self.content.get("wrong:" + folder + slash + base)
            if wrong is not None:
                return 200, {}, wrong
        return 404, {}, b"no such file"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        number, _, path = self.path.lstrip("/").partition("/")
        answer = self.server.repos[int(number)].answer(path)
        if callable(answer):
            answer(self)
            return
        status, headers, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self):
        number, _, path = self.path.lstrip("/").partition("/")
        self.server.repos[int(number)].asked.append("HEAD " + path)
        self.send_error(405)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repos = []
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, address):
        pass  # a client that hangs up is what many cases are about

    def add(self, repo):
        with self.lock:
            self.repos.append(repo)
            return "http://127.0.0.1:%d/%d/" % (self.server_address[1], len(self.repos) - 1)


class Client:
    def __init__(self, program, server, repo):
        self.program, self.repo = program, repo
        self.url = server.add(repo)
        self.folder = tempfile.mkdtemp(prefix="tuf-")
        self.dir = os.path.join(self.folder, "metadata")
        self.target_dir = os.path.join(self.folder, "targets")
        os.mkdir(self.dir)
        os.mkdir(self.target_dir)
        self.said = ""
        self.took = 0.0
        self.init()

    def done(self):
        shutil.rmtree(self.folder)

    def run(self, *args, days=0, preload=None, env=None):
        """The exit status; anything but 0 and 1 is a fault of ours."""
        environment = dict(os.environ, ASAN_OPTIONS="verify_asan_link_order=0:exitcode=99", UBSAN_OPTIONS="exitcode=99", **(env or {}))
        if days:
            environment.update(LD_PRELOAD=FAKETIME, FAKETIME="%+dd" % days, DONT_FAKE_MONOTONIC="1")
        if preload:
            environment.update(LD_PRELOAD=preload)
        began = time.monotonic()
        ended = subprocess.run([self.program, "tuf", *args], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        self.took = time.monotonic() - began
        self.said = ended.stderr.decode("utf-8", "replace")
        if ended.returncode not in (0, 1) and not preload:
            raise AssertionError("exit status %d: %s" % (ended.returncode, self.said))
        if ended.returncode == 1 and self.said.count("\n") != 1:
            raise AssertionError("not one line: %r" % self.said)
        return ended.returncode

    def init(self, root=None):
        path = os.path.join(self.folder, "first.json")
        with open(path, "wb") as f:
            f.write(self.repo.first_root if root is None else root)
        return self.run("--metadata-dir", self.dir, "init", path)

    def refresh(self, **how):
        return self.run("--metadata-url", self.url + "metadata/", "--metadata-dir", self.dir, "refresh", **how)

    def download(self, *names, **how):
        args = [a for n in names for a in ("--target-name", n)]
        return self.run("--metadata-url", self.url + "metadata/", "--metadata-dir", self.dir, *args, "--target-dir", self.target_dir,
                        "--target-base-url", self.url + "targets/", "download", **how)

    # ---- what it trusts ----

    def bytes(self, role):
        try:
            with open(os.path.join(self.dir, urllib.parse.quote(role, "") + ".json"), "rb") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def version(self, role):
        import json

        data = self.bytes(role)
        return None if data is None else json.loads(data)["signed"]["version"]

    def trusted(self):
        """{"root": 1, ...} of all that lies in the folder, which holds nothing else."""
        roles = {}
        for name in sorted(os.listdir(self.dir)):
            assert name.endswith(".json"), name
            role = urllib.parse.unquote(name[:-len(".json")])
            roles[role] = self.version(role)
        return roles

    def downloaded(self):
        """Contents of all files, hidden ones too."""
        found = []
        for folder, _, names in os.walk(self.target_dir):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    found.append(f.read())
        return sorted(found)
