#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* Letters of the schools, the hub's answers to them, and what came without a name. */

enum { LETTER_LINE_ARENA = 4 * 1024 * 1024 };

/* ---- what came without a name ---- */

/* Neither the kiosk nor the moment is kept: only the month, so that old ones can be told from new ones. */
enum err hubstore_post_in(struct hubstore *s, const struct hub_post *post, struct clock_now now,
                          struct why *why)
{
    char at[CLOCK_ISO];
    int64_t held = 0;
    enum err rc = sql_one_i64(s->sql, "select count(*) from post", 0, &held, why);

    clock_iso(at, now.wall_ms);
    at[strlen("2026-11")] = '\0';
    if (rc == ERR_OK && held >= HUB_POSTS_MAX)
        rc = why_set(why, ERR_FULL, 0, "%d voices are kept already; read and remove some",
                     HUB_POSTS_MAX);
    /* The same again is the answer to it that was lost on its way. */
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why,
                     "insert into post(key, kind, month, body) values($1, $2, $3, $4)"
                     " on conflict do nothing",
                     post->key, post->kind, at, post->body, NULL);
    return rc;
}

struct letter_post {
    const struct hub_post *post;
    struct clock_now now;
};

static enum err letter_post_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct letter_post *p = ctx;

    return hubstore_post_in(s, p->post, p->now, why);
}

enum err hubstore_post_take(struct hubstore *s, const struct hub_post *post, struct clock_now now,
                            struct why *why)
{
    struct letter_post p = { .post = post, .now = now };

    return hubstore_in(s, true, letter_post_work, &p, why);
}

enum err hubstore_posts(struct hubstore *s, hub_post_visit visit, void *ctx, struct why *why)
{
    struct sql_stmt q =
        sql_prepare_wide(s->sql, "select key, kind, month, body from post order by month, key");
    bool go_on = true;

    while (go_on && sql_step(&q)) {
        const struct hub_post post = {
            .key = sql_text(&q, 0),
            .kind = sql_text(&q, 1),
            .month = sql_text(&q, 2),
            .body = sql_text(&q, 3),
        };
        go_on = visit(ctx, &post);
    }
    return sql_end(&q, why);
}

/* ---- letters ---- */

enum err hubstore_letters(struct hubstore *s, hub_letter_visit visit, void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare_wide(
        s->sql, "select t.id, site.name, t.at, t.receiver, t.about, t.question,"
                " (select count(*) from answered r where r.site = t.site and r.letter = t.id)"
                " from letter t join site on site.id = t.site"
                " join line l on l.site = t.site and l.no = t.no"
                " join author a on a.site = l.site and a.no = l.author"
                " order by l.hlc, a.device, l.seq");
    bool go_on = true;

    while (go_on && sql_step(&q)) {
        const struct hub_letter letter = {
            .id = sql_text(&q, 0),
            .site_name = sql_text(&q, 1),
            .at = sql_text(&q, 2),
            .to = sql_text(&q, 3),
            .about = sql_text(&q, 4),
            .question = sql_text(&q, 5),
            .answers = (size_t)sql_i64(&q, 6),
        };
        go_on = visit(ctx, &letter);
    }
    return sql_end(&q, why);
}

/* The site that sent the letter, and its voice. */
static enum err letter_site(struct hubstore *s, const char *letter, struct hub_device *out,
                            struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select site.id, site.name, site.voice from letter"
                                            " join site on site.id = letter.site"
                                            " where letter.id = $1 order by site.id limit 1");
    bool found;

    sql_bind_text(&q, 1, letter);
    found = sql_step(&q);
    if (found) {
        (void)str_copy(out->site, sizeof(out->site), sql_text(&q, 0));
        (void)str_copy(out->site_name, sizeof(out->site_name), sql_text(&q, 1));
        (void)str_copy(out->voice, sizeof(out->voice), sql_text(&q, 2));
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no letter %.40s came from any site", letter);
    return rc;
}

static enum err letter_answer_line(struct hubstore *s, const struct hub_answer *answer,
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

struct letter_answer {
    const struct hub_answer *answer;
    struct clock_now now;
};

static enum err letter_answer_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct letter_answer *of = ctx;
    struct hub_device where = { .site = "" };
    struct arena a;

    arena_init(&a, LETTER_LINE_ARENA * 4);
    enum err rc = letter_site(s, of->answer->letter, &where, why);
    if (rc == ERR_OK)
        rc = letter_answer_line(s, of->answer, &where, of->now, &a, why);
    arena_done(&a);
    return rc;
}

/* Not tried again after a commit of which nobody knows whether it was done: the answer would stand twice. */
enum err hubstore_answer(struct hubstore *s, const struct hub_answer *answer, struct clock_now now,
                         struct why *why)
{
    struct letter_answer of = { .answer = answer, .now = now };

    return hubstore_in(s, false, letter_answer_work, &of, why);
}
