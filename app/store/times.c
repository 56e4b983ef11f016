#include "app/store/times.h"

#include <inttypes.h>

#include "app/store/project.h"
#include "platform/base/json.h"

enum err times_mark(struct db *db, const struct event *event, struct clock_now now, struct why *why)
{
    int64_t at_ms = 0;
    struct db_stmt q;

    if (now.trust >= CLOCK_NTP || now.boot == 0 || !clock_parse_iso(event->at, &at_ms))
        return ERR_OK;
    q = db_prepare(db, "insert or replace into local_time(seq, boot, boot_ms, at_ms, trust)"
                       " values (?1, ?2, ?3, ?4, ?5)");
    db_bind_i64(&q, 1, (int64_t)event->seq);
    db_bind_i64(&q, 2, (int64_t)now.boot);
    db_bind_i64(&q, 3, now.boot_ms);
    db_bind_i64(&q, 4, at_ms);
    db_bind_i64(&q, 5, (int64_t)now.trust);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* Lines from one number to another, and what has to be added to their time. */
struct span {
    int64_t from, to, offset_ms;
};
struct spans {
    struct span rows[TIMES_SPANS_MAX];
    size_t count;
    struct clock_learnt last; /* as the last of them tells it */
};

/* A line's own offset may differ by a little from its neighbours': the clock ticks on while it is read. */
static void spans_add(struct spans *s, int64_t seq, int64_t offset_ms)
{
    enum { SAME_MS = 1000 };
    struct span *last = s->count == 0 ? NULL : &s->rows[s->count - 1];
    int64_t by = last == NULL ? 0 : offset_ms - last->offset_ms;

    if (last != NULL && by < SAME_MS && by > -SAME_MS)
        last->to = seq;
    else if (s->count < TIMES_SPANS_MAX)
        s->rows[s->count++] = (struct span){ seq, seq, offset_ms };
}

static enum err spans_read(struct db *db, struct clock_now now, struct spans *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select seq, boot_ms, at_ms, trust from local_time where boot = ?1 order by seq");

    db_bind_i64(&q, 1, (int64_t)now.boot);
    while (db_step(&q)) {
        int64_t since_ms = now.boot_ms - db_i64(&q, 1);
        int64_t at_ms = db_i64(&q, 2);

        if (since_ms < 0)
            continue;
        spans_add(out, db_i64(&q, 0), now.wall_ms - since_ms - at_ms);
        out->last = (struct clock_learnt){ .old_ms = at_ms + since_ms,
                                           .new_ms = now.wall_ms,
                                           .from = (enum clock_trust)db_i64(&q, 3),
                                           .to = now.trust,
                                           .boot = now.boot,
                                           .boot_ms = now.boot_ms };
    }
    return db_end(&q, why);
}

static void learnt_write(struct buf *to, const struct clock_learnt *l, const struct spans *s)
{
    char iso[CLOCK_ISO];
    char boot[17];
    struct json_out j;

    json_out_init(&j, to);
    json_out_object(&j, NULL);
    clock_iso(iso, l->old_ms);
    json_out_str(&j, "old", iso);
    clock_iso(iso, l->new_ms);
    json_out_str(&j, "new", iso);
    json_out_int(&j, "offset_ms", l->new_ms - l->old_ms);
    json_out_str(&j, "from", clock_trust_name(l->from));
    json_out_str(&j, "to", clock_trust_name(l->to));
    (void)str_format(boot, sizeof boot, "%016" PRIx64, l->boot);
    json_out_str(&j, "boot", boot);
    json_out_int(&j, "boot_ms", l->boot_ms);
    json_out_array(&j, "lines");
    for (size_t i = 0; i < s->count; i++) {
        json_out_array(&j, NULL);
        json_out_int(&j, NULL, s->rows[i].from);
        json_out_int(&j, NULL, s->rows[i].to);
        json_out_int(&j, NULL, s->rows[i].offset_ms);
        json_out_end_array(&j);
    }
    json_out_end_array(&j);
    json_out_end_object(&j);
}

static enum err learnt_record(struct store *s, struct clock_now now, const struct clock_learnt *l,
                              const struct spans *spans, struct why *why)
{
    struct buf body;
    enum err rc;

    buf_init(&body, EVENT_LINE_MAX);
    learnt_write(&body, l, spans);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = store_record(s, now,
                          &(struct event_draft){
                              .kind = "clock.learnt", .subject = s->self.id, .body = body.data },
                          NULL, why);
    buf_free(&body);
    return rc;
}

static enum err told_keep(struct db *db, struct clock_now now, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "insert or replace into local_told(id, boot, boot_ms, wall_ms,"
                       " trust) values (1, ?1, ?2, ?3, ?4)");

    db_bind_i64(&q, 1, (int64_t)now.boot);
    db_bind_i64(&q, 2, now.boot_ms);
    db_bind_i64(&q, 3, now.wall_ms);
    db_bind_i64(&q, 4, (int64_t)now.trust);
    (void)db_step(&q);
    return db_end(&q, why);
}

static bool learnt_far(const struct clock_learnt *l)
{
    int64_t off_ms = l == NULL ? 0 : l->new_ms - l->old_ms;

    return off_ms > TIMES_OFF_MS || off_ms < -TIMES_OFF_MS;
}

enum err store_learn_time(struct store *s, struct clock_now now, const struct clock_learnt *learnt,
                          bool *out_recorded, struct why *why)
{
    struct spans spans = { .count = 0 };
    bool record = false;
    enum err rc = db_begin(&s->db, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "record what the clock learnt");
    rc = spans_read(&s->db, now, &spans, why);
    record = spans.count > 0 || learnt_far(learnt);
    if (rc == ERR_OK && record)
        rc = learnt_record(s, now, learnt != NULL ? learnt : &spans.last, &spans, why);
    /* Those of an earlier run of the machine can be placed by nobody any more. */
    if (rc == ERR_OK)
        rc = db_exec(&s->db, "delete from local_time", why);
    if (rc == ERR_OK)
        rc = told_keep(&s->db, now, why);
    rc = store_finish(s, rc, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record what the clock learnt");
    if (out_recorded != NULL)
        *out_recorded = record;
    return ERR_OK;
}

enum err store_time_told(struct store *s, struct clock_now *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select boot, boot_ms, wall_ms, trust from local_told where trust"
                           " between 3 and 4");
    struct clock_now told = { .boot = 0 };
    enum err rc;

    _Static_assert(CLOCK_NTP == 3 && CLOCK_HUB == 4, "as the file keeps them");
    if (db_step(&q))
        told = (struct clock_now){ .boot = (uint64_t)db_i64(&q, 0),
                                   .boot_ms = db_i64(&q, 1),
                                   .wall_ms = db_i64(&q, 2),
                                   .trust = (enum clock_trust)db_i64(&q, 3) };
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the time that was told");
    *out = told;
    return ERR_OK;
}
