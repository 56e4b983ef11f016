#!/usr/bin/env python3
"""Prints a port that nobody has. It is below those that the kernel hands out by itself: a hub that is started again takes
its port again, and of those any could be another program's by then."""
import secrets
import socket

FIRST, COUNT = 20000, 12000


def free_port():
    while True:
        port = FIRST + secrets.randbelow(COUNT)
        with socket.socket() as s:
            try:
                s.bind(("", port))
            except OSError:
                continue
            return port


if __name__ == "__main__":
    print(free_port())
