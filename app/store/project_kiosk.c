#include "app/store/project.h"

/* Who belongs to the site (sync/PROTOCOL.md, «A site without a hub»), and the constituency that the site says it belongs
   to. */

#include <string.h>

#include "sync/log/admission.h"
#include "sync/log/signed.h"

enum { KIOSK_SIGNED_MAX = 16 * 1024 };

/* A line of who belongs to the site, as a row. Whom it names counts only by what its signed text says (how > 0): a line that
   merely claims is kept for its name. */
struct kiosk_row {
    enum project_kiosk_how how;
    const char *kiosk, *site, *name;
    const char *by;  /* ADMITTED: the kiosk that admitted it */
    const char *hub; /* ENROLLED, REVOKED: whose certificate it is */
};

static enum err kiosk_put(struct db *db, const struct project_line *line,
                          const struct kiosk_row *row, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "insert or replace into kiosk_row(event, hlc, device, seq, kiosk, site,"
                       " name, how, by, hub) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, line->hlc);
    db_bind_text(&q, 3, line->event->device);
    db_bind_i64(&q, 4, (int64_t)line->event->seq);
    db_bind_text(&q, 5, row->kiosk);
    db_bind_text(&q, 6, row->site);
    db_bind_text(&q, 7, row->name);
    db_bind_i64(&q, 8, (int64_t)row->how);
    db_bind_text(&q, 9, row->by == NULL ? "" : row->by);
    db_bind_text(&q, 10, row->hub == NULL ? "" : row->hub);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err kiosk_refuse(const struct project_line *line, const char *what, struct why *why)
{
    return why_set(why, ERR_INPUT, 0, "line %s: not %s as this release knows it", line->id, what);
}

/* What the hub signed about a kiosk: its member `key` of the body. Nothing is taken over where the text does not hold. */
static void kiosk_signed(const struct project_line *line, struct arena *a, const char *key,
                         const char *type, enum project_kiosk_how how, struct kiosk_row *row)
{
    const char *text = json_str(line->event->body, key);
    const struct json *node = NULL;

    if (text == NULL ||
        signed_read(a, text, strlen(text), KIOSK_SIGNED_MAX, type, "hub", &node, NULL) != ERR_OK ||
        !str_eq(json_str(node, "device"), row->kiosk) || json_str(node, "site") == NULL)
        return;
    row->how = how;
    row->site = json_str(node, "site");
    row->hub = json_str(node, "hub");
}

enum err project_kiosk_enrolled(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why)
{
    struct kiosk_row row = { .how = KIOSK_NAMED, .kiosk = line->event->subject };

    if (row.kiosk[0] == '\0' || !project_text_ok(row.kiosk, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "name", PROJECT_TEXT_MAX, &row.name) ||
        !project_text(line->event->body, "site", PROJECT_ID_MAX, &row.site))
        return kiosk_refuse(line, "an enrolment", why);
    kiosk_signed(line, a, "certificate", "canny.certificate", KIOSK_ENROLLED, &row);
    return kiosk_put(db, line, &row, why);
}

enum err project_kiosk_revoked(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    struct kiosk_row row = { .how = KIOSK_NAMED, .kiosk = line->event->subject, .name = "" };

    if (row.kiosk[0] == '\0' || !project_text_ok(row.kiosk, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "site", PROJECT_ID_MAX, &row.site))
        return kiosk_refuse(line, "a revocation", why);
    kiosk_signed(line, a, "revocation", "canny.revocation", KIOSK_REVOKED, &row);
    return kiosk_put(db, line, &row, why);
}

enum err project_kiosk_admitted(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why)
{
    struct kiosk_row row = { .how = KIOSK_NAMED, .kiosk = line->event->subject };
    const char *text = json_str(line->event->body, "admission");
    struct admission d;

    if (row.kiosk[0] == '\0' || !project_text_ok(row.kiosk, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "name", PROJECT_TEXT_MAX, &row.name) ||
        !project_text(line->event->body, "site", PROJECT_ID_MAX, &row.site))
        return kiosk_refuse(line, "an admission", why);
    if (text != NULL && admission_read(a, text, strlen(text), &d, NULL) == ERR_OK &&
        str_eq(d.device, row.kiosk)) {
        row.how = KIOSK_ADMITTED;
        row.site = d.site;
        row.by = d.by;
    }
    return kiosk_put(db, line, &row, why);
}

enum err project_kiosk_founded(struct db *db, const struct project_line *line, struct why *why)
{
    struct kiosk_row row = { .how = KIOSK_FOUNDED,
                             .kiosk = line->event->device,
                             .site = line->event->subject };
    char site[KEYS_RANDOM_ID];

    admission_site(site, row.kiosk);
    if (!str_eq(site, row.site) ||
        !project_text(line->event->body, "kiosk", PROJECT_TEXT_MAX, &row.name))
        return ERR_OK;
    return kiosk_put(db, line, &row, why);
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
