#include "app/store/letters.h"

/* Letters and their answers as screens read them. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/project.h"
#include "app/store/project_rules.h"
#include "app/store/query_rows.h"
#include "platform/base/json.h"
#include "sync/log/postbox.h"

/* Columns of `letter_now l` in the order that letter_row_of reads them. A letter that came from elsewhere came by the hub;
   one of our own is sent once the hub has said so. ?1 is this device, ?2 the number acknowledged. */
#define LETTER_COLUMNS                                                                             \
    "l.letter, l.event, l.form, l.title, l.recipient, l.actor, l.at_ms, l.body,"                   \
    " l.device <> ?1 or l.seq <= ?2,"                                                              \
    " exists (select 1 from letter_withdrawn w where w.letter = l.letter and w.actor = l.actor),"  \
    " (select count(*) from letter_reply r where r.letter = l.letter),"                            \
    " coalesce((select handed_ms from local_letter m where m.letter = l.letter), 0),"              \
    " (select count(*) from letter_reply r where r.letter = l.letter) >"                           \
    " coalesce((select seen from local_letter m where m.letter = l.letter), 0)"

const char *letter_state_words(enum letter_state state)
{
    switch (state) {
    case LETTER_QUEUED:
        return "Queued";
    case LETTER_SENT:
        return "Sent";
    case LETTER_ANSWERED:
        return "Answered";
    case LETTER_WITHDRAWN:
        return "Taken back";
    }
    return "";
}

static enum err letter_acked(struct store *s, int64_t *out, struct why *why)
{
    int64_t there = 0;
    enum err rc = db_one_i64(
        &s->db, "select count(*) from sqlite_master where type = 'table' and name = 'sync_state'",
        0, &there, why);

    *out = 0;
    if (rc != ERR_OK || there == 0)
        return rc;
    return db_one_i64(&s->db, "select cast(value as integer) from sync_state where key = 'acked'",
                      0, out, why);
}

static const struct fact *letter_pairs(const struct json *object, struct arena *a,
                                       size_t *out_count)
{
    struct fact *rows;
    size_t count = 0;

    *out_count = 0;
    if (object == NULL || object->type != JNODE_OBJECT)
        return NULL;
    rows = arena_array(a, object->len + 1, sizeof *rows);
    for (const struct json *n = object->first; rows != NULL && n != NULL; n = n->next)
        if (n->type == JNODE_STRING)
            rows[count++] = (struct fact){ .key = n->key, .value = n->text };
    *out_count = count;
    return rows;
}

static const char *letter_question(const struct letter *l)
{
    const char *longest = "";

    for (size_t i = 0; i < l->answer_count; i++) {
        if (str_eq(l->answers[i].key, "question"))
            return l->answers[i].value;
        if (strlen(l->answers[i].value) > strlen(longest))
            longest = l->answers[i].value;
    }
    return longest;
}

static enum err letter_body(const char *text, struct arena *a, struct letter *out, struct why *why)
{
    const struct json *body = NULL;
    const struct json *about;
    const char **ids;
    enum err rc = json_parse(a, text, strlen(text), EVENT_LINE_MAX, &body, why);

    if (rc != ERR_OK)
        return rc;
    about = json_get(body, "about");
    ids = arena_array(a, LETTER_ABOUT_MAX, sizeof *ids);
    if (ids == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a letter");
    if (about != NULL && about->type == JNODE_ARRAY)
        for (const struct json *n = about->first; n != NULL && out->about_count < LETTER_ABOUT_MAX;
             n = n->next)
            if (n->type == JNODE_STRING)
                ids[out->about_count++] = n->text;
    out->about = ids;
    out->answers = letter_pairs(json_get(body, "answers"), a, &out->answer_count);
    out->facts = letter_pairs(json_get(body, "facts"), a, &out->fact_count);
    out->question = letter_question(out);
    return ERR_OK;
}

static enum err letter_row_of(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct letter *out = row;
    int minutes = 0;

    *out = (struct letter){
        .id = db_text_in(q, 0, a),
        .event = db_text_in(q, 1, a),
        .form = db_text_in(q, 2, a),
        .title = db_text_in(q, 3, a),
        .to = db_text_in(q, 4, a),
        .person = db_text_in(q, 5, a),
        .at_ms = db_i64(q, 6),
        .state = db_i64(q, 8) != 0 ? LETTER_SENT : LETTER_QUEUED,
        .replies = (size_t)db_i64(q, 10),
        .handed = db_i64(q, 11) != 0,
        .unread = db_i64(q, 12) != 0,
    };
    out->day = caldate_london(out->at_ms, &minutes);
    if (out->replies > 0)
        out->state = LETTER_ANSWERED;
    if (db_i64(q, 9) != 0)
        out->state = LETTER_WITHDRAWN;
    return letter_body(db_text(q, 7), a, out, why);
}

static const char *letter_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

enum err query_letters(struct store *s, const struct letters_ask *ask, struct arena *a,
                       struct letter **out, size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the letters", sizeof(struct letter), LETTERS_MAX,
                                       letter_row_of };
    int64_t acked = 0;
    void *rows = NULL;
    enum err rc = letter_acked(s, &acked, why);
    struct db_stmt q;

    if (rc != ERR_OK)
        return why_in(why, rc, "list the letters");
    q = db_prepare(
        &s->db,
        "select " LETTER_COLUMNS " from letter_now l where (?3 = '' or l.actor = ?3) and (?4 = ''"
        " or exists (select 1 from letter_about b where b.event = l.event and b.about = ?4))"
        " and (?5 = '' or l.form = ?5) and (?6 = 1 or not exists (select 1 from letter_withdrawn w"
        " where w.letter = l.letter and w.actor = l.actor)) order by l.hlc desc, l.event limit "
        "500");
    db_bind_text(&q, 1, s->self.id);
    db_bind_i64(&q, 2, acked);
    db_bind_text(&q, 3, letter_or_empty(ask->person));
    db_bind_text(&q, 4, letter_or_empty(ask->about));
    db_bind_text(&q, 5, letter_or_empty(ask->form));
    db_bind_i64(&q, 6, ask->withdrawn ? 1 : 0);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "list the letters");
    *out = rows;
    return ERR_OK;
}

enum err query_letter(struct store *s, const char *id, struct arena *a, struct letter *out,
                      struct why *why)
{
    int64_t acked = 0;
    enum err read = ERR_OK;
    enum err rc = letter_acked(s, &acked, why);
    struct letter row = { 0 };
    struct db_stmt q;
    bool found;

    if (rc != ERR_OK)
        return why_in(why, rc, "read the letter");
    q = db_prepare(&s->db, "select " LETTER_COLUMNS " from letter_now l where l.letter = ?3");
    db_bind_text(&q, 1, s->self.id);
    db_bind_i64(&q, 2, acked);
    db_bind_text(&q, 3, id);
    found = db_step(&q);
    if (found)
        read = letter_row_of(&q, a, &row, why);
    rc = db_end(&q, read == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? read : rc;
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the letter");
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such letter is known here");
    if (rc != ERR_OK)
        return why_in(why, rc, "read the letter");
    *out = row;
    return ERR_OK;
}

/* ---- answers ---- */

#define REPLY_COLUMNS "r.event, r.letter, r.text, r.by, r.hub, r.at_ms, l.form, l.actor, l.body"

static enum err reply_row(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct letter_reply *out = row;
    int minutes = 0;
    struct letter l = { 0 };
    enum err rc = letter_body(db_text(q, 8), a, &l, why);

    *out = (struct letter_reply){
        .event = db_text_in(q, 0, a),
        .letter = db_text_in(q, 1, a),
        .text = db_text_in(q, 2, a),
        .by = db_text_in(q, 3, a),
        .from_hub = db_i64(q, 4) != 0,
        .at_ms = db_i64(q, 5),
        .form = db_text_in(q, 6, a),
        .person = db_text_in(q, 7, a),
        .question = rc == ERR_OK ? l.question : "",
    };
    out->day = caldate_london(out->at_ms, &minutes);
    return rc;
}

static enum err reply_rows(struct store *s, const char *sql, const char *id, struct arena *a,
                           struct letter_reply **out, size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the answers", sizeof(struct letter_reply), LETTERS_MAX,
                                       reply_row };
    struct db_stmt q = db_prepare(&s->db, sql);
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, id);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the answers");
    *out = rows;
    return ERR_OK;
}

enum err query_replies(struct store *s, const char *letter, struct arena *a,
                       struct letter_reply **out, size_t *out_count, struct why *why)
{
    return reply_rows(s,
                      "select " REPLY_COLUMNS " from letter_reply r join letter_now l"
                      " on l.letter = r.letter where r.letter = ?1 order by r.hlc, r.event",
                      letter, a, out, out_count, why);
}

/* Where an answer says what it files to, there; else at all that the letter was about. */
enum err query_answers(struct store *s, const char *about, struct arena *a,
                       struct letter_reply **out, size_t *out_count, struct why *why)
{
    return reply_rows(
        s,
        "select " REPLY_COLUMNS " from letter_reply r join letter_now l on l.letter = r.letter"
        " where case when exists (select 1 from letter_reply_about x where x.event = r.event) then"
        " exists (select 1 from letter_reply_about x where x.event = r.event and x.about = ?1)"
        " else exists (select 1 from letter_about b where b.event = l.event and b.about = ?1) end"
        " order by r.hlc desc, r.event",
        about, a, out, out_count, why);
}

enum err query_unread(struct store *s, const char *person, size_t *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select count(*) from letter_now l where (?1 = '' or l.actor = ?1) and"
                " (select count(*) from letter_reply r where r.letter = l.letter) >"
                " coalesce((select seen from local_letter m where m.letter = l.letter), 0)");
    int64_t n = 0;
    enum err rc;

    db_bind_text(&q, 1, letter_or_empty(person));
    if (db_step(&q))
        n = db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "count the replies");
    *out = (size_t)n;
    return ERR_OK;
}

enum err query_handed(struct store *s, const char *letter, bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select handed_ms from local_letter where letter = ?1");
    bool handed = false;
    enum err rc;

    db_bind_text(&q, 1, letter);
    if (db_step(&q))
        handed = db_i64(&q, 0) != 0;
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = handed;
    return rc;
}

enum err query_voices(struct store *s, size_t *out_waiting, size_t *out_sent, struct why *why)
{
    int64_t waiting = 0;
    int64_t sent = 0;
    enum err rc = postbox_counts(&s->db, &waiting, &sent, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "count the anonymous voices");
    *out_waiting = (size_t)waiting;
    *out_sent = (size_t)sent;
    return ERR_OK;
}

enum err query_checks_made(struct store *s, int32_t since_day, size_t *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select count(*) from check_row c where c.day >= ?1 and " CHECK_COUNTS("c"));
    int64_t n = 0;
    enum err rc;

    db_bind_i64(&q, 1, since_day);
    if (db_step(&q))
        n = db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "count the checks");
    *out = (size_t)n;
    return ERR_OK;
}
