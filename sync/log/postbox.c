#include "sync/log/postbox.h"

#include <string.h>

#include "platform/base/str.h"

enum err postbox_setup(struct db *db, struct why *why)
{
    return db_exec(
        db,
        "create table if not exists postbox(key text primary key, kind text not null,"
        " body text not null) without rowid;"
        "create table if not exists postbox_sent(one integer primary key check (one = 1),"
        " sent integer not null);"
        "insert or ignore into postbox_sent(one, sent) values (1, 0)",
        why);
}

enum err postbox_put(struct db *db, const char *kind, const char *body, struct why *why)
{
    char key[KEYS_RANDOM_ID];
    int64_t waiting = 0;
    enum err rc = db_one_i64(db, "select count(*) from postbox", 0, &waiting, why);

    if (rc != ERR_OK)
        return rc;
    if (waiting >= POSTBOX_WAITING_MAX)
        return why_set(why, ERR_LIMIT, 0, "%d wait to be sent already", POSTBOX_WAITING_MAX);
    if (strlen(body) > POSTBOX_BODY_MAX || strlen(kind) >= POSTBOX_KIND_MAX)
        return why_set(why, ERR_LIMIT, 0, "it is longer than %d bytes; shorten it",
                       POSTBOX_BODY_MAX);
    keys_random_id(key);
    return db_run(db, why, "insert into postbox(key, kind, body) values (?1, ?2, ?3)", key, kind,
                  body, NULL);
}

enum err postbox_next(struct db *db, struct arena *a, struct postbox_row *out, bool *out_found,
                      struct why *why)
{
    struct db_stmt q = db_prepare(db, "select key, kind, body from postbox order by key limit 1");
    bool found = db_step(&q);
    enum err rc;

    if (found) {
        (void)str_copy(out->key, sizeof out->key, db_text(&q, 0));
        out->kind = db_text_in(&q, 1, a);
        out->body = db_text_in(&q, 2, a);
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room to read");
    if (rc == ERR_OK)
        *out_found = found;
    return rc;
}

enum err postbox_sent(struct db *db, const char *key, struct why *why)
{
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return rc;
    rc = db_run(db, why,
                "update postbox_sent set sent = sent + 1 where exists"
                " (select 1 from postbox where key = ?1)",
                key, NULL);
    if (rc == ERR_OK)
        rc = db_run(db, why, "delete from postbox where key = ?1", key, NULL);
    return db_finish(db, rc, why);
}

enum err postbox_counts(struct db *db, int64_t *out_waiting, int64_t *out_sent, struct why *why)
{
    int64_t waiting = 0;
    enum err rc = db_one_i64(db, "select count(*) from postbox", 0, &waiting, why);

    if (rc == ERR_OK)
        rc = db_one_i64(db, "select sent from postbox_sent", 0, out_sent, why);
    if (rc == ERR_OK)
        *out_waiting = waiting;
    return rc;
}
