#include "app/store/certificates.h"

#include "app/domain/caldate.h"
#include "app/store/project.h"
#include "app/store/query_rows.h"
#include "app/store/record_parts.h"

#define CERTIFICATE_COLUMNS                                                                        \
    "event, item, document, title, sort, about, day, until, sha256, type, name, bytes, actor,"     \
    " at_ms"

static const struct {
    const char *sort, *words;
} certificate_sorts[] = {
    { "calibration", "Calibration certificate" },
    { "report", "Report of an examination" },
    { "scheme", "Written scheme" },
    { "other", "Another paper" },
};

const char *certificate_sort(size_t at)
{
    return at < COUNT_OF(certificate_sorts) ? certificate_sorts[at].sort : NULL;
}

const char *certificate_sort_words(const char *sort)
{
    for (size_t i = 0; i < COUNT_OF(certificate_sorts); i++)
        if (str_eq(certificate_sorts[i].sort, sort))
            return certificate_sorts[i].words;
    return "Paper";
}

/* ---- reading ---- */

static enum err certificate_row(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct certificate *out = row;

    (void)why;
    *out = (struct certificate){
        .event = db_text_in(q, 0, a),
        .item = db_text_in(q, 1, a),
        .document = db_text_in(q, 2, a),
        .title = db_text_in(q, 3, a),
        .sort = db_text_in(q, 4, a),
        .check = db_text_in(q, 5, a),
        .day = (int32_t)db_i64(q, 6),
        .until = (int32_t)db_i64(q, 7),
        .sha256 = db_text_in(q, 8, a),
        .type = db_text_in(q, 9, a),
        .name = db_text_in(q, 10, a),
        .bytes = db_i64(q, 11),
        .actor = db_text_in(q, 12, a),
        .at_ms = db_i64(q, 13),
    };
    return ERR_OK;
}

static const struct rows_of certificate_rows = { "the certificates", sizeof(struct certificate),
                                                 CERTIFICATES_MAX, certificate_row };

enum err query_certificates(struct store *s, const char *item, const char *check, struct arena *a,
                            struct certificate **out, size_t *out_count, struct why *why)
{
    /* A paper without a day stands by the day on which it was attached. */
    struct db_stmt q =
        db_prepare(&s->db, "select " CERTIFICATE_COLUMNS " from document_now where item = ?1"
                           " and (?2 = '' or about = ?2) and not withdrawn order by"
                           " iif(day = -2147483648, at_ms / 86400000, day) desc, hlc desc, event"
                           " limit 200");
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, item);
    db_bind_text(&q, 2, check);
    rc = rows_read(&q, &certificate_rows, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read an item's certificates");
    *out = rows;
    return ERR_OK;
}

enum err query_certificate(struct store *s, const char *event, struct arena *a,
                           struct certificate *out, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select " CERTIFICATE_COLUMNS " from document_now"
                                          " where event = ?1 and not withdrawn");
    void *rows = NULL;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, event);
    rc = rows_read(&q, &certificate_rows, a, &rows, &count, why);
    if (rc == ERR_OK && count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such certificate stands on this kiosk");
    if (rc == ERR_OK)
        *out = *(struct certificate *)rows;
    return rc;
}

/* ---- recording ---- */

static enum err certificate_fits(struct store *s, const struct certificate *c, struct why *why)
{
    int64_t there = 0;
    struct db_stmt q;
    enum err rc = record_text_ok("item", c->item, PROJECT_ID_MAX, true, why);

    if (rc == ERR_OK)
        rc = record_text_ok("title", c->title, PROJECT_TEXT_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("file", c->sha256, KEYS_ID_TEXT - 1, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("file's name", c->name, PROJECT_TEXT_MAX, false, why);
    if (rc == ERR_OK && c->until != CALDATE_NONE && c->day != CALDATE_NONE && c->until < c->day)
        rc = why_set(why, ERR_INPUT, 0, "it cannot run out before the day that it is of");
    if (rc != ERR_OK)
        return rc;
    q = db_prepare(&s->db, "select count(*) from document_now where item = ?1 and not withdrawn");
    db_bind_text(&q, 1, c->item);
    if (db_step(&q))
        there = db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc == ERR_OK && there >= CERTIFICATES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "it has %d papers already", CERTIFICATES_MAX);
    return rc;
}

static void certificate_day(struct json_out *j, const char *key, int32_t day)
{
    char iso[CALDATE_TEXT];

    if (day == CALDATE_NONE)
        return;
    caldate_iso(iso, day);
    json_out_str(j, key, iso);
}

static void certificate_body(const struct certificate *c, const char *document, struct buf *body)
{
    struct json_out j;

    buf_init(body, BODY_MAX);
    json_out_init(&j, body);
    json_out_object(&j, NULL);
    json_out_str(&j, "document", document);
    json_out_str(&j, "title", c->title);
    json_out_str(&j, "sort", c->sort);
    certificate_day(&j, "day", c->day);
    certificate_day(&j, "valid_until", c->until);
    if (c->check != NULL && c->check[0] != '\0')
        json_out_str(&j, "check", c->check);
    json_out_object(&j, "file");
    json_out_str(&j, "sha256", c->sha256);
    json_out_str(&j, "type", c->type);
    json_out_int(&j, "bytes", c->bytes);
    json_out_str(&j, "name", c->name);
    json_out_end_object(&j);
    json_out_end_object(&j);
}

enum err store_add_certificate(struct store *s, struct clock_now now, const char *actor,
                               const struct certificate *c, char out_event[EVENT_ID_TEXT],
                               struct why *why)
{
    char document[KEYS_RANDOM_ID];
    struct buf body;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = certificate_fits(s, c, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "attach the certificate");
    keys_random_id(document);
    certificate_body(c, document, &body);
    rc = record_body(
        s, now, (struct event_draft){ .kind = "item.document", .subject = c->item, .actor = actor },
        &body, out_event, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "attach the certificate");
}

static enum err certificate_withdraw_inside(struct store *s, struct clock_now now,
                                            const char *actor, const char *event,
                                            const char *reason, struct arena *a, struct why *why)
{
    struct certificate c;
    struct json_out j;
    struct buf body;
    enum err rc = query_certificate(s, event, a, &c, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "document", c.document);
    json_out_bool(&j, "withdrawn", true);
    json_out_str(&j, "why", reason);
    json_out_str(&j, "replaces", event);
    json_out_end_object(&j);
    return record_body(
        s, now, (struct event_draft){ .kind = "item.document", .subject = c.item, .actor = actor },
        &body, NULL, why);
}

enum err store_withdraw_certificate(struct store *s, struct clock_now now, const char *actor,
                                    const char *event, const char *reason, struct why *why)
{
    struct arena a;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_text_ok("reason", reason, PROJECT_TEXT_MAX, true, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "take the certificate back");
    arena_init(&a, (size_t)1024 * 1024);
    rc = store_finish(s, certificate_withdraw_inside(s, now, actor, event, reason, &a, why), why);
    arena_done(&a);
    return rc == ERR_OK ? rc : why_in(why, rc, "take the certificate back");
}
