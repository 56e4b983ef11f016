#include "app/store/project.h"

/* What people decided about documents. A row comes from its line alone: which version of an adaptation is
   in force, and which approval counts, is judged when it is asked. */

#include <string.h>

#include "app/domain/adapt.h"
#include "app/domain/caldate.h"
#include "app/store/reading.h"

static enum err reading_malformed(const struct project_line *line, const char *what,
                                  struct why *why)
{
    return why_set(why, ERR_INPUT, 0, "line %s: not %s as this release knows it", line->id, what);
}

/* Binds hlc, device, seq, actor and at_ms from `at` on. */
static void reading_bind(struct db_stmt *q, int at, const struct project_line *line)
{
    db_bind_text(q, at, line->hlc);
    db_bind_text(q, at + 1, line->event->device);
    db_bind_i64(q, at + 2, (int64_t)line->event->seq);
    db_bind_text(q, at + 3, line->event->actor);
    db_bind_i64(q, at + 4, line->at_ms);
}

static bool reading_actor(const struct project_line *line)
{
    return line->event->actor[0] != '\0' && project_text_ok(line->event->actor, PROJECT_ID_MAX);
}

/* The ids of an array, one blank between them: ids hold none. NULL: it is no array of ids, or the arena is
   full. */
static const char *reading_ids(const struct json *body, const char *key, struct arena *a)
{
    const struct json *node = json_get(body, key);
    const char *ids = "";
    size_t count = 0;

    if (node == NULL)
        return ids;
    if (node->type != JNODE_ARRAY)
        return NULL;
    for (node = node->first; node != NULL && count < PROJECT_REPLACES_MAX; node = node->next) {
        if (node->type != JNODE_STRING || node->len >= EVENT_ID_TEXT ||
            !project_text_ok(node->text, EVENT_ID_TEXT) || strchr(node->text, ' ') != NULL)
            return NULL;
        ids = arena_printf(a, "%s%s%s", ids, count > 0 ? " " : "", node->text);
        if (ids == NULL)
            return NULL;
        count++;
    }
    return ids;
}

/* What the lines themselves say of the change weighs as much as what the body claims. */
static enum err adapted_effect(const struct adaptation *x, const struct json *body, struct arena *a,
                               enum adapt_effect *out, bool *out_needs, struct why *why)
{
    enum err rc = adapt_judge(a, x, out, why);

    *out_needs =
        rc != ERR_OK || adapt_needs_approval(*out) || json_bool(body, "needs_approval", false);
    return rc;
}

static enum err adapted_row(struct db *db, const struct project_line *line,
                            const struct adaptation *x, const char *replaces, struct arena *a,
                            struct why *why)
{
    const struct event *event = line->event;
    enum adapt_effect effect = ADAPT_LOOSENS;
    bool needs = true;
    struct json_out j;
    struct buf body;
    struct db_stmt q;
    enum err rc = adapted_effect(x, event->body, a, &effect, &needs, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, EVENT_LINE_MAX);
    json_out_init(&j, &body);
    json_out_node(&j, NULL, event->body);
    rc = buf_done(&body, why);
    q = db_prepare(db, "insert or replace into adaptation(event, hlc, device, seq, actor, at_ms,"
                       " adaptation, trust, doc, effect, needs, until, prep, replaces, body)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
                       " ?15)");
    db_bind_text(&q, 1, line->id);
    reading_bind(&q, 2, line);
    db_bind_text(&q, 7, event->subject);
    db_bind_i64(&q, 8, event->clock);
    db_bind_text(&q, 9, x->model);
    db_bind_i64(&q, 10, effect);
    db_bind_i64(&q, 11, needs);
    db_bind_i64(&q, 12, x->until);
    db_bind_i64(&q, 13, json_bool(event->body, "prep", false));
    db_bind_text(&q, 14, replaces);
    db_bind_text(&q, 15, body.data);
    if (rc == ERR_OK)
        (void)db_step(&q);
    if (rc == ERR_OK)
        rc = db_end(&q, why);
    else if (db_end(&q, NULL) != ERR_OK)
        rc = ERR_IO;
    buf_free(&body);
    return rc;
}

static enum err answer_row(struct db *db, const struct project_line *line, const char *suggestion,
                           bool accepted, const char *reason, const char *taken, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "insert or replace into suggestion_answer(event, hlc, device, seq, actor,"
                       " at_ms, suggestion, accepted, why, taken)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

    db_bind_text(&q, 1, line->id);
    reading_bind(&q, 2, line);
    db_bind_text(&q, 7, suggestion);
    db_bind_i64(&q, 8, accepted);
    db_bind_text(&q, 9, reason);
    db_bind_text(&q, 10, taken);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_assessment_adapted(struct db *db, const struct project_line *line, struct arena *a,
                                    struct why *why)
{
    const struct event *event = line->event;
    const char *replaces = reading_ids(event->body, "replaces", a);
    const char *accepts = reading_ids(event->body, "accepts", a);
    struct adaptation x;
    enum err rc;

    if (event->subject[0] == '\0' || !project_text_ok(event->subject, PROJECT_ID_MAX) ||
        !reading_actor(line) || replaces == NULL || accepts == NULL)
        return reading_malformed(line, "an adaptation", why);
    rc = adapt_from_json(a, event->body, &x, why);
    if (rc == ERR_OK && x.until == CALDATE_NONE)
        rc = reading_malformed(line, "an adaptation", why);
    if (rc == ERR_OK)
        rc = adapted_row(db, line, &x, replaces, a, why);
    while (rc == ERR_OK && *accepts != '\0') {
        size_t len = strcspn(accepts, " ");
        const char *one = arena_strndup(a, accepts, len);

        if (one == NULL)
            return why_set(why, ERR_NOMEM, 0, "no room for a suggestion");
        rc = answer_row(db, line, one, true, "", line->id, why);
        accepts += len + (accepts[len] == ' ' ? 1 : 0);
    }
    return rc;
}

static enum err mark_row(struct db *db, const struct project_line *line, const char *mark,
                         struct why *why)
{
    const char *target = "";
    const char *reason = "";
    struct db_stmt q;
    int minutes = 0;

    if (!reading_actor(line) ||
        !project_text(line->event->body, "adaptation", EVENT_ID_TEXT, &target) ||
        target[0] == '\0' || !project_text(line->event->body, "why", READING_TEXT_MAX, &reason))
        return reading_malformed(line, "an answer to an adaptation", why);
    q = db_prepare(db, "insert or replace into adaptation_mark(event, hlc, device, seq, actor,"
                       " at_ms, target, mark, day, why)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    db_bind_text(&q, 1, line->id);
    reading_bind(&q, 2, line);
    db_bind_text(&q, 7, target);
    db_bind_text(&q, 8, mark);
    db_bind_i64(&q, 9, caldate_london(line->at_ms, &minutes));
    db_bind_text(&q, 10, reason);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_assessment_approved(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why)
{
    (void)a;
    return mark_row(db, line, "approved", why);
}

enum err project_assessment_declined(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why)
{
    (void)a;
    return mark_row(db, line, "declined", why);
}

enum err project_assessment_withdrawn(struct db *db, const struct project_line *line,
                                      struct arena *a, struct why *why)
{
    (void)a;
    return mark_row(db, line, "withdrawn", why);
}

enum err project_assessment_suggested(struct db *db, const struct project_line *line,
                                      struct arena *a, struct why *why)
{
    const struct json *body = line->event->body;
    const char *doc = "";
    const char *adaptation = "";
    const char *path = "";
    const char *text = "";
    struct db_stmt q;

    (void)a;
    if (!reading_actor(line) || !project_text(body, "doc", PROJECT_ID_MAX, &doc) ||
        doc[0] == '\0' || !project_text(body, "adaptation", PROJECT_ID_MAX, &adaptation) ||
        !project_text(body, "path", ADAPT_PATH_MAX, &path) ||
        !project_prose(body, "text", READING_TEXT_MAX, &text) || text[0] == '\0')
        return reading_malformed(line, "a suggestion", why);
    q = db_prepare(db, "insert or replace into suggestion(event, hlc, device, seq, actor, at_ms,"
                       " doc, adaptation, path, text)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    db_bind_text(&q, 1, line->id);
    reading_bind(&q, 2, line);
    db_bind_text(&q, 7, doc);
    db_bind_text(&q, 8, adaptation);
    db_bind_text(&q, 9, path);
    db_bind_text(&q, 10, text);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_suggestion_answered(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why)
{
    const struct json *accepted = json_get(line->event->body, "accepted");
    const char *suggestion = "";
    const char *reason = "";

    (void)a;
    if (!reading_actor(line) || accepted == NULL || accepted->type != JNODE_BOOL ||
        !project_text(line->event->body, "suggestion", EVENT_ID_TEXT, &suggestion) ||
        suggestion[0] == '\0' ||
        !project_prose(line->event->body, "why", READING_TEXT_MAX, &reason))
        return reading_malformed(line, "an answer to a suggestion", why);
    return answer_row(db, line, suggestion, accepted->integer != 0, reason, "", why);
}

/* Document, issuer and revision of a line about one. */
static bool reading_doc(const struct project_line *line, const char **doc, const char **issuer,
                        int64_t *revision)
{
    *revision = json_int(line->event->body, "revision", 0);
    return reading_actor(line) && project_text(line->event->body, "doc", PROJECT_ID_MAX, doc) &&
           (*doc)[0] != '\0' &&
           project_text(line->event->body, "issuer", PROJECT_TEXT_MAX, issuer) && *revision > 0;
}

enum err project_document_read(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    const char *doc = "";
    const char *issuer = "";
    int64_t revision = 0;
    struct db_stmt q;

    (void)a;
    if (!reading_doc(line, &doc, &issuer, &revision))
        return reading_malformed(line, "a receipt", why);
    q = db_prepare(db, "insert or replace into doc_read(event, person, doc, issuer, revision,"
                       " at_ms) values (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, line->event->actor);
    db_bind_text(&q, 3, doc);
    db_bind_text(&q, 4, issuer);
    db_bind_i64(&q, 5, revision);
    db_bind_i64(&q, 6, line->at_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_document_considered(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why)
{
    const struct json *body = line->event->body;
    const char *doc = "";
    const char *article = "";
    const char *mark = "";
    const char *note = "";
    struct db_stmt q;

    (void)a;
    if (!reading_actor(line) || !project_text(body, "doc", PROJECT_ID_MAX, &doc) ||
        doc[0] == '\0' || !project_text(body, "article", PROJECT_ID_MAX, &article) ||
        !project_text(body, "mark", PROJECT_ID_MAX, &mark) || mark[0] == '\0' ||
        !project_text(body, "note", READING_TEXT_MAX, &note))
        return reading_malformed(line, "a mark", why);
    q = db_prepare(db, "insert or replace into doc_considered(event, hlc, device, seq, actor,"
                       " at_ms, doc, article, mark, note)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    db_bind_text(&q, 1, line->id);
    reading_bind(&q, 2, line);
    db_bind_text(&q, 7, doc);
    db_bind_text(&q, 8, article);
    db_bind_text(&q, 9, mark);
    db_bind_text(&q, 10, note);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err project_document_incident(struct db *db, const struct project_line *line, struct arena *a,
                                   struct why *why)
{
    const struct json *body = line->event->body;
    const char *doc = "";
    const char *iso = "";
    const char *kind = "";
    const char *words = "";
    int32_t day = CALDATE_NONE;
    struct db_stmt q;

    (void)a;
    if (!reading_actor(line) || !project_text(body, "doc", PROJECT_ID_MAX, &doc) ||
        doc[0] == '\0' || !project_text(body, "day", CALDATE_TEXT, &iso) ||
        !caldate_parse(iso, &day) || !project_text(body, "kind", PROJECT_ID_MAX, &kind) ||
        incident_by_id(kind) == INCIDENT_NONE ||
        !project_prose(body, "words", READING_INCIDENT_MAX, &words) || words[0] == '\0')
        return reading_malformed(line, "what went wrong", why);
    q = db_prepare(db, "insert or replace into doc_incident(event, hlc, device, seq, actor, at_ms,"
                       " doc, kind, day, words)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    db_bind_text(&q, 1, line->id);
    reading_bind(&q, 2, line);
    db_bind_text(&q, 7, doc);
    db_bind_text(&q, 8, kind);
    db_bind_i64(&q, 9, day);
    db_bind_text(&q, 10, words);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* The incidents that a review names, each a row. */
static enum err reviewed_incidents(struct db *db, const struct project_line *line, const char *ids,
                                   struct why *why)
{
    enum err rc = ERR_OK;

    while (*ids != '\0' && rc == ERR_OK) {
        size_t len = strcspn(ids, " ");
        char incident[EVENT_ID_TEXT];
        int minutes = 0;
        struct db_stmt q =
            db_prepare(db, "insert or replace into doc_incident_seen(event, hlc, device, seq,"
                           " actor, at_ms, incident, day)"
                           " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

        /* reading_ids has seen to its length. */
        (void)str_format(incident, sizeof incident, "%.*s", (int)len, ids);
        db_bind_text(&q, 1, line->id);
        reading_bind(&q, 2, line);
        db_bind_text(&q, 7, incident);
        db_bind_i64(&q, 8, caldate_london(line->at_ms, &minutes));
        (void)db_step(&q);
        rc = db_end(&q, why);
        ids += len + (ids[len] == ' ' ? 1 : 0);
    }
    return rc;
}

enum err project_document_reviewed(struct db *db, const struct project_line *line, struct arena *a,
                                   struct why *why)
{
    const char *incidents = reading_ids(line->event->body, "incidents", a);
    const char *doc = "";
    const char *issuer = "";
    int64_t revision = 0;
    int minutes = 0;
    struct db_stmt q;
    enum err rc;

    if (!reading_doc(line, &doc, &issuer, &revision) || incidents == NULL)
        return reading_malformed(line, "a review", why);
    rc = reviewed_incidents(db, line, incidents, why);
    if (rc != ERR_OK)
        return rc;
    q = db_prepare(db, "insert or replace into doc_reviewed(event, doc, issuer, revision, actor,"
                       " day) values (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, doc);
    db_bind_text(&q, 3, issuer);
    db_bind_i64(&q, 4, revision);
    db_bind_text(&q, 5, line->event->actor);
    db_bind_i64(&q, 6, caldate_london(line->at_ms, &minutes));
    (void)db_step(&q);
    return db_end(&q, why);
}
