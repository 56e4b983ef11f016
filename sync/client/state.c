#include "sync/client/state.h"

#include "platform/base/str.h"

enum err state_setup(struct db *db, struct why *why)
{
    return db_exec(db,
                   "create table if not exists sync_state(key text primary key, value text not "
                   "null) without rowid",
                   why);
}

enum err state_set(struct db *db, const char *key, const char *value, struct why *why)
{
    return db_run(
        db, why,
        "insert into sync_state(key, value) values(?1, ?2)"
        " on conflict(key) do update set value = excluded.value where value <> excluded.value",
        key, value, NULL);
}

enum err state_set_i64(struct db *db, const char *key, int64_t value, struct why *why)
{
    char text[24];

    (void)str_format(text, sizeof(text), "%lld", (long long)value);
    return state_set(db, key, text, why);
}

enum err state_get(struct db *db, const char *key, struct arena *a, const char **out,
                   struct why *why)
{
    struct db_stmt q = db_prepare(db, "select value from sync_state where key = ?1");
    const char *value = "";

    db_bind_text(&q, 1, key);
    if (db_step(&q))
        value = db_text_in(&q, 0, a);
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (value == NULL)
        return why_set(why, ERR_NOMEM, 0, "setting %s: no memory", key);
    *out = value;
    return ERR_OK;
}

enum err state_get_i64(struct db *db, const char *key, int64_t fallback, int64_t *out,
                       struct why *why)
{
    struct db_stmt q = db_prepare(db, "select value from sync_state where key = ?1");
    int64_t value = fallback;

    db_bind_text(&q, 1, key);
    if (db_step(&q) && !str_to_i64(db_text(&q, 0), &value))
        value = fallback;
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = value;
    return rc;
}
