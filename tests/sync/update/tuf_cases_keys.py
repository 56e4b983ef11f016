"""Who has signed what: keys of every kind, thresholds, rotation."""
import json
import random

from tuf_cases import case, cases, same
from tuf_sim import Key, Repo, canonical, plain

try:
    from securesystemslib.formats import encode_canonical
except ImportError:  # Debian's python3-securesystemslib is not there: ours has to do
    encode_canonical = canonical

KINDS = dict(ed25519=("ed25519",), ecdsa=("ecdsa",), nistp256=("ecdsa-sha2-nistp256",), rsa=("rsa",))


@cases(**KINDS)
def a_key_of_this_kind_signs_and_what_it_did_not_sign_is_refused(make, kind):
    c = make()
    key = c.repo.add_key("root", Key(kind))
    c.repo.root["roles"]["root"]["threshold"] = 2
    c.repo.publish("root")
    same(c.refresh(), 0)
    same(c.version("root"), 2)
    c.repo.publish("root")
    root = json.loads(c.repo.last["root"])
    wrong = key.sign(b"something else")
    next(s for s in root["signatures"] if s["keyid"] == key.id)["sig"] = wrong
    c.repo.put("root", plain(root))
    same(c.refresh(), 1)
    same(c.version("root"), 2)


@cases(**KINDS)
def a_repository_has_keys_of_this_kind_alone(make, kind):
    c = make(Repo(kind=kind))
    c.repo.delegate("x", ["x/*"])
    c.repo.add("x/a", b"content", "x")
    c.repo.all("x")
    same(c.download("x/a"), 0)


@cases(longest=(222,), none=(0,), twenty=(20,))
def the_salt_of_an_rsa_signature_may_have_any_length(make, salt):
    c = make()
    c.repo.drop_keys("timestamp")
    c.repo.add_key("timestamp", Key("rsa", salt=salt))
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 0)


@case
def an_rsa_key_that_is_too_short_counts_for_nothing(make):
    c = make()
    c.repo.drop_keys("timestamp")
    c.repo.add_key("timestamp", Key("rsa", bits=1024))
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 1)


@cases(unknown=({"keytype": "sphincs", "scheme": "sphincs+"},), scheme=({"scheme": "ed448"},), broken=({"keyval": {"public": "00"}},),
       empty=({"keyval": {"public": ""}},), identity=({"keytype": "sigstore-oidc", "scheme": "Fulcio", "keyval": {"identity": "a", "issuer": "b"}},),
       nothing=({"keyval": {}},), number=({"keyval": {"public": 7}},), pem=({"keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256"},))
def a_key_that_nobody_here_can_use_counts_for_nothing_and_harms_nothing(make, change):
    c = make()
    key = Key()
    key.object = {**key.object, **change}
    c.repo.add_key("timestamp", key)
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 0)
    c.repo.root["roles"]["timestamp"]["threshold"] = 2
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 1)
    same(c.version("root"), 3)


@case
def a_keyid_need_not_be_the_hash_of_its_key(make):
    c = make()
    key = Key()
    key.id = "the editor's key"
    c.repo.drop_keys("targets")
    c.repo.add_key("targets", key)
    c.repo.all("root")
    same(c.refresh(), 0)


@case
def fewer_signatures_than_the_threshold_are_too_few(make):
    c = make()
    c.repo.root["roles"]["snapshot"]["threshold"] = 3
    c.repo.add_key("snapshot")
    c.repo.add_key("snapshot")
    c.repo.all("root")
    same(c.refresh(), 0)
    c.repo.signers["snapshot"].pop()
    c.repo.all()
    same(c.refresh(), 1)
    same((c.version("root"), c.version("timestamp"), c.version("snapshot")), (2, 3, 2))


@case
def a_threshold_above_the_number_of_keys_is_never_met(make):
    c = make()
    same(c.refresh(), 0)
    for _ in range(4):
        c.repo.add_key("snapshot")
    c.repo.root["roles"]["snapshot"]["threshold"] = 6
    c.repo.publish("root", "snapshot", "timestamp")
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 2, "snapshot": 1, "targets": 1, "timestamp": 2})


@cases(zero=(0,), negative=(-1,), text=("1",), none=(None,))
def a_threshold_under_one_is_refused(make, threshold):
    c = make()
    c.repo.root["roles"]["timestamp"]["threshold"] = threshold
    c.repo.publish("root")
    same(c.refresh(), 1)
    same(c.version("root"), 1)


@case
def keys_of_another_role_do_not_sign(make):
    c = make()
    same(c.refresh(), 0)
    c.repo.publish("snapshot", keys=c.repo.signers["targets"] + c.repo.signers["root"])
    c.repo.publish("timestamp")
    same(c.refresh(), 1)
    same(c.version("snapshot"), 1)


@case
def one_key_under_many_ids_counts_once(make):
    c = make()
    key = Key()
    c.repo.drop_keys("snapshot")
    for n in range(6):
        c.repo.add_key("snapshot", key.alias(**{"x-name": str(n)}))
    c.repo.root["roles"]["snapshot"]["threshold"] = 2
    c.repo.publish("root", "snapshot", "timestamp")
    same(c.refresh(), 1)
    same(c.version("root"), 2)
    same(c.version("snapshot"), None)
    c.repo.add_key("snapshot")
    c.repo.publish("root", "snapshot", "timestamp")
    same(c.refresh(), 0)


@case
def one_point_written_in_two_ways_counts_once(make):
    from cryptography.hazmat.primitives import serialization as s

    c = make()
    key = Key("ecdsa")
    raw = key.secret.public_key().public_bytes(s.Encoding.X962, s.PublicFormat.UncompressedPoint).hex()
    c.repo.drop_keys("snapshot")
    c.repo.add_key("snapshot", key)
    c.repo.add_key("snapshot", key.alias(keyval={"public": raw}))
    c.repo.publish("root", "snapshot", "timestamp")
    same(c.refresh(), 0)
    c.repo.root["roles"]["snapshot"]["threshold"] = 2
    c.repo.publish("root", "snapshot", "timestamp")
    same(c.refresh(), 1)


@case
def one_keyid_many_times_in_a_role_counts_once(make):
    c = make()
    key = Key()
    for _ in range(9):
        c.repo.row("snapshot")[0]["keyids"].append(key.id)
    c.repo.root["keys"][key.id] = key.object
    c.repo.root["roles"]["snapshot"]["threshold"] = 6
    c.repo.publish("root")
    data = canonical(c.repo.snapshot).encode()
    c.repo.put("snapshot", plain({"signatures": [{"keyid": key.id, "sig": key.sign(data)}] * 9, "signed": c.repo.snapshot}))
    same(c.refresh(), 1)
    same(c.version("snapshot"), None)


@case
def a_file_with_two_signatures_of_one_keyid_is_refused_though_one_is_enough(make):
    c = make()
    snapshot = json.loads(c.repo.last["snapshot"])
    snapshot["signatures"] *= 2
    c.repo.put("snapshot", plain(snapshot))
    same(c.refresh(), 1)
    same(c.version("snapshot"), None)


@cases(wrong=("00" * 64,), empty=("",), odd=("0",), text=("not hex",), long=("ab" * 100000,), short=("ab",))
def a_wrong_signature_beside_a_right_one_harms_nothing(make, sig):
    c = make()
    other = c.repo.add_key("timestamp")
    c.repo.publish("root", "timestamp")
    timestamp = json.loads(c.repo.last["timestamp"])
    next(s for s in timestamp["signatures"] if s["keyid"] == other.id)["sig"] = sig
    timestamp["signatures"].reverse()
    data = plain(timestamp)
    c.repo.put("timestamp", data)
    same(c.refresh(), 0 if len(data) < 65536 else 1)


@cases(**KINDS)
def a_signature_in_capital_digits_is_the_same_signature(make, kind):
    c = make(Repo(kind=kind))
    timestamp = json.loads(c.repo.last["timestamp"])
    for s in timestamp["signatures"]:
        s["sig"] = s["sig"].upper()
    c.repo.put("timestamp", plain(timestamp))
    same(c.refresh(), 0)


@case
def a_public_key_in_capital_digits_is_the_same_key(make):
    c = make()
    key = Key()
    capital = key.alias(keyval={"public": key.object["keyval"]["public"].upper()})
    c.repo.add_key("timestamp", capital)
    c.repo.publish("root", "timestamp", keys=None)
    same(c.refresh(), 0)
    c.repo.add_key("timestamp", key)
    c.repo.signers["timestamp"] = [key, capital]
    c.repo.root["roles"]["timestamp"]["threshold"] = 2
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 1)
    same(c.version("timestamp"), 2)


@case
def signatures_of_strangers_harm_nothing(make):
    c = make()
    for role in ("root", "timestamp", "snapshot", "targets"):
        c.repo.signers[role] = [Key(), *c.repo.signers[role], Key("rsa")]
    c.repo.all("root")
    same(c.refresh(), 0)


@cases(missing=(lambda m: m.pop("signatures"),), object=(lambda m: m.update(signatures={}),), none=(lambda m: m.update(signatures=[]),),
       keyid=(lambda m: m["signatures"][0].pop("keyid"),), sig=(lambda m: m["signatures"][0].update(sig=1),))
def a_file_without_proper_signatures_is_refused(make, change):
    c = make()
    timestamp = json.loads(c.repo.last["timestamp"])
    change(timestamp)
    c.repo.put("timestamp", plain(timestamp))
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 1})


# Of ten keys: who is in the role, how many it takes, who signs, and whether a client may take it.
ROOTS = {
    "one_for_another": [([1], 1, [1]), ([2], 1, [2, 1]), ([2], 1, [2])],
    "one_for_another_and_strangers_sign": [([1], 1, [3, 1, 4]), ([2], 1, [3, 2, 1, 4]), ([2], 1, [3, 2, 4])],
    "three_of_five_in_turn": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 2, 3, 4], 3, [0, 4, 1]), ([0, 1, 2, 3, 4], 3, [0, 1, 3])],
    "one_of_five": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 4, 1])],
    "one_of_five_by_both": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 2, 4, 5]), ([0, 1, 3, 4, 5], 3, [0, 4, 5])],
    "all_five": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]), ([5, 6, 7, 8, 9], 3, [5, 6, 7])],
    "a_higher_threshold": [([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [1, 2])],
    "a_lower_threshold": [([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1, 2]), ([1, 2, 3], 1, [1])],
    "a_key_more": [([1], 1, [1]), ([1, 2], 2, [1, 2])],
    "not_by_the_old_key": [([1], 1, [1]), ([2], 1, [2, 3, 4], False)],
    "not_by_the_new_key": [([1], 1, [1]), ([2], 1, [1, 3, 4], False)],
    "not_by_three_new_keys": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 2, 4], False)],
    "not_by_three_old_keys": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 4, 5], False)],
    "not_to_the_new_threshold": [([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [2], False)],
    "not_to_the_old_threshold": [([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1], False)],
}


@cases(**{name: (rows,) for name, rows in ROOTS.items()})
def a_root_hands_over_to_the_next(make, rows):
    keys = [Key() for _ in range(10)]
    repo = Repo()
    repo.files.pop("metadata/1.root.json")
    served = []
    for version, (members, threshold, signers, *_) in enumerate(rows, 1):
        repo.drop_keys("root")
        for m in members:
            repo.add_key("root", keys[m])
        repo.root["roles"]["root"]["threshold"] = threshold
        repo.root["version"] = version
        repo.publish("root", bump=False, keys=[keys[s] for s in signers])
        served.append(repo.last["root"])
    good = len(rows[-1]) == 3
    repo.first_root = served[0]
    c = make(repo)
    same(c.refresh(), 0 if good else 1)
    same(c.bytes("root"), served[-1] if good else served[-2])


OTHERS = {
    "another_key": ([2], 1, [2], True),
    "strangers_sign": ([1], 1, [3, 1, 4], True),
    "not_by_its_key": ([2], 1, [1, 3, 4], False),
    "not_by_three": ([0, 1, 3, 4, 5], 3, [0, 2, 4], False),
    "one_missing": ([0, 1, 3, 4, 5], 3, [0, 4], False),
    "the_first_three": ([0, 1, 2, 3, 4], 3, [0, 2, 4], True),
    "the_last_three": ([0, 1, 2, 3, 4], 3, [4, 3, 2], True),
}


@cases(**{"%s_%s" % (role, name): (role, *row) for name, row in OTHERS.items() for role in ("timestamp", "snapshot", "targets", "x")})
def a_role_is_signed_by_those_who_may_today(make, role, members, threshold, signers, good):
    keys = [Key() for _ in range(10)]
    c = make()
    c.repo.delegate("x", ["x/*"])
    c.repo.add("x/a", b"content", "x")
    c.repo.all("root", "x")
    same(c.download("x/a"), 0)
    c.repo.drop_keys(role)
    for m in members:
        c.repo.add_key(role, keys[m])
    c.repo.row(role)[0]["threshold"] = threshold
    c.repo.signers[role] = [keys[s] for s in signers]
    c.repo.all("root", "x")
    same(c.download("x/a"), 0 if good else 1)
    if good:
        same(c.bytes(role), c.repo.last[role])


# ---- the bytes that are signed ----


def anything(draw, depth):
    """A value of any kind that metadata may hold, of letters of every sort."""
    letters = "aZ09 \"\\/\b\t\n\x01\x1f\x7f\u00e9\u0130\u2028\ufeff\uffe6\U0001f600\U0010ffff"
    kind = draw.randrange(8 if depth else 5)
    if kind == 0:
        return draw.choice((True, False, None))
    if kind == 1:
        return draw.choice((0, 1, -1, 2 ** 63 - 1, -2 ** 63, draw.randrange(-10 ** 6, 10 ** 6)))
    if kind <= 4:
        return "".join(draw.choice(letters) for _ in range(draw.randrange(6)))
    if kind <= 5:
        return [anything(draw, depth - 1) for _ in range(draw.randrange(4))]
    return {anything_text(draw, letters): anything(draw, depth - 1) for _ in range(draw.randrange(5))}


def anything_text(draw, letters):
    return "".join(draw.choice(letters) for _ in range(draw.randrange(4)))


@cases(first=(1,), second=(2,), third=(3,))
def what_securesystemslib_calls_canonical_is_what_is_verified(make, seed):
    """Signed over its form and written as most printers do, with escapes: a byte of difference and the signature is wrong."""
    c = make()
    draw = random.Random(seed)
    c.repo.timestamp["x"] = [anything(draw, 6) for _ in range(250)]
    data = encode_canonical(c.repo.timestamp).encode()
    key = c.repo.signers["timestamp"][0]
    body = plain({"signatures": [{"keyid": key.id, "sig": key.sign(data)}], "signed": c.repo.timestamp})
    assert len(body) <= 64 * 1024, len(body)
    c.repo.put("timestamp", body)
    same(c.refresh(), 0)
    same(c.bytes("timestamp"), body)
    nested = 5
    for _ in range(60):
        nested = [nested] if draw.randrange(2) else {"a": nested}
    c.repo.timestamp["x"] = nested  # deeper than anybody writes: refused, and nothing worse
    c.repo.publish("timestamp")
    same(c.refresh(), 1)
