#!/usr/bin/env python3
"""Signing in to the console, well and badly; sessions; what every page says to a browser; and the audit's chain."""

import re
import sqlite3

from console import Hub, Person, digits

with Hub() as hub:
    # Who is nobody is asked to sign in, and comes to where he wanted.
    nobody = Person(hub)
    first = nobody.get("/kiosks?find=a")
    assert (first.status, first.to) == (303, "/sign-in?to=%2Fkiosks"), first.to
    assert nobody.get("/sign-in").status == 200
    assert nobody.get("/no/such/page").status == 404

    # An invitation works once; the password has twelve characters; the code is proved.
    invite = hub.account("mairi", "it", "Mairi O'Neill", authority="Example Council")
    mairi = Person(hub)
    page = mairi.get(f"/set-up?invite={invite}")
    assert "Mairi O&#39;Neill" in page.text, "the name as it is"
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text).group(1)
    good = {"invite": invite, "password": "a pass phrase for tests", "again": "a pass phrase for tests", "code": digits(secret, -1)}
    for wrong, words in (({"password": "short", "again": "short"}, "12 to 256"), ({"again": "another pass phrase"}, "not the same"),
                         ({"code": "000000" if good["code"] != "000000" else "111111"}, "six digits are not")):
        refused = mairi.send("/set-up", {**good, **wrong}, page=f"/set-up?invite={invite}")
        assert refused.status == 422 and words in refused.text, (wrong, refused.status)
    mairi.set_up(invite)
    assert mairi.get(f"/set-up?invite={invite}").status == 404, "an invitation works once"
    assert mairi.get("/set-up?invite=" + "0" * 64).status == 404
    assert "already" in hub.run("account", "--login", "mairi", "--name", "X", "--role", "it", "--authority", "Example Council", status=1)

    # Wrong words, wrong code, no such account: the same answer.
    answers = {mairi.sign_in(login, password, code).status for login, password, code in
               (("mairi", "not the pass phrase", digits(secret)), ("mairi", "a pass phrase for tests", "12345"),
                ("nobody", "a pass phrase for tests", digits(secret)), ("", "", "1"))}
    assert answers == {403}, answers
    assert mairi.get("/kiosks").status == 303, "still nobody"

    # The token changes as somebody signs in, and a code is taken once.
    before = dict(mairi.cookies)
    code = digits(mairi.secret)
    done = mairi.sign_in("mairi", code=code, to="/kiosks")
    assert (done.status, done.to) == (303, "/kiosks"), done.text
    assert mairi.cookies["__Host-canny"] != before["__Host-canny"], "what it held before is worth nothing"
    again = Person(hub)
    again.secret = mairi.secret
    assert again.sign_in("mairi", code=code).status == 403, "a code is taken once"
    for to in ("//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "javascript:alert(1)"):
        other = Person(hub)
        other.set_up(hub.account(f"u{abs(hash(to))}", "adviser", authority="Example Council"))
        assert other.sign_in(f"u{abs(hash(to))}", to=to).to == "/", to

    # What every page says to the browser.
    page = mairi.get("/kiosks")
    assert page.status == 200 and "Mairi O&#39;Neill" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, policy
    assert (page.headers["X-Content-Type-Options"], page.headers["Cache-Control"]) == ("nosniff", "no-store")
    cookie = first.headers["Set-Cookie"]
    assert cookie.startswith("__Host-") and all(word in cookie for word in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")), cookie
    assert "Set-Cookie" not in page.headers, "who has a token is given no other"

    # A form of another page is nobody's: without the token, with another's, or from another site.
    token = mairi.token()
    assert mairi.post("/sign-out", {}).status == 403
    assert mairi.post("/sign-out", {"token": Person(hub).token("/sign-in")}).status == 403
    assert mairi.post("/sign-out", {"token": token}, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert mairi.get("/kiosks").status == 200, "nothing of that ended the session"
    assert mairi.get("/sign-out").status == 405
    assert mairi.ask("POST", "/sign-out", '{"token":1}', **{"Content-Type": "application/json"}).status == 400
    assert mairi.ask("POST", "/sign-out", "token=%zz", **{"Content-Type": "application/x-www-form-urlencoded"}).status == 400
    assert mairi.ask("POST", "/sign-out", "a" * 70000, **{"Content-Type": "application/x-www-form-urlencoded"}).status == 413

    # Out: here, and everywhere.
    here, there = Person(hub), Person(hub)
    here.cookies = dict(mairi.cookies)
    assert mairi.send("/sign-out").status == 303
    assert here.get("/kiosks").status == 303, "the session is gone, not the cookie alone"
    here.secret = mairi.secret
    assert here.sign_in("mairi", after=1).status == 303
    there.cookies = dict(here.cookies)
    assert here.send("/account/end").status == 303
    assert there.get("/account").status == 303
    hub.stop()

    # What was done is written down, in a chain that shows any change; no name and no password is in it.
    if hub.where[0] == "--data":
        with sqlite3.connect(hub.where[1] + "/hub.db") as db:
            lines = [line for (line,) in db.execute("select line from audit order by no")]
        assert sum('"act":"sign-in.refused"' in line for line in lines) >= 5, lines
        assert not any("O'Neill" in line or "pass phrase" in line or "wrong words" in line for line in lines)
        assert " 0 faults" in hub.run("verify")
        for change, back in (("update audit set line = replace(line, 'refused', 'allowed') where no = 4",
                              "update audit set line = replace(line, 'allowed', 'refused') where no = 4"),
                             ("update audit set no = no + 1000 where no = 5", "update audit set no = 5 where no = 1005"),
                             (f"update audit set no = -1 where no = {len(lines)}", f"update audit set no = {len(lines)} where no = -1")):
            with sqlite3.connect(hub.where[1] + "/hub.db") as db:
                db.execute(change)
            assert " faults in the log" in hub.run("verify", status=1), change
            with sqlite3.connect(hub.where[1] + "/hub.db") as db:
                db.execute(back)
        assert " 0 faults" in hub.run("verify")

# Eight wrong tries shut the account, for the right password too; the tenth of one network is told to wait.
with Hub() as hub:
    victim = Person(hub)
    victim.set_up(hub.account("victim", "adviser", authority="Example Council"))
    assert [victim.sign_in("victim", "wrong words", "1").status for _ in range(8)] == [403] * 8
    assert victim.sign_in("victim").status == 403, "shut"
    assert [victim.sign_in("victim").status for _ in range(2)] == [403, 429]

# An account that ends: nobody is in by it any more, and nobody comes in. The same may begin again, by a new link.
with Hub() as hub:
    officer = hub.person("officer", "it", authority="Example Council")
    leaver = hub.person("o-neill", "adviser", "Mairi O'Neill", authority="Example Council")
    waiting = hub.account("waiting", "adviser", authority="Example Council")
    assert leaver.get("/kiosks").status == 200
    for login in ("o-neill", "waiting"):
        hub.run("account", "--login", login, "--end")
    assert leaver.get("/kiosks").status == 303, "an open session ends with it"
    assert leaver.sign_in("o-neill", after=1).status == 403
    assert Person(hub).get(f"/set-up?invite={waiting}").status == 404, "nor does a link open it"
    assert "ended already" in hub.run("account", "--login", "o-neill", "--end", status=1)
    assert "no such account" in hub.run("account", "--login", "nobody", "--end", status=1)
    listed = {line.split("\t")[0]: line.split("\t")[1:] for line in hub.run("account", "--list").splitlines()}
    assert listed["o-neill"][:5] == ["-", "Mairi O'Neill", "adviser", "Example Council", "ended"], listed
    assert listed["o-neill"][6][:2] == "20" and listed["officer"][4:] == ["in use", listed["o-neill"][5], "-"], listed
    assert listed["waiting"][4:6] == ["ended", "-"], listed
    for wrong in (("--end",), ("--list", "--end"), ("--login", "x", "--end", "--again"), ("--login", "x", "--role", "it", "--end"),
                  ("--login", "x", "--name", "X", "--role", "sserc", "--issuer", "https://a.example")):
        hub.run("account", *wrong, status=2)
    # Who reads the authority's log reads what was done to its accounts.
    log = officer.get("/audit").text
    assert log.count("Ended an account") == 2 and "Added an account" in log, "told to the authority's people"
    link = re.search(r"invite=([0-9a-f]{64})", hub.run("account", "--login", "o-neill", "--again")).group(1)
    leaver.set_up(link, "another pass phrase of hers")
    assert leaver.sign_in("o-neill").status == 403, "the old pass phrase is worth nothing"
    assert leaver.sign_in("o-neill", "another pass phrase of hers").status == 303

    # A hub that is put back has nobody signed in, and its old links open nothing.
    if hub.where[0] == "--data":
        unused = hub.account("unused", "adviser", authority="Example Council")
        hub.run("backup", "--out", hub.folder.name + "/backup")
        hub.stop()
        assert "account --list" in hub.run("restore", "--from", hub.folder.name + "/backup", "--replace")
        hub.serve()
        assert officer.get("/kiosks").status == 303 and leaver.get("/kiosks").status == 303
        assert Person(hub).get(f"/set-up?invite={unused}").status == 404
        assert officer.sign_in("officer", after=1).status == 303, "the accounts themselves are there"

print("sign-in: ok")
