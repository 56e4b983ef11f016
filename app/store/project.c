#include "app/store/project.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/register.h"
#include "app/store/project_standing.h"
#include "app/store/project_tables.h"
#include "platform/base/keys.h"
#include "sync/log/carried.h"
#include "sync/log/evlog.h"

enum { LINE_ARENA_MAX = 32 * 1024 * 1024 };

static const struct projection projections[] = {
    { .kind = "site.founded", .apply = project_site_founded },
    { .kind = "site.calendar", .apply = project_site_calendar },
    { .kind = "site.constituency", .apply = project_site_constituency },
    { .kind = "kiosk.enrolled", .apply = project_kiosk_enrolled },
    { .kind = "kiosk.admitted", .apply = project_kiosk_admitted },
    { .kind = "kiosk.revoked", .apply = project_kiosk_revoked },
    { .kind = "kiosk.forked", .apply = project_kiosk_forked },
    { .kind = "hub.voice", .apply = project_hub_voice },
    { .kind = "item.registered", .apply = project_item_registered },
    { .kind = "item.labelled", .apply = project_item_labelled },
    { .kind = "item.document", .apply = project_item_document },
    { .kind = "person.added", .apply = project_person_added },
    { .kind = "person.erased", .apply = project_person_erased },
    { .kind = "badge.issued", .apply = project_badge_issued },
    { .kind = "check.recorded", .apply = project_check_recorded },
    { .kind = "check.withdrawn", .apply = project_check_withdrawn },
    { .kind = "check.countersigned", .apply = project_check_countersigned },
    { .kind = "competence.granted", .apply = project_competence_granted },
    { .kind = "letter.queued", .apply = project_letter_queued },
    { .kind = "letter.answered", .apply = project_letter_answered },
    { .kind = "letter.withdrawn", .apply = project_letter_withdrawn },
    { .kind = "assessment.adapted", .apply = project_assessment_adapted },
    { .kind = "assessment.approved", .apply = project_assessment_approved },
    { .kind = "assessment.declined", .apply = project_assessment_declined },
    { .kind = "assessment.withdrawn", .apply = project_assessment_withdrawn },
    { .kind = "assessment.suggested", .apply = project_assessment_suggested },
    { .kind = "suggestion.answered", .apply = project_suggestion_answered },
    { .kind = "document.read", .apply = project_document_read },
    { .kind = "document.considered", .apply = project_document_considered },
    { .kind = "document.incident", .apply = project_document_incident },
    { .kind = "document.reviewed", .apply = project_document_reviewed },
    { .kind = "stop.seen", .apply = project_stop_seen },
    { .kind = "stop.answered", .apply = project_stop_answered },
    { .kind = "stop.cleared", .apply = project_stop_cleared },
    { .kind = "stop.withdrawn", .apply = project_stop_withdrawn },
    { .kind = "clock.learnt", .apply = project_clock_learnt },
};

static bool project_chars_ok(const char *text, size_t max, char but)
{
    size_t len = strlen(text);

    if (len > max || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] < 0x20 && text[i] != but) || text[i] == 0x7f)
            return false;
    }
    return true;
}

bool project_text_ok(const char *text, size_t max)
{
    return project_chars_ok(text, max, '\0');
}

bool project_prose_ok(const char *text, size_t max)
{
    return project_chars_ok(text, max, '\n');
}

/* but: the one control character that may be in it, '\0' none. */
static bool project_string(const struct json *body, const char *key, size_t max, char but,
                           const char **out)
{
    const struct json *node = json_get(body, key);

    if (node == NULL || node->type == JNODE_NULL) {
        *out = "";
        return true;
    }
    if (node->type != JNODE_STRING || !project_chars_ok(node->text, max, but))
        return false;
    *out = node->text;
    return true;
}

bool project_text(const struct json *body, const char *key, size_t max, const char **out)
{
    return project_string(body, key, max, '\0', out);
}

bool project_prose(const struct json *body, const char *key, size_t max, const char **out)
{
    return project_string(body, key, max, '\n', out);
}

static enum err project_replaces_one(struct db *db, const struct project_line *line,
                                     const char *subject, const struct json *node, struct why *why)
{
    /* A line that names itself would hide itself. */
    if (node->type != JNODE_STRING || node->len >= EVENT_ID_TEXT || str_eq(node->text, line->id))
        return ERR_OK;
    return db_run(db, why,
                  "insert or ignore into replaced(replaces, event, subject) values (?1, ?2, ?3)",
                  node->text, line->id, subject, NULL);
}

enum err project_replaces(struct db *db, const struct project_line *line, const char *subject,
                          struct why *why)
{
    const struct json *node = json_get(line->event->body, "replaces");
    size_t count = 0;

    if (node == NULL)
        return ERR_OK;
    if (node->type == JNODE_STRING)
        return project_replaces_one(db, line, subject, node, why);
    if (node->type != JNODE_ARRAY)
        return ERR_OK;
    for (node = node->first; node != NULL && count < PROJECT_REPLACES_MAX; node = node->next) {
        enum err rc = project_replaces_one(db, line, subject, node, why);

        if (rc != ERR_OK)
            return rc;
        count++;
    }
    return ERR_OK;
}

_Static_assert((int)PROJECT_LABEL_MAX == (int)REGISTER_LABEL_MAX, "one key, one length");

void project_label_key(char out[PROJECT_LABEL_MAX + 1], const char *label)
{
    register_label_key(out, label);
}

/* The envelope's version; a newer one may mean something else by a kind that we know. */
static int64_t project_version_of(const struct event *event, bool carried)
{
    if (!carried || event->version > EVENT_VERSION)
        return event->version;
    return json_int(json_get(event->body, "line"), "v", 0);
}

static const struct projection *project_find(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(projections); i++) {
        if (str_eq(projections[i].kind, kind))
            return &projections[i];
    }
    return NULL;
}

bool project_knows(const char *kind)
{
    return project_find(kind) != NULL;
}

static enum err project_known(struct db *db, const struct projection *p, struct project_line *line,
                              struct arena *a, enum project_took *took, struct why *why)
{
    struct why reason = { 0 };
    enum err rc = ERR_INPUT;

    if (clock_parse_iso(line->event->at, &line->at_ms))
        rc = p->apply(db, line, a, &reason);
    else
        (void)why_set(&reason, rc, 0, "line %s: its time cannot be read", line->id);
    if (rc != ERR_OK && why != NULL)
        *why = reason;
    if (rc != ERR_INPUT && rc != ERR_LIMIT)
        return rc;
    *took = PROJECT_MALFORMED;
    return project_wait(db, line, "malformed", NULL);
}

/* The line as it is meant: v is the original's, where it is carried. */
static enum err project_one(struct db *db, struct project_line *line, int64_t version,
                            struct arena *a, enum project_took *took, struct why *why)
{
    const struct projection *p = project_find(line->event->kind);

    if (p != NULL && version <= EVENT_VERSION)
        return project_known(db, p, line, a, took, why);
    *took = PROJECT_UNKNOWN;
    return project_wait(db, line, p == NULL ? "kind" : "version", why);
}

static enum err project_take(struct db *log, struct db *db, struct project_line line,
                             const char *text, size_t len, enum project_took *out, struct why *why)
{
    const struct event *event = line.event;
    enum project_took took = PROJECT_APPLIED;
    struct why cause = { 0 };
    struct event meant;
    struct arena a;
    bool speaks = true;
    enum err rc;

    arena_init(&a, LINE_ARENA_MAX);
    rc = project_meant(log, event, text, len, &a, &line, &meant, &speaks, &cause);
    if (rc == ERR_INPUT) {
        took = PROJECT_MALFORMED;
        rc = project_wait(db, &line, "malformed", why);
    } else if (rc != ERR_OK) {
        rc = why_set(why, rc, cause.sys, "%s", cause.text);
    } else if (speaks) {
        rc = project_one(db, &line, project_version_of(event, line.carried), &a, &took, why);
    }
    arena_done(&a);
    if (rc == ERR_OK && out != NULL)
        *out = took;
    return rc;
}

/* The same where the log is in another database than the tables. */
static enum err project_apply_from(struct db *log, struct db *db, const struct event *event,
                                   const char *text, size_t len, enum project_took *out,
                                   struct why *why)
{
    return project_take(log, db, (struct project_line){ .event = event }, text, len, out, why);
}

enum err project_apply_line(struct db *db, const struct event *event, const struct event_line *line,
                            struct why *why)
{
    return project_take(db, db, (struct project_line){ .event = event, .read = line->known },
                        line->line, line->len, NULL, why);
}

enum err project_apply(struct db *db, const struct event *event, const char *text, size_t len,
                       enum project_took *out, struct why *why)
{
    return project_apply_from(db, db, event, text, len, out, why);
}

static enum err project_create(struct db *db, struct why *why)
{
    for (size_t i = 0; i < project_table_count; i++) {
        enum err rc = db_exec(db, project_tables[i].sql, why);

        if (rc != ERR_OK)
            return why_in(why, rc, "make table %s", project_tables[i].name);
    }
    return ERR_OK;
}

static enum err project_drop(struct db *db, struct why *why)
{
    for (size_t i = project_table_count; i-- > 0;) {
        char sql[96];
        enum err rc;

        (void)str_format(sql, sizeof sql, "drop %s if exists %s",
                         project_tables[i].view ? "view" : "table", project_tables[i].name);
        rc = db_exec(db, sql, why);
        if (rc != ERR_OK)
            return why_in(why, rc, "drop %s", project_tables[i].name);
    }
    return ERR_OK;
}

struct rebuild {
    struct db *log, *db;
    int32_t until; /* the last civil day whose lines are taken */
    const struct project_told *told;
    uint64_t done, total;
    struct arena a;
    enum err rc;
    struct why why;
};

/* A carried line was made when it was made, not when it was carried. */
static bool rebuild_late(const struct rebuild *r, const struct event *event)
{
    const char *carried =
        str_eq(event->kind, CARRIED_KIND) ? json_str(json_get(event->body, "line"), "at") : NULL;
    int64_t at_ms = 0;
    int minutes = 0;

    return r->until != INT32_MAX &&
           clock_parse_iso(carried != NULL ? carried : event->at, &at_ms) &&
           caldate_london(at_ms, &minutes) > r->until;
}

static bool rebuild_line(void *ctx, const struct evlog_row *row)
{
    struct rebuild *r = ctx;
    struct event event;

    if (r->told != NULL && r->done++ % PROJECT_TOLD_LINES == 0)
        r->told->tell(r->told->ctx, r->done - 1, r->total);
    arena_reset(&r->a);
    r->rc = event_parse(&r->a, row->line, row->line_len, &event, &r->why);
    if (r->rc == ERR_OK && !rebuild_late(r, &event))
        r->rc =
            project_take(r->log, r->db, (struct project_line){ .event = &event, .rebuild = true },
                         row->line, row->line_len, NULL, &r->why);
    return r->rc == ERR_OK;
}

/* Applies the log of one database to the tables of another (or of the same one). */
static enum err project_replay(struct db *log, struct db *to, int32_t until,
                               const struct project_told *told, struct why *why)
{
    struct rebuild r = { .log = log, .db = to, .until = until, .told = told };
    enum err rc = evlog_count(log, &r.total, why);

    arena_init(&r.a, LINE_ARENA_MAX);
    if (rc == ERR_OK)
        rc = evlog_each(log, rebuild_line, &r, why);
    if (rc == ERR_OK && r.rc != ERR_OK) {
        rc = r.rc;
        if (why != NULL)
            *why = r.why;
    }
    arena_done(&r.a);
    return rc == ERR_OK ? standing_build(to, why) : rc;
}

enum err project_as_at(struct db *log, int32_t day, struct db *to, struct why *why)
{
    enum err rc = db_begin(to, why);

    if (rc != ERR_OK)
        return rc;
    rc = project_create(to, why);
    if (rc == ERR_OK)
        rc = project_replay(log, to, day, NULL, why);
    return db_finish(to, rc, why);
}

static enum err project_rebuild_told(struct db *db, const struct project_told *told,
                                     struct why *why)
{
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return rc;
    rc = project_drop(db, why);
    if (rc == ERR_OK)
        rc = project_create(db, why);
    if (rc == ERR_OK)
        rc = project_replay(db, db, INT32_MAX, told, why);
    if (rc == ERR_OK) {
        char sql[96];

        (void)str_format(sql, sizeof sql,
                         "insert or replace into local_meta(key, value) values ('project', %d)",
                         PROJECT_VERSION);
        rc = db_exec(db, sql, why);
    }
    if (rc != ERR_OK) {
        db_rollback(db);
        return why_in(why, rc, "build the tables from the log");
    }
    return db_commit(db, why);
}

enum err project_rebuild(struct db *db, struct why *why)
{
    return project_rebuild_told(db, NULL, why);
}

enum err project_setup(struct db *db, const struct project_told *told, struct why *why)
{
    static const char have_sql[] = "select value from local_meta where key = 'project'";
    int64_t have = 0;
    enum err rc = db_one_i64(db, have_sql, 0, &have, why);

    if (rc != ERR_OK)
        return rc;
    if (have == PROJECT_VERSION)
        return project_catch_up(db, why);
    /* Two connections may open at once: look again once the writing turn is ours. */
    rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;
    rc = db_one_i64(db, have_sql, 0, &have, why);
    if (rc == ERR_OK && have != PROJECT_VERSION)
        rc = project_rebuild_told(db, told, why);
    return db_finish(db, rc, why);
}

/* digest = SHA-256(digest so far, the row as text with lengths), so that no table need fit into
   memory. */
static void digest_row(char digest[KEYS_ID_TEXT], struct db_stmt *q, int columns, struct buf *row)
{
    buf_reset(row);
    buf_str(row, digest);
    for (int i = 0; i < columns; i++) {
        const char *text = db_text(q, i);

        buf_printf(row, "|%zu:", strlen(text));
        buf_str(row, text);
    }
    keys_sha256_hex(digest, row->data, row->len);
}

static enum err digest_table(struct db *db, const char *name, char digest[KEYS_ID_TEXT],
                             struct buf *row, struct why *why)
{
    char sql[128];
    struct db_stmt q;
    int columns;

    (void)str_format(sql, sizeof sql, "select * from %s limit 0", name);
    q = db_prepare(db, sql);
    columns = q.stmt == NULL ? 0 : sqlite3_column_count(q.stmt);
    if (db_end(&q, why) != ERR_OK)
        return why_in(why, ERR_IO, "digest of %s", name);
    buf_reset(row);
    buf_printf(row, "select * from %s order by 1", name);
    for (int i = 2; i <= columns; i++)
        buf_printf(row, ", %d", i);
    q = db_prepare(db, row->data);
    buf_reset(row);
    buf_printf(row, "%s%s", digest, name);
    keys_sha256_hex(digest, row->data, row->len);
    while (db_step(&q))
        digest_row(digest, &q, columns, row);
    return db_end(&q, why);
}

enum err project_digest(struct db *db, char out[KEYS_ID_TEXT], struct why *why)
{
    char digest[KEYS_ID_TEXT] = "";
    struct buf row;
    enum err rc = ERR_OK;

    buf_init(&row, (size_t)4 * EVENT_LINE_MAX);
    for (size_t i = 0; i < project_table_count && rc == ERR_OK; i++)
        rc = digest_table(db, project_tables[i].name, digest, &row, why);
    if (rc == ERR_OK)
        rc = buf_done(&row, why);
    buf_free(&row);
    if (rc == ERR_OK)
        (void)str_copy(out, KEYS_ID_TEXT, digest);
    return rc;
}
