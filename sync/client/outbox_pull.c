#include <inttypes.h>
#include <string.h>

#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"

/* The lines of the site's others, in the site's order. A line that is another here is settled as it comes (outbox_heal.c): it
   was never read by this card, so it stands above the cursor, and nowhere else. */

/* One transaction for some lines and the cursor behind them: a kill leaves both or neither. */
static enum err pull_take(struct outbox *b, struct arena *a, const struct bundle_line *lines,
                          size_t count, struct why *why)
{
    const char **texts = arena_array(a, count, sizeof(*texts));
    size_t *lens = arena_array(a, count, sizeof(*lens));
    size_t fresh = 0;
    if (texts == NULL || lens == NULL)
        return why_set(why, ERR_NOMEM, 0, "pull: no memory");
    for (size_t i = 0; i < count; i++) {
        texts[i] = lines[i].line;
        lens[i] = lines[i].len;
    }

    enum err rc = db_begin(b->db, why);
    if (rc != ERR_OK)
        return rc;
    rc = b->o->ingest(b->o->ctx, b->db, clock_read(b->o->clock), texts, lens, count, &fresh, why);
    if (rc == ERR_OK)
        rc = state_set_i64(b->db, "cursor", (int64_t)lines[count - 1].site_no, why);
    rc = db_finish(b->db, rc, why);
    if (rc == ERR_OK)
        b->pulled += fresh;
    return rc;
}

/* One after the other, because one of them does not fit. */
static enum fault pull_slowly(struct outbox *b, struct arena *a, const struct bundle_line *lines,
                              size_t count, struct why *why)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        struct arena_mark mark = arena_mark(a);
        enum evlog_took took = EVLOG_NEW;
        struct event e;
        enum err rc = evlog_look(b->db, lines[i].line, lines[i].len, a, &e, &took, why);

        if (rc == ERR_OK && took == EVLOG_DIFFERENT)
            fault = outbox_heal(b, a, &lines[i], why);
        else if (rc == ERR_OK)
            rc = pull_take(b, a, &lines[i], 1, why);
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

static void pull_took(struct outbox *b, int64_t ms)
{
    if (ms > OUTBOX_TAKE_MS)
        b->take = b->take / 2 > OUTBOX_TAKE_MIN ? b->take / 2 : OUTBOX_TAKE_MIN;
    else if (ms < OUTBOX_TAKE_MS / 3)
        b->take = b->take * 2 < OUTBOX_TAKE_MAX ? b->take * 2 : OUTBOX_TAKE_MAX;
}

static enum fault pull_apply(struct outbox *b, struct arena *a, const struct link_answer *r,
                             uint64_t cursor, uint64_t *out_next, bool *out_more, struct why *why)
{
    struct bundle in;
    enum fault fault = FAULT_NONE;
    enum err rc = bundle_decode(a, r->body, r->len, &b->self, &in, why);
    if (rc != ERR_OK)
        return bundle_of_other(r->body, r->len) ? FAULT_VERSION : FAULT_NOT_HUB;
    if (strcmp(in.sender, b->link.hub) != 0 || strcmp(in.site, b->site) != 0 ||
        !pull_in_order(&in, cursor, b->own == 0)) {
        (void)why_set(why, ERR_INPUT, 0,
                      "the hub's bundle is another sender's, another site's or out of order");
        return FAULT_NOT_HUB;
    }
    rc = proto_blobs_take(b->db, &in, why);
    for (size_t at = 0, count; at < in.line_count && rc == ERR_OK && fault == FAULT_NONE;
         at += count) {
        const int64_t from_ms = clock_mono_ms();

        count = pull_count(b, in.line_count - at);
        rc = pull_take(b, a, &in.lines[at], count, why);
        pull_took(b, clock_mono_ms() - from_ms);
        if (rc == ERR_CONFLICT) {
            rc = ERR_OK;
            fault = pull_slowly(b, a, &in.lines[at], count, why);
        }
    }
    if (rc == ERR_OK && fault == FAULT_NONE && in.next > pull_last(&in, cursor))
        rc = state_set_i64(b->db, "cursor", (int64_t)in.next, why);
    if (rc == ERR_OK && fault == FAULT_NONE)
        rc = pull_tell(b, in.line_count, why);
    if (fault != FAULT_NONE)
        return fault;
    if (rc != ERR_OK)
        return FAULT_STORE;
    *out_next = in.next;
    *out_more = in.line_count > 0 || in.next > cursor;
    return FAULT_NONE;
}

static enum fault pull_one(struct outbox *b, struct arena *a, uint64_t cursor, uint64_t *out_next,
                           bool *out_more, struct why *why)
{
    struct link_answer r;
    const char *query = b->own > 0
                            ? arena_printf(a, "after=%" PRIu64 "&own=%" PRIu64, cursor, b->own)
                            : arena_printf(a, "after=%" PRIu64, cursor);
    if (query == NULL)
        return FAULT_STORE;

    const struct link_ask q = { .method = "GET", .path = PROTO_EVENTS, .query = query };
    enum fault fault = outbox_ask(b, a, &q, &r, NULL, why);
    return fault == FAULT_NONE ? pull_apply(b, a, &r, cursor, out_next, out_more, why) : fault;
}

enum fault outbox_pull(struct outbox *b, struct why *why)
{
    uint64_t cursor = 0;
    bool more = true;
    enum fault fault = FAULT_NONE;
    struct arena a;
    outbox_begin(b);
    if (outbox_place(b, "cursor", &cursor, why) != ERR_OK)
        return FAULT_STORE;

    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_PUSHES_MAX && more && fault == FAULT_NONE; i++) {
        uint64_t next = cursor;
        arena_reset(&a);
        fault = pull_one(b, &a, cursor, &next, &more, why);
        if (fault == FAULT_FORK && !b->reread) {
            /* A line fits neither as it is nor as another one's: what should have told why stands below the cursor. */
            b->reread = true;
            b->own = 0;
            fault = state_set_i64(b->db, "cursor", 0, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
            cursor = 0;
            continue;
        }
        if (fault == FAULT_NONE && next < cursor) {
            /* The hub's order is shorter than our place in it: read it from its start; what is here already is taken as
               known. */
            more = true;
            next = 0;
            b->own = 0;
            if (state_set_i64(b->db, "cursor", 0, why) != ERR_OK)
                fault = FAULT_STORE;
        }
        cursor = next;
    }
    arena_done(&a);
    return fault;
}
