"""Runs cases against `canny-pack tuf`: tuf_cases.py PROGRAM MODULE... Each case is a function marked @case, whose name is the
sentence that holds; it gets a function that makes a client of a repository."""
import importlib
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

from tuf_sim import Client, Repo, Server

CASES = []


def case(function):
    CASES.append((function.__name__, function, ()))
    return function


def cases(**rows):
    """One case for each row; the row's values are its arguments."""
    def mark(function):
        for name, row in rows.items():
            CASES.append(("%s [%s]" % (function.__name__, name), function, row if isinstance(row, tuple) else (row,)))
        return function
    return mark


def same(got, want):
    if got != want:
        raise AssertionError("\n  got  %r\n  want %r" % (got, want))


class Maker:
    def __init__(self, program, server):
        self.program, self.server, self.clients = program, server, []

    def __call__(self, repo=None):
        client = Client(self.program, self.server, repo or Repo())
        self.clients.append(client)
        return client


def run(program, server, row):
    name, function, arguments = row
    make = Maker(program, server)
    try:
        function(make, *arguments)
        return name, None
    except Exception:
        said = "".join("said: %s\nasked: %r\n" % (c.said, c.repo.asked) for c in make.clients)
        return name, traceback.format_exc() + said
    finally:
        for client in make.clients:
            client.done()


def main():
    program, wanted = sys.argv[1], os.environ.get("TUF_CASE", "")
    for name in sys.argv[2:]:
        importlib.import_module(name)
    import tuf_cases

    rows = [r for r in tuf_cases.CASES if wanted in r[0]]
    server = Server()
    failed = 0
    with ThreadPoolExecutor(4) as pool:
        for name, fault in pool.map(lambda r: run(program, server, r), rows):
            print("%-6s %s" % ("ok" if fault is None else "FAILED", name.replace("_", " ")))
            if fault is not None:
                failed += 1
                print(fault)
    print("%d cases, %d failed" % (len(rows), failed))
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
