"""An issuer of OpenID Connect for tests, on loopback: honest until a test says otherwise. What it does wrong is a row of oidc.py;
its tokens are made by hand, as no proper library makes those of an attacker."""

import base64
import hashlib
import hmac
import http.server
import json
import secrets
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    def __init__(self, alg="RS256", bits=2048):
        self.alg, self.kid = alg, secrets.token_hex(4)
        self.key = ec.generate_private_key(ec.SECP256R1()) if alg == "ES256" else rsa.generate_private_key(65537, bits)

    def public(self):
        n = self.key.public_key().public_numbers()
        if self.alg == "ES256":
            return {"kty": "EC", "crv": "P-256", "kid": self.kid, "x": number(n.x, 32), "y": number(n.y, 32), "use": "sig"}
        return {"kty": "RSA", "kid": self.kid, "n": number(n.n), "e": number(n.e), "use": "sig"}

    def pem(self):
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data):
        if self.alg == "ES256":
            r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return self.key.sign(data, pss if self.alg == "PS256" else padding.PKCS1v15(), hashes.SHA256())


def token(header, claims, sign, raw=None):
    head = b64(json.dumps(header).encode() if isinstance(header, dict) else header)
    body = b64(raw or json.dumps(claims).encode())
    return f"{head}.{body}.{b64(sign(f'{head}.{body}'.encode()))}"


class Issuer:
    """key: what it signs with; keys: what it tells of. harm: a function of (header, claims) -> token, or None."""

    def __init__(self, client="canny", secret="s3cret", post=False):
        self.client, self.secret, self.post = client, secret, post
        self.key = Key()
        self.keys = [self.key.public()]
        self.person = {"sub": "u-1", "name": "Ailsa Mackay", "groups": []}
        self.harm, self.config_harm, self.answers, self.codes, self.asked = None, {}, {}, {}, []
        self.came, self.goes_on = threading.Semaphore(0), threading.Event() # cleared: it keeps those waiting who ask
        self.goes_on.set()
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def say(self, status, value):
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass # too long an answer: the hub has hung up

            def do_GET(self):
                issuer.asked.append(self.path)
                issuer.came.release()
                issuer.goes_on.wait()
                if self.path in issuer.answers:
                    self.say(*issuer.answers[self.path])
                elif self.path == "/.well-known/openid-configuration":
                    self.say(200, issuer.config())
                elif self.path == "/jwks":
                    self.say(200, {"keys": issuer.keys})
                else:
                    self.say(404, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.say(*issuer.exchange(dict(urllib.parse.parse_qsl(body)), self.headers.get("Authorization", "")))

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def config(self):
        return {"issuer": self.url, "authorization_endpoint": self.url + "/auth", "token_endpoint": self.url + "/token",
                "jwks_uri": self.url + "/jwks", "end_session_endpoint": self.url + "/end",
                "token_endpoint_auth_methods_supported": ["client_secret_post" if self.post else "client_secret_basic"],
                **self.config_harm}

    def code(self, asked):
        """What a person who has signed in here takes back to the hub; asked: the fields of the hub's request."""
        code = secrets.token_hex(600) # as long as those of some
        self.codes[code] = asked
        return code

    def exchange(self, form, authorization):
        asked = self.codes.pop(form.get("code"), None)
        basic = "Basic " + base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        proved = form.get("client_secret") == self.secret if self.post else authorization == basic
        if self.secret == "":
            proved = form.get("client_id") == self.client and authorization == ""
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or not proved or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.client, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.person}
        header = {"alg": self.key.alg, "kid": self.key.kid, "typ": "JWT"}
        made = self.harm(header, claims) if self.harm else token(header, claims, self.key.sign)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": made}


def hs256(secret):
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()
