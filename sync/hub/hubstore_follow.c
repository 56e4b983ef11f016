#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"
#include "sync/log/carried.h"

/* What is read from the bodies of lines: letters and their answers, people's names and who is named no longer. It
   follows behind the lines, so that taking lines in never waits for it, and can be dropped and followed again from the
   first. */

enum {
    FOLLOW_STEP = 500, /* lines in one transaction */
    FOLLOW_SITES_MAX = 200,
};

struct follow {
    struct arena *scratch;
    char site[KEYS_RANDOM_ID];
    uint64_t from, to; /* followed up to here, and there is as much */
    size_t read;
};

static const char *follow_text(const struct json *of, const char *key)
{
    const char *text = of != NULL ? json_str(of, key) : NULL;

    return text != NULL ? text : "";
}

static enum err follow_queued(struct hubstore *s, const struct follow *f, uint64_t no,
                              const struct event *e, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into letter(site, no, id, at, receiver, about, question)"
                            " values($1, $2, $3, $4, $5, $6, $7) on conflict do nothing");

    sql_bind_text(&q, 1, f->site);
    sql_bind_i64(&q, 2, (int64_t)no);
    sql_bind_text(&q, 3, e->subject);
    sql_bind_text(&q, 4, e->at);
    sql_bind_text(&q, 5, follow_text(e->body, "to"));
    sql_bind_text(&q, 6, follow_text(json_get(e->body, "facts"), "about"));
    sql_bind_text(&q, 7, follow_text(json_get(e->body, "answers"), "question"));
    return sql_done(&q, NULL, why);
}

static enum err follow_answered(struct hubstore *s, const struct follow *f, uint64_t no,
                                const struct event *e, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into answered(site, no, letter) values($1, $2, $3) on conflict do nothing");

    sql_bind_text(&q, 1, f->site);
    sql_bind_i64(&q, 2, (int64_t)no);
    sql_bind_text(&q, 3, e->subject);
    return sql_done(&q, NULL, why);
}

static enum err follow_person(struct hubstore *s, const struct follow *f, uint64_t no,
                              const struct event *e, struct why *why)
{
    (void)no;
    return hubstore_person_named(s, f->site, e, false, why);
}

static enum err follow_badge(struct hubstore *s, const struct follow *f, uint64_t no,
                             const struct event *e, struct why *why)
{
    (void)no;
    return hubstore_person_named(s, f->site, e, true, why);
}

static enum err follow_erased(struct hubstore *s, const struct follow *f, uint64_t no,
                              const struct event *e, struct why *why)
{
    (void)no;
    return hubstore_person_erased(s, f->site, e, f->scratch, why);
}

static const struct follow_kind {
    const char *kind;
    enum err (*take)(struct hubstore *s, const struct follow *f, uint64_t no, const struct event *e,
                     struct why *why);
} follow_kinds[] = {
    { "letter.queued", follow_queued }, { "letter.answered", follow_answered },
    { "person.added", follow_person },  { "badge.issued", follow_badge },
    { "person.erased", follow_erased },
};

static enum err follow_line(struct hubstore *s, struct follow *f, uint64_t no, const char *line,
                            struct why *why)
{
    struct carried carried;
    struct event e;
    enum err rc = ERR_OK;

    arena_reset(f->scratch);
    if (event_parse(f->scratch, line, strlen(line), &e, NULL) != ERR_OK)
        return ERR_OK; /* damaged since: verify tells of it */
    if (strcmp(e.kind, CARRIED_KIND) == 0) {
        if (carried_read(&e, line, strlen(line), &carried, NULL) != ERR_OK)
            return ERR_OK;
        e = carried.event;
    }
    for (size_t i = 0; i < COUNT_OF(follow_kinds) && rc == ERR_OK; i++)
        if (strcmp(e.kind, follow_kinds[i].kind) == 0)
            rc = follow_kinds[i].take(s, f, no, &e, why);
    return rc;
}

/* Holds the site's place, so that of two at once the second waits and then finds nothing left. The site's last number is
   read before its lines: what comes in between is followed the next time. */
static enum err follow_place(struct hubstore *s, struct follow *f, struct why *why)
{
    enum err rc = sql_run(s->sql, why,
                          "insert into follow(site, no) values($1, 0) on conflict(site)"
                          " do update set no = follow.no",
                          f->site, NULL);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q =
        sql_prepare(s->sql, "select follow.no, site.next_no - 1 from follow"
                            " join site on site.id = follow.site where follow.site = $1");
    sql_bind_text(&q, 1, f->site);
    f->from = f->to = 0;
    if (sql_step(&q)) {
        f->from = (uint64_t)sql_i64(&q, 0);
        f->to = (uint64_t)sql_i64(&q, 1);
    }
    return sql_end(&q, why);
}

static enum err follow_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct follow *f = ctx;
    enum err rc = follow_place(s, f, why);
    if (rc != ERR_OK)
        return rc;

    f->read = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "select no, line from line where site = $1 and no > $2 and no <= $3"
                            " and wanted in (1, 3) order by no limit $4");
    sql_bind_text(&q, 1, f->site);
    sql_bind_i64(&q, 2, (int64_t)f->from);
    sql_bind_i64(&q, 3, (int64_t)f->to);
    sql_bind_i64(&q, 4, FOLLOW_STEP);
    while (rc == ERR_OK && sql_step(&q)) {
        f->from = (uint64_t)sql_i64(&q, 0);
        f->read++;
        rc = follow_line(s, f, f->from, sql_text(&q, 1), why);
    }
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? ended : rc;
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql, "update follow set no = $2 where site = $1");
    sql_bind_text(&q, 1, f->site);
    sql_bind_i64(&q, 2, (int64_t)(f->read < FOLLOW_STEP ? f->to : f->from));
    return sql_done(&q, NULL, why);
}

static enum err follow_behind(struct hubstore *s, char (*sites)[KEYS_RANDOM_ID], size_t *out_count,
                              struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select site.id from site left join follow on follow.site = site.id"
                            " where site.next_no - 1 > coalesce(follow.no, 0) limit $1");
    size_t count = 0;

    sql_bind_i64(&q, 1, FOLLOW_SITES_MAX);
    while (count < FOLLOW_SITES_MAX && sql_step(&q))
        (void)str_copy(sites[count++], KEYS_RANDOM_ID, sql_text(&q, 0));
    *out_count = count;
    return sql_end(&q, why);
}

static enum err follow_all(struct hubstore *s, size_t most, struct follow *f,
                           char (*sites)[KEYS_RANDOM_ID], struct why *why)
{
    size_t count = 1;
    size_t read = 0;
    enum err rc = ERR_OK;

    while (rc == ERR_OK && count > 0 && (most == 0 || read < most)) {
        rc = follow_behind(s, sites, &count, why);
        for (size_t i = 0; i < count && rc == ERR_OK && (most == 0 || read < most); i++) {
            memcpy(f->site, sites[i], sizeof(f->site));
            rc = hubstore_in(s, true, follow_work, f, why);
            read += f->read + 1; /* a site costs something too */
        }
    }
    return rc;
}

enum err hubstore_follow(struct hubstore *s, size_t most, struct why *why)
{
    struct arena scratch;
    struct follow f = { .scratch = &scratch };
    char(*sites)[KEYS_RANDOM_ID] = calloc(FOLLOW_SITES_MAX, sizeof(*sites));
    if (sites == NULL)
        return why_set(why, ERR_NOMEM, 0, "follow the lines: no memory");

    arena_init(&scratch, EVENT_ARENA);
    enum err rc = follow_all(s, most, &f, sites, why);
    arena_done(&scratch);
    free(sites);
    return rc;
}
