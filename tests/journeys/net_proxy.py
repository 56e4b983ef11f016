"""A school's proxy on loopback, for tests: python3 net_proxy.py MODE PORT [KEY-AND-CERTIFICATE BODIES].

Says «listening on ADDRESS», then a line a request: what was asked for, by which scheme somebody proved themself, the status
it got. Whatever host is asked for, what it passes on goes to PORT of loopback. Modes: open, basic, digest and ntlm (want the user
and password below; of NTLM only that the second message answers the challenge for that user), refuse (403 with a page), gateway (502), none (something else listens there), inspect (takes TLS apart with its
own certificate, and appends what it reads to the file BODIES).
"""

import base64
import hashlib
import os
import re
import socket
import ssl
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tools"))
from pipe import pass_on  # noqa: E402

USER, PASSWORD = "kiosk-7", "correct horse"
PAGE = b"<!doctype html><title>Blocked</title><p>This address is not allowed here."
NONCE = "dcd98b7102dd2f0e8b11d0f600bfb0c0"


def reply(conn, status, fields=b""):
    conn.sendall(
        b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n%sConnection: close\r\n\r\n"
        % (status, len(PAGE), fields)
        + PAGE
    )
    conn.shutdown(socket.SHUT_WR)
    conn.close()


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def digest_is_right(method, uri, field):
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', field))
    secret = md5("%s:proxy:%s" % (USER, PASSWORD))
    middle = ":".join(given.get(key, "") for key in ("nonce", "nc", "cnonce", "qop"))
    return given.get("nonce") == NONCE and given.get("response") == md5(
        "%s:%s:%s" % (secret, middle, md5("%s:%s" % (method, uri)))
    )


def ntlm(field):
    """The challenge for the first message; nothing for a third that answers it."""
    if not field.startswith("NTLM "):
        return b"Proxy-Authenticate: NTLM\r\n"
    message = base64.b64decode(field[5:])
    if message[8:12] == b"\x03\0\0\0" and USER.encode("utf-16-le") in message:
        return b"" if struct.unpack("<H", message[20:22])[0] >= 24 else b"Proxy-Authenticate: NTLM\r\n"
    flags = 0x00800000 | 0x200 | 0x1
    challenge = b"NTLMSSP\0" + struct.pack("<IHHII", 2, 0, 0, 48, flags) + b"8 bytes!" + bytes(8)
    challenge += struct.pack("<HHI", 4, 4, 48) + bytes(4)
    return b"Proxy-Authenticate: NTLM " + base64.b64encode(challenge) + b"\r\n"


def allowed(mode, method, uri, field):
    if mode == "basic":
        return field == "Basic " + base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode()
    if mode == "ntlm":
        return ntlm(field) == b""
    if mode == "digest":
        return field.startswith("Digest ") and digest_is_right(method, uri, field[7:])
    return True


CHALLENGE = {
    "basic": b'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm="proxy"\r\n',
    "digest": b'Proxy-Authenticate: Digest realm="proxy", nonce="%s", qop="auth", algorithm=MD5\r\n' % NONCE.encode(),
}


def tunnel(conn, port, inspect):
    hub = socket.create_connection(("127.0.0.1", port))
    keep = None
    if inspect:
        certificate, keep = inspect
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(certificate)
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        theirs.check_hostname = False
        theirs.verify_mode = ssl.CERT_NONE
        conn = ours.wrap_socket(conn, server_side=True)
        hub = theirs.wrap_socket(hub)
    threading.Thread(target=pass_on, args=(hub, conn, keep), daemon=True).start()
    pass_on(conn, hub, keep)


def head(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(1)
        if not more:
            return None
        data += more
    return data.decode("latin-1").split("\r\n")


def serve(conn, mode, port, inspect):
    try:
        while lines := head(conn):
            method, uri, _ = lines[0].split(" ", 2)
            fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            field = fields.get("Proxy-Authorization", "")
            status = {"refuse": "403", "gateway": "502", "none": "200"}.get(mode, "200")
            if not allowed(mode, method, uri, field):
                status = "407"
            print(method, uri, field.split(" ")[0] or "-", status, flush=True)
            if status == "407":
                # Kept open: the second request of a scheme that takes two comes by the same connection.
                challenge = ntlm(field) if mode == "ntlm" else CHALLENGE[mode]
                conn.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n%s\r\n" % challenge)
                continue
            if mode in ("refuse", "gateway"):
                return reply(conn, b"403 Forbidden" if mode == "refuse" else b"502 Bad Gateway")
            if mode == "none":
                conn.sendall(b"SSH-2.0-not-a-proxy\r\n")
                return conn.close()
            conn.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return tunnel(conn, port, inspect)
    except (OSError, ValueError):
        conn.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    mode, port = sys.argv[1], int(sys.argv[2])
    inspect = sys.argv[3:5] if mode == "inspect" else None
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn, mode, port, inspect), daemon=True).start()


main()
