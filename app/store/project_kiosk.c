#include "app/store/project.h"

/* Kiosks of the site, as the hub's enrolment lines name them, and the constituency that the site says it
   belongs to. */

enum err project_kiosk_enrolled(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why)
{
    const char *device = line->event->subject;
    const char *name = "";
    const char *site = "";

    (void)a;
    if (device[0] == '\0' || !project_text_ok(device, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "name", PROJECT_TEXT_MAX, &name) ||
        !project_text(line->event->body, "site", PROJECT_ID_MAX, &site))
        return why_set(why, ERR_INPUT, 0, "line %s: not an enrolment as this release knows it",
                       line->id);
    return db_run(db, why,
                  "insert or replace into kiosk_enrolled(event, hlc, device, site, name)"
                  " values (?1, ?2, ?3, ?4, ?5)",
                  line->id, line->hlc, device, site, name);
}

enum err project_site_constituency(struct db *db, const struct project_line *line, struct arena *a,
                                   struct why *why)
{
    const struct event *event = line->event;
    const char *constituency = "";
    struct db_stmt q;
    enum err rc;

    (void)a;
    if (!project_text_ok(event->subject, PROJECT_ID_MAX) ||
        !project_text(event->body, "constituency", PROJECT_ID_MAX, &constituency))
        return why_set(why, ERR_INPUT, 0, "line %s: not a constituency as this release knows it",
                       line->id);
    q = db_prepare(db, "insert or replace into site_constituency(event, hlc, device, seq, site,"
                       " constituency) values (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, line->hlc);
    db_bind_text(&q, 3, event->device);
    db_bind_i64(&q, 4, (int64_t)event->seq);
    db_bind_text(&q, 5, event->subject);
    db_bind_text(&q, 6, constituency);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = project_replaces(db, line, event->subject, why);
    return rc;
}
