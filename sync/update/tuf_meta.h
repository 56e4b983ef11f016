/* Metadata of The Update Framework 1.0.34, judged: what a file of metadata says, whether it is of the right kind and well
   formed, and whether those whose signatures it needs have signed it. Pure: bytes and time are arguments, results lie in an
   arena, nothing is asked and nothing stored. What belongs together is tuf_client's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "sync/update/tuf_key.h"

enum {
    TUF_KEYS_MAX = 1024,       /* of one file */
    TUF_SIGNATURES_MAX = 1024, /* of one file */
    TUF_ROLE_KEYS_MAX = 256,   /* of one role */
    TUF_ROLES_MAX = 20000,     /* delegations of one file */
    TUF_QUOTED_MAX = 200,      /* bytes of a role's name, percent-encoded, with NUL */
    TUF_PATH_MAX = 1024,       /* bytes of a target's path */
    TUF_SHA512 = 64,
};

/* In the order in which a client takes them. Delegated roles are TUF_TARGETS. */
enum tuf_kind { TUF_ROOT, TUF_TIMESTAMP, TUF_SNAPSHOT, TUF_TARGETS };
const char *tuf_kind_name(enum tuf_kind kind); /* "root", "timestamp", ... */

struct tuf_hashes {
    bool has_sha256,
        has_sha512; /* others are passed over; neither: nothing passes tuf_file_check */
    uint8_t sha256[KEYS_HASH];
    uint8_t sha512[TUF_SHA512];
};

/* A file that timestamp or snapshot names, or a target. */
struct tuf_file {
    const char *name; /* "targets.json"; the path of a target */
    int64_t version;  /* 0: of a target */
    int64_t length;   /* -1: not said */
    bool hashed;      /* always, of a target */
    struct tuf_hashes hashes;
    const struct json *node; /* all that stands there: "custom" and whatever else */
};

/* Who may sign something: public keys, and how many different ones have to. */
struct tuf_signers {
    const struct tuf_key **keys;
    size_t count;
    unsigned threshold; /* at least 1; may be more than there are keys: nobody can sign */
};

struct tuf_delegation {
    const char *name; /* never empty nor that of a top-level role */
    bool terminating;
    struct tuf_signers signers;
    const char **paths; /* patterns: '*', '?' and '[...]' do not match '/' */
    size_t path_count;
    const char **prefixes; /* path_hash_prefixes, lower-case hex */
    size_t prefix_count;
    const struct json *node; /* all that stands there: "x_canny" and whatever else */
};

/* Hash bins: one row for many roles, named PREFIX-0a by the first bits of the SHA-256 of a target's path. */
struct tuf_bins {
    const char *prefix; /* NULL: none */
    unsigned bits;      /* 1 to 32 */
    struct tuf_signers signers;
};

struct tuf_signature {
    const char *keyid;
    const uint8_t *sig; /* len 0: empty, not hex or too long: that of nobody */
    size_t len;
};

struct tuf_meta {
    enum tuf_kind kind;
    int64_t version; /* at least 1 */
    int64_t expires_ms;
    const char *bytes; /* the canonical bytes that are signed */
    size_t len;
    const struct json *node;                /* the member "signed" */
    const struct tuf_signature *signatures; /* no keyid twice */
    size_t signature_count;

    bool consistent;                           /* TUF_ROOT: consistent_snapshot */
    struct tuf_signers roles[TUF_TARGETS + 1]; /* TUF_ROOT: by kind */

    /* TUF_TIMESTAMP: one, "snapshot.json"; TUF_SNAPSHOT, TUF_TARGETS: by name in the order of bytes */
    const struct tuf_file *files;
    size_t file_count;

    const struct tuf_delegation *delegations; /* TUF_TARGETS: in the order of the file */
    size_t delegation_count;
    struct tuf_bins bins;
};

/* Reads metadata that is to be of this kind; everything in the arena, but for the bytes given. Signatures are not verified
   yet. ERR_INPUT: not JSON, not of this kind or not as TUF has it (a key twice, a keyid twice among the signatures, a
   spec_version other than 1, a version under 1, a date that is none …); ERR_LIMIT, ERR_NOMEM. */
MUST_USE enum err tuf_meta_read(struct arena *a, enum tuf_kind kind, const void *bytes, size_t len,
                                struct tuf_meta *out, struct why *why);
/* Whether as many different keys as it takes have signed it. Wrong, empty and strange signatures count for nothing and
   harm nothing. ERR_DENIED: too few, and why says how many. */
MUST_USE enum err tuf_meta_verify(const struct tuf_meta *m, const struct tuf_signers *by,
                                  struct why *why);
/* Expired at that time: metadata is good until its second, and not at it. */
bool tuf_meta_expired(const struct tuf_meta *m, int64_t now_ms);
/* NULL: it names none. */
const struct tuf_file *tuf_meta_file(const struct tuf_meta *m, const char *name);
/* NULL: no role of that name is delegated by these targets. Of a hash bin the row is made up in the arena. */
const struct tuf_delegation *tuf_meta_delegation(struct arena *a, const struct tuf_meta *m,
                                                 const char *role);
/* Whether the delegation is for this target. */
bool tuf_delegation_covers(const struct tuf_delegation *d, const char *path);
/* The name of the bin that a target's path falls into. */
MUST_USE enum err tuf_bins_role(const struct tuf_bins *b, const char *path,
                                char out[TUF_QUOTED_MAX], struct why *why);
/* Length, if it is said, and all hashes that are. ERR_DENIED. */
MUST_USE enum err tuf_file_check(const struct tuf_file *f, const void *data, size_t len,
                                 struct why *why);

/* Whether '*', '?' and '[...]' of the pattern, none of which matches '/', make it the whole path. Takes a time bounded by the
   product of both lengths. */
bool tuf_path_matches(const char *pattern, const char *path);
/* Whether a path may be asked for and stored: UTF-8, parts between slashes that are neither empty nor "." nor "..", no
   backslash, no control characters, at most TUF_PATH_MAX bytes. */
bool tuf_path_ok(const char *path);
/* Percent-encodes all but letters, digits and "_.-~". ERR_LIMIT: does not fit. */
MUST_USE enum err tuf_quote(char *to, size_t size, const char *name, struct why *why);
