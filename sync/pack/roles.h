/* Who signs for what, as something to be changed: the keys and roles of a root, or of targets that delegate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/str.h"
#include "sync/update/tuf_meta.h"
#include "sync/update/tuf_write.h"

enum { ROLES_MAX = 1000, ROLES_KEYS_MAX = 2000, ROLES_OF_ONE_MAX = 32 };

struct roles_row {
    const char *name;
    const char *ids[ROLES_OF_ONE_MAX];
    size_t count;
    int64_t threshold;                      /* 0: not settled yet */
    const char *kind, *constituency, *site; /* of a delegation; kind NULL: not said */
};
struct roles {
    struct arena *a;
    bool root; /* else targets */
    struct tuf_write_key keys[ROLES_KEYS_MAX];
    size_t key_count;
    struct roles_row rows[ROLES_MAX];
    size_t count;
};

/* Nobody yet. In the arena; NULL: no memory. */
MUST_USE struct roles *roles_new(struct arena *a, bool root);
/* What metadata says. ERR_INPUT: another tool's, with delegations that we could not write down again. */
MUST_USE enum err roles_read(struct arena *a, const struct tuf_meta *m, struct roles **out,
                             struct why *why);
struct roles_row *roles_find(struct roles *r, const char *name); /* NULL: not there */
/* Found, or new. ERR_LIMIT. */
MUST_USE enum err roles_row(struct roles *r, const char *name, struct roles_row **out,
                            struct why *why);
/* One that is in it already is fine. */
MUST_USE enum err roles_add(struct roles *r, struct roles_row *row, const struct tuf_write_key *key,
                            struct why *why);
/* By an id or the first digits of it, at least six. ERR_NOT_FOUND; ERR_INPUT: several begin so. */
MUST_USE enum err roles_remove(struct roles_row *row, const char *id, struct why *why);
/* Takes a role out; its keys go with it where no other role has them. */
MUST_USE enum err roles_drop(struct roles *r, const char *name, struct why *why);
/* More than half of the keys, where nobody has said a number. ERR_INPUT: it is more than there are keys, or there are none. */
MUST_USE enum err roles_settle(struct roles_row *row, int64_t threshold, struct why *why);
/* The next metadata, with the keys that some row names, added to out. targets: national first, then by name. */
MUST_USE enum err roles_write(struct roles *r, int64_t version, int64_t expires_ms, struct buf *out,
                              struct why *why);
