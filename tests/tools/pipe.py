"""Bytes from one connection to another, as whatever stands between a kiosk and its hub passes them on: for tests only."""

import socket


def pass_on(source, target, keep=None):
    """Until either ends, which ends both. What passes is also appended to the file `keep`, where one is given."""
    try:
        while data := source.recv(65536):
            if keep:
                with open(keep, "ab") as out:
                    out.write(data)
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
