/* What people and programs did at the hub: a log that only grows, each entry with the hash of the one before, so that one
   that is changed, missing or moved shows. It names accounts by their ids alone; names stand in their rows. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/hub/hubstore.h"

enum { HUB_AUDIT_LINE_MAX = 8 * 1024 };

/* What is to be written down. Texts may be NULL: "". */
struct hub_audit {
    struct clock_now now;
    const char *actor; /* an account's id; "" the program itself, or nobody who is known */
    const char *act;   /* "kiosk.revoked" */
    const char *authority, *site; /* ids: whose matter it is, and so who reads it */
    const char *about;            /* what it was done to, for people */
    const char *detail;           /* more, for people */
    const char *from;             /* the address that asked; "" */
};
struct hub_audited {
    int64_t no;
    const char *line; /* the entry itself: JSON */
    const char *hash;
    const char *actor_name; /* as the account is called now; "" */
    const char *site_name;
};
/* true: go on. */
typedef bool (*hub_audit_visit)(void *ctx, const struct hub_audited *entry);

/* Inside the caller's transaction, with what it tells of. NULL: nothing is written down. */
MUST_USE enum err hubstore_audit_in(struct hubstore *s, const struct hub_audit *w, struct why *why);
MUST_USE enum err hubstore_audit(struct hubstore *s, const struct hub_audit *w, struct why *why);
/* Newest first, below `before` (0: from the newest), at most max: those of the places where the account holds one of the
   roles, and what it did itself. */
MUST_USE enum err hubstore_audited(struct hubstore *s, const char *account, const char *roles,
                                   int64_t before, int64_t max, hub_audit_visit visit, void *ctx,
                                   struct why *why);
/* Whether the chain holds from its first entry to its last: tells each entry that does not fit. */
MUST_USE enum err hubstore_audit_verify(struct hubstore *s, evlog_tell tell, void *ctx,
                                        uint64_t *out_faults, struct why *why);
