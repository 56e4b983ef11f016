/* What the files of tuf_client share. */
#pragma once

#include <stdbool.h>

#include "platform/base/fs.h"
#include "sync/update/tuf_client.h"

/* A file of metadata and all that its rows point to. */
struct client_slot {
    struct arena a;
    struct tuf_meta m;
    const void *raw; /* as it was stored; of a guard only */
    size_t raw_len;
    bool have;
};

struct tuf_client {
    char dir[FS_PATH_MAX];
    struct client_slot slots[TUF_TARGETS + 1]; /* what is trusted, by kind */
    struct client_slot next;                   /* what is being judged */
    int64_t now_ms;                            /* of the last refresh */
    bool stored_only; /* after a load: nothing is asked, and nothing expires */
    bool ready;       /* the last refresh or load went well */
    enum tuf_fault fault;
};

/* How one file is got. get NULL: not at all. */
struct client_source {
    update_get get;
    void *ctx;
};

/* Notes what was wrong; returns rc. */
enum err client_fail(struct tuf_client *c, enum tuf_fault fault, enum err rc);
/* What an error in our own disk or memory is, and what not. */
enum err client_fail_ours(struct tuf_client *c, enum tuf_fault otherwise, enum err rc);

/* The folder's file of a role. */
MUST_USE enum err client_path(const struct tuf_client *c, const char *role, char out[FS_PATH_MAX],
                              struct why *why);
/* The stored bytes; *out NULL: none that could be metadata. */
MUST_USE enum err client_stored(const struct tuf_client *c, const char *role, size_t max,
                                struct arena *a, char **out, size_t *out_len, struct why *why);
MUST_USE enum err client_store(struct tuf_client *c, const char *role, const void *bytes,
                               size_t len, struct why *why);
/* Asks for metadata of a role; version 0: without one in its name. */
MUST_USE enum err client_ask(struct tuf_client *c, const struct client_source *from,
                             const char *role, int64_t version, size_t max, struct arena *a,
                             uint8_t **out, size_t *out_len, struct why *why);
/* Reads and verifies; a fault is noted. */
MUST_USE enum err client_judge(struct tuf_client *c, struct arena *a, enum tuf_kind kind,
                               const void *bytes, size_t len, const struct tuf_signers *by,
                               struct tuf_meta *out, struct why *why);
/* Metadata of targets or a delegated role, as the trusted snapshot names it. */
MUST_USE enum err client_targets(struct tuf_client *c, const struct client_source *from,
                                 const char *role, const struct tuf_signers *by, struct arena *a,
                                 struct tuf_meta *out, struct why *why);
