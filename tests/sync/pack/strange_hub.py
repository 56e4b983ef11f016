"""Something that answers in a hub's place: strange_hub.py MODE PORTFILE. Modes: page (a sign-in page), redirect, busy (503, then
as a hub that has everything), again (asks for the same file for ever), outside (asks for a file of ours that is none of a
repository), refuses (422), mute (closes without a word), half (passes on to a hub on the port HALF, and goes after the third file)."""
import http.client
import http.server
import json
import os
import sys

MODE, PORT_FILE = sys.argv[1:]
asked = 0
puts = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, kind="application/json", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def told(self, status, **members):
        self.answer(status, json.dumps(members).encode())

    def pass_on(self, body):
        global puts
        puts += 1 if self.command == "PUT" else 0
        if puts > 3:
            self.close_connection = True
            return
        hub = http.client.HTTPConnection("127.0.0.1", int(os.environ["HALF"]))
        hub.request(self.command, self.path, body, {"Content-Type": self.headers.get("Content-Type", "")})
        reply = hub.getresponse()
        self.answer(reply.status, reply.read(), reply.headers["Content-Type"])

    def do_any(self):
        global asked
        asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if MODE == "page":
            self.answer(200, b"<html><body>Sign in to the school's network</body></html>", "text/html")
        elif MODE == "redirect":
            self.answer(302, b"", "text/html", [("Location", "http://login.example/")])
        elif MODE == "busy" and asked <= 2:
            self.answer(503, b'{"code":"busy"}', headers=[("Retry-After", "1")])
        elif MODE == "busy":
            self.told(200)
        elif MODE == "again":
            self.told(201 if self.command == "PUT" else 202, missing=[f"blobs/{'00'}/{'0' * 64}.zst"])
        elif MODE == "outside":
            self.told(202, missing=["../../../etc/passwd"])
        elif MODE == "refuses":
            self.told(422, code="content.expired", detail="it expired on 2026-11-01")
        elif MODE == "mute":
            self.close_connection = True
        elif MODE == "half":
            self.pass_on(body)

    do_GET = do_POST = do_PUT = do_any

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(PORT_FILE + ".new", "w", encoding="ascii") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
