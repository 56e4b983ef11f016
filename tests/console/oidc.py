#!/usr/bin/env python3
"""Signing in to the console by an issuer of OpenID Connect: roles by claims, leavers, several issuers; and each thing that an
attacker may bring, which has to be refused with its own reason in the audit log and none on the screen."""

import html
import json
import os
import re
import threading
import time
import urllib.parse

from console import Hub, Person
from issuer import Issuer, Key, hs256, token

COUNCIL, OTHERS = "Example Council", "Other Council"


def there(person, issuer, to="/kiosks"):
    """To the issuer; what the hub asks of it."""
    reply = person.get(f"/sign-in/with/{issuer.id}?to=" + urllib.parse.quote(to, safe=""))
    assert reply.status == 303, (reply.status, reply.text)
    assert reply.to.startswith(issuer.url + "/auth?"), reply.to
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(reply.to).query))
    assert asked["response_type"] == "code" and asked["client_id"] == issuer.client
    assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) == 64
    assert asked["redirect_uri"].endswith("/sign-in/back/" + issuer.id)
    return asked


def back(person, issuer, **fields):
    return person.get(f"/sign-in/back/{issuer.id}?" + urllib.parse.urlencode(fields))


def sign_in(person, issuer, **more):
    asked = there(person, issuer)
    return back(person, issuer, code=issuer.code(asked), state=asked["state"], **more)


def add(hub, issuer, name, *options):
    with open(hub.folder.name + "/secret", "w", encoding="utf-8") as file:
        file.write(issuer.secret + "\n")
    secret = ["--secret-file", file.name] if issuer.secret else []
    said = hub.run("oidc", "add", "--name", name, "--issuer", issuer.url, "--client", issuer.client, *secret, *options)
    issuer.name, issuer.id = name, re.search(r"/sign-in/back/([0-9a-f]{16})\n", said).group(1)


def place(role, where):
    return ["--role", role] + (["--authority" if role in ("it", "adviser") else "--site", where] if where else [])


def map_(hub, issuer, claim, value, role, where, word="map", status=0):
    return hub.run("oidc", word, "--name", issuer.name, "--claim", claim, "--value", value, *place(role, where), status=status)


class Audit:
    """The newest entries, as authority IT reads them."""

    def __init__(self, hub):
        self.it = hub.person("break-glass", "it", authority=COUNCIL)

    def has(self, *words):
        newest = self.it.get("/audit").text.split("</tr>")[1]
        assert all(word in newest for word in words), (words, newest)


def refused(reply, code, audit):
    assert reply.status in (400, 503), reply.status
    assert re.search(rf"Code <b>{code}</b>", reply.text), (code, re.findall(r"Code <b>([^<]*)", reply.text))
    audit.has(code, "Sign-in refused")


def roles(hub, issuer):
    """What the claims grant is what somebody may: no more, and again at each sign-in."""
    map_(hub, issuer, "groups", "g-it", "it", COUNCIL)
    map_(hub, issuer, "groups", "g-tech", "technician", "Ardgour Academy")
    map_(hub, issuer, "email", "head@example.org", "head", "Ardgour Academy")
    assert "there is no school" in map_(hub, issuer, "groups", "x", "viewer", "No Such School", status=1)
    assert "one authority" in map_(hub, issuer, "groups", "x", "it", OTHERS, status=1)
    assert "one authority" in map_(hub, issuer, "groups", "x", "viewer", "Balivanich School", status=1)
    assert "one authority" in map_(hub, issuer, "groups", "x", "sserc", None, status=1)
    assert "already" in map_(hub, issuer, "groups", "g-it", "it", COUNCIL, status=1)
    assert "groups = g-it: it at " + COUNCIL in hub.run("oidc", "list")

    ailsa = Person(hub)
    issuer.person["groups"] = ["g-tech", "somebody-else", "g-it"]
    asked = there(ailsa, issuer)
    before = ailsa.cookies["__Host-canny"]
    reply = back(ailsa, issuer, code=issuer.code(asked), state=asked["state"])
    assert (reply.status, reply.to) == (303, "/kiosks"), (reply.status, reply.text)
    assert ailsa.cookies["__Host-canny"] != before, "what it held before is worth nothing"
    page = ailsa.get("/account").text
    assert "Ailsa Mackay" in page and "Authority IT" in page and "Technician" in page
    assert ailsa.get("/audit").status == 200

    # Whoever signs in once more at the same browser has one session there, not two.
    held = Person(hub)
    held.cookies = dict(ailsa.cookies)
    assert sign_in(ailsa, issuer).status == 303
    assert held.get("/account").status == 303 and ailsa.get("/account").status == 200

    # Her groups change: at her next sign-in she may less, everywhere.
    issuer.person["groups"] = ["g-tech"]
    second = Person(hub)
    assert sign_in(second, issuer).status == 303
    assert second.get("/audit").status == 403 and ailsa.get("/audit").status == 403
    # A school that has gone to another authority is not this issuer's to give roles at.
    hub.run("authority", "--site", "Ardgour Academy", "--authority", OTHERS)
    assert sign_in(Person(hub), issuer).status == 400
    hub.run("authority", "--site", "Ardgour Academy", "--authority", COUNCIL)
    assert sign_in(second, issuer).status == 303
    # A head by an address that is proved, and not by one that is not.
    issuer.person = {"sub": "u-2", "name": "Heather", "email": "head@example.org", "email_verified": False}
    audit = Audit(hub)
    refused(sign_in(Person(hub), issuer), "O-40", audit)
    issuer.person["email_verified"] = True
    head = Person(hub)
    assert sign_in(head, issuer).status == 303 and "Head teacher" in head.get("/account").text

    # A leaver: no group of hers is left, and all of her sessions end with it.
    issuer.person = {"sub": "u-1", "name": "Ailsa Mackay", "groups": []}
    refused(sign_in(Person(hub), issuer), "O-40", audit)
    assert ailsa.get("/kiosks").status == 303 and second.get("/kiosks").status == 303, "signed out everywhere"
    assert head.get("/kiosks").status == 200, "somebody else is not"
    issuer.person["_claim_names"] = {"groups": "src1"}
    refused(sign_in(Person(hub), issuer), "O-41", audit)
    # Ended here by hand, whatever her issuer says; and again.
    end = ("account", "--login", "u-1", "--issuer", issuer.url)
    issuer.person = {"sub": "u-1", "name": "Ailsa Mackay", "groups": ["g-it"]}
    assert sign_in(ailsa, issuer).status == 303
    hub.run(*end, "--end")
    assert ailsa.get("/account").status == 303, "her session has ended"
    refused(sign_in(Person(hub), issuer), "O-42", audit)
    assert hub.run(*end, "--again") == "", "an issuer's account has no password here"
    assert sign_in(ailsa, issuer).status == 303
    # What is unmapped is gone at once.
    map_(hub, issuer, "email", "head@example.org", "head", "Ardgour Academy", word="unmap")
    assert head.get("/kiosks").status == 303
    issuer.person = {"sub": "u-1", "name": "<b>Ailsa</b>", "groups": ["g-it"]}
    return audit


def harms(issuer):
    """Each harmful token, and the code that it has to be refused with."""
    now = int(time.time())
    stranger, weak = Key(), Key(bits=1024)
    other = Key("ES256")

    def claims(**wrong):
        return lambda h, c: token(h, {k: v for k, v in {**c, **wrong}.items() if v is not None}, issuer.key.sign)

    def header(sign=None, **wrong):
        return lambda h, c: token({k: v for k, v in {**h, **wrong}.items() if v is not None}, c, sign or issuer.key.sign)

    def twice(name, value):
        return lambda h, c: token(h, c, issuer.key.sign, raw=json.dumps({"x": 0, **c}).replace('"x": 0', f'"{name}": {json.dumps(value)}', 1).encode())

    def moved(h, c):
        """The signature of one token on the words of another."""
        good, bad = token(h, c, issuer.key.sign), token(h, {**c, "groups": ["g-it", "more"]}, issuer.key.sign)
        return bad.rsplit(".", 1)[0] + "." + good.rsplit(".", 1)[1]

    return {
        "wrong issuer": (claims(iss="https://evil.example"), "O-35"),
        "issuer with a slash more": (claims(iss=issuer.url + "/"), "O-35"),
        "no issuer": (claims(iss=None), "O-35"),
        "wrong audience": (claims(aud="another"), "O-36"),
        "no audience": (claims(aud=None), "O-36"),
        "several audiences and no azp": (claims(aud=["canny", "another"]), "O-36"),
        "azp is another": (claims(azp="another"), "O-36"),
        "expired": (claims(exp=now - 300), "O-37"),
        "no expiry": (claims(exp=None), "O-37"),
        "expiry is a word": (claims(exp="tomorrow"), "O-37"),
        "made in the future": (claims(iat=now + 900), "O-37"),
        "made long ago": (claims(iat=now - 7200), "O-37"),
        "not yet valid": (claims(nbf=now + 900), "O-37"),
        "wrong nonce": (claims(nonce="0" * 64), "O-38"),
        "no nonce": (claims(nonce=None), "O-38"),
        "no subject": (claims(sub=None), "O-39"),
        "subject too long": (claims(sub="s" * 256), "O-39"),
        "more groups than are looked at": (claims(groups=[f"g{i}" for i in range(600)]), "O-39"),
        "unsigned": (lambda h, c: token({**h, "alg": "none"}, c, lambda d: b""), "O-32"),
        "unsigned, with something in the signature's place": (lambda h, c: token({**h, "alg": "none"}, c, lambda d: b"none"), "O-32"),
        "unsigned, in capitals": (lambda h, c: token({**h, "alg": "NONE"}, c, lambda d: b""), "O-32"),
        "a MAC by the public key": (header(hs256(issuer.key.pem()), alg="HS256"), "O-32"),
        "a MAC by the client's secret": (header(hs256(issuer.secret.encode()), alg="HS256"), "O-32"),
        "signed with SHA-1": (header(alg="RS1"), "O-32"),
        "no alg": (header(alg=None), "O-32"),
        "another key of that kid": (header(stranger.sign), "O-34"),
        "signature of another token": (moved, "O-34"),
        "no signature": (header(lambda d: b""), "O-31"),
        "another's signature, shorter": (header(lambda d: b"1234"), "O-34"),
        "padding that ends libcjose": (lambda h, c: token(h, c, lambda d: b"1").rsplit(".", 1)[0] + ".AAAAA=", "O-31"),
        "the same in the header": (lambda h, c: "AAAAA=." + token(h, c, issuer.key.sign).split(".", 1)[1], "O-31"),
        "the same in the claims": (lambda h, c: token(h, c, issuer.key.sign).split(".")[0] + ".AAAAA=.QUFB", "O-31"),
        "four parts": (lambda h, c: token(h, c, issuer.key.sign) + ".QUFB", "O-31"),
        "unknown kid": (header(stranger.sign, kid="unknown"), "O-33"),
        "an RSA key's kid for ES256": (header(other.sign, alg="ES256"), "O-33"),
        "its key in its own header": (header(stranger.sign, kid=stranger.kid, jwk=stranger.public()), "O-33"),
        "kid is no text": (header(kid=7), "O-31"),
        "crit": (header(crit=["exp"], exp=1), "O-31"),
        "alg twice": (lambda h, c: token(json.dumps({"x": 0, **h}).replace('"x": 0', '"alg": "none"').encode(), c, issuer.key.sign), "O-31"),
        "a claim twice": (twice("sub", "u-9"), "O-31"),
        "claims are a list": (lambda h, c: token(h, c, issuer.key.sign, raw=b"[]"), "O-31"),
        "no token at all": (lambda h, c: "abc", "O-31"),
        "two parts": (lambda h, c: token(h, c, issuer.key.sign).rsplit(".", 1)[0], "O-31"),
        "longer than is read": (claims(groups=["g" * 70000]), "O-31"),
        "null": (lambda h, c: None, "O-30"),
    }, weak


def tokens(hub, issuer, audit):
    rows, weak = harms(issuer)
    for what, (harm, code) in rows.items():
        issuer.harm = harm
        try:
            person = Person(hub)
            refused(sign_in(person, issuer), code, audit)
            assert person.get("/kiosks").status == 303, "nobody is signed in"
        except AssertionError as wrong:
            raise AssertionError(f"{what}: {wrong}") from wrong
        if len(hub.tried) % 5 == 4:
            fresh(hub)
        hub.tried.append(what)
    issuer.harm = None
    fresh(hub)
    damaged = Key()
    n = damaged.public()["n"]
    for i, wrong in enumerate(({"n": "AAAAA="}, {"n": n + "="}, {"e": ""}, {"n": None})):
        damaged.kid = f"damaged-{i}"
        issuer.key, issuer.keys = damaged, [{**damaged.public(), **wrong}]
        refused(sign_in(Person(hub), issuer), "O-14", audit)
    fresh(hub)
    issuer.key, issuer.keys = weak, [weak.public()]
    refused(sign_in(Person(hub), issuer), "O-14", audit)
    # Each way to sign that is taken; a key that is new is asked for once; a key of another purpose is none.
    for alg in ("RS256", "PS256", "ES256"):
        issuer.key = Key(alg)
        issuer.keys = [{**Key(alg).public(), "use": "enc"}, issuer.key.public(), Key().public()]
        issuer.asked.clear()
        assert sign_in(Person(hub), issuer).status == 303, alg
        assert issuer.asked == ["/jwks"], issuer.asked
        issuer.asked.clear()
        assert sign_in(Person(hub), issuer).status == 303, alg
        assert issuer.asked == [], "what is known is not asked for"
    fresh(hub)
    issuer.key = Key()
    issuer.keys = [{**issuer.key.public(), "use": "enc"}]
    refused(sign_in(Person(hub), issuer), "O-33", audit)
    issuer.keys = [{**issuer.key.public(), "alg": "PS256"}]
    refused(sign_in(Person(hub), issuer), "O-33", audit)
    # A token that names no key is the only key's, or nobody's.
    issuer.harm = lambda h, c: token({"alg": "RS256"}, c, issuer.key.sign)
    issuer.keys = [issuer.key.public(), Key().public()]
    refused(sign_in(Person(hub), issuer), "O-33", audit)
    issuer.keys = [Key("ES256").public(), issuer.key.public()]
    assert sign_in(Person(hub), issuer).status == 303
    issuer.harm = None
    issuer.key = Key()
    issuer.keys = [issuer.key.public()]
    return len(rows)


def fresh(hub):
    """Wrong tries of one address are counted: another process counts anew."""
    hub.stop()
    hub.serve(f"127.0.0.1:{hub.port}")


def ways(hub, issuer, audit):
    """What comes back by the browser."""
    person = Person(hub)
    asked = there(person, issuer)
    code = issuer.code(asked)
    refused(back(Person(hub), issuer, code=code, state=asked["state"]), "O-20", audit) # another browser
    refused(back(person, issuer, code=code, state=asked["state"][:-1]), "O-20", audit)
    refused(back(person, issuer, code=code, state=asked["state"] + "x"), "O-20", audit)
    refused(back(person, issuer, code=code), "O-20", audit)
    fresh(hub)
    assert back(person, issuer, code=code, state=asked["state"]).status == 303, "what others tried does not harm it"
    again = Person(hub)
    asked = there(again, issuer)
    held = dict(again.cookies)
    assert back(again, issuer, code=issuer.code(asked), state=asked["state"]).status == 303
    again.cookies = held
    refused(back(again, issuer, code=issuer.code(asked), state=asked["state"]), "O-22", audit)
    again = Person(hub)
    asked = there(again, issuer)
    refused(back(again, issuer, error="access_denied", error_description="<b>", state=asked["state"]), "O-24", audit)
    # A code of somebody else's sign-in: PKCE.
    victim, thief = Person(hub), Person(hub)
    stolen = issuer.code(there(victim, issuer))
    refused(back(thief, issuer, code=stolen, state=there(thief, issuer)["state"]), "O-30", audit)
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/" + "a" * 400):
        person = Person(hub)
        asked = there(person, issuer, to)
        assert back(person, issuer, code=issuer.code(asked), state=asked["state"]).to == "/", to
    assert Person(hub).get("/sign-in/with/" + "0" * 16).status == 404
    assert Person(hub).get("/sign-in/back/" + "0" * 16).status == 404


def several(hub, issuer, audit):
    """Mix-up: what another issuer answers is not taken for this one's."""
    fresh(hub)
    evil, plain = Issuer(client="other", post=True), Issuer(client="plain", secret="")
    add(hub, evil, "Other Council's accounts", "--authority", COUNCIL)
    add(hub, plain, "SSERC")
    map_(hub, plain, "roles", "adviser", "sserc", None)
    page = Person(hub).get("/sign-in").text
    for one in (issuer, evil, plain):
        assert "Sign in with " + html.escape(one.name).replace("&#x27;", "&#39;") + "</a>" in page, one.name
    person = Person(hub)
    asked = there(person, issuer)
    refused(back(person, evil, code=evil.code(asked), state=asked["state"]), "O-20", audit)
    refused(sign_in(Person(hub), issuer, iss=evil.url), "O-23", audit)
    assert sign_in(Person(hub), issuer, iss=issuer.url).status == 303
    evil.config_harm = {"authorization_response_iss_parameter_supported": True}
    refused(sign_in(Person(hub), evil), "O-23", audit)
    plain.person = {"sub": "s", "name": "Adviser", "roles": "adviser"}
    sserc = Person(hub)
    assert sign_in(sserc, plain).status == 303 and "SSERC adviser" in sserc.get("/account").text
    # Out: here, and told how to be out there.
    out = sserc.send("/sign-out")
    assert out.to == "/sign-in?out=" + plain.id
    assert f'href="{plain.url}/end?client_id=plain"' in sserc.get(out.to).text
    # An issuer that is taken away.
    assert sign_in(sserc, plain).status == 303
    hub.run("oidc", "remove", "--name", "SSERC")
    assert sserc.get("/account").status == 303 and plain.name not in hub.run("oidc", "list")
    evil.stop()
    plain.stop()


def slow(hub, audit):
    """An issuer that does not answer holds up those who sign in by it, and nobody else."""
    fresh(hub)
    issuer, answers = Issuer(), []
    add(hub, issuer, "Slow", "--authority", COUNCIL)
    issuer.goes_on.clear()
    waiting = [threading.Thread(target=lambda: answers.append(Person(hub).get(f"/sign-in/with/{issuer.id}").status)) for _ in range(2)]
    for one in waiting:
        one.start()
    for _ in waiting:
        assert issuer.came.acquire(timeout=30)
    refused(Person(hub).get(f"/sign-in/with/{issuer.id}"), "O-11", audit)
    assert Person(hub).get("/sign-in").status == 200
    issuer.goes_on.set()
    for one in waiting:
        one.join()
    assert answers == [303, 303], answers
    there(Person(hub), issuer)
    issuer.stop()


def copies(hub, issuer):
    """To the issuer by one copy of the hub, and back by another: each knows all that is needed. What came back there does not
    come back here."""
    if not os.environ.get("CANNY_POSTGRES"):
        return
    with Hub() as other:
        person = Person(hub)
        asked = there(person, issuer)
        held = dict(person.cookies)
        person.hub = other
        assert back(person, issuer, code=issuer.code(asked), state=asked["state"]).status == 303
        assert person.get("/account").status == 200
        person.hub = hub
        assert person.get("/account").status == 200
        person.cookies = held
        assert "O-22" in back(person, issuer, code=issuer.code(asked), state=asked["state"]).text
        other.stop()


def configs(hub, audit):
    """What an issuer tells of itself, and an issuer that is not there."""
    for what, harm, code in (("another issuer", {"issuer": "https://evil.example"}, "O-13"), ("an endpoint without TLS", {"token_endpoint": "http://evil.example/"}, "O-13"),
                             ("no keys", {"jwks_uri": None}, "O-13"), ("a script", {"authorization_endpoint": "javascript:alert(1)"}, "O-13")):
        bad = Issuer()
        bad.config_harm = harm
        add(hub, bad, what, "--authority", COUNCIL)
        refused(Person(hub).get(f"/sign-in/with/{bad.id}"), code, audit)
        bad.config_harm = {}
        there(Person(hub), bad) # mended, and not remembered as broken
        bad.stop()
    gone = Issuer()
    add(hub, gone, "Gone", "--authority", COUNCIL)
    gone.answers["/.well-known/openid-configuration"] = (200, b"x" * 600000)
    refused(Person(hub).get(f"/sign-in/with/{gone.id}"), "O-12", audit)
    gone.stop()
    refused(Person(hub).get(f"/sign-in/with/{gone.id}"), "O-12", audit)
    for secret in ("two words\n", "\n", "s" * 512, "one\ntwo\n"):
        with open(hub.folder.name + "/wrong", "w", encoding="utf-8") as file:
            file.write(secret)
        assert "one word" in hub.run("oidc", "add", "--name", "x", "--issuer", "https://x.example", "--client", "c", "--secret-file", file.name, status=1)
    for url in ("http://issuer.example", "https://u:p@issuer.example", "https://issuer.example/?a", "issuer.example", "file:///etc/passwd"):
        assert "--issuer" in hub.run("oidc", "add", "--name", "x", "--issuer", url, "--client", "c", status=2), url


def main():
    issuer = Issuer()
    with Hub() as hub:
        hub.tried = []
        for school, council in (("Ardgour Academy", COUNCIL), ("Balivanich School", OTHERS)):
            hub.run("enrol", "--site", school, "--url", f"http://127.0.0.1:{hub.port}")
            hub.run("authority", "--site", school, "--authority", council)
        assert "Sign in with" not in Person(hub).get("/sign-in").text
        add(hub, issuer, "Example Council's <accounts>", "--authority", COUNCIL)
        audit = roles(hub, issuer)
        harmful = tokens(hub, issuer, audit)
        ways(hub, issuer, audit)
        several(hub, issuer, audit)
        slow(hub, audit)
        configs(hub, audit)
        copies(hub, issuer)
        assert issuer.secret not in hub.run("oidc", "list")
        hub.run("verify") # the audit's chain holds
        hub.stop()
        issuer.stop()
    print(f"oidc: {harmful} harmful tokens: ok")


if __name__ == "__main__":
    main()
