/* One transaction that heals a fork: our lines of a chain, from the first that is another in the hub's, leave it
   (evlog_carry.h), and the hub's may take their place. Where the chain is our own, we go on under a new key. */
#pragma once

#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

/* Body {"was","seq","ours","theirs"}: the first line of the new key. */
#define FORK_KIND "kiosk.forked"

struct evlog_fork {
    const struct keypair *as; /* carries: the new key where the chain is our own, else our own */
    const char *device;       /* whose chain it is */
    uint64_t seq;             /* the first line that differs */
    const char *line;         /* the hub's, which is to be taken in next */
    size_t len;
};

/* Inside the caller's transaction; the line itself is the caller's to take in. *out_rekeyed: log_meta self is the new key by
   now. ERR_LIMIT: a line does not fit into another; nothing can heal that. */
MUST_USE enum err evlog_fork(struct db *db, struct clock_now now, const struct evlog_fork *f,
                             bool *out_rekeyed, struct why *why);
/* The hash of the line that we hold there; of one that was lost, what the mark remembers. */
MUST_USE enum err evlog_fork_ours(struct db *db, const char *device, uint64_t seq,
                                  char out[KEYS_ID_TEXT], struct why *why);
