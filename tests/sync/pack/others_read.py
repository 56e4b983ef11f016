"""Holds a published folder against another library: securesystemslib's own canonical JSON, key ids and signatures.
others_read.py FOLDER; prints how many signatures were good of how many files."""
import glob
import hashlib
import json
import os
import sys
import urllib.parse

from securesystemslib import formats, keys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def newest(folder, role):
    quoted = urllib.parse.quote(role, "")
    if role == "timestamp":
        return load(f"{folder}/metadata/timestamp.json")
    files = glob.glob(f"{glob.escape(folder)}/metadata/*.{quoted}.json")
    return load(max(files, key=lambda name: int(os.path.basename(name).split(".")[0])))


def good(meta, key_objects, role):
    """Its signatures that are good, by different keys among those of the role."""
    data = formats.encode_canonical(meta["signed"]).encode("utf-8")
    found = set()
    for signature in meta["signatures"]:
        keyid = signature["keyid"]
        if keyid not in role["keyids"]:
            continue
        key = key_objects[keyid]
        plain = {name: key[name] for name in ("keytype", "keyval", "scheme")}
        # The id is the hash of what is the key's alone.
        digest = formats.encode_canonical(plain).encode("utf-8")
        assert hashlib.sha256(digest).hexdigest() == keyid, keyid
        assert keys.verify_signature({**plain, "keyid": keyid}, signature, data), (role, keyid)
        found.add(keyid)
    return found


def main():
    folder = sys.argv[1]
    files = signatures = 0

    def hold(meta, key_objects, role):
        nonlocal files, signatures
        found = good(meta, key_objects, role)
        assert len(found) >= role["threshold"], (meta["signed"]["_type"], found, role)
        files += 1
        signatures += len(found)

    version, root = 1, load(f"{folder}/metadata/1.root.json")
    hold(root, root["signed"]["keys"], root["signed"]["roles"]["root"])
    while os.path.exists(path := f"{folder}/metadata/{version + 1}.root.json"):
        after = load(path)
        hold(after, root["signed"]["keys"], root["signed"]["roles"]["root"])
        hold(after, after["signed"]["keys"], after["signed"]["roles"]["root"])
        version, root = version + 1, after
    for role in ("timestamp", "snapshot", "targets"):
        hold(newest(folder, role), root["signed"]["keys"], root["signed"]["roles"][role])
    delegations = newest(folder, "targets")["signed"]["delegations"]
    for role in delegations["roles"]:
        hold(newest(folder, role["name"]), delegations["keys"], role)
    # What was changed by one digit is good for nobody.
    meta = newest(folder, "targets")
    meta["signed"]["version"] += 1
    try:
        good(meta, root["signed"]["keys"], root["signed"]["roles"]["targets"])
    except AssertionError:
        print(f"{signatures} signatures on {files} files")
        return
    sys.exit("a signature was good for other content")


main()
