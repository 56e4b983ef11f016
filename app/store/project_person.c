#include "app/store/project.h"

/* People, their badges, and the site. Names and badges are blobs beside the log: a row holds only
   the blob's hash. */

#include "platform/base/str.h"

/* A row of a person: whose and which line, the blob's name, and what more the table has (NULL: nothing). The lines that it
   replaces go, and the blob's name with them where the person was erased before the line came. */
static enum err person_row(struct db *db, const char *sql, const struct project_line *line,
                           const char *name, const char *more, struct why *why)
{
    const char *person = line->event->subject;
    struct db_stmt q = db_prepare(db, sql);
    enum err rc;

    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, person);
    db_bind_text(&q, 3, line->hlc);
    db_bind_text(&q, 4, line->event->device);
    db_bind_i64(&q, 5, (int64_t)line->event->seq);
    db_bind_text(&q, 6, name);
    if (more != NULL)
        db_bind_text(&q, 7, more);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = project_replaces(db, line, person, why);
    return rc == ERR_OK ? project_erased_already(db, person, name, why) : rc;
}

enum err project_person_added(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    const char *person = line->event->subject;
    const char *name = "";
    const char *role = "";

    (void)a;
    if (person[0] == '\0' || !project_text_ok(person, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "name", KEYS_ID_TEXT, &name) ||
        !hex_is(name, KEYS_ID_TEXT - 1) ||
        !project_text(line->event->body, "role", PROJECT_ID_MAX, &role))
        return why_set(why, ERR_INPUT, 0, "line %s: not a person as this release knows it",
                       line->id);
    return person_row(db,
                      "insert or replace into person_version(event, person, hlc, device, seq,"
                      " name_hash, role) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                      line, name, role, why);
}

enum err project_badge_issued(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    const char *person = line->event->subject;
    const char *name = "";

    (void)a;
    if (person[0] == '\0' || !project_text_ok(person, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "badge", KEYS_ID_TEXT, &name) ||
        !hex_is(name, KEYS_ID_TEXT - 1))
        return why_set(why, ERR_INPUT, 0, "line %s: not a badge as this release knows it",
                       line->id);
    return person_row(db,
                      "insert or replace into badge(event, person, hlc, device, seq, code_name)"
                      " values (?1, ?2, ?3, ?4, ?5, ?6)",
                      line, name, NULL, why);
}

enum err project_site_founded(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    const char *site = line->event->subject;
    const char *name = "";
    enum err rc;

    (void)a;
    if (site[0] == '\0' || !project_text_ok(site, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "name", PROJECT_TEXT_MAX, &name))
        return why_set(why, ERR_INPUT, 0, "line %s: not a site as this release knows it", line->id);
    rc = db_run(
        db, why,
        "insert or replace into site_founded(event, hlc, site, name) values (?1, ?2, ?3, ?4)",
        line->id, line->hlc, site, name, NULL);
    return rc == ERR_OK ? project_kiosk_founded(db, line, why) : rc;
}
