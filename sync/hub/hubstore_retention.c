#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"
#include "sync/hub/hubstore_retention.h"
#include "sync/log/event.h"

/* What is old enough to go. Lines never are: a chain with a gap proves nothing. */

enum { RETENTION_ARENA = 256 * 1024 * 1024 };

/* ---- people of whom nothing was heard ---- */

struct retention_person {
    const char *person, *site_name;
    int64_t last_ms;
};

struct retention_people {
    struct arena a;
    struct arena scratch;
    struct retention_person *all;
    size_t count;
};

static int retention_compare(const void *left, const void *right)
{
    const struct retention_person *a = left;
    const struct retention_person *b = right;

    return strcmp(a->person, b->person);
}

static enum err retention_load(struct hubstore *s, struct retention_people *p, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select named.person, min(site.name), count(*) over () from named join site on"
                " site.id = named.site where not exists (select 1 from erased where"
                " erased.site = named.site and erased.person = named.person)"
                " group by named.person order by named.person");

    while (sql_step(&q)) {
        if (p->all == NULL)
            p->all = arena_array(&p->a, (size_t)sql_i64(&q, 2), sizeof(*p->all));
        if (p->all == NULL)
            break;
        p->all[p->count++] = (struct retention_person){ .person = sql_text_in(&q, 0, &p->a),
                                                        .site_name = sql_text_in(&q, 1, &p->a) };
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && p->a.failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the people");
    /* The database's order of letters may be another one. */
    if (rc == ERR_OK && p->count > 1)
        qsort(p->all, p->count, sizeof(*p->all), retention_compare);
    return rc;
}

static void retention_heard(struct retention_people *p, const char *person, int64_t at_ms)
{
    const struct retention_person key = { .person = person };
    struct retention_person *found =
        p->count == 0 ? NULL : bsearch(&key, p->all, p->count, sizeof(*p->all), retention_compare);

    if (found != NULL && at_ms > found->last_ms)
        found->last_ms = at_ms;
}

static bool retention_line(void *ctx, const struct hub_line *row)
{
    struct retention_people *p = ctx;
    struct event e;
    int64_t at_ms;

    arena_reset(&p->scratch);
    if (event_parse(&p->scratch, row->line, row->len, &e, NULL) != ERR_OK ||
        !clock_parse_iso(e.at, &at_ms))
        return true;
    retention_heard(p, e.actor, at_ms);
    retention_heard(p, e.subject, at_ms);
    return true;
}

static enum err retention_names(struct hubstore *s, int64_t before_ms, hub_old_visit visit,
                                void *ctx, struct why *why)
{
    struct retention_people p = { .count = 0 };

    arena_init(&p.a, RETENTION_ARENA);
    arena_init(&p.scratch, EVENT_ARENA);
    enum err rc = retention_load(s, &p, why);
    if (rc == ERR_OK)
        rc = hubstore_each(s, NULL, retention_line, &p, why);
    for (size_t i = 0; i < p.count && rc == ERR_OK; i++) {
        const struct hub_old old = { .what = HUB_OLD_NAMES,
                                     .id = p.all[i].person,
                                     .site_name = p.all[i].site_name,
                                     .at_ms = p.all[i].last_ms,
                                     .count = 1 };
        if (p.all[i].last_ms < before_ms)
            rc = visit(ctx, &old, why);
    }
    arena_done(&p.scratch);
    arena_done(&p.a);
    return rc;
}

/* ---- what is not a line ---- */

static enum err retention_count(struct sql_stmt *q, struct hub_old *old, hub_old_visit visit,
                                void *ctx, struct why *why)
{
    if (sql_step(q))
        old->count = (size_t)sql_i64(q, 0);
    enum err rc = sql_end(q, why);
    return rc == ERR_OK && old->count > 0 ? visit(ctx, old, why) : rc;
}

/* Of voices only the month is kept: those of the month of that day stay. */
static void retention_month(char out[CLOCK_ISO], int64_t before_ms)
{
    clock_iso(out, before_ms);
    out[strlen("2026-11")] = '\0';
}

enum err hubstore_old_each(struct hubstore *s, enum hub_old_what what, int64_t before_ms,
                           hub_old_visit visit, void *ctx, struct why *why)
{
    struct hub_old old = { .what = what, .id = "", .site_name = "", .at_ms = before_ms };
    char month[CLOCK_ISO];
    struct sql_stmt q;

    switch (what) {
    case HUB_OLD_NAMES:
        return retention_names(s, before_ms, visit, ctx, why);
    case HUB_OLD_VOICES:
        retention_month(month, before_ms);
        q = sql_prepare(s->sql, "select count(*) from post where month < $1");
        sql_bind_text(&q, 1, month);
        return retention_count(&q, &old, visit, ctx, why);
    case HUB_OLD_ALARMS:
        q = sql_prepare(s->sql, "select count(*) from alarm where at_ms < $1");
        sql_bind_i64(&q, 1, before_ms);
        return retention_count(&q, &old, visit, ctx, why);
    }
    return why_set(why, ERR_INPUT, 0, "nothing of that kind is kept");
}

struct retention_drop {
    enum hub_old_what what;
    int64_t before_ms;
};

static enum err retention_drop_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct retention_drop *d = ctx;
    char month[CLOCK_ISO];
    struct sql_stmt q;

    if (d->what == HUB_OLD_VOICES) {
        retention_month(month, d->before_ms);
        q = sql_prepare(s->sql, "delete from post where month < $1");
        sql_bind_text(&q, 1, month);
    } else {
        q = sql_prepare(s->sql, "delete from alarm where at_ms < $1");
        sql_bind_i64(&q, 1, d->before_ms);
    }
    return sql_done(&q, NULL, why);
}

enum err hubstore_old_drop(struct hubstore *s, const struct hub_old *old, struct clock_now now,
                           struct why *why)
{
    struct retention_drop d = { .what = old->what, .before_ms = old->at_ms };

    if (old->what == HUB_OLD_NAMES)
        return hubstore_erase(s, old->id, "retention", now, why);
    return hubstore_in(s, true, retention_drop_work, &d, why);
}
