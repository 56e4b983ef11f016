#!/usr/bin/env python3
"""Content in the console: what is published, how far it got among the kiosks that one may see, who may hold it back, and a
real kiosk that waits until it is let go. No council reads of another's."""

import re
import tempfile

from console import Hub
from town import Kiosk, Pack


def section(page, name):
    """What stands in the card of that name, without tags."""
    found = re.search(rf"<section class=\"card\"><h2>{name}</h2>(.*?)</section>", page.text, re.S)
    assert found, f"no card {name}: {page.text}"
    return " ".join(re.sub(r"<[^>]*>", " ", found.group(1)).split())


with Hub() as hub, tempfile.TemporaryDirectory() as folder:
    alasdair = hub.person("alasdair", "it", authority="Ardnamurchan Council")
    assert "trusts no root" in alasdair.get("/content").text

    for school, council in (("Ardgour Academy", "Ardnamurchan Council"), ("Balivanich School", "Benbecula Council")):
        hub.run("enrol", "--site", school)
        hub.run("authority", "--site", school, "--authority", council)
    hub.run("authority", "--authority", "Ardnamurchan Council", "--employer", "ardnamurchan")
    hub.run("authority", "--authority", "Benbecula Council", "--employer", "benbecula")
    assert "publishes as" in hub.run("authority", "--authority", "Benbecula Council", "--employer", "ardnamurchan", status=1)
    assert "small letters" in hub.run("authority", "--authority", "Benbecula Council", "--employer", "A b", status=2)
    pack = Pack(folder, hub)
    pack.publish("national", "2026.47")
    pack.publish("ardnamurchan", "a1", "--percent", "10")
    pack.publish("benbecula", "theirs-1")
    kiosk = Kiosk(folder, hub, "Ardgour Academy", "ours")
    Kiosk(folder, hub, "Balivanich School", "theirs")

    # One's own council's and the national one, and the kiosks that one sees: one of the two.
    beathag = hub.person("beathag", "adviser", authority="Ardnamurchan Council")
    page = beathag.get("/content")
    assert "1 of 1 kiosk has 2026.47 in use" in section(page, "National content"), section(page, "National content")
    assert "open to every kiosk" in section(page, "National content")
    assert "signed for 10 of a hundred kiosks" in section(page, "Ardnamurchan Council")
    for word in ("Benbecula", "benbecula", "theirs-1", "Balivanich"):
        assert word not in page.text, word
    assert "/content/hold" not in page.text, "an adviser holds nothing back"
    assert "Good until" in page.text and "signs it by itself every day" in page.text

    # Authority IT holds its own back, and not what reaches another council's kiosks too.
    page = alasdair.get("/content")
    assert page.text.count('action="/content/hold"') == 2, "choose, and stop, of one's own alone"
    assert alasdair.send("/content/hold", {"role": "national", "percent": "0"}).status == 404
    assert alasdair.send("/content/hold", {"role": "employers/benbecula", "percent": "0"}).status == 404
    for wrong in ("", "101", "-1", "ten"):
        assert alasdair.send("/content/hold", {"role": "employers/ardnamurchan", "percent": wrong}).status == 422, wrong
    assert alasdair.send("/content/hold", {"role": "employers/ardnamurchan", "percent": "0"}).status == 303
    assert "stopped: no further kiosk" in section(alasdair.get("/content"), "Ardnamurchan Council")
    assert re.search(r"employers/ardnamurchan\t.*\theld at 0%", hub.run("content", "show"))
    audit = alasdair.get("/audit").text
    assert "Held a roll-out at" in audit and "Ardnamurchan Council" in audit
    hub.run("content", "hold", "employers/ardnamurchan", "20")
    assert '<option value="20" selected>' in alasdair.get("/content").text, "what was set by the command"
    assert alasdair.send("/content/hold", {"role": "employers/ardnamurchan", "percent": "100"}).status == 303
    assert "held" not in hub.run("content", "show")

    # Whoever acts in every council of this hub opens the rings of the national edition one by one; a real kiosk waits.
    if hub.where[0] == "--data":
        import sqlite3
        with sqlite3.connect(hub.where[1] + "/hub.db") as db:
            db.execute("insert into account_grant(account, role, authority, site) select account.id, 'it', authority.id, ''"
                       " from account, authority where account.login = 'alasdair' and authority.name = 'Benbecula Council'")
        page = alasdair.get("/content")
        assert "2 of 2 kiosks have 2026.47 in use" in section(page, "National content")
        assert alasdair.send("/content/hold", {"role": "national", "percent": "0"}).status == 303
        pack.publish("national", "2026.48")
        kiosk.syncs("2026.47")
        told = section(alasdair.get("/content"), "National content")
        assert "0 of 2 kiosks have 2026.48 in use" in told and "2026.47 in use, waits" in told, told
        assert alasdair.send("/content/hold", {"role": "national", "percent": "100"}).status == 303
        kiosk.syncs("2026.48")
        told = section(alasdair.get("/content"), "National content")
        assert "1 of 2 kiosks have 2026.48 in use" in told and "2026.47 in use, not the newest" in told, told
    hub.stop()

print("content: ok")
