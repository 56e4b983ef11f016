"""Who may say what a target is, and how it is fetched."""
import hashlib
import os
import urllib.parse

from tuf_cases import case, cases, same
from tuf_sim import DAY, Key, Repo, iso, sha256

TOP_ASKED = 4  # root, timestamp, snapshot, targets


def roles_asked(c, skip=TOP_ASKED):
    return [a[len("metadata/1."):-len(".json")] for a in c.repo.asked[skip:] if a.startswith("metadata/")]


# Delegations (from, to, terminating or paths), and the order in which roles are looked into.
GRAPHS = {
    "one": ([("targets", "A")], "A"),
    "two": ([("targets", "A"), ("targets", "B")], "AB"),
    "two_levels": ([("targets", "A"), ("targets", "B"), ("B", "C")], "ABC"),
    "depth_first": ([("targets", "A"), ("targets", "B"), ("A", "C"), ("A", "D")], "ACDB"),
    "three_levels": ([("targets", "A"), ("targets", "B"), ("A", "C"), ("C", "D")], "ACDB"),
    "terminating": ([("targets", "A"), ("targets", "B"), ("A", "C", True), ("A", "D")], "AC"),
    "terminating_but_for_its_own": ([("targets", "A"), ("targets", "B"), ("A", "C", True), ("C", "D")], "ACD"),
    "terminating_at_the_top": ([("targets", "A", True), ("targets", "B"), ("A", "C")], "AC"),
    "a_branch_that_is_not_for_it": ([("targets", "A", ["*.py"]), ("targets", "B"), ("A", "C")], "B"),
    "a_deeper_branch_that_is_not_for_it": ([("targets", "A"), ("targets", "B"), ("A", "C", ["*.py"]), ("C", "D")], "AB"),
    "a_circle": ([("targets", "A"), ("targets", "B"), ("B", "C"), ("C", "D"), ("D", "B")], "ABCD"),
    "itself": ([("targets", "A"), ("A", "A"), ("targets", "B")], "AB"),
    "two_ways": ([("targets", "A"), ("targets", "B"), ("B", "C"), ("A", "C")], "ACB"),
    "one_of_two_ways": ([("targets", "A"), ("targets", "B"), ("B", "C"), ("A", "C", ["*.py"])], "ABC"),
    "a_terminating_one_that_is_not_for_it": ([("targets", "A", True, ["*.py"]), ("targets", "B")], "B"),
}


def build(repo, rows):
    for by, role, *rest in rows:
        paths = next((r for r in rest if isinstance(r, list)), ["*"])
        repo.delegate(role, paths, by=by, terminating=True in rest)
    repo.publish(*dict.fromkeys(r[1] for r in rows), bump=False)
    repo.all()


@cases(**GRAPHS)
def roles_are_looked_into_depth_first_in_their_order(make, rows, order):
    c = make()
    build(c.repo, rows)
    same(c.download("missingpath"), 1)
    same(roles_asked(c), list(order))


TREE = [("targets", "A", ["*.doc", "*.md"]), ("targets", "B", ["releases/*/*"]), ("B", "C", ["releases/x/*"]),
        ("B", "D", ["releases/y/*.zip"])]


@cases(top=("targetfile", "targets", True, ""), wildcard=("README.md", "A", True, "A"), slashes=("releases/x/x_v1", "C", True, "BC"),
       ending=("releases/y/y_v1.zip", "D", True, "BD"), not_the_whole_chain=("releases/z/z_v1.zip", "D", False, "B"))
def a_target_is_found_where_every_delegation_on_the_way_is_for_it(make, path, role, found, order):
    c = make()
    for by, name, paths in TREE:
        c.repo.delegate(name, paths, by=by)
    c.repo.add(path, b"content", role)
    c.repo.all("A", "B", "C", "D")
    for name in "ABCD":
        c.repo.files["metadata/1.%s.json" % name] = c.repo.last[name]
    same(c.download(path), 0 if found else 1)
    same(roles_asked(c), list(order))
    same(c.downloaded(), [b"content"] if found else [])


@case
def the_first_role_that_names_a_target_is_the_one(make):
    c = make()
    c.repo.delegate("A", ["x/*"])
    c.repo.delegate("B", ["x/*"])
    c.repo.add("x/a", b"by B", "B")
    c.repo.add("x/a", b"by A", "A")
    c.repo.all("A", "B")
    same(c.download("x/a"), 0)
    same(c.downloaded(), [b"by A"])
    same(c.version("B"), None)


@cases(fits=(32, 0), too_many=(33, 1))
def so_many_roles_are_looked_into_and_no_more(make, count, want):
    c = make()
    names = ["r%d" % n for n in range(count)]
    for name in names:
        c.repo.delegate(name)
    c.repo.add("a", b"content", names[-1])
    c.repo.all(*names)
    same(c.download("a"), want)
    same(len(roles_asked(c)), 32)


@cases(question="?", hash="#", absolute="/delegatedrole", parent="../delegatedrole", dots="..", percent="a%2Fb", umlaut="\u00e4\u4e2d\U0001f600",
       space="a b", quote="\"'\\", version="2", json="root.json")
def the_name_of_a_role_is_quoted_where_it_is_asked_for_and_stored(make, role):
    c = make()
    c.repo.delegate(role, ["x/*"])
    c.repo.add("x/a", b"content", role)
    c.repo.all(role)
    same(c.download("x/a"), 0)
    quoted = urllib.parse.quote(role, "")
    same(c.repo.asked[TOP_ASKED], "metadata/1.%s.json" % quoted)
    same(sorted(os.listdir(c.dir)), sorted(["root.json", "snapshot.json", "targets.json", "timestamp.json", quoted + ".json"]))
    same(c.bytes(role), c.repo.last[role])


@cases(root="root", snapshot="snapshot", targets="targets", timestamp="timestamp", empty="")
def nobody_delegates_to_a_top_level_role_or_to_nobody(make, role):
    c = make()
    c.repo.targets["delegations"] = {"keys": {}, "roles": [{"name": role, "keyids": [], "threshold": 1, "terminating": False, "paths": ["*"]}]}
    c.repo.all()
    same(c.refresh(), 1)
    same(c.version("targets"), None)


@case
def a_role_whose_name_is_too_long_for_a_file_is_nobodys(make):
    c = make()
    role = "r" * 300
    c.repo.delegate(role, ["x/*"])
    c.repo.add("a", b"content")
    c.repo.all(role)
    same(c.download("a"), 0)
    same(c.download("x/a"), 1)
    same(c.version("targets"), 2)


@case
def a_role_that_is_delegated_twice_is_refused(make):
    c = make()
    c.repo.delegate("A", ["x/*"])
    c.repo.delegate("A", ["y/*"])
    c.repo.all("A")
    same(c.refresh(), 1)


@case
def a_role_that_the_snapshot_does_not_list_is_not_asked_for(make):
    c = make()
    c.repo.delegate("A")
    c.repo.publish("A")
    del c.repo.snapshot["meta"]["A.json"]
    c.repo.all()
    same(c.download("a"), 1)
    same(len(c.repo.asked), TOP_ASKED)


@case
def a_role_that_cannot_be_had_ends_the_search(make):
    c = make()
    c.repo.delegate("A")
    c.repo.delegate("B")
    c.repo.add("a", b"content", "B")
    c.repo.all("A", "B")
    del c.repo.files["metadata/1.A.json"]
    same(c.download("a"), 1)
    same(c.repo.asked[-1], "metadata/1.A.json")
    same(c.downloaded(), [])


# ---- hash prefixes and bins ----


@cases(first=1, two=2, all=64)
def a_delegation_by_hashes_is_for_the_paths_whose_hash_begins_so(make, length):
    c = make()
    path = "some/file \u00e9"
    digest = sha256(path.encode())
    c.repo.delegate("no", scope={"path_hash_prefixes": [p for p in "0123456789abcdef" if p != digest[0]]})
    c.repo.delegate("yes", scope={"path_hash_prefixes": ["ffff" if digest[:4] != "ffff" else "0", digest[:length]]})
    c.repo.add(path, b"content", "yes")
    c.repo.all("no", "yes")
    same(c.download(path), 0)
    same(roles_asked(c), ["yes"])


@cases(both={"paths": ["*"], "path_hash_prefixes": ["0"]}, neither={}, text={"paths": "*"}, numbers={"paths": [1]})
def a_delegation_says_in_one_way_what_it_is_for(make, scope):
    c = make()
    c.repo.delegate("A", scope=scope)
    c.repo.all("A")
    same(c.refresh(), 1)
    same(c.version("targets"), None)


@cases(eight=(8, "bar", "bin-fc"), one=(1, "bar", "bin-1"), five=(5, "bar", "bin-1f"), ten=(10, "bar", "bin-3f3"), four=(4, "foo", "bin-2"))
def a_target_is_looked_for_in_its_hash_bin_alone(make, bits, path, bin_name):
    c = make()
    key = Key()
    c.repo.targets["delegations"] = {"keys": {key.id: key.object},
                                     "succinct_roles": {"keyids": [key.id], "threshold": 1, "bit_length": bits, "name_prefix": "bin"}}
    for n in range(2 ** bits):
        name = "bin-%0*x" % ((bits + 3) // 4, n)
        c.repo.signed[name] = {"_type": "targets", "spec_version": "1.0.34", "version": 1, "expires": iso(c.repo.now + DAY), "targets": {}}
        c.repo.snapshot["meta"][name + ".json"] = {"version": 1}
    c.repo.signers[bin_name] = [key]
    c.repo.add(path, b"content", bin_name)
    c.repo.all(bin_name)
    same(c.download(path), 0)
    same(roles_asked(c), [bin_name])
    c.repo.signers[bin_name] = [Key()]
    c.repo.publish(bin_name)
    c.repo.all()
    same(c.download(path), 1)


@cases(both=({"roles": [], "succinct_roles": {"keyids": [], "threshold": 1, "bit_length": 1, "name_prefix": "b"}},),
       none=({"succinct_roles": {"keyids": [], "threshold": 1, "bit_length": 0, "name_prefix": "b"}},),
       many=({"succinct_roles": {"keyids": [], "threshold": 1, "bit_length": 33, "name_prefix": "b"}},), neither=({},))
def hash_bins_that_make_no_sense_are_refused(make, delegations):
    c = make()
    c.repo.targets["delegations"] = {"keys": {}, **delegations}
    c.repo.all()
    same(c.refresh(), 1)
    same(c.version("targets"), None)


# ---- delegated roles over time ----


def delegated(make, **repo):
    c = make(Repo(**repo))
    c.repo.delegate("A", ["x/*"])
    c.repo.add("x/1", b"first", "A")
    c.repo.add("x/2", b"second", "A")
    c.repo.all("A")
    return c


@case
def a_delegated_role_that_has_expired_is_not_taken(make):
    c = delegated(make)
    c.repo.signed["A"]["expires"] = iso(c.repo.now - DAY)
    c.repo.all("A")
    same(c.refresh(), 0)
    same(c.download("x/1"), 1)
    same(c.downloaded(), [])
    same(c.trusted(), {"root": 1, "snapshot": 3, "targets": 3, "timestamp": 3})


@case
def a_stored_delegated_role_that_expired_is_not_used_and_recovered_from(make):
    c = delegated(make)
    c.repo.signed["A"]["expires"] = iso(c.repo.now + 7 * DAY)
    c.repo.all("A")
    same(c.download("x/1"), 0)
    same(c.download("x/2", days=18), 1)
    same(c.downloaded(), [b"first"])
    c.repo.signed["A"]["expires"] = iso(c.repo.now + 21 * DAY)
    c.repo.all("A")
    same(c.download("x/2", days=18), 0)
    same(c.downloaded(), [b"first", b"second"])


@case
def a_delegated_role_that_is_known_is_not_asked_for_again(make):
    c = delegated(make)
    same(c.download("x/1"), 0)
    c.repo.asked.clear()
    same(c.download("x/2"), 0)
    same([a for a in c.repo.asked if a.startswith("metadata/")], ["metadata/2.root.json", "metadata/timestamp.json"])


@case
def a_delegated_role_does_not_go_back(make):
    c = delegated(make)
    old = c.repo.last["A"]
    c.repo.all("A")
    same(c.download("x/1"), 0)
    c.repo.signed["A"]["version"] = 1
    c.repo.put("A", old)
    c.repo.snapshot["meta"]["A.json"]["version"] = 1
    c.repo.all()
    same(c.download("x/2"), 1)
    same(c.version("A"), 2)
    same(c.version("snapshot"), 3)


@case
def an_old_file_in_the_place_of_a_delegated_role_is_refused(make):
    c = delegated(make)
    old = c.repo.last["A"]
    c.repo.all("A")
    c.repo.files["metadata/2.A.json"] = old
    same(c.download("x/1"), 1)
    same(c.version("A"), None)


@cases(changed=(False,), hashed=(True,))
def a_stored_delegated_role_is_held_against_who_delegates_to_it_today(make, rotated_back):
    """The role's own file stays as it is: what changed is whom its delegator trusts."""
    c = delegated(make)
    key = c.repo.signers["A"][0]
    same(c.download("x/1"), 0)
    c.repo.drop_keys("A")
    c.repo.add_key("A")
    c.repo.all()
    same(c.download("x/2"), 1)
    same(c.downloaded(), [b"first"])
    if rotated_back:
        c.repo.drop_keys("A")
        c.repo.add_key("A", key)
        c.repo.all()
        same(c.download("x/2"), 0)


@case
def a_stored_delegated_role_whose_threshold_rose_is_not_enough(make):
    c = delegated(make)
    same(c.download("x/1"), 0)
    c.repo.add_key("A")
    c.repo.row("A")[0]["threshold"] = 2
    c.repo.all()
    same(c.download("x/2"), 1)
    c.repo.all("A")
    same(c.download("x/2"), 0)


@case
def a_delegation_that_was_taken_away_is_over(make):
    c = delegated(make)
    same(c.download("x/1"), 0)
    c.repo.targets["delegations"]["roles"].clear()
    c.repo.all()
    same(c.download("x/2"), 1)
    same(c.refresh(), 0)


@case
def a_role_signs_by_the_word_of_the_delegator_through_which_it_was_reached(make):
    c = make()
    c.repo.delegate("A", ["a/*"])
    c.repo.delegate("B", ["b/*"])
    c.repo.delegate("C", ["a/*"], by="A")
    other = Key()
    c.repo.delegate("C", ["b/*"], by="B", key=other)  # B trusts somebody else
    c.repo.add("a/1", b"by C for A", "C")
    c.repo.add("b/1", b"by C for B", "C")
    c.repo.publish("A", "B")
    c.repo.publish("C", keys=c.repo.signers["C"][:1])
    c.repo.all()
    same(c.download("a/1"), 0)
    same(c.download("b/1"), 1)
    same(c.downloaded(), [b"by C for A"])


# ---- downloads ----


@cases(flat="target_file.txt", folder="path/to/a/target_file.txt", space="a b/c d.txt", percent="a%20b/c%2Fd", question="a?b#c&d=e+f",
       umlaut="\u00e4\u00f6/\u4e2d\u6587/\U0001f600.txt", dots=".../..a/.b", long="a/" * 100 + "b", semicolon="a;b,c:@$!*'()", tilde="~a")
def a_target_is_asked_for_by_its_hash_and_stored(make, path):
    c = make()
    c.repo.add(path, b"content")
    c.repo.all()
    same(c.refresh(), 0)
    same(c.downloaded(), [])
    same(c.download(path), 0)
    folder, slash, base = path.rpartition("/")
    same(urllib.parse.unquote(c.repo.asked[-1]), "targets/" + folder + slash + sha256(b"content") + "." + base)
    same(c.downloaded(), [b"content"])


@case
def a_target_that_is_there_is_not_asked_for_again(make):
    c = make()
    c.repo.add("a/b", b"content")
    c.repo.all()
    same(c.download("a/b"), 0)
    same(c.download("a/b"), 0)
    same(len([a for a in c.repo.asked if a.startswith("targets/")]), 1)


@case
def a_target_that_was_damaged_on_the_disk_is_fetched_again(make):
    c = make()
    c.repo.add("a", b"content")
    c.repo.all()
    same(c.download("a"), 0)
    name = os.listdir(c.target_dir)[0]
    with open(os.path.join(c.target_dir, name), "wb") as f:
        f.write(b"CONTENT")
    same(c.download("a"), 0)
    same(c.downloaded(), [b"content"])
    same(os.listdir(c.target_dir), [name])


@case
def what_a_cut_left_behind_is_cleared_away_though_nothing_is_fetched(make):
    c = make()
    c.repo.add("a", b"content")
    c.repo.all()
    same(c.download("a"), 0)
    with open(os.path.join(c.target_dir, "%new"), "wb") as f:
        f.write(b"half of b")
    same(c.download("a"), 0)
    same(c.downloaded(), [b"content"])


@case
def a_target_that_changed_has_the_same_file(make):
    c = make()
    for n in range(6):
        c.repo.add("a/b.txt", b"content %d" % n)
        c.repo.add("new-%d" % n, b"new %d" % n)
        c.repo.all()
        same(c.download("a/b.txt"), 0)
        same(c.downloaded(), [b"content %d" % n])
        # Bytes that were not signed for change nothing.
        c.repo.content["wrong:a/b.txt"] = b"malware %d" % n
        c.repo.content["a/b.txt"] = b"malware %d" % n
        c.repo.all()
        c.download("a/b.txt")
        same(c.downloaded(), [b"content %d" % n])


@case
def several_targets_come_in_their_order_with_one_refresh(make):
    c = make()
    for n in range(3):
        c.repo.add("t%d" % n, b"content %d" % n)
    c.repo.all()
    same(c.download("t2", "t0", "t1"), 0)
    same([a.rpartition(".")[2] for a in c.repo.asked[TOP_ASKED:]], ["t2", "t0", "t1"])
    same(len(c.repo.asked), TOP_ASKED + 3)


@case
def the_first_target_that_cannot_be_had_ends_the_run(make):
    c = make()
    c.repo.add("a", b"a")
    c.repo.add("b", b"b")
    c.repo.all()
    same(c.download("a", "missing", "b"), 1)
    same(c.downloaded(), [b"a"])


@case
def a_role_is_asked_for_once_for_several_targets(make):
    c = delegated(make)
    same(c.download("x/1", "x/2"), 0)
    same(roles_asked(c), ["A"])


@cases(sha256=(["sha256"],), sha512=(["sha512"],), both=(["sha256", "sha512"],), more=(["md5", "sha512"],))
def any_hash_of_a_known_kind_will_do(make, algorithms):
    c = make()
    c.repo.add("a", b"content", algorithms=algorithms)
    c.repo.all()
    same(c.download("a"), 0)
    prefix = c.repo.asked[-1].removeprefix("targets/").removesuffix(".a")
    assert prefix in [hashlib.new(h, b"content").hexdigest() for h in algorithms], prefix
    same(c.downloaded(), [b"content"])


@cases(unknown={"whirlpool": "00" * 64}, one_wrong=None)
def a_hash_that_is_not_known_or_not_right_is_not_enough(make, hashes):
    c = make()
    c.repo.add("a", b"content", algorithms=("sha256", "sha512"))
    row = c.repo.targets["targets"]["a"]
    row["hashes"] = hashes or {**row["hashes"], "sha512": "00" * 64}
    c.repo.all()
    same(c.download("a"), 1)
    same(c.downloaded(), [])


@case
def an_empty_target_and_a_large_one_arrive_whole(make):
    c = make()
    large = os.urandom(1 << 20) * 64
    c.repo.add("empty", b"")
    c.repo.add("large", large)
    c.repo.all()
    same(c.download("empty", "large"), 0)
    same(c.downloaded(), sorted([b"", large]))
