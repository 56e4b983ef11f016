#include "app/store/record_parts.h"

/* The writers about recalls and stop notices: seen, answered, released, taken back. */

#include <string.h>

#include "app/domain/stop.h"
#include "app/store/project.h"
#include "app/store/query.h"

enum { STOP_WORK_MAX = 4 * 1024 * 1024 };

static enum err about_ok(const struct stop_about *about, struct why *why)
{
    if (about->revision < 1)
        return why_set(why, ERR_INPUT, 0, "the notice has no revision");
    return record_text_ok("notice", about->key, STOP_KEY_MAX, true, why);
}

enum err store_stop_seen(struct store *s, struct clock_now now, const char *actor,
                         const struct stop_about *about, const char *const *items, size_t count,
                         struct why *why)
{
    struct json_out j;
    struct buf body;
    enum err rc = about_ok(about, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "record that it was seen");
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_int(&j, "revision", about->revision);
    json_out_int(&j, "held", (int64_t)count);
    json_out_array(&j, "items");
    for (size_t i = 0; i < count && i < STORE_STOP_ITEMS_MAX; i++)
        json_out_str(&j, NULL, items[i]);
    json_out_end_array(&j);
    json_out_end_object(&j);
    rc = record_body(s, now,
                     (struct event_draft){ .kind = "stop.seen",
                                           .subject = about->key,
                                           .actor = actor == NULL ? "" : actor },
                     &body, NULL, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "record that it was seen");
}

/* Begins a body with what it is about. */
static void body_begin(struct json_out *j, struct buf *body, const struct stop_about *about)
{
    buf_init(body, BODY_MAX);
    json_out_init(j, body);
    json_out_object(j, NULL);
    json_out_str(j, "notice", about->key);
    json_out_int(j, "revision", about->revision);
}

/* The answers about an item and a notice that stand, under a member's name. */
static enum err body_answers(struct store *s, const char *sql, const char *member, const char *item,
                             const struct stop_about *about, struct json_out *j, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, sql);
    size_t count = 0;

    db_bind_text(&q, 1, item);
    db_bind_text(&q, 2, about->key);
    json_out_array(j, member);
    while (count++ < PROJECT_REPLACES_MAX && db_step(&q))
        json_out_str(j, NULL, db_text(&q, 0));
    json_out_end_array(j);
    return db_end(&q, why);
}

static enum err answer_one(struct store *s, struct clock_now now, const char *actor,
                           const struct stop_about *about, const char *answer, const char *item,
                           char out_id[EVENT_ID_TEXT], struct why *why)
{
    struct json_out j;
    struct buf body;
    enum err rc = record_text_ok("item", item, PROJECT_ID_MAX, true, why);

    if (rc != ERR_OK)
        return rc;
    body_begin(&j, &body, about);
    json_out_str(&j, "answer", answer);
    rc = body_answers(s,
                      "select event from stop_now where item = ?1 and notice = ?2"
                      " and mark <> 'cleared' order by hlc desc, event",
                      "replaces", item, about, &j, why);
    json_out_end_object(&j);
    return record_made(
        s, now, rc,
        (struct event_draft){ .kind = "stop.answered", .subject = item, .actor = actor }, &body,
        out_id, why);
}

enum err store_stop_answer(struct store *s, struct clock_now now, const char *actor,
                           const struct stop_about *about, const char *answer,
                           const char *const *items, size_t count, char (*out_ids)[EVENT_ID_TEXT],
                           struct why *why)
{
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = about_ok(about, why);
    if (rc == ERR_OK && !str_eq(answer, "found") && !str_eq(answer, "gone"))
        rc = why_set(why, ERR_INPUT, 0, "say whether it was found");
    if (rc == ERR_OK && count > STORE_TRAY_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "more than %d at once", STORE_TRAY_MAX);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record the answer");
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = answer_one(s, now, actor, about, answer, items[i], out_ids == NULL ? NULL : out_ids[i],
                        why);
    rc = store_finish(s, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "record the answer");
}

/* ---- release ---- */

/* The competence by which the person may release, in date. */
static enum err releaser_fits(struct store *s, struct clock_now now, const char *actor,
                              char out_code[PROJECT_ID_MAX + 1], struct why *why)
{
    struct gate_answer gate;
    struct grant *grants = NULL;
    size_t count = 0;
    struct arena a;
    enum err rc;

    arena_init(&a, STOP_WORK_MAX);
    rc = query_grants(s, actor, &a, &grants, &count, why);
    if (rc == ERR_OK) {
        gate = gate_judge(&a, STOP_RELEASERS, grants, count, record_today(now));
        (void)str_copy(out_code, PROJECT_ID_MAX + 1, gate.code);
        if (gate.gate != GATE_OPEN)
            rc = why_set(why, ERR_DENIED, 0, "who releases it needs to be a %s, in date",
                         competence_name(STOP_RELEASERS));
    }
    arena_done(&a);
    return rc;
}

static enum err clear_inside(struct store *s, struct clock_now now, const char *actor,
                             const struct stop_about *about, const struct stop_release *release,
                             char out_id[EVENT_ID_TEXT], struct why *why)
{
    char code[PROJECT_ID_MAX + 1] = "";
    struct json_out j;
    struct buf body;
    enum err rc = releaser_fits(s, now, actor, code, why);

    if (rc != ERR_OK)
        return rc;
    body_begin(&j, &body, about);
    json_out_str(&j, "why", release->reason);
    json_out_str(&j, "note", release->note);
    json_out_str(&j, "competence", code);
    rc = body_answers(s,
                      "select event from stop_now where item = ?1 and notice = ?2 and open"
                      " order by hlc desc, event",
                      "answers", release->item, about, &j, why);
    json_out_end_object(&j);
    return record_made(
        s, now, rc,
        (struct event_draft){ .kind = "stop.cleared", .subject = release->item, .actor = actor },
        &body, out_id, why);
}

enum err store_stop_clear(struct store *s, struct clock_now now, const char *actor,
                          const struct stop_about *about, const struct stop_release *release,
                          char out_id[EVENT_ID_TEXT], struct why *why)
{
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = about_ok(about, why);
    if (rc == ERR_OK)
        rc = record_text_ok("item", release->item, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("reason", release->reason, PROJECT_ID_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_prose_ok("note", release->note, PROJECT_TEXT_MAX, true, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "release it");
    rc = store_finish(s, clear_inside(s, now, actor, about, release, out_id, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "release it");
}

/* ---- undo ---- */

static enum err stop_withdraw_one(struct store *s, struct clock_now now, const char *actor,
                                  const char *event, struct why *why)
{
    char item[PROJECT_ID_MAX + 1] = "";
    bool own = false;
    int64_t left_ms = 0;
    struct json_out j;
    struct buf body;
    struct db_stmt q = db_prepare(
        &s->db, "select item, actor = ?2 and device = ?3, at_ms from stop_mark where event = ?1");
    enum err rc;

    db_bind_text(&q, 1, event);
    db_bind_text(&q, 2, actor);
    db_bind_text(&q, 3, s->self.id);
    if (db_step(&q)) {
        (void)str_copy(item, sizeof item, db_text(&q, 0));
        own = db_i64(&q, 1) != 0;
        left_ms = db_i64(&q, 2) + STORE_UNDO_MS - now.wall_ms;
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (item[0] == '\0')
        return why_set(why, ERR_NOT_FOUND, 0, "no such answer on this kiosk");
    if (!own || left_ms < 0)
        return why_set(why, ERR_DENIED, 0,
                       "only who signed it can undo it, here and within %d seconds; answer again",
                       STORE_UNDO_MS / 1000);
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "line", event);
    json_out_end_object(&j);
    return record_body(
        s, now, (struct event_draft){ .kind = "stop.withdrawn", .subject = item, .actor = actor },
        &body, NULL, why);
}

enum err store_stop_withdraw(struct store *s, struct clock_now now, const char *actor,
                             const char (*events)[EVENT_ID_TEXT], size_t count, struct why *why)
{
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "undo the answer");
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = stop_withdraw_one(s, now, actor, events[i], why);
    rc = store_finish(s, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "undo the answer");
}
