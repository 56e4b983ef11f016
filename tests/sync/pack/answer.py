"""Runs a shell script on a terminal and answers every question for a pass phrase: answer.py SCRIPT."""
import os
import pty
import re
import sys


def main():
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp("sh", ["sh", "-e", sys.argv[1]])
    shown = b""
    answered = 0
    try:
        while chunk := os.read(fd, 4096):
            shown += chunk
            sys.stdout.buffer.write(chunk)
            asked = len(re.findall(rb"(?:ass phrase for [^\r\n]*|Once more): ", shown))
            while answered < asked:
                os.write(fd, b"four plain words here\n")
                answered += 1
    except OSError:
        pass
    sys.stdout.flush()
    _, status = os.waitpid(pid, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
