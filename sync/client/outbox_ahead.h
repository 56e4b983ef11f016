/* The hub's lines asked for while those before them are taken in: a thread of its own asks, verifies, unpacks and reads them, and
   touches no database. Whose round it is owns what is asked, but for the time between outbox_ahead_begin and outbox_ahead_end. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "sync/client/link.h"
#include "sync/client/outbox.h"
#include "sync/log/bundle.h"
#include "sync/log/event.h"

/* One question, and what came of it. */
struct outbox_ahead {
    struct arena a;    /* of the answer and the bundle */
    struct arena read; /* of what its lines say */
    struct link link;
    struct keypair self;
    uint64_t after, own;
    const void *(*reader)(struct arena *a, const struct event *e); /* worker_options.read */
    bool asked;    /* begun, and its answer not used yet */
    bool threaded; /* by a thread, which has to be waited for */
    _Atomic bool given_up;
    pthread_t thread;
    /* Out. */
    enum fault fault; /* of the question, or for what is no bundle of ours */
    struct link_answer r;
    struct bundle in;         /* where r.status is 200 */
    struct event_line *lines; /* of in */
    struct why why;
};

void outbox_ahead_init(struct outbox_ahead *q);
/* Asks for what follows after. Where no thread can be made, outbox_ahead_end asks. */
void outbox_ahead_begin(struct outbox_ahead *q, const struct outbox *b, uint64_t after);
/* The answer to exactly this question: it waits for the one that was begun, and asks where that was another one, or was asked
   as somebody else. What the answer says of the hub's time and the network is b's from then on. */
enum fault outbox_ahead_end(struct outbox_ahead *q, struct outbox *b, uint64_t after,
                            struct why *why);
/* Gives up what was begun; accepts one at which nothing was. */
void outbox_ahead_done(struct outbox_ahead *q);
