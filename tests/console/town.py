"""Two councils for tests of the console: content that they sign and publish, and real kiosks that take it."""

import subprocess

from console import BIN

PHRASE = "four plain words here"


class Pack:
    """A repository that one key signs for the national body, and one for each of two councils."""

    def __init__(self, folder, hub):
        self.folder, self.hub = folder, hub
        self.phrase = folder + "/phrase"
        with open(self.phrase, "w", encoding="utf-8") as to:
            to.write(PHRASE + "\n")
        with open(folder + "/hub.pub", "w", encoding="utf-8") as to:
            to.write(hub.run("content", "key"))
        for name in ("national", "ardnamurchan", "benbecula"):
            self.run("key", "make", f"{folder}/{name}", "--name", name, "--pass-file", self.phrase)
        councils = [word for name, code in (("ardnamurchan", "S12000035"), ("benbecula", "S12000013"))
                    for word in ("--key", f"employers/{name}={folder}/{name}.pub", "--constituency", f"{name}={code}")]
        self.repository = folder + "/repository"
        self.run("new", "--repository", self.repository, "--online", folder + "/hub.pub",
                 "--key", f"root,targets,national={folder}/national.pub", *councils)
        self.sign("national")
        hub.run("content", "trust", self.repository + "/staged/root.json")
        self.run("new", folder + "/source-national")
        for name, title, code in (("ardnamurchan", "Ardnamurchan Council", "S12000035"), ("benbecula", "Benbecula Council", "S12000013")):
            self.run("new", f"{folder}/source-{name}", "--employer", name, "--name", title, "--constituency", code)

    def run(self, *args):
        done = subprocess.run([f"{BIN}/canny-pack", *args], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{args}: {done.stdout}{done.stderr}"

    def sign(self, key):
        self.run("sign", self.repository, "--key", f"{self.folder}/{key}", "--pass-file", self.phrase)

    def publish(self, name, edition, *options):
        role = name if name == "national" else "employers/" + name
        self.run("build", f"{self.folder}/source-{name}", "--into", self.repository, "--role", role, "--edition", edition, *options)
        self.sign(name)
        self.run("publish", self.repository, "--to", f"http://127.0.0.1:{self.hub.port}")


class Kiosk:
    def __init__(self, folder, hub, site, name):
        self.folder = f"{folder}/{name}"
        code = hub.run("enrol", "--site", site).splitlines()[0]
        self.syncs("2026.47", "--hub", f"http://127.0.0.1:{hub.port}", "--join", code)

    def syncs(self, edition, *options):
        """Until it has that edition, and has told so."""
        steps = self.folder + ".drive"
        with open(steps, "w", encoding="utf-8") as to:
            to.write(f"""sync within 60s
idle 3s
tap "/home/menu"
tap "/menu/rows/records"
see "Guidance and forms: {edition}" within 20s
back
sync within 60s
""")
        done = subprocess.run([f"{BIN}/canny", "--data", self.folder, "--size", "1280x800", "--drive", steps, *options],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
