/* What the files of tuf_meta share. */
#pragma once

#include "sync/update/tuf_meta.h"

/* The keys of a file, by id in the order of bytes. */
struct tuf_keys {
    const struct tuf_key *rows;
    size_t count;
};

/* An object of keys, NULL none. */
MUST_USE enum err tuf_keys_read(struct arena *a, const struct json *node, struct tuf_keys *out,
                                struct why *why);
/* {"keyids": [...], "threshold": n} of what, for people. */
MUST_USE enum err tuf_signers_read(struct arena *a, const struct json *node,
                                   const struct tuf_keys *keys, const char *what,
                                   struct tuf_signers *out, struct why *why);
/* The member "delegations" of targets; NULL is fine. */
MUST_USE enum err tuf_delegations_read(struct arena *a, const struct json *node,
                                       struct tuf_meta *out, struct why *why);
