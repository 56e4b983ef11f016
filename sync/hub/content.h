/* What content may count at this hub (sync/update/REPOSITORY.md, «Publishing to a hub»). Nobody signs in to publish: what is
   offered is held against the roles that stand, as The Update Framework has it, and against what the layout allows each role.
   What is put is held against what a signed file names. What is called «_in» runs inside the caller's transaction. */
#pragma once

#include "sync/hub/hubstore_content.h"
#include "sync/hub/hubstore_file.h"
#include "sync/update/tuf_meta.h"

enum {
    CONTENT_MISSING_MAX = 1000,       /* names told at once */
    CONTENT_META_MAX = 1024 * 1024,   /* bytes of metadata */
    CONTENT_ARENA = 64 * 1024 * 1024, /* what looking at one file takes */
    CONTENT_SNAPSHOT_DAYS = 100,      /* how long what the hub signs is good */
    CONTENT_TIMESTAMP_DAYS = 60,
    CONTENT_SNAPSHOT_AGAIN_DAYS = 30,      /* a snapshot that lists the same is signed again */
    CONTENT_SIGN_MS = 24 * 60 * 60 * 1000, /* as is a timestamp */
    /* How far the clocks of copies may be apart: one that is behind signs no more often for that. What is signed further
       ahead comes of a clock that was wrong, and is signed again. */
    CONTENT_SKEW_MS = 10 * 60 * 1000,
};

/* What helps where kiosks hold later versions than the hub. */
#define CONTENT_BEHIND_ADVICE "publish that version or a later one here again (canny-pack publish)"

enum content_answer {
    CONTENT_COUNTS,    /* it does from now on */
    CONTENT_STOOD,     /* the same bytes did before */
    CONTENT_MISSING,   /* once what is missing is put */
    CONTENT_UNTRUSTED, /* the hub has no root to hold it against, or not the one before */
    CONTENT_OLDER,     /* the hub has a later version, or another one of that number */
    CONTENT_MALFORMED,
    CONTENT_UNSIGNED, /* too few of the keys that sign for the role today */
    CONTENT_EXPIRED,
    CONTENT_OUTSIDE,  /* it is well signed, by somebody who may not say that */
    CONTENT_UNWANTED, /* of a file: no role that the hub knows names it */
    CONTENT_WRONG,    /* of a file: it is not what its name says */
    CONTENT_NO_ROOM,
};

/* Metadata that somebody offers. */
struct content_offer {
    const char *role;
    int64_t version; /* by its name */
    const void *body;
    size_t len;
    int64_t now_ms;
    struct arena *a;
    bool look; /* nothing is written, and CONTENT_COUNTS only says that it may be offered */
    /* Out. */
    enum content_answer answer;
    struct why reason; /* of a refusal */
    int64_t held;      /* CONTENT_OLDER: the version that the hub has */
    const char **missing;
    size_t missing_count;
    /* Of what this hub once signed, and has forgotten: what it signs now has to come after it. */
    int64_t above;
    int64_t timestamp; /* CONTENT_COUNTS: the timestamp that tells of it; 0: none does yet */
};
/* The same without a lock and without a trace, for who may only read: what is not signed by those who sign for it goes no
   further. */
MUST_USE enum err content_offer_look(struct hubstore *s, struct content_offer *o, struct why *why);
MUST_USE enum err content_offer_in(struct hubstore *s, struct content_offer *o, struct why *why);

/* Trusts a first root; only where none is (CONTENT_OLDER). */
MUST_USE enum err content_trust_in(struct hubstore *s, struct content_offer *o, struct why *why);

/* A file that somebody puts. content_file_look reads only, and takes most of the work; content_file_in stores what it has
   let through. */
struct content_put {
    struct content_name name;
    const void *body;
    size_t len;
    struct arena *a;
    bool again; /* look at it though it is held */
    /* Out. */
    enum content_answer answer;
    struct why reason;
    struct hub_wanted wanted;
    struct manifest *manifest; /* of a manifest: what it names */
};
MUST_USE enum err content_file_look(struct hubstore *s, struct content_put *p, struct why *why);
MUST_USE enum err content_file_in(struct hubstore *s, struct content_put *p, struct why *why);
/* What a manifest names goes to what its role's version names. */
MUST_USE enum err content_names_in(struct hubstore *s, const char *role, int64_t version,
                                   const struct manifest *m, struct arena *a, struct why *why);

/* Snapshot and timestamp, by the hub's own keys. */
struct content_signing {
    int64_t now_ms;
    bool force;    /* also where nothing is due */
    int64_t above; /* what is signed has a higher number than this */
    struct arena *a;
    /* Out. */
    bool ours;          /* the root names a key of this hub; else it serves another's signatures */
    bool done;          /* something was signed */
    int64_t timestamp;  /* the version that stands; 0 none */
    struct why refused; /* text "": it was not */
    struct why warned;  /* a delegated role that kiosks will not take: expired, or keys changed */
    size_t warnings;
};
/* Signs only what it has verified against the root at this moment. */
MUST_USE enum err content_sign_in(struct hubstore *s, struct content_signing *g, struct why *why);
/* The same, trusting a first root, and the keys, each in a transaction of its own. */
MUST_USE enum err content_offer(struct hubstore *s, struct content_offer *o, struct why *why);
MUST_USE enum err content_trust(struct hubstore *s, struct content_offer *o, struct why *why);
MUST_USE enum err content_keys(struct hubstore *s, struct hub_content_keys *out, struct why *why);
MUST_USE enum err content_key_new(struct hubstore *s, struct why *why);
MUST_USE enum err content_sign(struct hubstore *s, struct content_signing *g, struct why *why);

/* Reads everything that is held; tells of each file that is not what its name says, or that is missing. */
MUST_USE enum err content_verify(struct hubstore *s, hub_file_tell tell, void *ctx,
                                 uint64_t *out_files, uint64_t *out_faults, struct why *why);

/* ---- for its own files ---- */

/* What stands of a role, read and verified against `by` (NULL: not). ERR_NOT_FOUND: nothing does. */
MUST_USE enum err content_standing(struct hubstore *s, const char *role, enum tuf_kind kind,
                                   const struct tuf_signers *by, struct arena *a,
                                   struct hub_meta *out, struct tuf_meta *out_meta,
                                   struct why *why);
/* Which of the hub's keys sign for a role of the root; *out_enough: they are as many as it takes. */
struct content_ours {
    struct hub_content_keys keys;
    const char
        *ids[TUF_TARGETS + 1]
            [HUB_CONTENT_KEYS_MAX]; /* as the root calls them; NULL: does not name that key */
    bool enough[TUF_TARGETS + 1];
};
MUST_USE enum err content_ours_in(struct hubstore *s, const struct tuf_meta *root,
                                  struct content_ours *out, struct why *why);
enum tuf_kind content_kind_of(const char *role);
