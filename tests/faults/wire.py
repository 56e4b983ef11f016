"""Networks of their own for the hub and each kiosk, and a wire to each kiosk that loses, delays, doubles and reorders
packets, or is cut. A wire is two TUN devices and this program between them: that needs no module of the kernel, as tc's
netem does, and it also doubles."""

import ctypes
import fcntl
import heapq
import os
import random
import select
import signal
import struct
import subprocess
import threading
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PACKET_MAX = 65536
libc = ctypes.CDLL(None, use_errno=True)


def enter(fd):
    """From here on this process (or a child before its program) is in that network."""
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def die_with_parent():
    """A child does not outlive this program, however that ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def sweep():
    """What runs that were killed themselves have left."""
    for name in os.listdir("/run/netns") if os.path.isdir("/run/netns") else []:
        mark, _, rest = name.partition("canny-faults-")
        pid = rest.partition("-")[0]
        if mark == "" and pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


class Network:
    """A network namespace; `inside` runs what is to be done in it."""

    def __init__(self, name):
        self.name = name
        subprocess.run(["ip", "netns", "add", name], check=True, capture_output=True)
        self.fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
        self.ip("link", "set", "lo", "up")

    def ip(self, *words):
        subprocess.run(["ip", "-n", self.name, *words], check=True, capture_output=True)

    def inside(self, what):
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        enter(self.fd)
        try:
            return what()
        finally:
            enter(home)
            os.close(home)

    def tun(self, device, ours, theirs):
        def make():
            fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
            return fd

        fd = self.inside(make)
        self.ip("addr", "add", ours, "peer", theirs, "dev", device)
        self.ip("link", "set", device, "up")
        return fd

    def close(self):
        os.close(self.fd)
        subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)


class Wire:
    """What happens to packets between two devices."""

    def __init__(self, a, b):
        self.ends = {a: b, b: a}
        self.mend()

    def mend(self):
        self.cut, self.loss, self.double, self.delay, self.jitter = False, 0.0, 0.0, 0.0, 0.0

    def worsen(self, dice):
        """Anything from a good line to a bad one; packets overtake each other where the jitter is long."""
        self.loss = dice.choice([0, 0.01, 0.05, 0.2])
        self.double = dice.choice([0, 0, 0.02, 0.1])
        self.delay = dice.choice([0, 0.005, 0.03])
        self.jitter = dice.choice([0, 0.005, 0.05])


class Wires:
    def __init__(self, wires, seed):
        self.wires = wires
        self.dice = random.Random(seed)
        self.late = []  # (when, number, to, packet)
        self.count = 0
        self.over = False
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def take(self, wire, fd):
        try:
            packet = os.read(fd, PACKET_MAX)
        except BlockingIOError:
            return
        if wire.cut or self.dice.random() < wire.loss:
            return
        for _ in range(2 if self.dice.random() < wire.double else 1):
            self.count += 1
            when = time.monotonic() + wire.delay + self.dice.random() * wire.jitter
            heapq.heappush(self.late, (when, self.count, wire.ends[fd], packet))

    def carry(self):
        of = {fd: wire for wire in self.wires for fd in wire.ends}
        while not self.over:
            wait = max(0.0, self.late[0][0] - time.monotonic()) if self.late else 0.2
            for fd in select.select(list(of), [], [], min(wait, 0.2))[0]:
                self.take(of[fd], fd)
            while self.late and self.late[0][0] <= time.monotonic():
                _, _, to, packet = heapq.heappop(self.late)
                try:
                    os.write(to, packet)
                except OSError:
                    pass  # a full queue is a lost packet

    def close(self):
        self.over = True
        self.thread.join()
        for wire in self.wires:
            for fd in wire.ends:
                os.close(fd)


def possible():
    """Why this machine cannot give networks of their own; None: it can."""
    if os.geteuid() != 0:
        return "not root"
    if not os.path.exists("/dev/net/tun"):
        return "no /dev/net/tun"
    try:
        Network(f"canny-faults-{os.getpid()}-try").close()
    except (OSError, subprocess.CalledProcessError) as fault:
        return f"no network namespaces ({fault})"
    return None
