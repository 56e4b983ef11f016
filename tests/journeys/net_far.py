"""What a network holds besides the hub, in a namespace of its own: for tests only.

net_far.py dns ADDRESS ZONE: a name server on UDP port 53. ZONE holds a line a name, «hub.test fd00::1», and is read for each
question; of other names it says that they do not exist.
net_far.py tls ADDRESS PORT KEY-AND-CERTIFICATE TARGET: TLS there, passed on to the port TARGET of ::1, or answered with a page
where TARGET is «page».
net_far.py portal ADDRESS PORT: answers whatever it is asked with a redirect to a sign-in page, in the clear.
Each says «listening on ADDRESS» once it does.
"""

import ipaddress
import os
import socket
import ssl
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tools"))
from pipe import pass_on  # noqa: E402

A, AAAA, NXDOMAIN = 1, 28, 3
PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 50\r\nConnection: close\r\n\r\n"
    b"<!doctype html><title>Sign in</title><p>Sign in..."
)
REDIRECT = (
    b"HTTP/1.1 302 Found\r\nLocation: http://portal.test/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


def told(address):
    print("listening on", address, flush=True)


def zone(path):
    with open(path, encoding="ascii") as lines:
        return dict(line.split() for line in lines if line.strip())


def dns_answer(query, names):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii").lower())
        at += 1 + query[at]
    kind = struct.unpack(">H", query[at + 1 : at + 3])[0]
    question = query[12 : at + 5]
    address = names.get(".".join(labels))
    packed = ipaddress.ip_address(address).packed if address else b""
    fits = (kind == A and len(packed) == 4) or (kind == AAAA and len(packed) == 16)
    answer = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 1, len(packed)) + packed if fits else b""
    flags = 0x8580 | (0 if address else NXDOMAIN)
    return query[:2] + struct.pack(">HHHHH", flags, 1, 1 if fits else 0, 0, 0) + question + answer


def dns(address, path):
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.bind((address, 53))
    told(address)
    while True:
        query, asker = server.recvfrom(512)
        server.sendto(dns_answer(query, zone(path)), asker)


def say(conn, answer):
    conn.recv(65536)
    conn.sendall(answer)
    conn.settimeout(1)
    while conn.recv(65536):
        pass
    conn.close()


def serve_tls(plain, context, target):
    try:
        secure = context.wrap_socket(plain, server_side=True)
        if target == "page":
            return say(secure, PAGE)
        hub = socket.create_connection(("::1", int(target)))
        threading.Thread(target=pass_on, args=(hub, secure), daemon=True).start()
        return pass_on(secure, hub)
    except OSError:
        return plain.close()


def serve_portal(conn):
    try:
        say(conn, REDIRECT)
    except OSError:
        conn.close()


def listen(address, port, serve, *more):
    listener = socket.create_server((address, int(port)), family=socket.AF_INET6)
    told("[%s]:%s" % (address, port))
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn, *more), daemon=True).start()


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "dns":
        dns(*rest)
    if what == "portal":
        listen(rest[0], rest[1], serve_portal)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(rest[2])
    listen(rest[0], rest[1], serve_tls, context, rest[3])


main()
