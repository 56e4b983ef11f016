#include "app/store/project.h"

#include "app/store/times.h"

/* What a kiosk learnt of its own clock: by how much the time of its earlier lines was off. It may only
   speak of lines of its own that stand before, and only at a time that it trusts. */

/* [first, last, offset], after the lines of the one before. */
static bool span_ok(const struct project_line *line, const struct json *row, int64_t *after)
{
    const struct json *from = row->type == JNODE_ARRAY && row->len == 3 ? row->first : NULL;
    const struct json *to = from == NULL ? NULL : from->next;
    const struct json *offset = to == NULL ? NULL : to->next;

    if (offset == NULL || from->type != JNODE_INT || to->type != JNODE_INT ||
        offset->type != JNODE_INT || from->integer <= *after || to->integer < from->integer ||
        (uint64_t)to->integer >= line->event->seq || offset->integer > HLC_MS_MAX ||
        offset->integer < -HLC_MS_MAX)
        return false;
    *after = to->integer;
    return true;
}

/* All of them before any is written: a line that waits leaves nothing behind, and the log may be under way in a
   statement that a rollback would end. */
static bool spans_ok(const struct project_line *line, const struct json *rows)
{
    const struct event *event = line->event;
    int64_t after = 0;

    if (rows == NULL || rows->type != JNODE_ARRAY || rows->len > TIMES_SPANS_MAX ||
        event->clock < CLOCK_NTP || !str_eq(event->subject, event->device))
        return false;
    for (const struct json *row = rows->first; row != NULL; row = row->next)
        if (!span_ok(line, row, &after))
            return false;
    return true;
}

static enum err span_put(struct db *db, const struct project_line *line, const struct json *row,
                         struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "insert or replace into clock_span(event, device, seq, first, last, offset_ms)"
            " values (?1, ?2, ?3, ?4, ?5, ?6)");

    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, line->event->device);
    db_bind_i64(&q, 3, (int64_t)line->event->seq);
    db_bind_i64(&q, 4, row->first->integer);
    db_bind_i64(&q, 5, row->first->next->integer);
    db_bind_i64(&q, 6, row->first->next->next->integer);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_clock_learnt(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    const struct json *rows = json_get(line->event->body, "lines");
    enum err rc = ERR_OK;

    (void)a;
    /* It places lines by their numbers, under which its chain may hold others by now. */
    if (line->carried)
        return ERR_OK;
    if (!spans_ok(line, rows))
        return why_set(why, ERR_INPUT, 0, "line %s: not what a clock learns in this release",
                       line->id);
    for (const struct json *row = rows->first; row != NULL && rc == ERR_OK; row = row->next)
        rc = span_put(db, line, row, why);
    return rc;
}
