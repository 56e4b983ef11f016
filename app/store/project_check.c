#include "app/store/project.h"

/* Checks only add. What a withdrawal or a release does to another line is judged by the views,
   since either of the two lines may come first. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/check.h"

static bool check_fits(const struct event *event, const struct check *c)
{
    return c->form != NULL && c->form[0] != '\0' && project_text_ok(c->form, PROJECT_ID_MAX) &&
           c->day != CALDATE_NONE && c->outcome != OUTCOME_OPEN && event->subject[0] != '\0' &&
           project_text_ok(event->subject, PROJECT_ID_MAX) &&
           (c->item == NULL || c->item[0] == '\0' || str_eq(c->item, event->subject));
}

static enum err check_put(struct db *db, const struct project_line *line, const struct check *c,
                          const char *body, struct why *why)
{
    const struct event *event = line->event;
    struct db_stmt q = db_prepare(
        db, "insert or replace into check_row(event, item, form, title, actor, device, hlc,"
            " seq, at_ms, trust, day, outcome, reason, body) values"
            " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");

    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, event->subject);
    db_bind_text(&q, 3, c->form);
    db_bind_text(&q, 4, c->form_title == NULL ? "" : c->form_title);
    db_bind_text(&q, 5, event->actor);
    db_bind_text(&q, 6, event->device);
    db_bind_text(&q, 7, line->hlc);
    db_bind_i64(&q, 8, (int64_t)event->seq);
    db_bind_i64(&q, 9, line->at_ms);
    db_bind_i64(&q, 10, (int64_t)event->clock);
    db_bind_i64(&q, 11, c->day);
    db_bind_i64(&q, 12, (int64_t)c->outcome);
    db_bind_text(&q, 13, c->reason == NULL ? "" : c->reason);
    db_bind_text(&q, 14, body);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err releases_put(struct db *db, const struct project_line *line, const struct check *c,
                             struct why *why)
{
    for (size_t i = 0; i < c->release_count; i++) {
        enum err rc =
            db_run(db, why, "insert or ignore into check_release(target, event) values (?1, ?2)",
                   c->releases[i], line->id, NULL);

        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

enum err project_check_recorded(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why)
{
    struct check c = { 0 };
    struct json_out out;
    struct buf body;
    enum err rc = check_read(a, line->event->body, &c, why);

    if (rc == ERR_OK && !check_fits(line->event, &c))
        rc = why_set(why, ERR_INPUT, 0, "not a check as this release knows it");
    if (rc != ERR_OK)
        return why_in(why, rc, "line %s", line->id);

    buf_init(&body, (size_t)2 * EVENT_LINE_MAX);
    json_out_init(&out, &body);
    json_out_node(&out, NULL, line->event->body);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = check_put(db, line, &c, body.data, why);
    buf_free(&body);
    if (rc == ERR_OK)
        rc = releases_put(db, line, &c, why);
    return rc;
}

enum err project_check_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why)
{
    const char *target = "";
    struct db_stmt q;

    (void)a;
    if (!project_text(line->event->body, "check", EVENT_ID_TEXT - 1, &target) || target[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %s: does not name the check it withdraws",
                       line->id);
    q = db_prepare(db, "insert or replace into check_withdrawn(target, event, actor, device, at_ms)"
                       " values (?1, ?2, ?3, ?4, ?5)");
    db_bind_text(&q, 1, target);
    db_bind_text(&q, 2, line->id);
    db_bind_text(&q, 3, line->event->actor);
    db_bind_text(&q, 4, line->event->device);
    db_bind_i64(&q, 5, line->at_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}
