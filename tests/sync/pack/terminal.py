"""Types pass phrases into canny-pack on a terminal of its own: terminal.py CANNY_PACK FOLDER."""
import os
import pty
import sys
import termios


def typed(tool, args, lines):
    """Runs it, types each line after its prompt; its status and all that stood on the terminal."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(tool, [tool, *args])
    shown = b""
    for prompt, line in lines:
        while prompt not in shown:
            shown += os.read(fd, 4096)
        quiet = not termios.tcgetattr(fd)[3] & termios.ECHO
        if not quiet:
            sys.exit(f"the terminal echoes at {prompt!r}")
        os.write(fd, line)
        shown += b"[typed]"
    try:
        while chunk := os.read(fd, 4096):
            shown += chunk
    except OSError:
        pass
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), shown


def main():
    tool, folder = sys.argv[1:]
    key = os.path.join(folder, "typed-key")
    good = b"four plain words more"
    # A slip is taken back, a letter of two bytes whole.
    status, shown = typed(tool, ["key", "make", key, "--name", "Typed"],
                          [(b"New pass phrase", good[:-1] + "xò".encode() + b"\x7f\x7fe\n"), (b"Once more", good + b"\n")])
    if status != 0 or not os.path.exists(key):
        sys.exit(f"no key was made: {status} {shown!r}")
    if b"plain" in shown:
        sys.exit("the pass phrase was shown")
    other = key + "-other"
    status, shown = typed(tool, ["key", "make", other],
                          [(b"New pass phrase", good + b"\n"), (b"Once more", b"four plain words less\n")])
    if status != 1 or os.path.exists(other) or b"differ" not in shown:
        sys.exit(f"two that differ: {status} {shown!r}")
    status, shown = typed(tool, ["key", "make", other], [(b"New pass phrase", b"four pl\x03")])
    if status != 1 or os.path.exists(other) or b"no pass phrase" not in shown:
        sys.exit(f"Ctrl-C: {status} {shown!r}")


main()
