#include "sync/client/outbox_ahead.h"

#include <inttypes.h>

#include "platform/base/str.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"

/* A bundle of lines as people write them takes a third of this; what does not fit is read when it is taken in. */
enum { AHEAD_READ_MAX = 24 * 1024 * 1024 };

void outbox_ahead_init(struct outbox_ahead *q)
{
    *q = (struct outbox_ahead){ .asked = false };
    arena_init(&q->a, OUTBOX_ARENA_MAX);
    arena_init(&q->read, AHEAD_READ_MAX);
}

/* Asked five times a second while the request runs. */
static bool ahead_cancelled(void *ctx)
{
    struct outbox_ahead *q = ctx;

    return atomic_load(&q->given_up) ||
           (q->link.cancelled != NULL && q->link.cancelled(q->link.ctx));
}

static enum fault ahead_lines(struct outbox_ahead *q)
{
    q->lines = arena_array(&q->a, q->in.line_count, sizeof *q->lines);
    if (q->lines == NULL)
        return FAULT_STORE;
    for (size_t i = 0; i < q->in.line_count; i++) {
        const struct bundle_line *line = &q->in.lines[i];

        q->lines[i] =
            (struct event_line){ .line = line->line, .len = line->len, .hash = line->hash };
    }
    return FAULT_NONE;
}

/* What the lines say. One that says nothing is left for whoever takes it in to refuse. */
static void ahead_read(struct outbox_ahead *q)
{
    for (size_t i = 0; i < q->in.line_count && !q->read.failed; i++) {
        struct event_line *line = &q->lines[i];
        struct event *e = arena_alloc(&q->read, sizeof *e);

        if (e == NULL || event_parse(&q->read, line->line, line->len, e, NULL) != ERR_OK)
            continue;
        line->event = e;
        if (q->reader != NULL)
            line->known = q->reader(&q->read, e);
    }
}

static enum fault ahead_ask(struct outbox_ahead *q)
{
    struct link link = q->link;
    const char *query =
        q->own > 0 ? arena_printf(&q->a, "after=%" PRIu64 "&own=%" PRIu64, q->after, q->own)
                   : arena_printf(&q->a, "after=%" PRIu64, q->after);
    if (query == NULL)
        return FAULT_STORE;

    const struct link_ask ask = { .method = "GET", .path = PROTO_EVENTS, .query = query };
    link.cancelled = ahead_cancelled;
    link.ctx = q;
    enum fault fault = link_ask(&link, &q->a, &ask, &q->r, &q->why);
    q->link.offset_ms = link.offset_ms;
    q->link.way = link.way;
    if (fault != FAULT_NONE || q->r.status != 200)
        return fault;
    if (bundle_decode(&q->a, q->r.body, q->r.len, &q->self, &q->in, &q->why) == ERR_OK)
        return ahead_lines(q);
    return bundle_of_other(q->r.body, q->r.len) ? FAULT_VERSION : FAULT_NOT_HUB;
}

static void *ahead_main(void *ctx)
{
    struct outbox_ahead *q = ctx;

    q->fault = ahead_ask(q);
    if (q->fault == FAULT_NONE && q->lines != NULL)
        ahead_read(q);
    return NULL;
}

static void ahead_set(struct outbox_ahead *q, const struct outbox *b, uint64_t after)
{
    arena_reset(&q->a);
    arena_reset(&q->read);
    q->link = b->link;
    q->self = b->self;
    q->link.self = &q->self;
    q->after = after;
    q->own = b->own;
    q->reader = b->o->read;
    q->r = (struct link_answer){ .problem = "" };
    q->in = (struct bundle){ .line_count = 0 };
    q->lines = NULL;
    q->why = (struct why){ .sys = 0 };
    atomic_store(&q->given_up, false);
}

static void ahead_wait(struct outbox_ahead *q)
{
    if (q->threaded)
        (void)pthread_join(q->thread, NULL);
    q->threaded = false;
}

static void ahead_stop(struct outbox_ahead *q)
{
    atomic_store(&q->given_up, true);
    ahead_wait(q);
    q->asked = false;
}

void outbox_ahead_begin(struct outbox_ahead *q, const struct outbox *b, uint64_t after)
{
    ahead_stop(q);
    ahead_set(q, b, after);
    q->threaded = pthread_create(&q->thread, NULL, ahead_main, q) == 0;
    q->asked = q->threaded;
}

/* Whether the one that was begun is still what would be asked now: a fork that was healed since gave us another key, and
   a reading that begins anew another place. */
static bool ahead_is(const struct outbox_ahead *q, const struct outbox *b, uint64_t after)
{
    return q->asked && q->after == after && q->own == b->own && str_eq(q->self.id, b->self.id) &&
           str_eq(q->link.epoch, b->link.epoch);
}

enum fault outbox_ahead_end(struct outbox_ahead *q, struct outbox *b, uint64_t after,
                            struct why *why)
{
    if (ahead_is(q, b, after)) {
        ahead_wait(q);
    } else {
        ahead_stop(q);
        ahead_set(q, b, after);
        q->fault = ahead_ask(q);
    }
    q->asked = false;
    b->link.offset_ms = q->link.offset_ms;
    b->link.way = q->link.way;
    b->retry_after_ms = q->r.retry_after_ms;
    if (q->fault != FAULT_NONE) {
        if (why != NULL)
            *why = q->why;
        return q->fault;
    }
    return q->r.status == 200 ? FAULT_NONE : outbox_refused(b, &q->a, &q->r, why);
}

void outbox_ahead_done(struct outbox_ahead *q)
{
    ahead_stop(q);
    arena_done(&q->a);
    arena_done(&q->read);
}
