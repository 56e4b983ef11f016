#include "app/store/project.h"

#include "app/store/times.h"

/* What a kiosk learnt of its own clock: by how much the time of its earlier lines was off. It may only
   speak of lines of its own that stand before, and only at a time that it trusts. */

static enum err time_span(struct db *db, const struct project_line *line, const struct json *row,
                          int64_t *after, struct why *why)
{
    const struct json *from = row->type == JNODE_ARRAY && row->len == 3 ? row->first : NULL;
    const struct json *to = from == NULL ? NULL : from->next;
    const struct json *offset = to == NULL ? NULL : to->next;
    struct db_stmt q;

    if (offset == NULL || from->type != JNODE_INT || to->type != JNODE_INT ||
        offset->type != JNODE_INT || from->integer <= *after || to->integer < from->integer ||
        (uint64_t)to->integer >= line->event->seq || offset->integer > HLC_MS_MAX ||
        offset->integer < -HLC_MS_MAX)
        return why_set(why, ERR_INPUT, 0, "line %s: its lines are not this release's", line->id);
    *after = to->integer;
    q = db_prepare(db,
                   "insert or replace into clock_span(event, device, seq, first, last, offset_ms)"
                   " values (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, line->event->device);
    db_bind_i64(&q, 3, (int64_t)line->event->seq);
    db_bind_i64(&q, 4, from->integer);
    db_bind_i64(&q, 5, to->integer);
    db_bind_i64(&q, 6, offset->integer);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_clock_learnt(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    const struct event *event = line->event;
    const struct json *rows = json_get(event->body, "lines");
    int64_t after = 0;
    enum err rc = db_begin(db, why);

    (void)a;
    if (rc != ERR_OK)
        return rc;
    if (rows == NULL || rows->type != JNODE_ARRAY || rows->len > TIMES_SPANS_MAX ||
        event->clock < CLOCK_NTP || !str_eq(event->subject, event->device))
        rc = why_set(why, ERR_INPUT, 0, "line %s: not what a clock learns in this release",
                     line->id);
    /* All or none: a line that waits has left nothing behind. */
    for (const struct json *row = rc == ERR_OK ? rows->first : NULL; row != NULL && rc == ERR_OK;
         row = row->next)
        rc = time_span(db, line, row, &after, why);
    return db_finish(db, rc, why);
}
