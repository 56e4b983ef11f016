#include "app/store/project.h"

/* A person who is to be named no longer. The lines stay, and say «person 4f…»; what they name beside the log goes: the
   hashes that the line lists and whatever else this kiosk knows of the person, also what comes later. */

#include "platform/base/attr.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/log/evlog.h"

enum { ERASED_HASHES_MAX = 64 };

static bool erased_hash_ok(const struct json *node)
{
    return node->type == JNODE_STRING && node->len == KEYS_ID_TEXT - 1 &&
           hex_is(node->text, KEYS_ID_TEXT - 1);
}

static bool erased_shape_ok(const struct project_line *line)
{
    const struct json *hashes = json_get(line->event->body, "hashes");
    size_t count = 0;

    if (line->event->subject[0] == '\0' || !project_text_ok(line->event->subject, PROJECT_ID_MAX) ||
        hashes == NULL || hashes->type != JNODE_ARRAY)
        return false;
    for (const struct json *n = hashes->first; n != NULL; n = n->next)
        if (!erased_hash_ok(n) || ++count > ERASED_HASHES_MAX)
            return false;
    return true;
}

/* Whether this is a store: an earlier state that is built in memory has neither names nor what stays on this kiosk. */
static enum err erased_store(struct db *db, bool *out, struct why *why)
{
    int64_t there = 0;
    enum err rc = db_one_i64(db, "select count(*) from sqlite_master where name = 'log_blob'", 0,
                             &there, why);

    *out = there > 0;
    return rc;
}

/* What stays on this kiosk alone: PIN, training and ticks, drafts, receipts. */
static enum err erased_local(struct db *db, const char *person, struct why *why)
{
    static const char *const deletes[] = {
        "delete from local_pin where person = ?1",
        "delete from local_mine where person = ?1",
        "delete from local_draft where person = ?1",
        "delete from local_adaptation where person = ?1",
        "delete from local_read where person = ?1",
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(deletes) && rc == ERR_OK; i++)
        rc = db_run(db, why, deletes[i], person, NULL);
    return rc;
}

/* The names are gathered first: erasing writes to the table that they are read beside. */
static enum err erased_known(struct db *db, const char *person, struct arena *a, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select name_hash from person_version where person = ?1"
                                      " union select code_name from badge where person = ?1");
    struct erased_name {
        const char *hash;
        struct erased_name *next;
    } *names = NULL;

    db_bind_text(&q, 1, person);
    while (db_step(&q)) {
        struct erased_name *name = arena_alloc(a, sizeof(*name));
        if (name == NULL)
            break;
        *name = (struct erased_name){ .hash = db_text_in(&q, 0, a), .next = names };
        names = name;
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for a person's names");
    for (; names != NULL && rc == ERR_OK; names = names->next)
        rc = evlog_blob_erase(db, names->hash, why);
    return rc;
}

enum err project_person_erased(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why)
{
    const char *person = line->event->subject;
    const struct json *hashes = json_get(line->event->body, "hashes");
    bool store = false;

    if (!erased_shape_ok(line))
        return why_set(why, ERR_INPUT, 0, "line %s: not an erasure as this release knows it",
                       line->id);
    enum err rc =
        db_run(db, why, "insert or replace into person_erased(event, person) values (?1, ?2)",
               line->id, person, NULL);
    if (rc == ERR_OK)
        rc = erased_store(db, &store, why);
    if (rc != ERR_OK || !store)
        return rc;
    for (const struct json *n = hashes->first; n != NULL && rc == ERR_OK; n = n->next)
        rc = evlog_blob_erase(db, n->text, why);
    if (rc == ERR_OK)
        rc = erased_known(db, person, a, why);
    return rc == ERR_OK ? erased_local(db, person, why) : rc;
}

enum err project_erased_already(struct db *db, const char *person, const char *hash,
                                struct why *why)
{
    struct db_stmt q = db_prepare(db, "select 1 from person_erased where person = ?1 limit 1");
    bool erased;

    db_bind_text(&q, 1, person);
    erased = db_step(&q);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && erased)
        rc = erased_store(db, &erased, why);
    return rc == ERR_OK && erased ? evlog_blob_erase(db, hash, why) : rc;
}
