#include "app/store/record_parts.h"

/* The writers of suggestions, receipts and marks. */

#include <string.h>

#include "app/store/project.h"
#include "app/store/reading_rows.h"

/* ---- suggestions ---- */

enum err store_suggest(struct store *s, struct clock_now now, const char *actor,
                       const struct suggestion_draft *draft, char out_id[EVENT_ID_TEXT],
                       struct why *why)
{
    const char *adaptation = draft->adaptation != NULL ? draft->adaptation : "";
    const char *path = draft->path != NULL ? draft->path : "";
    struct json_out j;
    struct buf body;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_text_ok("document", draft->doc, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("adaptation", adaptation, PROJECT_ID_MAX, false, why);
    if (rc == ERR_OK)
        rc = record_prose_ok("suggestion", draft->text, READING_TEXT_MAX, true, why);
    if (rc == ERR_OK && path[0] != '\0' && !adapt_path_known(path))
        rc = why_set(why, ERR_INPUT, 0, "no line is called %.40s", path);
    if (rc == ERR_OK)
        rc = reading_no_names(s, &draft->text, 1, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "doc", draft->doc);
    if (adaptation[0] != '\0')
        json_out_str(&j, "adaptation", adaptation);
    if (path[0] != '\0')
        json_out_str(&j, "path", path);
    json_out_str(&j, "text", draft->text);
    json_out_end_object(&j);
    return record_body(s, now,
                       (struct event_draft){
                           .kind = "assessment.suggested", .subject = draft->doc, .actor = actor },
                       &body, out_id, why);
}

static enum err answer_check(struct store *s, const char *actor, const char *suggestion,
                             char out_doc[PROJECT_ID_MAX + 1], struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select x.doc, x.actor, exists (select 1 from suggestion_answer n"
                " where n.suggestion = x.event and (n.actor <> x.actor or n.taken <> ''))"
                " from suggestion x where x.event = ?1");
    bool found;
    bool own = false;
    bool answered = false;
    enum err rc;

    db_bind_text(&q, 1, suggestion);
    found = db_step(&q);
    if (found) {
        (void)str_copy(out_doc, PROJECT_ID_MAX + 1, db_text(&q, 0));
        own = str_eq(db_text(&q, 1), actor);
        answered = db_i64(&q, 2) != 0;
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such suggestion on this kiosk");
    if (rc == ERR_OK && own)
        rc = why_set(why, ERR_DENIED, 0, "another person answers a suggestion");
    if (rc == ERR_OK && answered)
        rc = why_set(why, ERR_CONFLICT, 0, "it was answered already");
    return rc;
}

static enum err answer_inside(struct store *s, struct clock_now now, const char *actor,
                              const char *suggestion, bool accepted, const char *reason,
                              struct why *why)
{
    char doc[PROJECT_ID_MAX + 1] = "";
    struct json_out j;
    struct buf body;
    enum err rc = answer_check(s, actor, suggestion, doc, why);

    if (rc == ERR_OK)
        rc = reading_no_names(s, &reason, 1, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "suggestion", suggestion);
    json_out_bool(&j, "accepted", accepted);
    if (reason[0] != '\0')
        json_out_str(&j, "why", reason);
    json_out_end_object(&j);
    return record_body(
        s, now,
        (struct event_draft){ .kind = "suggestion.answered", .subject = doc, .actor = actor },
        &body, NULL, why);
}

enum err store_answer_suggestion(struct store *s, struct clock_now now, const char *actor,
                                 const char *suggestion, bool accepted, const char *reason,
                                 struct why *why)
{
    const char *text = reason != NULL ? reason : "";
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_prose_ok("reason", text, READING_TEXT_MAX, !accepted, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;
    return store_finish(s, answer_inside(s, now, actor, suggestion, accepted, text, why), why);
}

/* ---- documents ---- */

static enum err doc_line(struct store *s, struct clock_now now, const char *kind, const char *actor,
                         const struct doc *d, const char *const *incidents, size_t incident_count,
                         struct why *why)
{
    struct json_out j;
    struct buf body;

    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "doc", d->id);
    json_out_str(&j, "issuer", d->issuer);
    json_out_int(&j, "revision", d->revision);
    if (incident_count > 0)
        json_out_array(&j, "incidents");
    for (size_t i = 0; i < incident_count; i++)
        json_out_str(&j, NULL, incidents[i]);
    if (incident_count > 0)
        json_out_end_array(&j);
    json_out_end_object(&j);
    return record_body(s, now,
                       (struct event_draft){ .kind = kind, .subject = d->id, .actor = actor },
                       &body, NULL, why);
}

static enum err read_local(struct store *s, struct clock_now now, const char *actor,
                           const struct doc *d, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "insert or ignore into local_read(person, doc, issuer,"
                                          " revision, at_ms) values (?1, ?2, ?3, ?4, ?5)");

    db_bind_text(&q, 1, actor);
    db_bind_text(&q, 2, d->id);
    db_bind_text(&q, 3, d->issuer);
    db_bind_i64(&q, 4, d->revision);
    db_bind_i64(&q, 5, now.wall_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err read_inside(struct store *s, struct content *c, struct clock_now now,
                            const char *actor, const struct doc *d, struct why *why)
{
    const struct content_issuer *issuer = c != NULL ? content_issuer(c) : NULL;
    bool asked = issuer != NULL && issuer->receipts;
    struct db_stmt q = db_prepare(&s->db, "select 1 from doc_read where person = ?1 and doc = ?2"
                                          " and issuer = ?3 and revision = ?4");
    bool there;
    enum err rc;

    db_bind_text(&q, 1, actor);
    db_bind_text(&q, 2, d->id);
    db_bind_text(&q, 3, d->issuer);
    db_bind_i64(&q, 4, d->revision);
    there = db_step(&q);
    rc = db_end(&q, why);
    if (rc != ERR_OK || there)
        return rc;
    return asked ? doc_line(s, now, "document.read", actor, d, NULL, 0, why)
                 : read_local(s, now, actor, d, why);
}

enum err store_mark_read(struct store *s, struct content *c, struct clock_now now,
                         const char *actor, const struct doc *d, struct why *why)
{
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_text_ok("document", d->id, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;
    return store_finish(s, read_inside(s, c, now, actor, d, why), why);
}

enum err store_review_document(struct store *s, struct clock_now now, const char *actor,
                               const struct doc *d, const char *const *incidents,
                               size_t incident_count, struct why *why)
{
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_text_ok("document", d->id, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK && incident_count > READING_INCIDENTS_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "more than %d incidents at once", READING_INCIDENTS_MAX);
    for (size_t i = 0; i < incident_count && rc == ERR_OK; i++)
        rc = record_text_ok("incident", incidents[i], EVENT_ID_TEXT - 1, true, why);
    if (rc == ERR_OK)
        rc = reading_approver(s, actor, record_today(now), why);
    return rc == ERR_OK
               ? doc_line(s, now, "document.reviewed", actor, d, incidents, incident_count, why)
               : rc;
}

const char *incident_id(enum incident_kind kind)
{
    switch (kind) {
    case INCIDENT_NONE:
        return "";
    case INCIDENT_NEAR_MISS:
        return "near-miss";
    case INCIDENT_ACCIDENT:
        return "accident";
    }
    return "";
}

const char *incident_words(enum incident_kind kind)
{
    switch (kind) {
    case INCIDENT_NONE:
        return "";
    case INCIDENT_NEAR_MISS:
        return "Near miss";
    case INCIDENT_ACCIDENT:
        return "Accident";
    }
    return "";
}

enum incident_kind incident_by_id(const char *id)
{
    for (int i = INCIDENT_NEAR_MISS; i <= INCIDENT_ACCIDENT; i++)
        if (str_eq(id, incident_id((enum incident_kind)i)))
            return (enum incident_kind)i;
    return INCIDENT_NONE;
}

enum err store_incident(struct store *s, struct clock_now now, const char *actor,
                        const struct incident_draft *draft, char out_id[EVENT_ID_TEXT],
                        struct why *why)
{
    char iso[CALDATE_TEXT];
    struct json_out j;
    struct buf body;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK && draft->kind == INCIDENT_NONE)
        rc = why_set(why, ERR_INPUT, 0, "say whether anybody was hurt");
    if (rc == ERR_OK && draft->day == CALDATE_NONE)
        rc = why_set(why, ERR_INPUT, 0, "say which day it was");
    if (rc == ERR_OK && draft->day > record_today(now))
        rc = why_set(why, ERR_INPUT, 0, "that day has not come yet");
    if (rc == ERR_OK)
        rc = record_text_ok("document", draft->doc, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_prose_ok("what went wrong", draft->words, READING_INCIDENT_MAX, true, why);
    if (rc == ERR_OK)
        rc = reading_no_names(s, &draft->words, 1, why);
    if (rc != ERR_OK)
        return rc;
    caldate_iso(iso, draft->day);
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "doc", draft->doc);
    json_out_str(&j, "day", iso);
    json_out_str(&j, "kind", incident_id(draft->kind));
    json_out_str(&j, "words", draft->words);
    json_out_end_object(&j);
    return record_body(
        s, now,
        (struct event_draft){ .kind = "document.incident", .subject = draft->doc, .actor = actor },
        &body, out_id, why);
}

const char *considered_id(enum considered mark)
{
    switch (mark) {
    case CONSIDERED_NOT:
        return "";
    case CONSIDERED_NO_CHANGE:
        return "no-change";
    case CONSIDERED_CHANGED:
        return "changed";
    case CONSIDERED_ASK:
        return "ask";
    }
    return "";
}

enum err store_consider(struct store *s, struct clock_now now, const char *actor, const char *doc,
                        const char *article, enum considered mark, const char *note,
                        struct why *why)
{
    const char *text = note != NULL ? note : "";
    struct json_out j;
    struct buf body;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK && mark == CONSIDERED_NOT)
        rc = why_set(why, ERR_INPUT, 0, "choose one of the marks");
    if (rc == ERR_OK)
        rc = record_text_ok("document", doc, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("article", article, PROJECT_ID_MAX, false, why);
    if (rc == ERR_OK)
        rc = record_text_ok("note", text, READING_TEXT_MAX, false, why);
    if (rc == ERR_OK)
        rc = reading_no_names(s, &text, 1, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "doc", doc);
    if (article != NULL && article[0] != '\0')
        json_out_str(&j, "article", article);
    json_out_str(&j, "mark", considered_id(mark));
    if (text[0] != '\0')
        json_out_str(&j, "note", text);
    json_out_end_object(&j);
    return record_body(
        s, now,
        (struct event_draft){ .kind = "document.considered", .subject = doc, .actor = actor },
        &body, NULL, why);
}
