#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "sync/client/epoch.h"
#include "sync/client/outbox_ahead.h"
#include "sync/client/outbox_order.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"

/* The lines of the site's others, in the site's order. A line that is another here is settled as it comes (outbox_heal.c): it
   was never read by this card, so it stands above the cursor, and nowhere else. */

/* One transaction for some lines and the cursor behind them: a kill leaves both or neither. */
static enum err pull_take(struct outbox *b, const struct outbox_ahead *q, size_t at, size_t count,
                          struct why *why)
{
    size_t fresh = 0;
    enum err rc = db_begin(b->db, why);

    if (rc != ERR_OK)
        return rc;
    rc = b->o->ingest(b->o->ctx, b->db, clock_read(b->o->clock), q->lines + at, count, &fresh, why);
    if (rc == ERR_OK)
        rc = state_set_i64(b->db, "cursor", (int64_t)q->in.lines[at + count - 1].site_no, why);
    rc = db_finish(b->db, rc, why);
    if (rc == ERR_OK)
        b->pulled += fresh;
    return rc;
}

/* One after the other, because one of them does not fit. */
static enum fault pull_slowly(struct outbox *b, struct outbox_ahead *q, size_t at, size_t count,
                              struct why *why)
{
    struct arena *a = &q->a;
    enum fault fault = FAULT_NONE;

    for (size_t i = at; i < at + count && fault == FAULT_NONE; i++) {
        const struct bundle_line *line = &q->in.lines[i];
        struct arena_mark mark = arena_mark(a);
        enum evlog_took took = EVLOG_NEW;
        struct event e;
        enum err rc = evlog_look(b->db, line->line, line->len, a, &e, &took, why);

        if (rc == ERR_OK && took == EVLOG_DIFFERENT)
            fault = outbox_heal(b, a, line, why);
        else if (rc == ERR_OK)
            rc = pull_take(b, q, i, 1, why);
        if (rc == ERR_CONFLICT)
            fault = FAULT_FORK;
        else if (rc != ERR_OK)
            fault = FAULT_STORE;
        arena_rewind(a, mark);
    }
    return fault;
}

/* Numbers rise from the cursor to next, so that no line is jumped over but those that were not asked for. */
static bool pull_in_order(const struct bundle *in, uint64_t cursor, bool all)
{
    uint64_t last = cursor;

    for (size_t i = 0; i < in->line_count; i++) {
        if (in->lines[i].site_no <= last)
            return false;
        last = in->lines[i].site_no;
    }
    return in->line_count == 0 || in->next == last || (!all && in->next > last);
}

/* What the screen tells of a long first reading. */
static enum err pull_tell(struct outbox *b, size_t lines, struct why *why)
{
    int64_t left = 0;
    enum err rc = state_get_i64(b->db, "to_come", 0, &left, why);

    if (rc != ERR_OK || left == 0)
        return rc;
    left = lines > 0 && left > (int64_t)lines ? left - (int64_t)lines : 0;
    rc = outbox_to_come(b, (uint64_t)left, why);
    if (rc == ERR_OK && b->o->changed != NULL)
        b->o->changed(b->o->ctx);
    return rc;
}

static uint64_t pull_last(const struct bundle *in, uint64_t cursor)
{
    return in->line_count > 0 ? in->lines[in->line_count - 1].site_no : cursor;
}

static size_t pull_count(struct outbox *b, size_t left)
{
    if (b->take == 0)
        b->take = OUTBOX_TAKE_MIN;
    return left < b->take ? left : b->take;
}

/* What a transaction took: of the processor, or half of what the clock says where that is more, since the disk makes the screen
   wait too, and whatever else runs here is not to make transactions small. */
struct pull_time {
    int64_t cpu_us, mono_ms;
};

static struct pull_time pull_now(void)
{
    struct timespec t = { 0 };

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (struct pull_time){ .cpu_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000,
                               .mono_ms = clock_mono_ms() };
}

/* As many lines next time as take OUTBOX_TAKE_MS at this pace. */
static void pull_took(struct outbox *b, size_t count, struct pull_time from)
{
    const struct pull_time to = pull_now();
    const int64_t cpu_us = to.cpu_us - from.cpu_us;
    const int64_t half_us = (to.mono_ms - from.mono_ms) * 1000 / 2;
    const int64_t us = cpu_us > half_us ? cpu_us : half_us;
    const int64_t most = (int64_t)count * OUTBOX_TAKE_GROWTH;
    int64_t fit = us > 0 ? (int64_t)count * OUTBOX_TAKE_MS * 1000 / us : most;

    /* The rest of a bundle says little, and must not make the next one small. */
    if (count < b->take && fit >= (int64_t)count)
        return;
    fit = fit < most ? fit : most;
    fit = fit < OUTBOX_TAKE_MAX ? fit : OUTBOX_TAKE_MAX;
    b->take = fit > OUTBOX_TAKE_MIN ? (size_t)fit : OUTBOX_TAKE_MIN;
}

/* Where we stand, as the hub's tokens have it. What an answer brings of it counts once its lines are committed. */
struct pull_place {
    struct outbox_order here, next;
    bool told; /* the hub knows of tokens */
};

/* Whether this is the site's hub's, and follows what we asked for. Where what stands under our number is not what we have read
   there, the hub was put back: the round begins anew, and shows it so. */
static enum fault pull_check(struct outbox *b, const struct outbox_ahead *q, uint64_t cursor,
                             struct pull_place *at, struct why *why)
{
    const struct bundle *in = &q->in;
    char after[PROTO_TOKEN] = "";

    at->told = outbox_order_read(q->r.order, in->next, after, &at->next);
    if (at->told && at->here.token[0] != '\0' && !str_eq(after, at->here.token)) {
        (void)why_set(why, ERR_CONFLICT, 0, "the hub's order is not the one that was read");
        b->again = true;
        b->other_order = true;
        return FAULT_HUB_TROUBLE;
    }
    if (strcmp(in->sender, b->link.hub) == 0 && strcmp(in->site, b->site) == 0 &&
        pull_in_order(in, cursor, b->own == 0))
        return FAULT_NONE;
    (void)why_set(why, ERR_INPUT, 0,
                  "the hub's bundle is another sender's, another site's or out of order");
    return FAULT_NOT_HUB;
}

/* The lines up to there are committed. */
static enum err pull_read(struct outbox *b, uint64_t cursor, struct pull_place *at, struct why *why)
{
    if (at->next.no == at->here.no && str_eq(at->next.token, at->here.token))
        return ERR_OK;
    if (!at->told || at->next.no < cursor)
        at->next = (struct outbox_order){ .no = 0 };
    at->here = at->next;
    return outbox_order_put(b->db, &at->here, why);
}

static enum fault pull_apply(struct outbox *b, struct outbox_ahead *q, uint64_t cursor,
                             struct why *why)
{
    const struct bundle *in = &q->in;
    enum fault fault = FAULT_NONE;
    enum err rc = proto_blobs_take(b->db, in, why);

    for (size_t at = 0, count; at < in->line_count && rc == ERR_OK && fault == FAULT_NONE;
         at += count) {
        const struct pull_time from = pull_now();

        count = pull_count(b, in->line_count - at);
        rc = pull_take(b, q, at, count, why);
        pull_took(b, count, from);
        if (rc == ERR_CONFLICT) {
            rc = ERR_OK;
            fault = pull_slowly(b, q, at, count, why);
        }
    }
    if (rc == ERR_OK && fault == FAULT_NONE && in->next > pull_last(in, cursor))
        rc = state_set_i64(b->db, "cursor", (int64_t)in->next, why);
    if (rc == ERR_OK && fault == FAULT_NONE)
        rc = pull_tell(b, in->line_count, why);
    if (fault != FAULT_NONE)
        return fault;
    return rc == ERR_OK ? FAULT_NONE : FAULT_STORE;
}

/* One bundle, while the one after it is asked for. What comes of that counts at its own turn alone, when this one's lines and
   its place in the order are committed; what goes wrong here leaves it unused. */
static enum fault pull_one(struct outbox *b, struct outbox_ahead *now, struct outbox_ahead *ahead,
                           uint64_t cursor, struct pull_place *at, bool *out_more, struct why *why)
{
    const struct bundle *in = &now->in;
    enum fault fault = outbox_ahead_end(now, b, cursor, why);

    if (fault == FAULT_NONE)
        fault = pull_check(b, now, cursor, at, why);
    if (fault != FAULT_NONE)
        return fault;
    if (in->next > cursor)
        outbox_ahead_begin(ahead, b, in->next);
    fault = pull_apply(b, now, cursor, why);
    if (fault == FAULT_NONE && pull_read(b, cursor, at, why) != ERR_OK)
        fault = FAULT_STORE;
    if (fault != FAULT_NONE)
        return fault;
    *out_more = in->line_count > 0 || in->next > cursor;
    return FAULT_NONE;
}

/* From its start: what is here already is taken as known. */
static enum fault pull_anew(struct outbox *b, struct pull_place *at, uint64_t *cursor,
                            struct why *why)
{
    *at = (struct pull_place){ .told = false };
    *cursor = 0;
    b->own = 0;
    return epoch_reread(b->db, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
}

/* Where to read on: at the last number whose token we have. Lines that were committed without one (the power was cut in the
   middle of a bundle, or a stick brought them) come once more. */
static enum err pull_begin(struct outbox *b, struct pull_place *at, uint64_t *cursor,
                           struct why *why)
{
    *at = (struct pull_place){ .told = false };
    enum err rc = outbox_place(b, "cursor", cursor, why);

    if (rc == ERR_OK)
        rc = outbox_order_get(b->db, *cursor, &at->here, why);
    if (rc == ERR_OK && at->here.no > 0)
        *cursor = at->here.no;
    return rc;
}

enum fault outbox_pull(struct outbox *b, struct why *why)
{
    uint64_t cursor = 0;
    bool more = true;
    enum fault fault = FAULT_NONE;
    struct outbox_ahead asks[2];
    struct pull_place at;
    outbox_begin(b);
    if (pull_begin(b, &at, &cursor, why) != ERR_OK)
        return FAULT_STORE;

    outbox_ahead_init(&asks[0]);
    outbox_ahead_init(&asks[1]);
    for (int i = 0; i < OUTBOX_PUSHES_MAX && more && fault == FAULT_NONE; i++) {
        struct outbox_ahead *now = &asks[i % 2];

        fault = pull_one(b, now, &asks[(i + 1) % 2], cursor, &at, &more, why);
        if (fault == FAULT_FORK && !b->reread) {
            /* A line fits neither as it is nor as another one's: what should have told why stands below the cursor. */
            b->reread = true;
            fault = pull_anew(b, &at, &cursor, why);
        } else if (fault == FAULT_NONE && now->in.next < cursor) {
            /* The order of a hub that knows no tokens is shorter than our place in it. */
            more = true;
            fault = pull_anew(b, &at, &cursor, why);
        } else if (fault == FAULT_NONE) {
            cursor = now->in.next;
        }
    }
    outbox_ahead_done(&asks[0]);
    outbox_ahead_done(&asks[1]);
    return fault;
}
