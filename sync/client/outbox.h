/* One round with the hub: compare heads, push what waits, pull what the site's others recorded. Every step can be
   cut off anywhere and done again: the hub takes a line twice as once, and the cursor moves with the lines. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/db.h"
#include "platform/base/err.h"
#include "sync/client/link.h"
#include "sync/client/worker.h"

enum {
    OUTBOX_LINES_MAX = 200,
    OUTBOX_BYTES_MAX = 256 * 1024,
    OUTBOX_INGEST_MAX =
        50, /* lines a transaction, so that a save on the main thread never waits long */
    OUTBOX_POSTS_MAX = 50,   /* a round */
    OUTBOX_PUSHES_MAX = 500, /* bundles a round: 100,000 lines, a school's years */
};

struct outbox {
    struct db *db;
    struct link link; /* url, hub and clock are set */
    const struct worker_options *o;
    const char *site;
    int64_t retry_after_ms;  /* out: what the hub asked for; 0 nothing */
    uint64_t pushed, pulled; /* out: lines acknowledged and lines new here, this round */
};

/* The whole round. A fork or a refused bundle does not keep the others' lines from coming in. */
MUST_USE enum fault outbox_round(struct outbox *b, struct why *why);

/* Its steps, for tests. */
MUST_USE enum fault outbox_compare(struct outbox *b, struct why *why);
MUST_USE enum fault outbox_push(struct outbox *b, struct why *why);
/* What names nobody (sync/log/postbox.h). A hub that does not know of it yet leaves it waiting, which is no fault. */
MUST_USE enum fault outbox_post(struct outbox *b, struct why *why);
MUST_USE enum fault outbox_pull(struct outbox *b, struct why *why);
