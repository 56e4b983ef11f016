#include "app/store/project.h"

/* Checks only add. What a withdrawal or a release does to another line is judged by the views,
   since either of the two lines may come first; what stands in the end is kept by
   project_standing.c. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/check.h"
#include "app/store/project_standing.h"

/* A text of the record that a table holds; an id or a code where max says so. */
static bool text_fits(const char *text, size_t max)
{
    return text == NULL || project_text_ok(text, max);
}

static bool check_fits(const struct event *event, const struct check *c)
{
    return c->form != NULL && c->form[0] != '\0' && project_text_ok(c->form, PROJECT_ID_MAX) &&
           c->day != CALDATE_NONE && c->outcome != OUTCOME_OPEN && event->subject[0] != '\0' &&
           project_text_ok(event->subject, PROJECT_ID_MAX) &&
           (c->item == NULL || c->item[0] == '\0' || str_eq(c->item, event->subject)) &&
           text_fits(c->life, PROJECT_ID_MAX) && text_fits(c->custody, PROJECT_ID_MAX) &&
           text_fits(c->countersign, PROJECT_ID_MAX) && text_fits(c->tray, PROJECT_ID_MAX) &&
           text_fits(c->corrects, EVENT_ID_TEXT) && text_fits(c->made, PROJECT_ID_MAX);
}

static const char *answer_text(const struct check *c, const char *field)
{
    const struct check_answer *answer = check_answer(c, field);

    return answer == NULL ? "" : answer->value;
}

/* The end of a civil day or a civil time in London as an instant; 0 where the text is neither. */
static int64_t check_back_by(const char *text)
{
    char iso[CALDATE_TEXT];
    int32_t day = CALDATE_NONE;
    int hour = 23;
    int minute = 59;
    int shown = 0;
    int64_t ms;

    (void)str_copy(iso, sizeof iso, text);
    if (!caldate_parse(iso, &day))
        return 0;
    if (text[10] == 'T' && strspn(text + 11, "0123456789") == 2 && text[13] == ':' &&
        strspn(text + 14, "0123456789") >= 2) {
        hour = (text[11] - '0') * 10 + text[12] - '0';
        minute = (text[14] - '0') * 10 + text[15] - '0';
    }
    ms = (((int64_t)day * 24 + hour) * 60 + minute) * 60000;
    /* Summer time runs an hour ahead: what London shows then tells by how much. */
    if (caldate_london(ms, &shown) != day || shown != hour * 60 + minute)
        ms -= (int64_t)60 * 60000;
    return ms;
}

/* The first picture that it names, for lists; "" none. */
static const char *check_picture(const struct check *c)
{
    for (size_t i = 0; i < c->file_count; i++)
        if (str_eq(c->files[i].type, "image/jpeg"))
            return c->files[i].sha256;
    return "";
}

static void check_bind_texts(struct db_stmt *q, const struct project_line *line,
                             const struct check *c, const char *body)
{
    const struct event *event = line->event;
    const bool out = str_eq(c->custody, "out");
    const char *const texts[] = {
        line->id,
        event->subject,
        c->form,
        c->form_title,
        event->actor,
        event->device,
        line->hlc,
        c->reason,
        c->interval,
        c->fail_action,
        c->life,
        c->custody,
        out ? answer_text(c, "who") : "",
        out ? answer_text(c, "place") : "",
        c->countersign,
        c->corrects,
        c->tray,
        c->made,
        check_picture(c),
        body,
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_lend_text(q, (int)i + 1, texts[i] == NULL ? "" : texts[i]);
}

static enum err check_put(struct db *db, const struct project_line *line, const struct check *c,
                          const char *body, struct why *why)
{
    const struct event *event = line->event;
    const bool out = str_eq(c->custody, "out");
    const int64_t numbers[] = {
        (int64_t)event->seq,
        line->at_ms,
        (int64_t)event->clock,
        c->day,
        (int64_t)c->outcome,
        c->next_due,
        out ? check_back_by(answer_text(c, "back_by")) : 0,
        c->imported ? 1 : 0,
    };
    struct db_stmt q = db_prepare(
        db,
        "insert or replace into check_row(event, item, form, title, actor, device, hlc, reason,"
        " interval, fail_action, life, custody, who, place, countersign, corrects, tray, made,"
        " picture, body, seq, at_ms, trust, day, outcome, next_due, back_by_ms, imported) values"
        " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
        " ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)");

    check_bind_texts(&q, line, c, body);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        db_bind_i64(&q, (int)i + 21, numbers[i]);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* With its body, since the log has it in other words, or inside another line. */
static enum err check_put_whole(struct db *db, const struct project_line *line,
                                const struct check *c, struct why *why)
{
    struct json_out out;
    struct buf body;
    enum err rc;

    buf_init(&body, (size_t)2 * EVENT_LINE_MAX);
    json_out_init(&out, &body);
    json_out_node(&out, NULL, line->event->body);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = check_put(db, line, c, body.data, why);
    buf_free(&body);
    return rc;
}

/* Answers that are facts of the item; those of a check that made another item are that one's, and
   stand in its register line. */
static enum err facts_put(struct db *db, const struct project_line *line, const struct check *c,
                          struct why *why)
{
    const bool made = c->made != NULL && c->made[0] != '\0';
    enum err rc = ERR_OK;

    for (size_t i = 0; i < c->answer_count && !made && rc == ERR_OK; i++) {
        const struct check_answer *answer = &c->answers[i];

        if (answer->fact == NULL || answer->fact[0] == '\0' ||
            !project_text_ok(answer->fact, PROJECT_ID_MAX))
            continue;
        rc = db_run(db, why,
                    "insert or replace into check_fact(item, key, hlc, event, value)"
                    " values (?1, ?2, ?3, ?4, ?5)",
                    line->event->subject, answer->fact, line->hlc, line->id, answer->value, NULL);
    }
    return rc;
}

static enum err instruments_put(struct db *db, const struct project_line *line,
                                const struct check *c, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < c->instrument_count && rc == ERR_OK; i++)
        rc = db_run(db, why,
                    "insert or ignore into check_instrument(instrument, event) values (?1, ?2)",
                    c->instruments[i].item, line->id, NULL);
    return rc;
}

static enum err releases_put(struct db *db, const struct project_line *line, const struct check *c,
                             struct why *why)
{
    for (size_t i = 0; i < c->release_count; i++) {
        enum err rc =
            db_run(db, why, "insert or ignore into check_release(target, event) values (?1, ?2)",
                   c->releases[i], line->id, NULL);

        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

enum err project_check_recorded(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why)
{
    const struct project_read *read = line->read;
    struct check c = { 0 };
    enum err rc = ERR_OK;

    /* One that names other lines may have been put anew since it was read. */
    if (read != NULL && read->check != NULL && read->body == line->event->body)
        c = *read->check;
    else
        rc = check_read(a, line->event->body, &c, why);

    if (rc == ERR_OK && !check_fits(line->event, &c))
        rc = why_set(why, ERR_INPUT, 0, "not a check as this release knows it");
    if (rc != ERR_OK)
        return why_in(why, rc, "line %s", line->id);

    rc = line->own ? check_put(db, line, &c, "", why) : check_put_whole(db, line, &c, why);
    if (rc == ERR_OK)
        rc = releases_put(db, line, &c, why);
    if (rc == ERR_OK)
        rc = facts_put(db, line, &c, why);
    if (rc == ERR_OK)
        rc = instruments_put(db, line, &c, why);
    if (rc == ERR_OK)
        rc = standing_check(db, line, &c, why);
    return rc;
}

enum err project_check_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why)
{
    const char *target = "";
    struct db_stmt q;
    enum err rc;

    if (!project_text(line->event->body, "check", EVENT_ID_TEXT - 1, &target) || target[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %s: does not name the check it withdraws",
                       line->id);
    q = db_prepare(db, "insert or replace into check_withdrawn(target, event, actor, device, at_ms)"
                       " values (?1, ?2, ?3, ?4, ?5)");
    db_bind_text(&q, 1, target);
    db_bind_text(&q, 2, line->id);
    db_bind_text(&q, 3, line->event->actor);
    db_bind_text(&q, 4, line->event->device);
    db_bind_i64(&q, 5, line->at_ms);
    (void)db_step(&q);
    rc = db_end(&q, why);
    return rc == ERR_OK ? standing_moved(db, line, target, a, why) : rc;
}

enum err project_check_countersigned(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why)
{
    const struct event *event = line->event;
    const char *target = "";
    const char *code = "";
    enum err rc;

    if (event->subject[0] == '\0' || !project_text_ok(event->subject, PROJECT_ID_MAX) ||
        !project_text(event->body, "check", EVENT_ID_TEXT - 1, &target) || target[0] == '\0' ||
        !project_text(event->body, "code", PROJECT_ID_MAX, &code))
        return why_set(why, ERR_INPUT, 0, "line %s: does not name the check that it countersigns",
                       line->id);
    rc = db_run(db, why,
                "insert or replace into check_countersigned(target, event, item, actor, code)"
                " values (?1, ?2, ?3, ?4, ?5)",
                target, line->id, event->subject, event->actor, code, NULL);
    return rc == ERR_OK ? standing_moved(db, line, target, a, why) : rc;
}
