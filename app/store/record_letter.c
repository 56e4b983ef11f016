#include "app/store/letters.h"

/* The writers of letters and of what becomes of them. */

#include <string.h>

#include "app/store/local.h"
#include "app/store/project.h"
#include "app/store/reading_rows.h"
#include "app/store/record_parts.h"
#include "platform/base/json.h"
#include "sync/log/postbox.h"

static void letter_facts(struct json_out *j, const char *key, const struct fact *facts,
                         size_t count)
{
    json_out_object(j, key);
    for (size_t i = 0; i < count; i++)
        json_out_str(j, facts[i].key, facts[i].value);
    json_out_end_object(j);
}

static enum err letter_check(const char *actor, const struct letter_draft *d, struct why *why)
{
    enum err rc = record_text_ok("letter", d->letter, PROJECT_ID_MAX, true, why);

    if (actor == NULL || actor[0] == '\0')
        return why_set(why, ERR_DENIED, 0, "sign in first: a letter has a writer");
    if (rc == ERR_OK)
        rc = record_text_ok("form", d->form, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("title", d->title, PROJECT_TEXT_MAX, false, why);
    if (rc == ERR_OK &&
        (d->about_count > LETTER_ABOUT_MAX || d->answer_count > LETTER_ANSWERS_MAX ||
         d->fact_count > LETTER_ANSWERS_MAX))
        rc = why_set(why, ERR_LIMIT, 0, "the letter holds more than a letter may");
    for (size_t i = 0; rc == ERR_OK && i < d->about_count; i++)
        rc = record_text_ok("thing it is about", d->about[i], PROJECT_TEXT_MAX, true, why);
    for (size_t i = 0; rc == ERR_OK && i < d->answer_count; i++)
        rc = record_prose_ok("answer", d->answers[i].value, FORM_ANSWER_MAX, false, why);
    return rc;
}

static enum err letter_known(struct db *db, const char *letter, char out_actor[PROJECT_ID_MAX + 1],
                             bool *out_found, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select actor from letter_now where letter = ?1");

    db_bind_text(&q, 1, letter);
    *out_found = db_step(&q);
    out_actor[0] = '\0';
    if (*out_found)
        (void)str_copy(out_actor, PROJECT_ID_MAX + 1, db_text(&q, 0));
    return db_end(&q, why);
}

/* The writer of a letter that is known here, else ERR_NOT_FOUND. */
static enum err letter_writer(struct db *db, const char *letter, char out_actor[PROJECT_ID_MAX + 1],
                              struct why *why)
{
    bool found = false;
    enum err rc = letter_known(db, letter, out_actor, &found, why);

    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such letter is known here");
    return rc;
}

/* A line is kept for good, and holds ids in place of names. */
static enum err letter_no_names(struct store *s, const struct letter_draft *d, struct why *why)
{
    const char *texts[LETTER_ANSWERS_MAX];

    for (size_t i = 0; i < d->answer_count; i++)
        texts[i] = d->answers[i].value;
    return reading_no_names(s, texts, d->answer_count, why);
}

static enum err letter_inside(struct store *s, struct clock_now now, const char *actor,
                              const struct letter_draft *d, char out_id[EVENT_ID_TEXT],
                              struct why *why)
{
    char writer[PROJECT_ID_MAX + 1];
    char item[PROJECT_ID_MAX + sizeof LETTER_DRAFT];
    struct json_out j;
    struct buf body;
    bool found = false;
    enum err rc = letter_known(&s->db, d->letter, writer, &found, why);

    if (rc == ERR_OK && found)
        rc = why_set(why, ERR_CONFLICT, 0, "this letter was queued before");
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "form", d->form);
    json_out_str(&j, "version", d->version);
    json_out_str(&j, "title", d->title);
    json_out_str(&j, "to", d->to);
    json_out_array(&j, "about");
    for (size_t i = 0; i < d->about_count; i++)
        json_out_str(&j, NULL, d->about[i]);
    json_out_end_array(&j);
    letter_facts(&j, "answers", d->answers, d->answer_count);
    letter_facts(&j, "facts", d->facts, d->fact_count);
    json_out_end_object(&j);
    rc = record_body(
        s, now,
        (struct event_draft){ .kind = "letter.queued", .subject = d->letter, .actor = actor },
        &body, out_id, why);
    (void)str_format(item, sizeof item, LETTER_DRAFT "%s", d->letter);
    return rc == ERR_OK ? local_draft_drop(&s->db, item, d->form, why) : rc;
}

enum err store_letter_queue(struct store *s, struct clock_now now, const char *actor,
                            const struct letter_draft *d, char out_id[EVENT_ID_TEXT],
                            struct why *why)
{
    enum err rc = letter_check(actor, d, why);

    if (rc == ERR_OK)
        rc = letter_no_names(s, d, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "queue the letter");
    rc = store_finish(s, letter_inside(s, now, actor, d, out_id, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "queue the letter");
}

static enum err letter_text_ok(const char *text, struct why *why)
{
    size_t len = text == NULL ? 0 : strlen(text);

    if (len == 0)
        return why_set(why, ERR_INPUT, 0, "the answer is missing; type what was said");
    if (len > LETTER_TEXT_MAX)
        return why_set(why, ERR_LIMIT, 0, "the answer is longer than %d bytes; shorten it",
                       LETTER_TEXT_MAX);
    if (!utf8_valid(text, len))
        return why_set(why, ERR_INPUT, 0, "the answer is not text");
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
            return why_set(why, ERR_INPUT, 0, "the answer holds control characters");
    return ERR_OK;
}

static enum err answer_inside(struct store *s, struct clock_now now, const char *actor,
                              const char *letter, const char *text, const char *by, struct why *why)
{
    char writer[PROJECT_ID_MAX + 1];
    struct json_out j;
    struct buf body;
    enum err rc = letter_writer(&s->db, letter, writer, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "text", text);
    json_out_str(&j, "by", by == NULL ? "" : by);
    json_out_str(&j, "from", "hand");
    json_out_end_object(&j);
    return record_body(
        s, now,
        (struct event_draft){ .kind = "letter.answered", .subject = letter, .actor = actor }, &body,
        NULL, why);
}

enum err store_letter_answer(struct store *s, struct clock_now now, const char *actor,
                             const char *letter, const char *text, const char *by, struct why *why)
{
    const char *const texts[] = { text, by };
    enum err rc = letter_text_ok(text, why);

    if (rc == ERR_OK)
        rc = reading_no_names(s, texts, COUNT_OF(texts), why);
    if (rc == ERR_OK)
        rc = record_text_ok("name of who answered", by, PROJECT_TEXT_MAX, false, why);
    if (rc == ERR_OK && (actor == NULL || actor[0] == '\0'))
        rc = why_set(why, ERR_DENIED, 0, "sign in first: the record says who filed it");
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "file the answer");
    rc = store_finish(s, answer_inside(s, now, actor, letter, text, by, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "file the answer");
}

static enum err withdraw_inside(struct store *s, struct clock_now now, const char *actor,
                                const char *letter, struct why *why)
{
    char writer[PROJECT_ID_MAX + 1];
    struct json_out j;
    struct buf body;
    enum err rc = letter_writer(&s->db, letter, writer, why);

    if (rc == ERR_OK && (actor == NULL || !str_eq(writer, actor)))
        rc = why_set(why, ERR_DENIED, 0, "only its writer takes a letter back");
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_end_object(&j);
    return record_body(
        s, now,
        (struct event_draft){ .kind = "letter.withdrawn", .subject = letter, .actor = actor },
        &body, NULL, why);
}

enum err store_letter_withdraw(struct store *s, struct clock_now now, const char *actor,
                               const char *letter, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = store_finish(s, withdraw_inside(s, now, actor, letter, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "take the letter back");
}

/* ---- marks of this kiosk ---- */

enum err store_letter_handed(struct store *s, struct clock_now now, const char *letter,
                             struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "insert into local_letter(letter, handed_ms) values (?1, ?2)"
                           " on conflict (letter) do update set handed_ms = ?2");

    db_bind_text(&q, 1, letter);
    db_bind_i64(&q, 2, now.wall_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* By number, not by time: the hub's clock stamped the answer and this one may be behind. */
enum err store_letter_seen(struct store *s, const char *letter, struct why *why)
{
    return db_run(&s->db, why,
                  "insert into local_letter(letter, seen)"
                  " select ?1, count(*) from letter_reply where letter = ?1 and true"
                  " on conflict (letter) do update set seen = excluded.seen",
                  letter, NULL);
}

/* ---- an anonymous voice ---- */

static enum err voice_inside(struct store *s, const struct letter_draft *d, const char *body,
                             struct why *why)
{
    char item[PROJECT_ID_MAX + sizeof LETTER_DRAFT];
    enum err rc = postbox_put(&s->db, "voice", body, why);

    (void)str_format(item, sizeof item, LETTER_DRAFT "%s", d->letter);
    return rc == ERR_OK ? local_draft_drop(&s->db, item, d->form, why) : rc;
}

enum err store_voice_post(struct store *s, struct clock_now now, const struct letter_draft *d,
                          struct why *why)
{
    struct json_out j;
    struct buf body;
    enum err rc;

    /* Neither time nor id of the draft goes along: either would tie it to whoever stood here. */
    (void)now;
    rc = letter_check("-", d, why);
    if (rc == ERR_OK)
        rc = letter_no_names(s, d, why);
    buf_init(&body, POSTBOX_BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "form", d->form);
    json_out_str(&j, "version", d->version);
    json_out_str(&j, "to", d->to);
    letter_facts(&j, "answers", d->answers, d->answer_count);
    json_out_end_object(&j);
    if (rc == ERR_OK)
        rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc == ERR_OK)
        rc = store_finish(s, voice_inside(s, d, body.data, why), why);
    buf_free(&body);
    return rc == ERR_OK ? rc : why_in(why, rc, "keep the voice for sending");
}
