"""The hub and the kiosks of a run: programs that are started again and again, and what a person does at a kiosk in a turn."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import look
import recall
import wire

SOURCE = Path(__file__).resolve().parents[2]
PANEL = ["--size", "800x480", "--mm", "154.08x85.92", "--camera", "none"]
BADGES = ["EXAMPLE-T1-7Q4M", "EXAMPLE-T2-K8VD"]
# What the screen says of the record before must be gone, or it would pass for the word about this one.
NEWS = ['unsee "Recorded" within 60s']
# Every key stroke is kept: a kill between two of them leaves a beginning in the box, and what is typed next goes behind it.
# «0» and then «0.4300009» is «00.4300009», which is a number, and looked like a record that was lost.
EMPTY = "\\b" * 9
JUMPS = ["+1h", "+40d", "-2h", "-400d"]
CLOCKS = ["1970-01-02T03:04:05Z", "2099-06-30T12:00:00Z", "2026-02-28T23:59:50Z", "2027-03-28T00:59:50Z"]
PAST_MAX = 200  # turns of a kiosk that are kept in mind
BORN = 4  # the last comes into being as a copy of the second one's card, and both go on
CLEAN = 5  # joins when all is well again, and never knew anything but the newest


def tool(name):
    """Where a program is: CANNY_BIN, which a run under ThreadSanitizer sets itself."""
    return Path(os.environ.get("CANNY_BIN", SOURCE / "build/asan/bin")) / name


class Process:
    """A program that is started again and again; its network, or None for the machine's."""

    def __init__(self, name, tmp, network):
        self.name, self.network, self.process = name, network, None
        self.err = tmp / f"{name}.err"
        self.born = 0.0

    def into(self):
        """In the child, before its program: it dies with us, and is in this network."""
        wire.die_with_parent()
        if self.network is not None:
            wire.enter(self.network.fd)

    def spawn(self, words):
        with open(self.err, "wb") as err:
            self.process = subprocess.Popen([str(w) for w in words], stdout=err, stderr=err, stdin=subprocess.DEVNULL,
                                            preexec_fn=self.into)
        self.born = time.monotonic()

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.alive():
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            return True
        return False

    def told(self):
        return self.err.read_text(encoding="utf-8", errors="replace")[-1500:]


class Hub(Process):
    def __init__(self, tmp, network, port):
        super().__init__("hub", tmp, network)
        self.port = port
        self.data = tmp / "disk-hub" / "hub"

    def start(self):
        self.spawn([tool("canny-hub"), "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"])


class Kiosk(Process):
    def __init__(self, number, tmp, network, url):
        super().__init__(f"kiosk{number}", tmp, network)
        self.number, self.url, self.turn = number, url, 0
        self.past = []  # of each turn: its script, how it ended, what it said; the last few
        self.data = tmp / f"disk-{number}" / f"kiosk{number}"
        self.shots = tmp / f"shots{number}"
        self.script = tmp / f"{self.name}.drive"
        self.tokens = 0
        self.loose = False  # whether the turn may end with a step that cannot be done
        self.here = number not in (BORN, CLEAN)

    def run(self, steps, *options, loose=False):
        self.remember()
        self.loose = loose
        self.script.write_text("\n".join(steps) + "\n", encoding="utf-8")
        self.spawn([tool("canny"), "--data", self.data, *PANEL, "--shots", self.shots, "--drive", self.script, *options])

    def remember(self):
        """What is needed to understand a failure that shows much later."""
        if self.process is not None:
            self.past = [*self.past, (self.turn, self.script.read_text(encoding="utf-8"), self.process.poll(), self.told())][-PAST_MAX:]

    def sign(self, dice):
        return ['see "Who is signing" within 60s', f'key "CANNY-P:{dice.choice(BADGES)}\\n"']

    def register(self, dice, signed):
        self.tokens += 1
        label = f"FLT-{self.number}-{self.tokens}"
        return [f'key "{label}\\n"', 'see "New label" within 60s', 'tap "/unknown/register" within 60s',
                'tap "/kinds/list/Laboratory" within 60s', 'tap "/kinds/list/fridge" within 60s',
                'tap "/register/questions/name" within 60s', 'type " F\\n" within 60s', *NEWS, 'tap "/register/record" within 60s',
                *([] if signed else self.sign(dice)), 'see "on the register" within 60s', f"tree {label}"]

    def check(self, dice, signed):
        self.tokens += 1
        value = f"0.4{self.number}{self.tokens:05d}"
        return ['key "EXA-0043\\n"', 'see "Fume cupboard 1" within 60s', 'tap "/item/start" within 60s',
                'tap "/check/rows/velocity/value" within 60s', f'type "{EMPTY}{value}\\n" within 60s', f'see "{value}" within 60s', *NEWS, 'tap "/check/all_good" within 60s',
                *([] if signed else self.sign(dice)), 'see "Recorded" within 60s', f"tree {value}", "idle 9s"]

    def start(self, dice):
        """A turn: some records by one person, a while without the network, a clock that may be years wrong; or what somebody
        does about a recall."""
        self.turn += 1
        clock = dice.choice(CLOCKS) if dice.random() < 0.3 else None
        dated = ["--now", clock] if clock else []
        about = recall.turn(dice, self.data, f"{self.number}-{self.turn}") if dice.random() < 0.35 else None
        if about is not None:
            self.run(about.steps, *dated, loose=about.loose)
            return
        steps = []
        for i in range(dice.randint(1, 6)):
            if dice.random() < 0.15:
                steps.append(dice.choice(["net off", "net on"]))
            if dice.random() < 0.1:
                steps.append(f"now {dice.choice(JUMPS)}")
            steps += dice.choice([self.register, self.check])(dice, i > 0)
        self.run(steps, *dated)

    def told_by(self):
        """The names of the trees that its scripts have written."""
        return [path.stem for path in self.shots.glob("*.json")] if self.shots.exists() else []

    def confirmed(self):
        return [name for name in self.told_by() if re.fullmatch(look.TOKEN, name)]
