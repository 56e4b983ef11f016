#include "app/store/project.h"

/* Letters, their answers, and those taken back. */

#include <string.h>

#include "app/store/letters.h"

/* Text with line breaks: an answer that somebody typed or that the hub sent. */
static bool letter_text(const struct json *body, const char *key, size_t max, const char **out)
{
    const struct json *node = json_get(body, key);

    if (node == NULL || node->type != JNODE_STRING || node->len == 0 || node->len > max ||
        strlen(node->text) != node->len)
        return false;
    for (size_t i = 0; i < node->len; i++)
        if (((unsigned char)node->text[i] < 0x20 && node->text[i] != '\n') || node->text[i] == 0x7f)
            return false;
    *out = node->text;
    return true;
}

/* The ids in an array of the body, one row each in `table`. */
static enum err letter_abouts(struct db *db, const char *sql, const struct project_line *line,
                              const char *key, struct why *why)
{
    const struct json *node = json_get(line->event->body, key);
    size_t count = 0;

    if (node == NULL || node->type != JNODE_ARRAY)
        return ERR_OK;
    for (node = node->first; node != NULL && count < LETTER_ABOUT_MAX; node = node->next) {
        enum err rc;

        if (node->type != JNODE_STRING || !project_text_ok(node->text, PROJECT_TEXT_MAX))
            return why_set(why, ERR_INPUT, 0, "line %s: what it is about is no id", line->id);
        rc = db_run(db, why, sql, line->id, node->text, NULL);
        if (rc != ERR_OK)
            return rc;
        count++;
    }
    return ERR_OK;
}

enum err project_letter_queued(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    const struct event *event = line->event;
    const struct json *answers = json_get(event->body, "answers");
    const char *form = "";
    const char *title = "";
    const char *to = "";
    struct buf body;
    struct json_out j;
    struct db_stmt q;
    enum err rc;

    (void)a;
    if (event->subject[0] == '\0' || !project_text_ok(event->subject, PROJECT_ID_MAX) ||
        event->actor[0] == '\0' || !project_text(event->body, "form", PROJECT_ID_MAX, &form) ||
        !project_text(event->body, "title", PROJECT_TEXT_MAX, &title) ||
        !project_text(event->body, "to", PROJECT_ID_MAX, &to) || answers == NULL ||
        answers->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "line %s: not a letter as this release knows it",
                       line->id);
    buf_init(&body, EVENT_LINE_MAX);
    json_out_init(&j, &body);
    json_out_node(&j, NULL, event->body);
    rc = buf_done(&body, why);
    q = db_prepare(db, "insert or replace into letter_row(event, letter, form, title, recipient,"
                       " actor, hlc, device, seq, at_ms, body)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, event->subject);
    db_bind_text(&q, 3, form);
    db_bind_text(&q, 4, title);
    db_bind_text(&q, 5, to);
    db_bind_text(&q, 6, event->actor);
    db_bind_text(&q, 7, line->hlc);
    db_bind_text(&q, 8, event->device);
    db_bind_i64(&q, 9, (int64_t)event->seq);
    db_bind_i64(&q, 10, line->at_ms);
    db_bind_text(&q, 11, body.data);
    if (rc == ERR_OK)
        (void)db_step(&q);
    rc = db_end(&q, rc == ERR_OK ? why : NULL) == ERR_OK ? rc : ERR_IO;
    buf_free(&body);
    if (rc == ERR_OK)
        rc = letter_abouts(db, "insert or ignore into letter_about(event, about) values (?1, ?2)",
                           line, "about", why);
    return rc;
}

enum err project_letter_answered(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why)
{
    const struct event *event = line->event;
    const char *text = "";
    const char *by = "";
    const char *from = "";
    struct db_stmt q;
    enum err rc;

    (void)a;
    if (event->subject[0] == '\0' || !project_text_ok(event->subject, PROJECT_ID_MAX) ||
        !letter_text(event->body, "text", LETTER_TEXT_MAX, &text) ||
        !project_text(event->body, "by", PROJECT_TEXT_MAX, &by) ||
        !project_text(event->body, "from", PROJECT_ID_MAX, &from))
        return why_set(why, ERR_INPUT, 0, "line %s: not an answer as this release knows it",
                       line->id);
    q = db_prepare(db, "insert or replace into letter_reply(event, letter, hlc, at_ms, text, by,"
                       " hub) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, event->subject);
    db_bind_text(&q, 3, line->hlc);
    db_bind_i64(&q, 4, line->at_ms);
    db_bind_text(&q, 5, text);
    db_bind_text(&q, 6, by);
    db_bind_i64(&q, 7, strcmp(from, "hub") == 0);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = letter_abouts(db,
                           "insert or ignore into letter_reply_about(event, about) values (?1, ?2)",
                           line, "files_to", why);
    return rc;
}

enum err project_letter_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                  struct why *why)
{
    const struct event *event = line->event;

    (void)a;
    if (event->subject[0] == '\0' || !project_text_ok(event->subject, PROJECT_ID_MAX))
        return why_set(why, ERR_INPUT, 0, "line %s: no letter is named", line->id);
    return db_run(db, why,
                  "insert or replace into letter_withdrawn(event, letter, actor)"
                  " values (?1, ?2, ?3)",
                  line->id, event->subject, event->actor, NULL);
}
