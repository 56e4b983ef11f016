"""A hub that is none, on a port of loopback: python3 bad_hub.py PORT MODE.

Says «listening» once it does. Modes: rubbish (a web page that says it is JSON), page (one that says what it is), noise (bytes that are no HTTP), empty (closes at once),
hangs (reads and never answers), cut (closes in the middle of a body), reset (does so by a reset), endless (a body without end), lies (a hub's
answer in form, signed by nobody), trouble (500), busy (429 with Retry-After).
"""

import os
import socket
import struct
import sys
import threading

PAGE = b"<!doctype html><title>Sign in</title><p>Accept the terms of this network."
LIE = b'{"acked":999999,"next":999999,"lines":[]}'


def head(status, body, length=None, extra=b""):
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nContent-Type: application/json\r\n%sConnection: close\r\n\r\n" % (
        status,
        len(body) if length is None else length,
        extra,
    ) + body


def endless(conn):
    conn.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while True:
        conn.sendall(piece)


def answer(conn, mode, held):
    try:
        conn.recv(65536)
        if mode == "hangs":
            held.append(conn)
            return
        if mode == "reset":
            conn.sendall(head(b"200 OK", PAGE, length=5000))
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            conn.close()
            return
        if mode == "endless":
            endless(conn)
        answers = {
            "rubbish": head(b"200 OK", PAGE),
            "page": head(b"200 OK", PAGE).replace(b"application/json", b"text/html"),
            "noise": os.urandom(3000),
            "empty": b"",
            "cut": head(b"200 OK", PAGE, length=5000),
            "lies": head(b"200 OK", LIE),
            "trouble": head(b"500 Internal Server Error", PAGE),
            "busy": head(b"429 Too Many Requests", PAGE, extra=b"Retry-After: 1\r\n"),
        }
        conn.sendall(answers[mode])
        conn.shutdown(socket.SHUT_WR)
        conn.settimeout(1)
        while conn.recv(65536):
            pass
    except OSError:
        pass
    conn.close()


def main():
    held = []
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(sys.argv[1])))
    server.listen(16)
    print("listening on http://127.0.0.1:%d" % server.getsockname()[1], flush=True)
    while True:
        conn, _ = server.accept()
        threading.Thread(target=answer, args=(conn, sys.argv[2], held), daemon=True).start()


main()
