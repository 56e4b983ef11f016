/* Metadata to be signed, and signatures on it: root, targets (delegated ones too), snapshot and timestamp, in canonical
   JSON, so that the same input is the same bytes. No I/O and no clock. Texts are borrowed for the call. Text with a
   control character is refused with ERR_INPUT: other libraries disagree how it is signed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum {
    TUF_WRITE_MAX = 8 * 1024 * 1024, /* bytes of one file of metadata */
    TUF_WRITE_TIME = 21,             /* "2027-01-01T00:00:00Z" with NUL */
    TUF_WRITE_SIGNATURES_MAX = 64,
};

/* A key as it stands in metadata: its id, and its object in canonical JSON. */
struct tuf_write_key {
    const char *id, *object;
};
/* The object of an Ed25519 key, and its id: the hash of the object without the name, which is there for people (in a
   member of our own); NULL none. In the arena. ERR_INPUT: the public key is not 64 lower-case hex digits, or the name
   cannot stand there. */
MUST_USE enum err tuf_write_key(struct arena *a, const char *public_hex, const char *name,
                                struct tuf_write_key *out, struct why *why);

/* Which keys sign for a role, and how many of them have to. */
struct tuf_write_role {
    const char *const *keyids;
    size_t count;
    int64_t threshold;
};
struct tuf_write_root {
    int64_t version, expires_ms;
    /* Each that a role names; written in the order of their ids. */
    const struct tuf_write_key *keys;
    size_t key_count;
    struct tuf_write_role root, snapshot, targets, timestamp;
};

/* A role that targets hand their word to, for paths. The last three are ours (REPOSITORY.md); NULL leaves all out. */
struct tuf_write_delegation {
    const char *name;
    struct tuf_write_role role;
    const char *const *paths;
    size_t path_count;
    bool terminating;
    const char *kind, *constituency, *site;
};
struct tuf_write_target {
    const char *path;
    int64_t length;
    const char *sha256; /* hex */
};
struct tuf_write_targets {
    int64_t version, expires_ms;
    const struct tuf_write_target *targets; /* written in the order of their paths */
    size_t target_count;
    const struct tuf_write_key *keys;
    size_t key_count;
    const struct tuf_write_delegation *delegations; /* written as they stand: their order counts */
    size_t delegation_count;
};

/* A file that a snapshot or a timestamp vouches for. */
struct tuf_write_meta {
    const char *name; /* "targets.json", "employers/example-council.json": not percent-encoded */
    int64_t version;
    int64_t length;     /* under 0: not said */
    const char *sha256; /* hex; NULL: not said */
};
struct tuf_write_listing {
    int64_t version, expires_ms;
    /* Written in the order of their names; of a timestamp: "snapshot.json" alone. */
    const struct tuf_write_meta *metas;
    size_t count;
};

/* Each adds the file without a signature to out: {"signatures":[],"signed":{…}}. */
MUST_USE enum err tuf_write_root(struct arena *a, const struct tuf_write_root *r, struct buf *out,
                                 struct why *why);
MUST_USE enum err tuf_write_targets(struct arena *a, const struct tuf_write_targets *t,
                                    struct buf *out, struct why *why);
MUST_USE enum err tuf_write_snapshot(struct arena *a, const struct tuf_write_listing *l,
                                     struct buf *out, struct why *why);
MUST_USE enum err tuf_write_timestamp(struct arena *a, const struct tuf_write_listing *l,
                                      struct buf *out, struct why *why);

/* A signature as it stands in a file. */
struct tuf_write_signature {
    const char *keyid, *sig;
};
/* Those of a file, in the arena; and the canonical bytes of what they sign. ERR_INPUT: it is no metadata. */
MUST_USE enum err tuf_write_read(struct arena *a, const char *file, size_t len,
                                 struct tuf_write_signature **out, size_t *out_count,
                                 char **out_signed, size_t *out_signed_len, struct why *why);
/* The file once more with this signature, in the place of any that the key gave before. ERR_LIMIT: it has too many. */
MUST_USE enum err tuf_write_put(struct arena *a, const char *file, size_t len,
                                const struct tuf_write_signature *add, struct buf *out,
                                struct why *why);
/* The same, signing it with this key. */
MUST_USE enum err tuf_write_sign(struct arena *a, const char *file, size_t len, const char *keyid,
                                 const struct keypair *key, struct buf *out, struct why *why);
