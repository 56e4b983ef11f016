#include "app/store/record_parts.h"

/* The writers' common parts, and the site's own lines. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/project.h"

enum err record_body(struct store *s, struct clock_now now, struct event_draft draft,
                     struct buf *body, char out_id[EVENT_ID_TEXT], struct why *why)
{
    enum err rc = buf_done(body, why);

    draft.body = body->data;
    if (rc == ERR_OK)
        rc = store_record(s, now, &draft, out_id, why);
    buf_free(body);
    return rc;
}

enum err record_made(struct store *s, struct clock_now now, enum err made, struct event_draft draft,
                     struct buf *body, char out_id[EVENT_ID_TEXT], struct why *why)
{
    if (made == ERR_OK)
        return record_body(s, now, draft, body, out_id, why);
    buf_free(body);
    return made;
}

static enum err record_chars_ok(const char *what, const char *text, size_t max, bool needed,
                                bool (*chars_ok)(const char *text, size_t max), struct why *why)
{
    if (needed && (text == NULL || text[0] == '\0'))
        return why_set(why, ERR_INPUT, 0, "the %s is missing; fill it in", what);
    if (text != NULL && strlen(text) > max)
        return why_set(why, ERR_LIMIT, 0, "the %s is longer than %zu bytes; shorten it", what, max);
    if (text != NULL && !chars_ok(text, max))
        return why_set(why, ERR_INPUT, 0, "the %s holds control characters or is not text", what);
    return ERR_OK;
}

enum err record_text_ok(const char *what, const char *text, size_t max, bool needed,
                        struct why *why)
{
    return record_chars_ok(what, text, max, needed, project_text_ok, why);
}

enum err record_prose_ok(const char *what, const char *text, size_t max, bool needed,
                         struct why *why)
{
    return record_chars_ok(what, text, max, needed, project_prose_ok, why);
}

int32_t record_today(struct clock_now now)
{
    int minutes = 0;

    return caldate_london(now.wall_ms, &minutes);
}

enum err record_actor(const char *actor, struct why *why)
{
    if (actor == NULL || actor[0] == '\0')
        return why_set(why, ERR_DENIED, 0, "sign in first");
    return record_text_ok("person", actor, PROJECT_ID_MAX, true, why);
}

enum err record_list(struct db *db, const char *sql, const char *one, const char *two,
                     struct json_out *j, struct why *why)
{
    struct db_stmt q = db_prepare(db, sql);

    db_bind_text(&q, 1, one);
    db_bind_text(&q, 2, two);
    json_out_array(j, "replaces");
    while (db_step(&q))
        json_out_str(j, NULL, db_text(&q, 0));
    json_out_end_array(j);
    return db_end(&q, why);
}

enum err store_found_site(struct store *s, struct clock_now now, const char *site, const char *name,
                          struct why *why)
{
    struct json_out j;
    struct buf body;
    enum err rc = record_text_ok("site", site, PROJECT_ID_MAX, true, why);

    if (rc == ERR_OK)
        rc = record_text_ok("name", name, PROJECT_TEXT_MAX, false, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "found the site");
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", name);
    json_out_end_object(&j);
    return record_body(s, now, (struct event_draft){ .kind = "site.founded", .subject = site },
                       &body, NULL, why);
}

/* The id of the site that the log belongs to; "" before it is founded. */
static enum err site_id(struct db *db, char out[PROJECT_ID_MAX + 1], struct why *why)
{
    struct db_stmt q = db_prepare(db, "select site from site_founded order by hlc, event limit 1");

    out[0] = '\0';
    if (db_step(&q))
        (void)str_copy(out, PROJECT_ID_MAX + 1, db_text(&q, 0));
    return db_end(&q, why);
}

/* A line that says something of the site and replaces the one in force. */
struct site_setting {
    const char *kind, *key, *value;
    const char *now; /* the statement that gives the line in force; record_list binds two texts */
};

static enum err site_setting_inside(struct store *s, struct clock_now now, const char *actor,
                                    const struct site_setting *set, struct why *why)
{
    char site[PROJECT_ID_MAX + 1];
    struct json_out j;
    struct buf body;
    enum err rc = site_id(&s->db, site, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, set->key, set->value == NULL ? "" : set->value);
    rc = record_list(&s->db, set->now, NULL, NULL, &j, why);
    json_out_end_object(&j);
    return record_made(s, now, rc,
                       (struct event_draft){ .kind = set->kind, .subject = site, .actor = actor },
                       &body, NULL, why);
}

enum err store_set_calendar(struct store *s, struct clock_now now, const char *actor,
                            const char *calendar, struct why *why)
{
    const struct site_setting set = {
        .kind = "site.calendar",
        .key = "calendar",
        .value = calendar,
        .now = "select event from calendar_now where ?1 is ?2",
    };
    enum err rc = record_text_ok("calendar", calendar, PROJECT_ID_MAX, false, why);

    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "set the calendar");
    rc = store_finish(s, site_setting_inside(s, now, actor, &set, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "set the calendar");
}

enum err store_set_constituency(struct store *s, struct clock_now now, const char *actor,
                                const char *constituency, struct why *why)
{
    const struct site_setting set = {
        .kind = "site.constituency",
        .key = "constituency",
        .value = constituency,
        .now = "select event from constituency_now where ?1 is ?2",
    };
    enum err rc = record_text_ok("constituency", constituency, PROJECT_ID_MAX, false, why);

    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "set the constituency");
    rc = store_finish(s, site_setting_inside(s, now, actor, &set, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "set the constituency");
}
