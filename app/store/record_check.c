#include "app/store/record_parts.h"

/* The writers of checks: one, a tray, one that makes an item; its undo; its countersignature. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/local.h"
#include "app/store/project.h"
#include "app/store/query.h"

enum { WORK_ARENA_MAX = 4 * 1024 * 1024 };

/* A record that corrects another stands in its place, so it has to be about the same thing. */
static enum err corrects_fit(struct db *db, const struct check *c, struct why *why)
{
    struct db_stmt q;
    bool known;
    bool same = false;
    enum err rc;

    if (c->corrects == NULL || c->corrects[0] == '\0')
        return ERR_OK;
    if (c->corrects_why == NULL || c->corrects_why[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "say why the earlier record is corrected");
    q = db_prepare(db, "select item = ?2 and form = ?3 from check_row where event = ?1");
    db_bind_text(&q, 1, c->corrects);
    db_bind_text(&q, 2, c->item);
    db_bind_text(&q, 3, c->form);
    known = db_step(&q);
    if (known)
        same = db_i64(&q, 0) != 0;
    rc = db_end(&q, why);
    if (rc == ERR_OK && !known)
        rc = why_set(why, ERR_INPUT, 0, "the record to correct is not on this kiosk");
    if (rc == ERR_OK && known && !same)
        rc = why_set(why, ERR_INPUT, 0, "the record to correct is of another item or check");
    return rc;
}

static enum err check_fit(struct db *db, const struct check *c, struct why *why)
{
    if (c->item == NULL || c->item[0] == '\0' || c->form == NULL || c->form[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "item or form is missing");
    if (c->outcome == OUTCOME_OPEN)
        return why_set(why, ERR_INPUT, 0, "it is not complete yet");
    return corrects_fit(db, c, why);
}

/* Inside the caller's transaction. */
static enum err record_one(struct store *s, struct clock_now now, const char *actor,
                           const struct check *c, char out_id[EVENT_ID_TEXT], struct why *why)
{
    struct buf body;
    enum err rc = check_fit(&s->db, c, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, CHECK_BYTES_MAX);
    check_write(c, &body);
    if (buf_done(&body, NULL) != ERR_OK) {
        buf_free(&body);
        return why_set(why, ERR_LIMIT, 0,
                       "the record is larger than %d KiB; shorten its notes, or make it in two",
                       CHECK_BYTES_MAX / 1024);
    }
    rc = record_body(
        s, now,
        (struct event_draft){ .kind = "check.recorded", .subject = c->item, .actor = actor }, &body,
        out_id, why);
    /* A correction has answers of its own; those of a new check that was begun stay. */
    if (rc == ERR_OK && (c->corrects == NULL || c->corrects[0] == '\0'))
        rc = local_draft_drop(&s->db, c->item, c->form, why);
    return rc;
}

enum err store_record_check(struct store *s, struct clock_now now, const char *actor,
                            const struct check *c, char out_id[EVENT_ID_TEXT], struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = store_finish(s, record_one(s, now, actor, c, out_id, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "record the check");
}

static enum err tray_fits(const struct check *checks, size_t count, struct why *why)
{
    if (count > STORE_TRAY_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d on one tray", STORE_TRAY_MAX);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (str_eq(checks[i].item, checks[k].item) && str_eq(checks[i].form, checks[k].form))
                return why_set(why, ERR_CONFLICT, 0,
                               "the item in place %zu is on the tray already, in place %zu", i + 1,
                               k + 1);
        }
    }
    return ERR_OK;
}

enum err store_record_checks(struct store *s, struct clock_now now, const char *actor,
                             const struct check *checks, size_t count,
                             char (*out_ids)[EVENT_ID_TEXT], struct why *why)
{
    char id[EVENT_ID_TEXT];
    enum err rc = tray_fits(checks, count, why);

    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record the tray");
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        rc = record_one(s, now, actor, &checks[i], id, why);
        if (rc != ERR_OK)
            (void)why_in(why, rc, "check %zu of %zu", i + 1, count);
        else if (out_ids != NULL)
            (void)str_copy(out_ids[i], EVENT_ID_TEXT, id);
    }
    rc = store_finish(s, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "record the tray");
}

/* The facts of what is made: those of the draft, then the check's fact rows, then its parent. */
struct made_facts {
    struct fact rows[STORE_FACTS_MAX];
    size_t count;
};

static enum err made_add(struct made_facts *f, const char *key, const char *value, struct why *why)
{
    for (size_t i = 0; i < f->count; i++) {
        if (str_eq(f->rows[i].key, key))
            return ERR_OK;
    }
    if (f->count == STORE_FACTS_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d facts", STORE_FACTS_MAX);
    f->rows[f->count++] = (struct fact){ .key = key, .value = value };
    return ERR_OK;
}

static enum err made_facts(const struct check *c, const struct item_draft *made,
                           struct made_facts *out, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < made->fact_count && rc == ERR_OK; i++)
        rc = made_add(out, made->facts[i].key, made->facts[i].value, why);
    for (size_t i = 0; i < c->answer_count && rc == ERR_OK; i++) {
        if (c->answers[i].fact != NULL && c->answers[i].fact[0] != '\0')
            rc = made_add(out, c->answers[i].fact, c->answers[i].value, why);
    }
    return rc == ERR_OK ? made_add(out, "parent", c->item, why) : rc;
}

static enum err making_inside(struct store *s, struct clock_now now, const char *actor,
                              const struct check *c, const struct item_draft *made, const char *id,
                              char out_id[EVENT_ID_TEXT], struct why *why)
{
    struct made_facts facts = { .count = 0 };
    struct item_draft draft = *made;
    struct check check = *c;
    enum err rc = made_facts(c, made, &facts, why);

    draft.id = id;
    draft.replaces = NULL;
    draft.facts = facts.rows;
    draft.fact_count = facts.count;
    check.made = id;
    if (rc == ERR_OK)
        rc = record_item(s, now, actor, &draft, id, why);
    if (rc == ERR_OK)
        rc = record_one(s, now, actor, &check, out_id, why);
    return rc;
}

enum err store_record_making(struct store *s, struct clock_now now, const char *actor,
                             const struct check *c, const struct item_draft *made,
                             char out_id[EVENT_ID_TEXT], char out_item[KEYS_RANDOM_ID],
                             struct why *why)
{
    char id[KEYS_RANDOM_ID];
    enum err rc = ERR_OK;

    keys_random_id(id);
    if (made->id != NULL && !str_copy(id, sizeof id, made->id))
        rc = why_set(why, ERR_LIMIT, 0, "the item's id is too long");
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc == ERR_OK)
        rc = store_finish(s, making_inside(s, now, actor, c, made, id, out_id, why), why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record the check and what it makes");
    if (out_item != NULL)
        (void)str_copy(out_item, KEYS_RANDOM_ID, id);
    return ERR_OK;
}

struct undo {
    char item[PROJECT_ID_MAX + 1];
    char made[PROJECT_ID_MAX + 1]; /* "" when the check made none */
};

static enum err withdraw_allowed(struct store *s, struct clock_now now, const char *actor,
                                 const char *event, struct undo *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select item, actor, device, at_ms, made from check_row where event = ?1");
    enum err rc = ERR_NOT_FOUND;

    db_bind_text(&q, 1, event);
    if (db_step(&q)) {
        int64_t gone_ms = now.wall_ms - db_i64(&q, 3);

        (void)str_copy(out->item, sizeof out->item, db_text(&q, 0));
        (void)str_copy(out->made, sizeof out->made, db_text(&q, 4));
        rc = str_eq(db_text(&q, 1), actor) && str_eq(db_text(&q, 2), s->self.id) &&
                     gone_ms >= -STORE_AHEAD_MS && gone_ms <= STORE_UNDO_MS
                 ? ERR_OK
                 : ERR_DENIED;
    }
    if (db_end(&q, why) != ERR_OK)
        return ERR_IO;
    if (rc == ERR_NOT_FOUND)
        return why_set(why, rc, 0, "no such check on this kiosk");
    if (rc == ERR_DENIED)
        return why_set(
            why, rc, 0,
            "only who signed it can undo it, here and within %d seconds; record another check",
            STORE_UNDO_MS / 1000);
    return ERR_OK;
}

/* What an undone check had registered does not stay behind as an item that nobody made. */
static enum err undo_made(struct store *s, struct clock_now now, const char *actor, const char *id,
                          struct why *why)
{
    struct item item = { 0 };
    struct item_draft draft;
    struct arena a;
    enum err rc;

    arena_init(&a, WORK_ARENA_MAX);
    rc = query_item(s, id, &a, &item, why);
    draft = (struct item_draft){ .id = item.id,
                                 .label = item.label,
                                 .kind = item.kind,
                                 .name = item.name,
                                 .detail = item.detail,
                                 .room = item.room,
                                 .shelf = item.shelf,
                                 .maker = item.maker,
                                 .model = item.model,
                                 .serial = item.serial,
                                 .replaces = item.event,
                                 .retired = true,
                                 .retired_why = "The record that made it was undone" };
    if (rc == ERR_OK)
        rc = record_item(s, now, actor, &draft, id, why);
    arena_done(&a);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static enum err withdraw_one(struct store *s, struct clock_now now, const char *actor,
                             const char *event, struct why *why)
{
    struct undo undo = { .item = "" };
    struct json_out j;
    struct buf body;
    enum err rc = withdraw_allowed(s, now, actor == NULL ? "" : actor, event, &undo, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "check", event);
    json_out_end_object(&j);
    rc = record_body(
        s, now,
        (struct event_draft){ .kind = "check.withdrawn", .subject = undo.item, .actor = actor },
        &body, NULL, why);
    if (rc == ERR_OK && undo.made[0] != '\0')
        rc = undo_made(s, now, actor, undo.made, why);
    return rc;
}

enum err store_withdraw_check(struct store *s, struct clock_now now, const char *actor,
                              const char *event, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = store_finish(s, withdraw_one(s, now, actor, event, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "undo the check");
}

enum err store_withdraw_checks(struct store *s, struct clock_now now, const char *actor,
                               const char (*events)[EVENT_ID_TEXT], size_t count, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "undo the tray");
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = withdraw_one(s, now, actor, events[i], why);
    rc = store_finish(s, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "undo the tray");
}

/* Whether the person may countersign with that code: holds it, in date. */
static enum err countersigner_fits(struct store *s, struct clock_now now, const char *actor,
                                   const char *code, struct why *why)
{
    struct grant *grants = NULL;
    size_t count = 0;
    int minutes = 0;
    struct arena a;
    enum err rc;

    arena_init(&a, WORK_ARENA_MAX);
    rc = query_grants(s, actor, &a, &grants, &count, why);
    if (rc == ERR_OK &&
        !gate_may_countersign(code, grants, count, caldate_london(now.wall_ms, &minutes)))
        rc = why_set(why, ERR_DENIED, 0, "who countersigns needs to be %s, in date",
                     competence_name(code));
    arena_done(&a);
    return rc;
}

static enum err countersign_allowed(struct store *s, const char *actor, const char *event,
                                    const char *code, struct undo *out_item,
                                    char out_code[PROJECT_ID_MAX + 1], struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select c.item, c.countersign, c.actor = ?2, exists (select 1 from check_waits w"
                " where w.event = c.event) and not exists (select 1 from check_void v"
                " where v.event = c.event) from check_row c where c.event = ?1");
    bool own = false;
    bool waits = false;
    bool known;
    enum err rc;

    db_bind_text(&q, 1, event);
    db_bind_text(&q, 2, actor);
    known = db_step(&q);
    if (known) {
        (void)str_copy(out_item->item, sizeof out_item->item, db_text(&q, 0));
        (void)str_copy(out_code, PROJECT_ID_MAX + 1, db_text(&q, 1));
        own = db_i64(&q, 2) != 0;
        waits = db_i64(&q, 3) != 0;
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!known)
        return why_set(why, ERR_NOT_FOUND, 0, "no such check on this kiosk");
    if (own || actor[0] == '\0')
        return why_set(why, ERR_DENIED, 0, "somebody other than the signer has to countersign");
    if (!waits)
        return why_set(why, ERR_INPUT, 0, "it waits for no countersignature");
    if (code != NULL && code[0] != '\0' && !str_eq(code, out_code))
        return why_set(why, ERR_INPUT, 0, "it waits for %s and not for %s", out_code, code);
    return ERR_OK;
}

enum err store_countersign(struct store *s, struct clock_now now, const char *actor,
                           const char *check_event, const char *code, struct why *why)
{
    char wanted[PROJECT_ID_MAX + 1] = "";
    struct undo of = { .item = "" };
    struct json_out j;
    struct buf body;
    enum err rc =
        countersign_allowed(s, actor == NULL ? "" : actor, check_event, code, &of, wanted, why);

    if (rc == ERR_OK)
        rc = countersigner_fits(s, now, actor, wanted, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "countersign the check");
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "check", check_event);
    json_out_str(&j, "code", wanted);
    json_out_end_object(&j);
    rc = record_body(
        s, now,
        (struct event_draft){ .kind = "check.countersigned", .subject = of.item, .actor = actor },
        &body, NULL, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "countersign the check");
}
