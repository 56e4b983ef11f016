#include "app/store/project.h"

/* Certificates of items. A line is a version of its document; the view document_now says which is in force. */

#include "app/domain/caldate.h"
#include "platform/base/str.h"

struct document {
    const char *document, *title, *sort, *check, *sha256, *type, *name, *withdrawn_why;
    int32_t day, until;
    int64_t bytes;
    bool withdrawn;
};

static bool document_day(const struct json *body, const char *key, int32_t *out)
{
    const char *text = "";

    *out = CALDATE_NONE;
    return project_text(body, key, CALDATE_TEXT, &text) &&
           (text[0] == '\0' || caldate_parse(text, out));
}

/* Types of later releases are theirs to show: here the line waits. */
static bool document_file(const struct json *file, struct document *d)
{
    static const char *const types[] = { "application/pdf", "image/jpeg", "text/csv" };
    bool known = false;

    if (file == NULL || file->type != JNODE_OBJECT ||
        !project_text(file, "sha256", KEYS_ID_TEXT - 1, &d->sha256) ||
        !hex_is(d->sha256, KEYS_ID_TEXT - 1) ||
        !project_text(file, "type", PROJECT_ID_MAX, &d->type) ||
        !project_text(file, "name", PROJECT_TEXT_MAX, &d->name))
        return false;
    d->bytes = json_int(file, "bytes", 0);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        known = known || str_eq(d->type, types[i]);
    return known && d->bytes > 0;
}

static bool document_read(const struct event *event, struct document *d)
{
    const struct json *body = event->body;

    *d = (struct document){ .sha256 = "", .type = "", .name = "" };
    d->withdrawn = json_bool(body, "withdrawn", false);
    return event->subject[0] != '\0' && project_text_ok(event->subject, PROJECT_ID_MAX) &&
           project_text(body, "document", PROJECT_ID_MAX, &d->document) && d->document[0] != '\0' &&
           project_text(body, "title", PROJECT_TEXT_MAX, &d->title) &&
           project_text(body, "sort", PROJECT_ID_MAX, &d->sort) &&
           project_text(body, "check", EVENT_ID_TEXT, &d->check) &&
           project_text(body, "why", PROJECT_TEXT_MAX, &d->withdrawn_why) &&
           document_day(body, "day", &d->day) && document_day(body, "valid_until", &d->until) &&
           (d->withdrawn || (d->title[0] != '\0' && document_file(json_get(body, "file"), d)));
}

enum err project_item_document(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    struct document d;
    struct db_stmt q;
    enum err rc;

    (void)a;
    if (!document_read(line->event, &d))
        return why_set(why, ERR_INPUT, 0, "line %s: not a document as this release knows it",
                       line->id);
    const char *const texts[] = { line->id,
                                  line->event->subject,
                                  d.document,
                                  line->hlc,
                                  line->event->device,
                                  line->event->actor,
                                  d.title,
                                  d.sort,
                                  d.check,
                                  d.sha256,
                                  d.type,
                                  d.name,
                                  d.withdrawn_why };
    const int64_t numbers[] = { (int64_t)line->event->seq, line->at_ms, d.day, d.until, d.bytes,
                                d.withdrawn ? 1 : 0 };
    q = db_prepare(db, "insert or replace into item_document(event, item, document, hlc, device,"
                       " actor, title, sort, about, sha256, type, name, why, seq, at_ms, day,"
                       " until, bytes, withdrawn) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                       " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_bind_text(&q, (int)i + 1, texts[i] == NULL ? "" : texts[i]);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        db_bind_i64(&q, (int)(i + COUNT_OF(texts)) + 1, numbers[i]);
    (void)db_step(&q);
    rc = db_end(&q, why);
    /* By the paper's id: what it replaces is a paper, never a line of the item itself. */
    return rc == ERR_OK ? project_replaces(db, line, d.document, why) : rc;
}
