"""What is forgotten with a key, and what holds on though it is fresh elsewhere."""
from tuf_cases import case, same
from tuf_sim import DAY, iso


@case
def a_timestamp_driven_ahead_is_forgotten_with_its_key(make):
    c = make()
    c.repo.timestamp["version"] = 99999
    c.repo.publish("timestamp", bump=False)
    same(c.refresh(), 0)
    c.repo.timestamp["version"] = 1
    c.repo.publish("timestamp")
    same(c.refresh(), 1)
    c.repo.rotate("timestamp")
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 0)
    same(c.version("timestamp"), 3)


@case
def a_snapshot_driven_ahead_is_forgotten_with_the_keys(make):
    c = make()
    c.repo.snapshot["version"] = 99999
    c.repo.publish("snapshot", bump=False)
    c.repo.publish("timestamp")
    same(c.refresh(), 0)
    same(c.version("snapshot"), 99999)
    c.repo.rotate("snapshot")
    c.repo.rotate("timestamp")
    c.repo.snapshot["version"] = 1
    c.repo.publish("root", "snapshot", "timestamp")
    same(c.refresh(), 0)
    same(c.version("snapshot"), 2)


@case
def targets_driven_ahead_are_forgotten_with_the_snapshot_key(make):
    c = make()
    c.repo.targets["version"] = 99999
    c.repo.publish("targets", bump=False)
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    same(c.version("targets"), 99999)
    c.repo.rotate("snapshot")
    c.repo.targets["version"] = 1
    c.repo.all("root")
    same(c.refresh(), 0)
    same(c.version("targets"), 2)


@case
def one_key_of_two_rotated_is_enough_to_forget(make):
    """The stored file is signed by the key that stays, so only the change itself tells."""
    c = make()
    stays = c.repo.signers["timestamp"][0]
    c.repo.add_key("timestamp")
    c.repo.timestamp["version"] = 99999
    c.repo.publish("root")
    c.repo.publish("timestamp", bump=False)
    same(c.refresh(), 0)
    c.repo.drop_keys("timestamp")
    c.repo.add_key("timestamp", stays)
    c.repo.timestamp["version"] = 1
    c.repo.publish("root", "timestamp")
    same(c.refresh(), 0)
    same(c.version("timestamp"), 2)


@case
def a_rotated_timestamp_key_forgets_the_snapshot_too(make):
    """Whose key is the same, so that only the deletion lets what it listed go back."""
    c = make()
    c.repo.targets["version"] = 99999
    c.repo.publish("targets", bump=False)
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    c.repo.targets["version"] = 1
    c.repo.rotate("timestamp")
    c.repo.all("root")
    same(c.refresh(), 0)
    same(c.version("targets"), 2)


@case
def a_fresh_timestamp_keeps_no_expired_snapshot_in_force(make):
    c = make()
    c.repo.snapshot["expires"] = iso(c.repo.now + 3 * DAY)
    c.repo.publish("snapshot", "timestamp")
    same(c.refresh(), 0)
    c.repo.publish("timestamp")
    same(c.refresh(days=2), 0)
    c.repo.publish("timestamp")
    same(c.refresh(days=4), 1)
    assert "expired" in c.said, c.said


@case
def a_snapshot_of_the_same_version_with_another_hash_is_asked_for_again(make):
    c = make()
    c.repo.hashes = True
    c.repo.all()
    same(c.refresh(), 0)
    c.repo.snapshot["x-note"] = "signed anew"
    c.repo.publish("snapshot", bump=False)
    c.repo.publish("timestamp")
    c.repo.asked.clear()
    same(c.refresh(), 0)
    assert "metadata/2.snapshot.json" in c.repo.asked, c.repo.asked
    same(c.bytes("snapshot"), c.repo.last["snapshot"])


@case
def a_key_more_forgets_nothing(make):
    c = make()
    c.repo.all()
    same(c.refresh(), 0)
    c.repo.add_key("timestamp")
    c.repo.add_key("snapshot")
    c.repo.publish("root")
    c.repo.timestamp["version"] = 1
    c.repo.publish("timestamp", bump=False)
    same(c.refresh(), 1)
    same(c.trusted(), {"root": 2, "snapshot": 2, "targets": 2, "timestamp": 2})
