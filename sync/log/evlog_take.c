#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"
#include "sync/log/evlog_parts.h"

/* Lines that come in. Mostly one line of a device follows the other: so what was looked up for the first serves the next as long as
   nobody else can write, which is until the transaction ends. The device's mark and the log's clock are written at its end. */

/* What the log has where a line is to stand. */
struct evlog_near {
    enum evlog_took took;
    bool chains;               /* the line after it, where one is here, names it */
    char before[KEYS_ID_TEXT]; /* the hash of the line before; "" when we know none */
};

/* One row of evlog_near: a line at, before or after e's number, or the mark. Whether a line is known is decided by its bytes,
   as a stored hash may be damaged. Of a line that is gone the mark keeps the hash alone. */
static void evlog_near_row(struct db_stmt *q, const struct event *e, const char *line, size_t len,
                           const char *hash, struct evlog_near *near)
{
    const uint64_t seq = (uint64_t)db_i64(q, 0);
    const bool marked = db_null(q, 2);

    if (seq < e->seq) {
        if (!marked || near->before[0] == '\0')
            (void)str_copy(near->before, sizeof(near->before), db_text(q, 1));
    } else if (seq > e->seq) {
        near->chains = db_null(q, 3) || str_eq(db_text(q, 3), hash);
    } else if (!marked) {
        size_t have_len = 0;
        const void *have = db_blob(q, 2, &have_len);

        near->took =
            have_len == len && memcmp(have, line, len) == 0 ? EVLOG_KNOWN : EVLOG_DIFFERENT;
    } else if (near->took == EVLOG_NEW && !str_eq(db_text(q, 1), hash)) {
        near->took = EVLOG_DIFFERENT;
    }
}

/* One look for the line, its neighbours and the mark: each line that comes in asks. */
static enum err evlog_near(struct db *db, const struct event *e, const char *line, size_t len,
                           const char *hash, struct evlog_near *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select seq, hash, iif(seq = ?2, line, ''), iif(seq > ?2 and json_valid(line),"
            " line ->> '$.prev', null) from log_line where device = ?1 and seq between ?2 - 1"
            " and ?2 + 1 union all select seq, hash, null, null from log_mark where device = ?1"
            " and seq between ?2 - 1 and ?2");
    struct evlog_near near = { .took = EVLOG_NEW, .chains = true };

    db_lend_text(&q, 1, e->device);
    db_bind_i64(&q, 2, (int64_t)e->seq);
    while (db_step(&q))
        evlog_near_row(&q, e, line, len, hash, &near);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = near;
    return rc;
}

enum err evlog_look(struct db *db, const char *line, size_t len, struct arena *a,
                    struct event *out_event, enum evlog_took *out_took, struct why *why)
{
    struct event e;
    struct evlog_near near;
    char hash[KEYS_ID_TEXT];
    enum err rc = event_parse(a, line, len, &e, why);

    keys_sha256_hex(hash, line, len);
    if (rc == ERR_OK)
        rc = evlog_near(db, &e, line, len, hash, &near, why);
    if (rc == ERR_OK) {
        *out_event = e;
        *out_took = near.took;
    }
    return rc == ERR_OK ? rc : why_in(why, rc, "log");
}

static enum err evlog_chains(const struct evlog_near *near, const struct event *e, struct why *why)
{
    if (near->before[0] != '\0' && !str_eq(near->before, e->prev))
        return why_set(why, ERR_CONFLICT, 0, "it does not chain to the line before");
    if (!near->chains)
        return why_set(why, ERR_CONFLICT, 0, "the line after does not chain to it");
    return ERR_OK;
}

/* ---- one transaction's lines ---- */

void evlog_take_begin(struct evlog_taking *t, struct db *db, struct clock_now now)
{
    *t = (struct evlog_taking){ .db = db, .now = now };
}

static struct evlog_top *take_top(struct evlog_taking *t, const char *device)
{
    for (size_t i = 0; i < t->count; i++)
        if (str_eq(t->tops[i].device, device))
            return &t->tops[i];
    return NULL;
}

static enum err take_mark(struct db *db, struct evlog_top *top, struct why *why)
{
    enum err rc = top->moved ? evlog_mark(db, top->device, top->seq, top->hash, why) : ERR_OK;

    top->moved = false;
    return rc;
}

/* Whether neither a line nor a mark of the device stands above e. */
static enum err take_is_top(struct db *db, const struct event *e, bool *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select not exists (select 1 from log_line where device = ?1 and seq > ?2)"
                       " and not exists (select 1 from log_mark where device = ?1 and seq > ?2)");

    db_lend_text(&q, 1, e->device);
    db_bind_i64(&q, 2, (int64_t)e->seq);
    *out = db_step(&q) && db_i64(&q, 0) != 0;
    return db_end(&q, why);
}

/* A device more, in the place of the one that came first where there are too many. */
static enum err take_add(struct evlog_taking *t, struct evlog_top **out, struct why *why)
{
    struct evlog_top *top = &t->tops[t->next];
    enum err rc = t->next < t->count ? take_mark(t->db, top, why) : ERR_OK;

    t->count += t->next == t->count ? 1 : 0;
    t->next = (t->next + 1) % EVLOG_TOPS_MAX;
    *out = top;
    return rc;
}

/* e was stored: what stands highest of its device by now. */
static enum err take_stored(struct evlog_taking *t, struct evlog_top *top, const struct event *e,
                            const char *hash, struct why *why)
{
    bool is_top = top != NULL && e->seq > top->seq;
    enum err rc = ERR_OK;

    if (top == NULL)
        rc = take_is_top(t->db, e, &is_top, why);
    if (rc == ERR_OK && !is_top)
        return evlog_mark(t->db, e->device, e->seq, hash, why);
    if (rc == ERR_OK && top == NULL)
        rc = take_add(t, &top, why);
    if (rc != ERR_OK)
        return rc;
    top->seq = e->seq;
    top->moved = true;
    (void)str_copy(top->device, sizeof top->device, e->device);
    (void)str_copy(top->hash, sizeof top->hash, hash);
    return ERR_OK;
}

/* A line that is none is refused for what it is, and not for what another took it for. */
static enum err take_read(const struct event_line *in, struct arena *a, struct event *e,
                          char hash[KEYS_ID_TEXT], struct why *why)
{
    enum err rc = ERR_OK;

    if (in->event != NULL)
        *e = *in->event;
    else
        rc = event_parse(a, in->line, in->len, e, why);
    if (rc == ERR_OK && in->hash != NULL)
        hex_put(hash, in->hash, KEYS_HASH);
    else if (rc == ERR_OK)
        keys_sha256_hex(hash, in->line, in->len);
    return rc;
}

static enum err take_new(struct evlog_taking *t, struct evlog_top *top, const struct event *e,
                         const struct event_line *in, const char *hash, struct why *why)
{
    enum err rc = evlog_store(t->db, e, in->line, in->len, hash, why);

    if (rc == ERR_OK)
        rc = take_stored(t, top, e, hash, why);
    if (rc == ERR_OK && !t->clock_read) {
        rc = evlog_clock_load(t->db, &t->clock, why);
        t->clock_was = t->clock;
        t->clock_read = rc == ERR_OK;
    }
    if (rc == ERR_OK)
        (void)hlc_merge(&t->clock, e->hlc, event_stamp_trusted(e),
                        t->now.trust >= CLOCK_NTP ? t->now.wall_ms : 0);
    return rc;
}

enum err evlog_take(struct evlog_taking *t, const struct event_line *in, struct arena *a,
                    struct event *out_event, enum evlog_took *out_took, struct why *why)
{
    struct event e;
    struct evlog_near near = { .took = EVLOG_NEW, .chains = true };
    char hash[KEYS_ID_TEXT];
    enum err rc = take_read(in, a, &e, hash, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "log");
    struct evlog_top *top = take_top(t, e.device);
    if (top != NULL && e.seq == top->seq + 1)
        (void)str_copy(near.before, sizeof near.before, top->hash);
    else
        rc = evlog_near(t->db, &e, in->line, in->len, hash, &near, why);
    if (rc == ERR_OK && near.took == EVLOG_NEW)
        rc = evlog_chains(&near, &e, why);
    if (rc == ERR_OK && near.took == EVLOG_NEW)
        rc = take_new(t, top, &e, in, hash, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "line %" PRIu64 " of device %.8s", e.seq, e.device);
    if (out_event != NULL)
        *out_event = e;
    *out_took = near.took;
    return ERR_OK;
}

enum err evlog_take_end(struct evlog_taking *t, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < t->count && rc == ERR_OK; i++)
        rc = take_mark(t->db, &t->tops[i], why);
    if (rc == ERR_OK && t->clock_read && hlc_cmp(t->clock, t->clock_was) != 0)
        rc = evlog_clock_save(t->db, t->clock, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "log");
}

enum err evlog_ingest(struct db *db, const char *line, size_t len, struct clock_now now,
                      struct arena *a, struct event *out_event, enum evlog_took *out_took,
                      struct why *why)
{
    const struct event_line in = { .line = line, .len = len };
    const bool alone = db->depth == 0;
    struct evlog_taking t;
    enum err rc = alone ? db_begin(db, why) : ERR_OK;

    if (rc != ERR_OK)
        return why_in(why, rc, "log");
    evlog_take_begin(&t, db, now);
    rc = evlog_take(&t, &in, a, out_event, out_took, why);
    if (rc == ERR_OK)
        rc = evlog_take_end(&t, why);
    return alone ? db_finish(db, rc, why) : rc;
}
