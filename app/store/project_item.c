#include "app/store/project.h"

/* Items: every register line is a version; the one in force is computed afresh for the item that a
   line is about. */

#include <string.h>

struct version {
    const char *item, *label, *kind, *name, *detail, *room, *shelf, *maker, *model, *serial;
    const char *school, *kit, *retired_why;
    bool retired, lost;
};

/* Facts are an object of texts; anything else is of a later release, and the line waits. */
static bool facts_fit(const struct json *facts)
{
    if (facts == NULL)
        return true;
    if (facts->type != JNODE_OBJECT || facts->len > PROJECT_FACTS_MAX)
        return false;
    for (const struct json *f = facts->first; f != NULL; f = f->next) {
        if (f->type != JNODE_STRING || f->key[0] == '\0' ||
            !project_text_ok(f->key, PROJECT_ID_MAX) || !project_text_ok(f->text, PROJECT_TEXT_MAX))
            return false;
    }
    return true;
}

static bool version_read(const struct event *event, struct version *v)
{
    const struct json *body = event->body;

    *v = (struct version){ .item = event->subject,
                           .retired = json_bool(body, "retired", false),
                           .lost = json_bool(body, "lost", false) };
    return event->subject[0] != '\0' && project_text_ok(event->subject, PROJECT_ID_MAX) &&
           project_text(body, "label", PROJECT_LABEL_MAX, &v->label) &&
           project_text(body, "kind", PROJECT_ID_MAX, &v->kind) && v->kind[0] != '\0' &&
           project_text(body, "name", PROJECT_TEXT_MAX, &v->name) && v->name[0] != '\0' &&
           project_text(body, "detail", PROJECT_TEXT_MAX, &v->detail) &&
           project_text(body, "room", PROJECT_TEXT_MAX, &v->room) &&
           project_text(body, "shelf", PROJECT_TEXT_MAX, &v->shelf) &&
           project_text(body, "maker", PROJECT_TEXT_MAX, &v->maker) &&
           project_text(body, "model", PROJECT_TEXT_MAX, &v->model) &&
           project_text(body, "serial", PROJECT_TEXT_MAX, &v->serial) &&
           project_text(body, "school", PROJECT_TEXT_MAX, &v->school) &&
           project_text(body, "kit", PROJECT_ID_MAX, &v->kit) &&
           project_text(body, "retired_why", PROJECT_TEXT_MAX, &v->retired_why) &&
           facts_fit(json_get(body, "facts"));
}

static enum err version_put(struct db *db, const struct project_line *line, const struct version *v,
                            struct why *why)
{
    const char *texts[] = { line->id,  v->item,   line->hlc, line->event->device,
                            v->label,  v->kind,   v->name,   v->detail,
                            v->room,   v->shelf,  v->maker,  v->model,
                            v->serial, v->school, v->kit,    v->retired_why };
    struct db_stmt q = db_prepare(
        db,
        "insert or replace into item_version(event, item, hlc, device, label, kind, name, detail,"
        " room, shelf, maker, model, serial, school, kit, retired_why, seq, retired, lost) values"
        " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_bind_text(&q, (int)i + 1, texts[i]);
    db_bind_i64(&q, 17, (int64_t)line->event->seq);
    db_bind_i64(&q, 18, v->retired ? 1 : 0);
    db_bind_i64(&q, 19, v->lost ? 1 : 0);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err facts_put(struct db *db, const struct project_line *line, struct why *why)
{
    const struct json *facts = json_get(line->event->body, "facts");
    enum err rc = ERR_OK;

    for (const struct json *f = facts == NULL ? NULL : facts->first; f != NULL && rc == ERR_OK;
         f = f->next)
        rc = db_run(db, why,
                    "insert or replace into item_fact(event, key, value) values (?1, ?2, ?3)",
                    line->id, f->key, f->text, NULL);
    return rc;
}

static enum err keys_put(struct db *db, const char *item, struct why *why)
{
    char key[PROJECT_LABEL_MAX + 1] = "";
    struct db_stmt q;
    enum err rc;

    q = db_prepare(db, "select label from item where id = ?1");
    db_bind_text(&q, 1, item);
    if (db_step(&q))
        project_label_key(key, db_text(&q, 0));
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (key[0] != '\0') {
        rc = db_run(db, why, "insert or ignore into item_key(label_key, item) values (?1, ?2)", key,
                    item, NULL);
        if (rc != ERR_OK)
            return rc;
    }
    /* Labels of an item whose register line has not come yet lead nowhere until it does. */
    return db_run(db, why,
                  "insert or ignore into item_key(label_key, item) select label_key, item"
                  " from item_label where item = ?1 and exists (select 1 from item where id = ?1)",
                  item, NULL);
}

/* In force: a version that no other known line of the item replaces; of several, the greatest (hlc,
   device). Should lines replace each other in a ring, the same order still finds one, so no item
   can vanish. */
static enum err item_refresh(struct db *db, const char *item, struct why *why)
{
    enum err rc;

    rc = db_run(db, why, "delete from item where id = ?1", item, NULL);
    if (rc != ERR_OK)
        return rc;
    rc = db_run(db, why, "delete from item_key where item = ?1", item, NULL);
    if (rc != ERR_OK)
        return rc;
    rc = db_run(
        db, why,
        "insert into item(id, event, label, kind, name, detail, room, shelf, maker, model, serial,"
        " school, kit, retired_why, retired, lost) select item, event, iif(label <> '', label, "
        "coalesce((select l.label from"
        " item_label l where l.item = v.item order by l.hlc desc, l.event desc limit 1), '')), "
        "kind,"
        " name, detail, room, shelf, maker, model, serial, school, kit, retired_why, retired, lost"
        " from item_version v"
        " where item = ?1 order by (exists (select 1 from replaced r where r.replaces = v.event"
        " and r.subject = v.item and r.event <> v.event)), hlc desc, device desc, seq desc limit 1",
        item, NULL);
    if (rc != ERR_OK)
        return rc;
    return keys_put(db, item, why);
}

enum err project_item_registered(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why)
{
    struct version v;
    enum err rc;

    (void)a;
    if (!version_read(line->event, &v))
        return why_set(why, ERR_INPUT, 0, "line %s: not an item as this release knows it",
                       line->id);
    rc = version_put(db, line, &v, why);
    if (rc == ERR_OK)
        rc = facts_put(db, line, why);
    if (rc == ERR_OK)
        rc = project_replaces(db, line, v.item, why);
    if (rc == ERR_OK)
        rc = item_refresh(db, v.item, why);
    return rc;
}

enum err project_item_labelled(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    const char *item = line->event->subject;
    char key[PROJECT_LABEL_MAX + 1];
    const char *label = "";
    enum err rc;

    (void)a;
    if (item[0] == '\0' || !project_text_ok(item, PROJECT_ID_MAX) ||
        !project_text(line->event->body, "label", PROJECT_LABEL_MAX, &label) || label[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %s: not a label as this release knows it",
                       line->id);
    project_label_key(key, label);
    if (key[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %s: the label is empty", line->id);
    rc = db_run(db, why,
                "insert or replace into item_label(event, item, hlc, label, label_key)"
                " values (?1, ?2, ?3, ?4, ?5)",
                line->id, item, line->hlc, label, key, NULL);
    if (rc == ERR_OK)
        rc = item_refresh(db, item, why);
    return rc;
}
