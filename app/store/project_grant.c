#include "app/store/project.h"

/* What people are competent for, and the calendar that their school keeps. */

#include "app/domain/caldate.h"

enum err project_competence_granted(struct db *db, const struct project_line *line, struct arena *a,
                                    struct why *why)
{
    const struct event *event = line->event;
    int32_t until_day = CALDATE_NONE;
    const char *code = "";
    const char *until = "";
    const char *basis = "";
    struct db_stmt q;
    enum err rc;

    (void)a;
    if (event->subject[0] == '\0' || !project_text_ok(event->subject, PROJECT_ID_MAX) ||
        !project_text(event->body, "code", PROJECT_ID_MAX, &code) || code[0] == '\0' ||
        !project_text(event->body, "until", PROJECT_ID_MAX, &until) ||
        !project_text(event->body, "basis", PROJECT_TEXT_MAX, &basis) ||
        (until[0] != '\0' && !caldate_parse(until, &until_day)))
        return why_set(why, ERR_INPUT, 0, "line %s: not a competence as this release knows it",
                       line->id);
    q = db_prepare(db, "insert or replace into competence(event, person, hlc, device, seq, code,"
                       " until, basis) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, event->subject);
    db_bind_text(&q, 3, line->hlc);
    db_bind_text(&q, 4, event->device);
    db_bind_i64(&q, 5, (int64_t)event->seq);
    db_bind_text(&q, 6, code);
    db_bind_i64(&q, 7, until_day);
    db_bind_text(&q, 8, basis);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = project_replaces(db, line, event->subject, why);
    return rc;
}

enum err project_site_calendar(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    const struct event *event = line->event;
    const char *calendar = "";
    struct db_stmt q;
    enum err rc;

    (void)a;
    if (!project_text_ok(event->subject, PROJECT_ID_MAX) ||
        !project_text(event->body, "calendar", PROJECT_ID_MAX, &calendar))
        return why_set(why, ERR_INPUT, 0, "line %s: not a calendar as this release knows it",
                       line->id);
    q = db_prepare(db, "insert or replace into site_calendar(event, hlc, device, seq, site,"
                       " calendar) values (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, line->hlc);
    db_bind_text(&q, 3, event->device);
    db_bind_i64(&q, 4, (int64_t)event->seq);
    db_bind_text(&q, 5, event->subject);
    db_bind_text(&q, 6, calendar);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = project_replaces(db, line, event->subject, why);
    return rc;
}
