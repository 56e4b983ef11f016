"""Repositories that mean harm, networks that lie, and power that fails."""
import json
import os
import shutil
import time

from tuf_cases import case, cases, same
from tuf_sim import DAY, TOP, Key, Repo, canonical, iso, plain, sha256

FILES = {"root": "metadata/2.root.json", "timestamp": "metadata/timestamp.json", "snapshot": "metadata/2.snapshot.json",
         "targets": "metadata/2.targets.json", "role": "metadata/2.A.json"}
CUT = os.environ.get("TUF_CUT", "")


def endless(piece, pause=0.0):
    """An answer without an end; tells how much of it was taken."""
    def answer(handler):
        sent = 0
        handler.send_response(200)
        handler.end_headers()
        try:
            while sent < 1 << 30:
                handler.wfile.write(piece)
                handler.wfile.flush()
                sent += len(piece)
                if pause:
                    time.sleep(pause)
        except OSError:
            pass
        answer.sent = sent
        handler.close_connection = True
    return answer


def whole(make):
    """A client that is up to date, and a repository that has moved on by one version each."""
    c = make()
    c.repo.delegate("A", ["x/*"])
    c.repo.add("x/a", b"content", "A")
    c.repo.all("A")
    same(c.download("x/a"), 0)
    before = {r: c.bytes(r) for r in (*TOP, "A")}
    c.repo.add("x/b", b"more", "A")
    c.repo.publish("root")
    c.repo.all("A")
    return c, before


def named(c, which):
    return {"root": "metadata/2.root.json", "timestamp": "metadata/timestamp.json",
            "snapshot": "metadata/%d.snapshot.json" % c.repo.snapshot["version"],
            "targets": "metadata/%d.targets.json" % c.repo.targets["version"],
            "role": "metadata/%d.A.json" % c.repo.signed["A"]["version"]}[which]


ROLE = {"role": "A"}
EACH = {which: (which,) for which in FILES}


@cases(**EACH)
def a_body_without_an_end_is_cut_off(make, which):
    c, before = whole(make)
    c.repo.answers[named(c, which)] = answer = endless(b"{" * 65536)
    same(c.download("x/b"), 1)
    same(c.bytes(ROLE.get(which, which)), before[ROLE.get(which, which)])
    for _ in range(100):
        if hasattr(answer, "sent"):
            break
        time.sleep(0.05)
    assert answer.sent < 64 << 20, answer.sent


@case
def a_target_without_an_end_is_cut_off_at_what_was_signed_for(make):
    c = make()
    c.repo.add("a", b"content")
    c.repo.all()
    name = "targets/%s.a" % sha256(b"content")
    c.repo.answers[name] = endless(b"content" * 10000)
    same(c.download("a"), 1)
    same(c.downloaded(), [])


@cases(metadata=("metadata/timestamp.json",), target=("targets/%s.a" % sha256(b"content"),))
def a_body_that_trickles_is_given_up(make, name):
    c = make()
    c.repo.add("a", b"content")
    c.repo.all()
    c.repo.answers[name] = endless(b" ", pause=0.1) if name.startswith("metadata") else endless(b"", pause=0.1)
    same(c.download("a"), 1)
    assert 5 < c.took < 25, c.took
    same(c.downloaded(), [])


@case
def a_server_that_says_nothing_is_given_up(make):
    c = make()
    c.repo.answers["metadata/timestamp.json"] = lambda handler: (time.sleep(40), setattr(handler, "close_connection", True))
    same(c.refresh(), 1)
    assert c.took < 25, c.took


@cases(early=(10,), late=(-1,))
def a_body_that_breaks_off_is_not_taken(make, cut):
    c = make()
    body = c.repo.last["timestamp"]

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:cut])
        handler.close_connection = True
    c.repo.answers["metadata/timestamp.json"] = answer
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 1})


@case
def a_chain_of_roots_is_followed_for_256_and_by_the_next_refresh_further(make):
    c = make()
    for _ in range(299):
        c.repo.publish("root")
    same(c.refresh(), 0)
    same(c.version("root"), 257)
    same(c.repo.asked[255:257], ["metadata/257.root.json", "metadata/timestamp.json"])
    same(c.refresh(), 0)
    same(c.version("root"), 300)


@cases(parent="../evil", inner="a/../../evil", absolute="/etc/evil", here="./a", empty="a//b", slash="a/", back="..\\evil", dots="..",
       line="a\nb", nothing="")
def a_target_whose_name_leads_elsewhere_is_refused(make, path):
    c = make()
    c.repo.add(path, b"evil")
    c.repo.add("good", b"good")
    c.repo.all()
    same(c.download("good"), 0)
    same(c.download(path), 1)
    same(c.downloaded(), [b"good"])
    same(sorted(os.listdir(c.folder)), ["first.json", "metadata", "targets"])
    same([a for a in c.repo.asked if "evil" in a], [])


@case
def a_target_of_the_right_length_and_the_wrong_bytes_is_refused(make):
    c = make()
    c.repo.add("a", b"content")
    c.repo.all()
    c.repo.content["wrong:a"] = b"CONTENT"
    c.repo.content["a"] = b"CONTENT"
    same(c.download("a"), 1)
    same(c.downloaded(), [])


@cases(short=(b"conten",), long=(b"contents",), nothing=(b"",))
def a_target_of_the_wrong_length_is_refused(make, data):
    c = make()
    c.repo.add("a", b"content")
    c.repo.all()
    c.repo.answers["targets/%s.a" % sha256(b"content")] = (200, {}, data)
    same(c.download("a"), 1)
    same(c.downloaded(), [])


@cases(neighbour="employers/b/manifest.json", national="national/manifest.json", deeper="employers/a/x/manifest.json",
       top="manifest.json", alike="employers/ab/manifest.json")
def an_authority_reaches_no_path_but_its_own(make, path):
    c = make()
    c.repo.delegate("national", ["national/*"], terminating=True)
    c.repo.delegate("employers/a", ["employers/a/*"], terminating=True)
    c.repo.delegate("employers/b", ["employers/b/*"], terminating=True)
    c.repo.add("employers/a/manifest.json", b"its own", "employers/a")
    c.repo.add(path, b"another's", "employers/a")
    c.repo.all("national", "employers/a", "employers/b")
    same(c.download("employers/a/manifest.json"), 0)
    same(c.download(path), 1)
    same(c.downloaded(), [b"its own"])


@case
def an_authority_hands_on_no_more_than_it_has(make):
    c = make()
    c.repo.delegate("employers/a", ["employers/a/*"])
    c.repo.delegate("helper", ["*", "*/*", "*/*/*"], by="employers/a")
    c.repo.add("national/manifest.json", b"evil", "helper")
    c.repo.add("employers/a/x", b"good", "helper")
    c.repo.all("helper", "employers/a")
    same(c.download("employers/a/x"), 0)
    same(c.download("national/manifest.json"), 1)
    same(c.downloaded(), [b"good"])


@cases(top=(b'{"signatures":', b'{"signatures":[],"signatures":'), signed=(b'"_type":', b'"_type":"x","_type":'),
       deep=(b'"snapshot.json":', b'"snapshot.json":{"version":9},"snapshot.json":'), escaped=(b'"_type":', b'"\\u005ftype":"x","_type":'))
def a_file_with_a_key_twice_is_refused(make, was, becomes):
    """Signed as another reader would read it: of two members the last."""
    c = make()
    data = canonical(c.repo.seal("timestamp")).encode()
    assert was in data
    c.repo.put("timestamp", data.replace(was, becomes, 1))
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 1})
    c.repo.put("timestamp", data)
    same(c.refresh(), 0)


@cases(trailing=(lambda d: d + b"x",), second=(lambda d: d + d,), nul=(lambda d: d + b"\0",), bom=(lambda d: b"\xef\xbb\xbf" + d,),
       zeros=(lambda d: d.replace(b'"version":1', b'"version":01', 1),), real=(lambda d: d.replace(b'"version":1', b'"version":1.0', 1),),
       nul_text=(lambda d: d.replace(b'"_type"', b'"a":"\\u0000","_type"', 1),), latin=(lambda d: d.replace(b'"_type"', b'"a":"\xe9","_type"', 1),),
       comment=(lambda d: b"/**/" + d,), comma=(lambda d: d.replace(b"}]", b"},]", 1),), array=(lambda d: b"[" + d + b"]",),
       deep=(lambda d: b"[" * 100000,), empty=(lambda d: b"",), null=(lambda d: b"null",))
def what_is_not_json_or_not_metadata_is_refused(make, change):
    c = make()
    data = canonical(c.repo.seal("timestamp")).encode()
    c.repo.put("timestamp", change(data))
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 1})


@cases(large=(2 ** 63,), larger=(10 ** 30,), negative=(-1,), zero=(0,), truth=(True,), text=("1",), none=(None,))
def a_version_that_is_no_number_of_ours_is_refused(make, version):
    c = make()
    c.repo.timestamp["version"] = version
    c.repo.put("timestamp", plain(c.repo.seal("timestamp")))
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 1})


@case
def the_largest_version_there_is_works_and_ends_there(make):
    c = make()
    c.repo.timestamp["version"] = 2 ** 63 - 1
    c.repo.publish("timestamp", bump=False)
    same(c.refresh(), 0)
    same(c.refresh(), 0)


PAGE = b"\r\n<!DOCTYPE html><html><body>Please sign in to the school network</body></html>"


@cases(**EACH)
def a_login_page_in_the_place_of_a_file_is_recognised(make, which):
    c, before = whole(make)
    c.repo.answers[named(c, which)] = (200, {"Content-Type": "text/html"}, PAGE)
    same(c.download("x/b"), 1)
    assert "web page" in c.said, c.said
    same(c.bytes(ROLE.get(which, which)), before[ROLE.get(which, which)])
    del c.repo.answers[named(c, which)]
    same(c.download("x/b"), 0)


@case
def a_login_page_in_the_place_of_every_file_changes_nothing(make):
    c, before = whole(make)
    c.repo.answer = lambda path: (200, {"Content-Type": "text/html"}, PAGE)
    same(c.download("x/b"), 1)
    same({r: c.bytes(r) for r in before}, before)
    same(c.downloaded(), [b"content"])


@case
def a_login_page_in_the_place_of_a_target_is_refused(make):
    c = make()
    c.repo.add("a", b"x" * len(PAGE))
    c.repo.all()
    c.repo.answers["targets/%s.a" % sha256(b"x" * len(PAGE))] = (200, {}, PAGE)
    same(c.download("a"), 1)
    same(c.downloaded(), [])


@cases(**{"%s_%d" % (which, status): (which, status) for which in FILES for status in (301, 302, 307, 308)})
def a_redirect_is_not_followed(make, which, status):
    c, before = whole(make)
    name = named(c, which)
    c.repo.answers[name] = (status, {"Location": c.url + "elsewhere/" + name}, b"")
    c.repo.answers["elsewhere/" + name] = (200, {}, c.repo.files[name])
    same(c.download("x/b"), 1)
    same([a for a in c.repo.asked if a.startswith("elsewhere/")], [])
    same(c.bytes(ROLE.get(which, which)), before[ROLE.get(which, which)])


@cases(root=("root",), snapshot=("snapshot",), targets=("targets",), role=("role",))
def a_busy_server_is_asked_once(make, which):
    c, _ = whole(make)
    name = named(c, which)
    c.repo.answers[name] = (503, {"Retry-After": "0"}, b"busy")
    c.repo.asked.clear()
    same(c.download("x/b"), 1)
    same(c.repo.asked.count(name), 1)
    same([a for a in c.repo.asked if a.startswith("HEAD")], [])


@case
def a_frozen_repository_is_noticed_when_it_expires(make):
    c = make()
    c.repo.timestamp["expires"] = iso(c.repo.now + 3 * DAY)
    c.repo.publish("timestamp")
    same(c.refresh(), 0)
    same(c.refresh(days=2), 0)
    same(c.refresh(days=4), 1)
    assert "expired" in c.said, c.said


@cases(snapshot=("snapshot",), targets=("targets",), role=("role",))
def files_of_different_days_are_not_mixed(make, which):
    """Each is signed by the right keys; together they were never published."""
    c = make()
    c.repo.hashes = True
    c.repo.delegate("A", ["x/*"])
    c.repo.add("x/a", b"content", "A")
    c.repo.all("A")
    role = ROLE.get(which, which)
    version = c.repo.signed[role]["version"]
    c.repo.signed[role]["x-other"] = "published at the same time by somebody with the same keys"
    c.repo.put(role, plain(c.repo.seal(role)), version=version)
    same(c.download("x/a"), 1)
    same(c.bytes(role), None)


@case
def text_of_a_repository_does_not_reach_the_terminal_as_commands(make):
    c = make()
    c.repo.delegate("\x1b[2J\nfake: all is well", ["x/*"])
    c.repo.all("\x1b[2J\nfake: all is well")
    c.repo.snapshot["meta"] = {"targets.json": c.repo.snapshot["meta"]["targets.json"]}
    c.repo.publish("snapshot", "timestamp")
    same(c.download("x/a"), 1)
    assert "\x1b" not in c.said and c.said.count("\n") == 1, c.said


@case
def a_file_that_cannot_be_stored_is_not_trusted_and_the_next_run_goes_on(make):
    c, before = whole(make)
    os.mkdir(os.path.join(c.dir, "snapshot.json.new"))  # where the new one is written first
    same(c.download("x/b"), 1)
    same(c.bytes("snapshot"), before["snapshot"])
    os.rmdir(os.path.join(c.dir, "snapshot.json.new"))
    same(c.download("x/b"), 0)


@case
def stored_files_that_were_damaged_are_fetched_again(make):
    c, _ = whole(make)
    same(c.download("x/b"), 0)
    want = {r: c.bytes(r) for r in (*TOP, "A")}
    for role in ("timestamp", "snapshot", "targets", "A"):
        with open(os.path.join(c.dir, role + ".json"), "wb") as f:
            f.write(want[role][:-7])
    same(c.download("x/a", "x/b"), 0)
    same({r: c.bytes(r) for r in want}, want)


@case
def two_at_once_in_one_folder_do_not_mix(make):
    c = make()
    import threading

    c.repo.answers["metadata/timestamp.json"] = lambda handler: (time.sleep(3), handler.send_error(404))
    first = threading.Thread(target=c.refresh)
    first.start()
    while "metadata/timestamp.json" not in c.repo.asked:
        time.sleep(0.01)
    asked = len(c.repo.asked)
    same(c.run("--metadata-url", c.url + "metadata/", "--metadata-dir", c.dir, "refresh"), 1)
    assert "in use" in c.said, c.said
    same(len(c.repo.asked), asked)
    first.join()


# ---- power ----


def steps(c, kind, at):
    return c.download("x/a", "x/b", preload=CUT, env={"CUT_KIND": kind, "CUT_AT": str(at)})


def driven(make):
    """whole(), with a timestamp that one of its two keys drove ahead and that is put right without that key: were the root
    stored before what it takes back is removed, a cut between the two would shut this client out for good."""
    c, _ = whole(make)
    stays = c.repo.signers["timestamp"][0]
    c.repo.add_key("timestamp")
    c.repo.publish("root")
    back = c.repo.timestamp["version"] + 2
    c.repo.timestamp["version"] = 99999
    c.repo.publish("timestamp", bump=False)
    same(c.download("x/a"), 0)
    before = {r: c.bytes(r) for r in (*TOP, "A")}
    c.repo.drop_keys("timestamp")
    c.repo.add_key("timestamp", stays)
    c.repo.timestamp["version"] = back
    c.repo.all("A", "root")
    return c, before


@cases(killed=("kill",), failing=("fail",))
def at_every_write_and_rename_a_cut_leaves_old_or_new(make, kind):
    """Each time one step further: what is stored is whole, old or new, and the next run ends with all of the new."""
    assert CUT, "TUF_CUT says where the library is that cuts"
    at, cut = 0, True
    c, before = driven(make)
    first = c.folder + ".first"
    shutil.copytree(c.folder, first)
    while cut:
        at += 1
        shutil.rmtree(c.folder)
        shutil.copytree(first, c.folder)
        ended = steps(c, kind, at)
        cut = ended != 0
        after = {"root": [before["root"], c.repo.last["root"]],
                 **{r: [before[r], c.repo.last[r]] for r in ("targets", "A")},
                 **{r: [None, before[r], c.repo.last[r]] for r in ("timestamp", "snapshot")}}
        for role, allowed in after.items():
            assert c.bytes(role) in allowed, "%s after step %d is neither old nor new" % (role, at)
        for data in c.downloaded():
            assert not cut or kind == "kill" or data in (b"content", b"more"), data
        for name in os.listdir(c.target_dir):
            with open(os.path.join(c.target_dir, name), "rb") as f:
                assert name == "%new" or f.read() in (b"content", b"more"), name
        same(c.download("x/a", "x/b"), 0)
        same({r: c.bytes(r) for r in after}, {r: c.repo.last[r] for r in after})
        same(c.downloaded(), [b"content", b"more"])
    shutil.rmtree(first)
    assert at > 15, at
