/* One round with the hub. Each file of it tells one story:

     outbox.c       the order of a round, and what the hub's refusals mean
     outbox_head.c  compare: what the hub holds of us
     outbox_push.c  our own lines that wait
     outbox_post.c  what names nobody
     outbox_pull.c  the lines of the site's others
     outbox_ahead.c the next of them asked for while these are taken in
     outbox_owe.c   a new epoch of the hub: give back everything
     outbox_heal.c  a fork: a line that is another in the hub's order
     outbox_files.c attachments, behind the lines

   Every step can be cut off anywhere and done again: the hub takes a line twice as once, and the cursor moves with the lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/db.h"
#include "platform/base/err.h"
#include "sync/client/link.h"
#include "sync/client/worker.h"

enum {
    OUTBOX_LINES_MAX = 1000, /* as many as the hub sends: some 70 KB when compressed */
    OUTBOX_BYTES_MAX = 2 * 1024 * 1024,
    /* Lines a transaction: as many as take OUTBOX_TAKE_MS of the processor at the pace of the one
       before (or twice that by the clock, where the disk is slow), so that a save on the main
       thread, which waits for the whole of one, does not wait for much longer than that; at most a
       whole bundle, and at most so many times more than the one before, since each has to wait for
       the disk and writes the same pages again. */
    OUTBOX_TAKE_MIN = 25,
    OUTBOX_TAKE_MAX = OUTBOX_LINES_MAX,
    OUTBOX_TAKE_MS = 100,
    OUTBOX_TAKE_GROWTH = 4,
    OUTBOX_POSTS_MAX = 50,   /* a round */
    OUTBOX_PUSHES_MAX = 500, /* bundles a round: 250,000 lines, a school's years */
    OUTBOX_TURNS_MAX = 3,    /* a round may start over: a new epoch, the certificate shown */
};

struct outbox {
    struct db *db;
    struct link link; /* url, hub, epoch and clock are set */
    const struct worker_options *o;
    const char *site;
    int64_t retry_after_ms;  /* out: what the hub asked for; 0 nothing */
    uint64_t pushed, pulled; /* out: lines acknowledged and lines new here, this round */
    bool more; /* out: the round ended well, and further files wait: come again soon */
    /* Our key; zeroed: o->self. Out: a new one after a fork of our own lines. */
    struct keypair self;
    bool revoked; /* out: the hub says that this kiosk is out of use, and has to wipe itself */

    /* Its own. */
    bool again;       /* the round starts over: what we went by is not so any more */
    bool reread;      /* the site's order was read from its start this round */
    bool rejoined;    /* the certificate was shown this round */
    bool other_order; /* the hub's lines stand under other numbers than we have read */
    char problem[32]; /* the code of the last refusal; "" none */
    size_t take;      /* lines of the next transaction; 0: none was made yet */
    uint64_t own;     /* our lines that the hub need not send: shown equal this round; 0: all */
};

/* The whole round. A fork or a refused bundle does not keep the others' lines from coming in. */
MUST_USE enum fault outbox_round(struct outbox *b, struct why *why);

/* Its steps, for tests. FAULT_FORK of a comparison or a push: the hub holds another line there; reading heals it. */
MUST_USE enum fault outbox_compare(struct outbox *b, struct why *why);
MUST_USE enum fault outbox_push(struct outbox *b, struct why *why);
/* What names nobody (sync/log/postbox.h). A hub that does not know of it yet leaves it waiting, which is no fault. */
MUST_USE enum fault outbox_post(struct outbox *b, struct why *why);
MUST_USE enum fault outbox_pull(struct outbox *b, struct why *why);
/* Gives the hub back everything, where it is owed (epoch.h); else nothing. */
MUST_USE enum fault outbox_owe(struct outbox *b, struct why *why);
