"""TLS in front of a plain port on loopback, as a proxy stands before a hub: for tests only.

tls_front.py CERTIFICATE-AND-KEY PORT: prints its own port, then passes bytes both ways until it is killed.
"""
import os
import socket
import ssl
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools"))
from pipe import pass_on  # noqa: E402


def serve(plain, context, port):
    try:
        secure = context.wrap_socket(plain, server_side=True)
        hub = socket.create_connection(("127.0.0.1", port))
    except OSError:
        plain.close()
        return
    threading.Thread(target=pass_on, args=(hub, secure), daemon=True).start()
    pass_on(secure, hub)


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        plain, _ = listener.accept()
        threading.Thread(target=serve, args=(plain, context, int(sys.argv[2])), daemon=True).start()


main()
