#include "app/store/project.h"

/* Kiosks of the site, as the hub's enrolment lines name them. */

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
