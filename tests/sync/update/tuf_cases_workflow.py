"""The workflow of section 5: what is asked in which order, what is stored, what each file is held against."""
import json

from tuf_cases import case, cases, same
from tuf_sim import DAY, TOP, Key, Repo, canonical, iso, plain

FIRST = ["metadata/2.root.json", "metadata/timestamp.json", "metadata/1.snapshot.json", "metadata/1.targets.json"]
ALL_1 = {"root": 1, "snapshot": 1, "targets": 1, "timestamp": 1}


@case
def a_first_refresh_asks_for_each_file_once_and_stores_it_as_it_was_served(make):
    c = make()
    same(c.repo.asked, [])  # init asks nobody
    c.repo.put("timestamp", c.repo.last["timestamp"] + b" \n")
    same(c.refresh(), 0)
    same(c.repo.asked, FIRST)
    same(c.trusted(), ALL_1)
    for role in TOP:
        same(c.bytes(role), c.repo.last[role])


@case
def a_proxy_of_the_environment_is_not_asked_for_this_machine_itself(make):
    c = make()
    same(c.refresh(env={"http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1", "no_proxy": ""}), 0)
    same(c.repo.asked, FIRST)


@case
def a_second_refresh_asks_only_for_what_can_have_changed(make):
    c = make()
    same(c.refresh(), 0)
    c.repo.asked.clear()
    same(c.refresh(), 0)
    same(c.repo.asked, FIRST[:2])


@case
def a_download_refreshes_first_whether_or_not_there_is_such_a_target(make):
    c = make()
    same(c.download("nonexistent artifact"), 1)
    same(c.repo.asked, FIRST)
    same(c.trusted(), ALL_1)


@case
def a_root_that_lacks_its_version_trusts_nobody(make):
    c = make()
    root = json.loads(c.repo.first_root)
    del root["signed"]["version"]
    same(c.init(json.dumps(root).encode()), 1)
    with open(c.dir + "/root.json", "wb") as f:  # put there by hand
        f.write(json.dumps(root).encode())
    same(c.refresh(), 1)
    same(c.repo.asked, [])


@case
def a_first_root_that_its_keys_have_not_signed_trusts_nobody(make):
    c = make()
    root = json.loads(c.repo.first_root)
    root["signatures"][0]["sig"] = Key().sign(canonical(root["signed"]).encode())
    same(c.init(json.dumps(root).encode()), 1)
    with open(c.dir + "/root.json", "wb") as f:
        f.write(json.dumps(root).encode())
    same(c.refresh(), 1)
    same(c.repo.asked, [])


@cases(
    root=("root", {"root": 1}),
    timestamp=("timestamp", {"root": 2}),
    snapshot=("snapshot", {"root": 2, "timestamp": 2}),
    targets=("targets", {"root": 2, "snapshot": 2, "timestamp": 2}),
)
def what_nobody_signed_is_refused_and_what_came_before_it_kept(make, role, trusted):
    c = make()
    c.repo.signers[role] = []
    c.repo.all("root")
    same(c.refresh(), 1)
    same(c.trusted(), trusted)


@cases(
    root=("root", {"root": 1}),
    snapshot=("snapshot", {"root": 2, "timestamp": 2}),
    targets=("targets", {"root": 2, "snapshot": 2, "timestamp": 2}),
)
def a_file_of_another_version_than_its_name_is_refused(make, role, trusted):
    c = make()
    for r in ("root", "targets", "snapshot", "timestamp"):
        if r == role:
            c.repo.signed[r]["version"] = 3
            c.repo.put(r, plain(c.repo.seal(r)), version=2)
            if r == "targets":
                c.repo.snapshot["meta"]["targets.json"] = {"version": 2}
            if r == "snapshot":
                c.repo.timestamp["meta"]["snapshot.json"] = {"version": 2}
        else:
            c.repo.publish(r)
    same(c.refresh(), 1)
    same(c.trusted(), trusted)


@case
def another_timestamp_of_the_same_version_is_not_taken(make):
    c = make()
    same(c.refresh(), 0)
    before = c.bytes("timestamp")
    c.repo.timestamp["meta"]["snapshot.json"]["version"] = 100
    c.repo.publish("timestamp", bump=False)
    same(c.refresh(), 0)
    same(c.repo.asked[-1], "metadata/timestamp.json")
    same(c.bytes("timestamp"), before)


@cases(snapshot=("snapshot",), targets=("targets",))
def a_hash_of_metadata_is_held_against_the_file(make, role):
    c = make()
    c.repo.hashes = True
    c.repo.all()
    same(c.refresh(), 0)
    c.repo.publish("targets")
    if role == "targets":
        c.repo.snapshot["meta"]["targets.json"]["hashes"]["sha256"] = "46" * 32
    c.repo.publish("snapshot")
    if role == "snapshot":
        c.repo.timestamp["meta"]["snapshot.json"]["hashes"]["sha256"] = "46" * 32
    c.repo.publish("timestamp")
    same(c.refresh(), 1)
    same(c.version("timestamp"), 3)
    same(c.version("snapshot"), 3 if role == "targets" else 2)
    same(c.version("targets"), 2)


@case
def a_length_of_metadata_is_held_against_the_file(make):
    c = make()
    c.repo.hashes = True
    c.repo.publish("targets")
    c.repo.snapshot["meta"]["targets.json"]["length"] += 1
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 1)
    c.repo.publish("targets")
    c.repo.snapshot["meta"]["targets.json"]["length"] -= 1
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 1)
    same(c.version("targets"), None)


@case
def members_that_nobody_knows_are_signed_for_too(make):
    c = make()
    same(c.refresh(), 0)
    c.repo.root["custom-field"] = {"text": "two\nlines \\ \"quoted\" \u00e9 \U0001f600", "list": [1, {"b": None, "a": True}]}
    c.repo.root["roles"]["root"]["another-field"] = "value"
    c.repo.add_key("root", Key(**{"extra-field": {"a": 1, "b": 2}, "keyid_hash_algorithms": ["md5"]}))
    c.repo.publish("root")
    same(c.refresh(), 0)
    same(c.version("root"), 2)
    # ...and a change in them is a change.
    root = c.repo.seal("root")
    root["signed"] = {**root["signed"], "version": 3, "custom-field": "other"}
    c.repo.files["metadata/3.root.json"] = plain(root)
    same(c.refresh(), 1)
    same(c.version("root"), 2)


@cases(
    snapshot=("snapshot", "metadata/2.snapshot.json", {**ALL_1, "timestamp": 2}),
    targets=("targets", "metadata/2.targets.json", {**ALL_1, "timestamp": 2, "snapshot": 2}),
    timestamp=("timestamp", "metadata/timestamp.json", ALL_1),
)
def a_file_that_is_not_there_ends_the_refresh(make, role, last, trusted):
    c = make()
    same(c.refresh(), 0)
    c.repo.all()
    del c.repo.files[last]
    same(c.refresh(), 1)
    same(c.repo.asked[-1], last)
    same(c.trusted(), {**trusted})


@cases(forbidden=(403, 0), missing=(404, 0), gone=(410, 1), broken=(500, 1), unavailable=(503, 1), denied=(401, 1), moved=(302, 1))
def only_403_and_404_end_the_chain_of_roots(make, status, want):
    c = make()
    c.repo.answers["metadata/2.root.json"] = (status, {"Location": c.url + "metadata/1.root.json"}, b"")
    same(c.refresh(), want)
    same(c.repo.asked, FIRST if want == 0 else FIRST[:1])


@case
def a_file_of_another_type_is_refused_though_its_signature_would_do(make):
    c = make()
    c.repo.add_key("snapshot", c.repo.signers["timestamp"][0])
    c.repo.publish("root")
    same(c.refresh(), 0)
    c.repo.snapshot["meta"] = {"snapshot.json": {"version": 1}, "targets.json": {"version": 1}}
    c.repo.signed["snapshot"]["version"] = 2
    c.repo.put("timestamp", plain(c.repo.seal("snapshot")))
    same(c.refresh(), 1)
    same(c.trusted(), {**ALL_1, "root": 2})


# ---- expiry ----


@case
def a_root_that_expires_ends_all_but_the_roots_behind_it(make):
    c = make()
    same(c.refresh(), 0)
    c.repo.root["expires"] = iso(c.repo.now - DAY)
    c.repo.publish("root")
    c.repo.all()
    same(c.refresh(), 1)
    same(c.trusted(), {**ALL_1, "root": 2})
    c.repo.publish("root")
    c.repo.root["expires"] = iso(c.repo.now + DAY)
    c.repo.publish("root")
    same(c.refresh(), 0)
    same(c.trusted(), {"root": 4, "snapshot": 2, "targets": 2, "timestamp": 2})


@case
def the_clock_of_the_machine_decides_what_has_expired(make):
    c = make()
    c.repo.root["expires"] = iso(c.repo.now + 7 * DAY)
    c.repo.publish("root")
    same(c.refresh(), 0)
    same(c.refresh(days=6), 0)
    same(c.refresh(days=8), 1)


@cases(
    timestamp=("timestamp", ALL_1),
    snapshot=("snapshot", {**ALL_1, "timestamp": 2}),
    targets=("targets", {**ALL_1, "timestamp": 2, "snapshot": 2}),
)
def what_has_expired_is_not_stored(make, role, trusted):
    c = make()
    same(c.refresh(), 0)
    c.repo.signed[role]["expires"] = iso(c.repo.now - 5 * DAY)
    c.repo.all()
    same(c.refresh(), 1)
    same(c.trusted(), trusted)


@case
def stored_files_that_expired_are_recovered_from(make):
    c = make()
    for role in TOP[1:]:
        c.repo.signed[role]["expires"] = iso(c.repo.now + 7 * DAY)
    c.repo.all()
    same(c.refresh(), 0)
    same(c.refresh(days=18), 1)
    for role in TOP[1:]:
        c.repo.signed[role]["expires"] = iso(c.repo.now + 21 * DAY)
    c.repo.all()
    same(c.refresh(days=18), 0)
    same(c.trusted(), {"root": 1, "snapshot": 3, "targets": 3, "timestamp": 3})


@case
def a_stored_timestamp_that_expired_still_guards(make):
    c = make()
    c.repo.timestamp["expires"] = iso(c.repo.now + 7 * DAY)
    old = c.repo.last["timestamp"]
    c.repo.publish("timestamp")
    same(c.refresh(), 0)
    c.repo.files["metadata/timestamp.json"] = old  # good for 30 days, and older
    same(c.refresh(days=18), 1)
    same(c.version("timestamp"), 2)


@case
def a_stored_snapshot_that_expired_still_guards(make):
    c = make()
    c.repo.publish("targets")
    c.repo.snapshot["expires"] = iso(c.repo.now + 7 * DAY)
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    c.repo.snapshot["expires"] = iso(c.repo.now + 28 * DAY)
    c.repo.snapshot["meta"]["targets.json"]["version"] = 1
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(days=18), 1)
    same(c.version("snapshot"), 2)
    same(c.version("timestamp"), 3)


@cases(zone=("2030-01-01T00:00:00+00:00",), no_z=("2030-01-01T00:00:00",), short=("2030-01-01",), fraction=("2030-01-01T00:00:00.5Z",),
       never=("2030-02-30T00:00:00Z",), blank=("",), number=(4000000000,), lower=("2030-01-01t00:00:00z",), nothing=(None,))
def a_date_in_any_other_form_is_refused(make, date):
    c = make()
    c.repo.timestamp["expires"] = date
    c.repo.publish("timestamp")
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 1})


# ---- versions of the specification ----


@cases(first=("1.0", 0), long=("1.0.34", 0), later=("1.99.0", 0), second=("2.0.0", 1), ten=("10.0", 1), none=("", 1), word=("1.x", 1),
       number=(1, 1), open=("1.", 1), alone=("1", 1))
def only_the_first_version_of_the_specification_is_known(make, spec, want):
    c = make()
    c.repo.timestamp["spec_version"] = spec
    c.repo.publish("timestamp")
    same(c.refresh(), want)


# ---- going back ----


@case
def a_timestamp_does_not_go_back(make):
    c = make()
    old = c.repo.last["timestamp"]
    c.repo.publish("timestamp")
    same(c.refresh(), 0)
    c.repo.put("timestamp", old)
    same(c.refresh(), 1)
    same(c.version("timestamp"), 2)
    same(c.repo.asked[-1], "metadata/timestamp.json")


@cases(plain=(False,), hashed=(True,))
def a_snapshot_does_not_go_back(make, hashed):
    c = make()
    c.repo.hashes = hashed
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    c.repo.timestamp["meta"]["snapshot.json"]["version"] = 1
    c.repo.publish("timestamp")
    same(c.refresh(), 1)
    same((c.version("timestamp"), c.version("snapshot")), (2, 2))
    same(c.repo.asked[-1], "metadata/timestamp.json")


@case
def a_snapshot_that_is_known_is_not_asked_for_again(make):
    c = make()
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    c.repo.files["metadata/2.snapshot.json"] = c.repo.files["metadata/1.snapshot.json"]
    same(c.refresh(), 0)
    same(c.version("snapshot"), 2)
    same(c.repo.asked[-1], "metadata/timestamp.json")


@cases(plain=(False,), hashed=(True,))
def targets_do_not_go_back(make, hashed):
    c = make()
    c.repo.hashes = hashed
    c.repo.all()
    same(c.refresh(), 0)
    c.repo.targets["version"] = 1
    c.repo.publish("targets", bump=False)
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 1)
    same((c.version("timestamp"), c.version("snapshot"), c.version("targets")), (3, 2, 2))


@case
def a_file_that_a_snapshot_listed_stays_listed(make):
    c = make()
    c.repo.snapshot["meta"]["other.json"] = {"version": 1}
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    del c.repo.snapshot["meta"]["other.json"]
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 1)
    same(c.version("snapshot"), 2)


@case
def a_root_does_not_go_back_nor_stay(make):
    c = make()
    c.repo.publish("root")
    same(c.refresh(), 0)
    c.repo.files["metadata/3.root.json"] = c.repo.first_root
    same(c.refresh(), 1)
    c.repo.files["metadata/3.root.json"] = c.repo.files["metadata/2.root.json"]
    same(c.refresh(), 1)
    same(c.version("root"), 2)


# ---- consistent_snapshot: false ----


@cases(said=(False,), not_said=(True,))
def without_consistent_snapshots_names_have_neither_version_nor_hash(make, silent):
    repo = Repo(consistent=False)
    if silent:
        del repo.root["consistent_snapshot"]
        repo.publish("root", bump=False)
        repo.first_root = repo.last["root"]
    c = make(repo)
    c.repo.add("a/b.txt", b"content")
    c.repo.delegate("role/x", ["x/*"])
    c.repo.add("x/c.txt", b"more", "role/x")
    c.repo.all("role/x")
    same(c.download("a/b.txt", "x/c.txt"), 0)
    same(c.repo.asked, ["metadata/2.root.json", "metadata/timestamp.json", "metadata/snapshot.json", "metadata/targets.json",
                        "targets/a/b.txt", "metadata/role%2Fx.json", "targets/x/c.txt"])
    same(c.downloaded(), [b"content", b"more"])
    c.repo.publish("targets")  # newer than the snapshot says: half of a change
    same(c.refresh(), 0)
    c.repo.publish("snapshot", "timestamp")
    c.repo.publish("targets")
    same(c.refresh(), 1)
    same(c.version("targets"), 2)
