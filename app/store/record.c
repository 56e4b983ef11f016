#include "app/store/store.h"

/* The writers: each builds the body of one kind of event and records it. */

#include <string.h>

#include "app/store/local.h"
#include "app/store/project.h"

enum { BODY_MAX = EVENT_LINE_MAX, UNREPLACED_MAX = 32 };

/* Records with the body in the buffer, which is freed. */
static enum err record_body(struct store *s, struct clock_now now, struct event_draft draft,
                            struct buf *body, char out_id[EVENT_ID_TEXT], struct why *why)
{
    enum err rc = buf_done(body, why);

    draft.body = body->data;
    if (rc == ERR_OK)
        rc = store_record(s, now, &draft, out_id, why);
    buf_free(body);
    return rc;
}

/* A text that people typed or a label that was read, as it may enter the log. */
static enum err record_text_ok(const char *what, const char *text, size_t max, bool needed,
                               struct why *why)
{
    if (needed && (text == NULL || text[0] == '\0'))
        return why_set(why, ERR_INPUT, 0, "the %s is missing; fill it in", what);
    if (text != NULL && strlen(text) > max)
        return why_set(why, ERR_LIMIT, 0, "the %s is longer than %zu bytes; shorten it", what, max);
    if (text != NULL && !project_text_ok(text, max))
        return why_set(why, ERR_INPUT, 0, "the %s holds control characters or is not text", what);
    return ERR_OK;
}

/* Two items must not share a label knowingly; it happens only while kiosks are apart. */
static enum err record_label_free(struct db *db, const char *label, const char *item,
                                  struct why *why)
{
    char key[PROJECT_LABEL_MAX + 1];
    char name[96] = "";
    bool taken;
    struct db_stmt q;
    enum err rc;

    project_label_key(key, label);
    q = db_prepare(db, "select i.name from item_key k join item i on i.id = k.item"
                       " where k.label_key = ?1 and k.item <> ?2 limit 1");
    db_bind_text(&q, 1, key);
    db_bind_text(&q, 2, item);
    taken = db_step(&q);
    if (taken)
        (void)str_copy(name, sizeof name, db_text(&q, 0));
    rc = db_end(&q, why);
    if (rc == ERR_OK && taken)
        return why_set(why, ERR_CONFLICT, 0, "the label is already on «%s»; use another one", name);
    return rc;
}

/* What a new version replaces: the line that the person saw, and, when that is the one in force,
   every other version that stands beside it, so that no old rival with a clock far ahead can come
   back. */
static enum err record_replaces(struct db *db, const struct item_draft *item, const char *id,
                                struct json_out *j, struct why *why)
{
    bool in_force = item->replaces == NULL;
    bool known = item->replaces == NULL;
    struct db_stmt q;
    enum err rc;

    q = db_prepare(
        db, "select v.event, v.event = (select event from item where id = ?1) from item_version v"
            " where v.item = ?1 and v.event = ?2");
    db_bind_text(&q, 1, id);
    db_bind_text(&q, 2, item->replaces == NULL ? "" : item->replaces);
    if (db_step(&q)) {
        known = true;
        in_force = db_i64(&q, 1) != 0;
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!known)
        return why_set(why, ERR_NOT_FOUND, 0,
                       "the register line to replace is not one of this item's");
    json_out_array(j, "replaces");
    if (item->replaces != NULL)
        json_out_str(j, NULL, item->replaces);
    q = db_prepare(db,
                   "select event from item_version v where item = ?1 and event <> ?2 and not exists"
                   " (select 1 from replaced r where r.replaces = v.event and r.subject = ?1)"
                   " order by hlc desc limit 32");
    db_bind_text(&q, 1, id);
    db_bind_text(&q, 2, item->replaces == NULL ? "" : item->replaces);
    while (in_force && db_step(&q))
        json_out_str(j, NULL, db_text(&q, 0));
    json_out_end_array(j);
    return db_end(&q, why);
}

struct item_text {
    const char *key, *value;
    size_t max;
    bool needed;
};

static enum err record_item_body(struct store *s, const struct item_draft *item, const char *id,
                                 struct buf *body, struct why *why)
{
    const struct item_text texts[] = {
        { .key = "label", .value = item->label, .max = PROJECT_LABEL_MAX },
        { .key = "kind", .value = item->kind, .max = PROJECT_ID_MAX, .needed = true },
        { .key = "name", .value = item->name, .max = PROJECT_TEXT_MAX, .needed = true },
        { .key = "detail", .value = item->detail, .max = PROJECT_TEXT_MAX },
        { .key = "room", .value = item->room, .max = PROJECT_TEXT_MAX },
        { .key = "shelf", .value = item->shelf, .max = PROJECT_TEXT_MAX },
        { .key = "maker", .value = item->maker, .max = PROJECT_TEXT_MAX },
        { .key = "model", .value = item->model, .max = PROJECT_TEXT_MAX },
        { .key = "serial", .value = item->serial, .max = PROJECT_TEXT_MAX },
    };
    struct json_out j;
    enum err rc = ERR_OK;

    json_out_init(&j, body);
    json_out_object(&j, NULL);
    for (size_t i = 0; i < COUNT_OF(texts) && rc == ERR_OK; i++) {
        rc = record_text_ok(texts[i].key, texts[i].value, texts[i].max, texts[i].needed, why);
        if (texts[i].value != NULL && texts[i].value[0] != '\0')
            json_out_str(&j, texts[i].key, texts[i].value);
    }
    if (rc == ERR_OK && item->label != NULL && item->label[0] != '\0')
        rc = record_label_free(&s->db, item->label, id, why);
    if (rc == ERR_OK)
        rc = record_replaces(&s->db, item, id, &j, why);
    json_out_end_object(&j);
    return rc;
}

enum err store_register_item(struct store *s, struct clock_now now, const char *actor,
                             const struct item_draft *item, char out_item[KEYS_RANDOM_ID],
                             struct why *why)
{
    char id[KEYS_RANDOM_ID];
    struct buf body;
    enum err rc;

    if (item->replaces != NULL && item->id == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "a register line that replaces another needs the item's id");
    keys_random_id(id);
    if (item->id != NULL && !str_copy(id, sizeof id, item->id))
        return why_set(why, ERR_LIMIT, 0, "the item's id is too long");
    /* What the body names is read in the transaction that writes it. */
    rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "register the item");
    buf_init(&body, BODY_MAX);
    rc = record_item_body(s, item, id, &body, why);
    if (rc == ERR_OK)
        rc = record_body(
            s, now,
            (struct event_draft){ .kind = "item.registered", .subject = id, .actor = actor }, &body,
            NULL, why);
    else
        buf_free(&body);
    rc = db_finish(&s->db, rc, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "register the item");
    if (out_item != NULL)
        (void)str_copy(out_item, KEYS_RANDOM_ID, id);
    return ERR_OK;
}

/* Whether the item is known, and whether it has the label already. */
static enum err record_label_state(struct db *db, const char *item, const char *label,
                                   bool *out_has, struct why *why)
{
    char key[PROJECT_LABEL_MAX + 1];
    struct db_stmt q;
    bool known;
    enum err rc;

    project_label_key(key, label);
    q = db_prepare(db, "select exists (select 1 from item_key where item = id and label_key = ?2)"
                       " from item where id = ?1");
    db_bind_text(&q, 1, item);
    db_bind_text(&q, 2, key);
    known = db_step(&q);
    *out_has = known && db_i64(&q, 0) != 0;
    rc = db_end(&q, why);
    if (rc == ERR_OK && !known)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such item on this kiosk");
    if (rc == ERR_OK && key[0] == '\0')
        rc = why_set(why, ERR_INPUT, 0, "the label is empty");
    return rc;
}

enum err store_link_label(struct store *s, struct clock_now now, const char *actor,
                          const char *item, const char *label, struct why *why)
{
    bool has = false;
    struct json_out j;
    struct buf body;
    enum err rc = record_text_ok("label", label, PROJECT_LABEL_MAX, true, why);

    if (rc == ERR_OK)
        rc = record_label_state(&s->db, item, label, &has, why);
    if (rc == ERR_OK && !has)
        rc = record_label_free(&s->db, label, item, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "link the label");
    if (has)
        return ERR_OK;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "label", label);
    json_out_end_object(&j);
    return record_body(
        s, now, (struct event_draft){ .kind = "item.labelled", .subject = item, .actor = actor },
        &body, NULL, why);
}

/* Names, as text rows of one column, into a JSON array "replaces". sql takes two text
   parameters. */
static enum err record_list(struct db *db, const char *sql, const char *one, const char *two,
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

static enum err record_person(struct store *s, struct clock_now now, const char *actor,
                              const char *id, const char *name, const char *role, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    struct json_out j;
    struct buf body;
    enum err rc = evlog_blob_put(&s->db, name, hash, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", hash);
    json_out_str(&j, "role", role == NULL ? "" : role);
    rc = record_list(&s->db, "select event from person where id = ?1 and ?2 is null", id, NULL, &j,
                     why);
    json_out_end_object(&j);
    if (rc != ERR_OK) {
        buf_free(&body);
        return rc;
    }
    return record_body(
        s, now, (struct event_draft){ .kind = "person.added", .subject = id, .actor = actor },
        &body, NULL, why);
}

enum err store_add_person(struct store *s, struct clock_now now, const char *actor,
                          const char *person_id, const char *name, const char *role,
                          char out_person[KEYS_RANDOM_ID], struct why *why)
{
    char id[KEYS_RANDOM_ID];
    enum err rc = record_text_ok("name", name, 200, true, why);

    if (rc == ERR_OK)
        rc = record_text_ok("role", role, PROJECT_ID_MAX, false, why);
    keys_random_id(id);
    if (rc == ERR_OK && person_id != NULL && !str_copy(id, sizeof id, person_id))
        rc = why_set(why, ERR_LIMIT, 0, "the person's id is too long");
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "add the person");
    rc = record_person(s, now, actor, id, name, role, why);
    rc = db_finish(&s->db, rc, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "add the person");
    if (out_person != NULL)
        (void)str_copy(out_person, KEYS_RANDOM_ID, id);
    return ERR_OK;
}

enum err store_issue_badge(struct store *s, struct clock_now now, const char *actor,
                           const char *person, const char *badge_code, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    struct json_out j;
    struct buf body;
    enum err rc = record_text_ok("badge", badge_code, PROJECT_LABEL_MAX, true, why);

    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "issue the badge");
    keys_sha256_hex(hash, badge_code, strlen(badge_code));
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "badge", hash);
    /* The person's badge before it, and whoever else had this one. */
    rc = record_list(&s->db, "select event from badge_now where person = ?1 or code_hash = ?2",
                     person, hash, &j, why);
    json_out_end_object(&j);
    if (rc == ERR_OK)
        rc = record_body(
            s, now,
            (struct event_draft){ .kind = "badge.issued", .subject = person, .actor = actor },
            &body, NULL, why);
    else
        buf_free(&body);
    rc = db_finish(&s->db, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "issue the badge");
}

enum err store_record_check(struct store *s, struct clock_now now, const char *actor,
                            const struct check *c, char out_id[EVENT_ID_TEXT], struct why *why)
{
    struct buf body;
    enum err rc;

    if (c->item == NULL || c->item[0] == '\0' || c->form == NULL || c->form[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "record the check: item or form is missing");
    if (c->outcome == OUTCOME_OPEN)
        return why_set(why, ERR_INPUT, 0, "record the check: it is not complete yet");
    rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record the check");
    buf_init(&body, BODY_MAX);
    check_write(c, &body);
    rc = record_body(
        s, now,
        (struct event_draft){ .kind = "check.recorded", .subject = c->item, .actor = actor }, &body,
        out_id, why);
    if (rc == ERR_OK)
        rc = local_draft_drop(&s->db, c->item, c->form, why);
    rc = db_finish(&s->db, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "record the check");
}

static enum err withdraw_allowed(struct store *s, struct clock_now now, const char *actor,
                                 const char *event, char out_item[PROJECT_ID_MAX + 1],
                                 struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select item, actor, device, at_ms from check_row where event = ?1");
    enum err rc = ERR_NOT_FOUND;

    db_bind_text(&q, 1, event);
    if (db_step(&q)) {
        int64_t gone_ms = now.wall_ms - db_i64(&q, 3);

        (void)str_copy(out_item, PROJECT_ID_MAX + 1, db_text(&q, 0));
        rc = str_eq(db_text(&q, 1), actor) && str_eq(db_text(&q, 2), s->self.id) && gone_ms >= 0 &&
                     gone_ms <= STORE_UNDO_MS
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

enum err store_withdraw_check(struct store *s, struct clock_now now, const char *actor,
                              const char *event, struct why *why)
{
    char item[PROJECT_ID_MAX + 1] = "";
    struct json_out j;
    struct buf body;
    enum err rc = withdraw_allowed(s, now, actor == NULL ? "" : actor, event, item, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "undo the check");
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "check", event);
    json_out_end_object(&j);
    return record_body(
        s, now, (struct event_draft){ .kind = "check.withdrawn", .subject = item, .actor = actor },
        &body, NULL, why);
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
