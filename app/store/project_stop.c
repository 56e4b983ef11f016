#include "app/store/project.h"

/* What people do about recalls and stop notices: that one was seen, what was found of an item, and the release of one that
   a notice holds back. What stands of it is the view stop_now. */

#include "app/domain/stop.h"
#include "platform/base/str.h"

enum { REVISION_MAX = 10000, CODE_MAX = 24 };

static bool stop_notice(const struct json *body, const char **out_notice, int64_t *out_revision)
{
    *out_revision = json_int(body, "revision", 1);
    return project_text(body, "notice", STOP_KEY_MAX, out_notice) && (*out_notice)[0] != '\0' &&
           *out_revision >= 1 && *out_revision <= REVISION_MAX;
}

/* The ids in a list, a blank behind each, as they stand. */
static bool stop_items(const struct json *list, struct arena *a, const char **out)
{
    struct buf text;
    bool fits = list == NULL || list->type == JNODE_ARRAY;

    buf_init(&text, EVENT_LINE_MAX);
    for (const struct json *n = list == NULL ? NULL : list->first; n != NULL && fits; n = n->next) {
        fits = n->type == JNODE_STRING && project_text_ok(n->text, PROJECT_ID_MAX);
        if (fits)
            buf_printf(&text, "%s ", n->text);
    }
    *out = arena_strndup(a, text.len > 0 ? text.data : "", text.len);
    fits = fits && !text.failed && *out != NULL;
    buf_free(&text);
    return fits;
}

enum err project_stop_seen(struct db *db, const struct project_line *line, struct arena *a,
                           struct why *why)
{
    int64_t revision = json_int(line->event->body, "revision", 1);
    const char *notice = line->event->subject;
    const char *items = "";
    struct db_stmt q;

    if (notice[0] == '\0' || !project_text_ok(notice, STOP_KEY_MAX) || revision < 1 ||
        revision > REVISION_MAX)
        return why_set(why, ERR_INPUT, 0, "line %s: no notice is named", line->id);
    if (!stop_items(json_get(line->event->body, "items"), a, &items))
        return why_set(why, ERR_INPUT, 0, "line %s: what it holds back is no list", line->id);
    q = db_prepare(db, "insert or replace into stop_seen(event, notice, revision, device, at_ms,"
                       " hlc, seq, items) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    db_bind_text(&q, 1, line->id);
    db_bind_text(&q, 2, notice);
    db_bind_i64(&q, 3, revision);
    db_bind_text(&q, 4, line->event->device);
    db_bind_i64(&q, 5, line->at_ms);
    db_bind_text(&q, 6, line->hlc);
    db_bind_i64(&q, 7, (int64_t)line->event->seq);
    db_bind_text(&q, 8, items);
    (void)db_step(&q);
    return db_end(&q, why);
}

struct stop_said {
    const char *notice, *mark, *why, *note, *code;
    int64_t revision;
};

static enum err stop_mark_put(struct db *db, const struct project_line *line,
                              const struct stop_said *said, struct why *why)
{
    const char *const texts[] = { line->id,  line->event->subject, said->notice, said->mark,
                                  said->why, said->note,           said->code,   line->event->actor,
                                  line->hlc, line->event->device };
    struct db_stmt q =
        db_prepare(db, "insert or replace into stop_mark(event, item, notice, mark, why, note,"
                       " code, actor, hlc, device, revision, seq, at_ms)"
                       " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_bind_text(&q, (int)i + 1, texts[i]);
    db_bind_i64(&q, 11, said->revision);
    db_bind_i64(&q, 12, (int64_t)line->event->seq);
    db_bind_i64(&q, 13, line->at_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

static bool stop_said_read(const struct event *event, struct stop_said *out)
{
    *out = (struct stop_said){ .why = "", .note = "", .code = "" };
    return event->subject[0] != '\0' && project_text_ok(event->subject, PROJECT_ID_MAX) &&
           event->actor[0] != '\0' && stop_notice(event->body, &out->notice, &out->revision) &&
           project_prose(event->body, "note", PROJECT_TEXT_MAX, &out->note);
}

enum err project_stop_answered(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    struct stop_said said;
    enum err rc;

    (void)a;
    if (!stop_said_read(line->event, &said) ||
        !project_text(line->event->body, "answer", PROJECT_ID_MAX, &said.mark) ||
        !(str_eq(said.mark, "found") || str_eq(said.mark, "gone")))
        return why_set(why, ERR_INPUT, 0, "line %s: not an answer as this release knows it",
                       line->id);
    rc = stop_mark_put(db, line, &said, why);
    /* By the kind: what it replaces is an answer, never a line of the item itself. */
    return rc == ERR_OK ? project_replaces(db, line, line->event->kind, why) : rc;
}

/* Nothing is written of a line that does not fit. */
static bool stop_names_fit(const struct json *answers)
{
    if (answers == NULL)
        return true;
    if (answers->type != JNODE_ARRAY || answers->len > PROJECT_REPLACES_MAX)
        return false;
    for (const struct json *n = answers->first; n != NULL; n = n->next)
        if (n->type != JNODE_STRING || !project_text_ok(n->text, EVENT_ID_TEXT - 1))
            return false;
    return true;
}

static enum err stop_names(struct db *db, const struct project_line *line, struct why *why)
{
    const struct json *answers = json_get(line->event->body, "answers");
    enum err rc = ERR_OK;

    for (const struct json *n = answers == NULL ? NULL : answers->first; n != NULL && rc == ERR_OK;
         n = n->next)
        rc = db_run(db, why, "insert or ignore into stop_named(target, event) values (?1, ?2)",
                    n->text, line->id);
    return rc;
}

enum err project_stop_cleared(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    struct stop_said said;
    enum err rc;

    (void)a;
    if (!stop_said_read(line->event, &said) ||
        !project_text(line->event->body, "why", PROJECT_ID_MAX, &said.why) || said.why[0] == '\0' ||
        !project_text(line->event->body, "competence", CODE_MAX, &said.code) ||
        !stop_names_fit(json_get(line->event->body, "answers")))
        return why_set(why, ERR_INPUT, 0, "line %s: not a release as this release knows it",
                       line->id);
    said.mark = "cleared";
    rc = stop_names(db, line, why);
    return rc == ERR_OK ? stop_mark_put(db, line, &said, why) : rc;
}

enum err project_stop_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why)
{
    const char *target = "";
    struct db_stmt q;

    (void)a;
    if (!project_text(line->event->body, "line", EVENT_ID_TEXT - 1, &target) || target[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %s: does not name what it takes back", line->id);
    q = db_prepare(db, "insert or replace into stop_withdrawn(target, event, actor, device, at_ms)"
                       " values (?1, ?2, ?3, ?4, ?5)");
    db_bind_text(&q, 1, target);
    db_bind_text(&q, 2, line->id);
    db_bind_text(&q, 3, line->event->actor);
    db_bind_text(&q, 4, line->event->device);
    db_bind_i64(&q, 5, line->at_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}
