#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_sqlite.h"

/* Letters of the schools, the hub's answers to them, and what came without a name. */

enum { HUBSTORE_LINE_ARENA = 4 * 1024 * 1024 };

/* ---- what came without a name ---- */

/* Neither the kiosk nor the moment is kept: only the month, so that old ones can be told from new ones. */
enum err hubstore_post_take(void *ctx, const struct hub_post *post, struct clock_now now,
                            struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    char at[CLOCK_ISO];
    int64_t held = 0;
    enum err rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;

    clock_iso(at, now.wall_ms);
    at[strlen("2026-11")] = '\0';
    rc = db_one_i64(&s->db, "select count(*) from post", 0, &held, why);
    if (rc == ERR_OK && held >= HUB_POSTS_MAX)
        rc = why_set(why, ERR_FULL, 0, "%d voices are kept already; read and remove some",
                     HUB_POSTS_MAX);
    /* The same again is the answer to it that was lost on its way. */
    if (rc == ERR_OK)
        rc = db_run(&s->db, why,
                    "insert into post(key, kind, month, body) values(?1, ?2, ?3, ?4)"
                    " on conflict do nothing",
                    post->key, post->kind, at, post->body, NULL);
    return hubstore_end(s, rc, why);
}

enum err hubstore_posts(void *ctx, hub_post_visit visit, void *visit_ctx, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct db_stmt q =
        db_prepare(&s->db, "select key, kind, month, body from post order by month, key");
    bool go_on = true;

    while (go_on && db_step(&q)) {
        const struct hub_post post = {
            .key = db_text(&q, 0),
            .kind = db_text(&q, 1),
            .month = db_text(&q, 2),
            .body = db_text(&q, 3),
        };
        go_on = visit(visit_ctx, &post);
    }
    return db_end(&q, why);
}

/* ---- letters ---- */

#define LETTER_OF "json_extract(cast(l.line as text), '$.subject')"

enum err hubstore_letters(void *ctx, hub_letter_visit visit, void *visit_ctx, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct db_stmt q = db_prepare(
        &s->db, "select " LETTER_OF ", site.name, json_extract(cast(l.line as text), '$.at'),"
                " json_extract(cast(l.line as text), '$.body.to'),"
                " coalesce(json_extract(cast(l.line as text), '$.body.facts.about'), ''),"
                " coalesce(json_extract(cast(l.line as text), '$.body.answers.question'), ''),"
                " (select count(*) from log_line r where r.kind = 'letter.answered' and"
                " json_extract(cast(r.line as text), '$.subject') = " LETTER_OF ")"
                " from log_line l join site_line n on n.device = l.device and n.seq = l.seq"
                " join site on site.id = n.site where l.kind = 'letter.queued'"
                " order by l.hlc, l.device, l.seq");
    bool go_on = true;

    while (go_on && db_step(&q)) {
        const struct hub_letter letter = {
            .id = db_text(&q, 0),
            .site_name = db_text(&q, 1),
            .at = db_text(&q, 2),
            .to = db_text(&q, 3),
            .about = db_text(&q, 4),
            .question = db_text(&q, 5),
            .answers = (size_t)db_i64(&q, 6),
        };
        go_on = visit(visit_ctx, &letter);
    }
    return db_end(&q, why);
}

/* The site that sent the letter, and its voice. */
static enum err hubstore_letter_site(struct hubstore_sqlite *s, const char *letter,
                                     struct hub_device *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select site.id, site.name, site.voice from log_line l"
                " join site_line n on n.device = l.device and n.seq = l.seq"
                " join site on site.id = n.site where l.kind = 'letter.queued' and " LETTER_OF
                " = ?1 limit 1");
    bool found;

    db_bind_text(&q, 1, letter);
    found = db_step(&q);
    if (found) {
        (void)str_copy(out->site, sizeof(out->site), db_text(&q, 0));
        (void)str_copy(out->site_name, sizeof(out->site_name), db_text(&q, 1));
        (void)str_copy(out->voice, sizeof(out->voice), db_text(&q, 2));
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no letter %.40s came from any site", letter);
    return rc;
}

static enum err hubstore_answer_line(struct hubstore_sqlite *s, const struct hub_answer *answer,
                                     const struct hub_device *where, struct clock_now now,
                                     struct arena *a, struct why *why)
{
    struct json_out j;
    struct buf body;
    enum err rc;

    buf_init(&body, EVENT_LINE_MAX / 2);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "text", answer->text);
    json_out_str(&j, "by", answer->by);
    json_out_str(&j, "from", "hub");
    json_out_end_object(&j);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = hubstore_say(s, where,
                          &(struct event_draft){ .kind = "letter.answered",
                                                 .subject = answer->letter,
                                                 .body = body.data },
                          now, a, why);
    buf_free(&body);
    return rc;
}

enum err hubstore_answer(void *ctx, const struct hub_answer *answer, struct clock_now now,
                         struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct hub_device where = { .site = "" };
    struct arena a;
    enum err rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;

    arena_init(&a, HUBSTORE_LINE_ARENA);
    rc = hubstore_letter_site(s, answer->letter, &where, why);
    if (rc == ERR_OK)
        rc = hubstore_answer_line(s, answer, &where, now, &a, why);
    arena_done(&a);
    return hubstore_end(s, rc, why);
}
