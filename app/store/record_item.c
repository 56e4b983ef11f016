#include "app/store/record_parts.h"

/* The writers of the register: items and their labels. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/project.h"

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
    const char *column; /* kept from the line that is replaced where value is NULL */
};

/* A member of the line that is replaced; "" where there is none. In the arena. */
static const char *kept_text(struct db *db, const struct item_draft *item, const char *column,
                             struct arena *a, enum err *rc, struct why *why)
{
    char sql[96];
    const char *text = "";
    struct db_stmt q;

    if (item->replaces == NULL || column == NULL || *rc != ERR_OK)
        return text;
    (void)str_format(sql, sizeof sql, "select %s from item_version where event = ?1", column);
    q = db_prepare(db, sql);
    db_bind_text(&q, 1, item->replaces);
    if (db_step(&q))
        text = db_text_in(&q, 0, a);
    *rc = db_end(&q, why);
    return text == NULL ? "" : text;
}

static enum err record_fact(struct json_out *j, const struct fact *fact, struct why *why)
{
    int32_t day = CALDATE_NONE;
    enum err rc = record_text_ok("name of a fact", fact->key, PROJECT_ID_MAX, true, why);

    if (rc == ERR_OK)
        rc = record_text_ok(fact->key, fact->value, PROJECT_TEXT_MAX, false, why);
    if (rc == ERR_OK && str_eq(fact->key, "use_by") && fact->value != NULL &&
        fact->value[0] != '\0' && !caldate_parse(fact->value, &day))
        rc = why_set(why, ERR_INPUT, 0, "«%.40s» is no use-by date; write it as 2026-11-22",
                     fact->value);
    if (rc == ERR_OK)
        json_out_str(j, fact->key, fact->value == NULL ? "" : fact->value);
    return rc;
}

/* The facts that the draft gives; those of the line that it replaces where it gives none. */
static enum err record_facts(struct db *db, const struct item_draft *item, struct json_out *j,
                             struct why *why)
{
    enum err rc = ERR_OK;
    struct db_stmt q;

    if (item->fact_count > STORE_FACTS_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d facts", STORE_FACTS_MAX);
    if (item->facts == NULL && item->replaces == NULL)
        return ERR_OK;
    json_out_object(j, "facts");
    for (size_t i = 0; item->facts != NULL && i < item->fact_count && rc == ERR_OK; i++) {
        for (size_t k = 0; k < i; k++) {
            if (str_eq(item->facts[k].key, item->facts[i].key))
                rc = why_set(why, ERR_INPUT, 0, "the fact %s stands twice", item->facts[i].key);
        }
        if (rc == ERR_OK)
            rc = record_fact(j, &item->facts[i], why);
    }
    if (item->facts == NULL) {
        q = db_prepare(db, "select key, value from item_fact where event = ?1 order by key");
        db_bind_text(&q, 1, item->replaces);
        while (db_step(&q))
            json_out_str(j, db_text(&q, 0), db_text(&q, 1));
        rc = db_end(&q, why);
    }
    json_out_end_object(j);
    return rc;
}

static enum err record_item_texts(struct db *db, const struct item_draft *item, struct json_out *j,
                                  struct arena *a, struct why *why)
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
        { .key = "school", .value = item->school, .max = PROJECT_TEXT_MAX, .column = "school" },
        { .key = "kit", .value = item->kit, .max = PROJECT_ID_MAX, .column = "kit" },
        { .key = "retired_why", .value = item->retired_why, .max = PROJECT_TEXT_MAX },
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(texts) && rc == ERR_OK; i++) {
        const char *value = texts[i].value;

        rc = record_text_ok(texts[i].key, value, texts[i].max, texts[i].needed, why);
        if (value == NULL)
            value = kept_text(db, item, texts[i].column, a, &rc, why);
        if (value[0] != '\0')
            json_out_str(j, texts[i].key, value);
    }
    if (item->retired)
        json_out_bool(j, "retired", true);
    if (item->lost)
        json_out_bool(j, "lost", true);
    return rc;
}

static enum err record_item_body(struct store *s, const struct item_draft *item, const char *id,
                                 struct buf *body, struct why *why)
{
    struct json_out j;
    struct arena a;
    enum err rc;

    arena_init(&a, (size_t)64 * 1024);
    json_out_init(&j, body);
    json_out_object(&j, NULL);
    rc = record_item_texts(&s->db, item, &j, &a, why);
    if (rc == ERR_OK)
        rc = record_facts(&s->db, item, &j, why);
    /* A kit inside itself would be walked for ever. */
    if (rc == ERR_OK && item->kit != NULL && str_eq(item->kit, id))
        rc = why_set(why, ERR_INPUT, 0, "an item cannot be a member of itself");
    /* A clash of labels is settled by retiring one of the two, too. */
    if (rc == ERR_OK && item->label != NULL && item->label[0] != '\0' && !item->retired)
        rc = record_label_free(&s->db, item->label, id, why);
    if (rc == ERR_OK)
        rc = record_replaces(&s->db, item, id, &j, why);
    json_out_end_object(&j);
    arena_done(&a);
    return rc;
}

enum err record_item(struct store *s, struct clock_now now, const char *actor,
                     const struct item_draft *item, const char *id, struct why *why)
{
    struct buf body;
    enum err rc;

    buf_init(&body, BODY_MAX);
    rc = record_item_body(s, item, id, &body, why);
    return record_made(
        s, now, rc,
        (struct event_draft){ .kind = "item.registered", .subject = id, .actor = actor }, &body,
        NULL, why);
}

static enum err item_id(const struct item_draft *item, char out[KEYS_RANDOM_ID], struct why *why)
{
    if (item->replaces != NULL && item->id == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "a register line that replaces another needs the item's id");
    keys_random_id(out);
    if (item->id != NULL && !str_copy(out, KEYS_RANDOM_ID, item->id))
        return why_set(why, ERR_LIMIT, 0, "the item's id is too long");
    return ERR_OK;
}

enum err store_register_item(struct store *s, struct clock_now now, const char *actor,
                             const struct item_draft *item, char out_item[KEYS_RANDOM_ID],
                             struct why *why)
{
    char id[KEYS_RANDOM_ID];
    enum err rc = item_id(item, id, why);

    /* What the body names is read in the transaction that writes it. */
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "register the item");
    rc = store_finish(s, record_item(s, now, actor, item, id, why), why);
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
