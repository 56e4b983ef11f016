#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* The hub's keys: files beside hub.db, or rows where copies of the hub share a database. */

enum { HUBSTORE_KEY_NAME = KEYS_RANDOM_ID + 16 };

static enum err hubstore_secret(struct hubstore *s, const char *name, bool *out_found,
                                struct keypair *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select secret from secret where name = $1");
    uint8_t secret[KEYS_SECRET] = { 0 };
    bool whole = false;
    bool found;

    sql_bind_text(&q, 1, name);
    found = sql_step(&q);
    if (found) {
        size_t len;
        const void *data = sql_bytes(&q, 0, &len);
        whole = len == sizeof(secret);
        if (whole)
            memcpy(secret, data, sizeof(secret));
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && found && !whole)
        rc = why_set(why, ERR_INPUT, 0, "the secret key is damaged");
    if (rc == ERR_OK && found)
        rc = keys_from_secret(secret, out, why);
    memset(secret, 0, sizeof(secret));
    if (rc != ERR_OK)
        return why_in(why, rc, "key %s in the database", name);
    *out_found = found;
    return ERR_OK;
}

/* Two copies may make one at once: the first row stays, and both go by it. */
static enum err hubstore_secret_new(struct hubstore *s, const char *name, struct keypair *out,
                                    struct why *why)
{
    struct keypair made;
    bool found = false;
    enum err rc = keys_new(&made, why);
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare(
        s->sql, "insert into secret(name, secret) values($1, $2) on conflict do nothing");
    sql_bind_text(&q, 1, name);
    sql_bind_bytes(&q, 2, made.secret, sizeof(made.secret));
    rc = sql_done(&q, NULL, why);
    memset(&made, 0, sizeof(made));
    if (rc == ERR_OK)
        rc = hubstore_secret(s, name, &found, out, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_IO, 0, "the key was written and is not there");
    return rc;
}

enum err hubstore_voice(struct hubstore *s, const char *site, bool make, struct keypair *out,
                        struct why *why)
{
    char name[HUBSTORE_KEY_NAME];
    char path[FS_PATH_MAX];
    bool found = false;
    enum err rc;

    if (sql_shared(s->sql)) {
        (void)str_format(name, sizeof(name), "site-%s", site);
        rc = hubstore_secret(s, name, &found, out, why);
        if (rc == ERR_OK && !found)
            rc = make ? hubstore_secret_new(s, name, out, why)
                      : why_set(why, ERR_CONFLICT, 0, "the key of site %s is gone", site);
        return rc;
    }
    (void)str_format(name, sizeof(name), "site-%s.key", site);
    rc = fs_join(path, s->data, name, why);
    return rc == ERR_OK ? keys_load_or_make(path, out, why) : rc;
}

/* A new hub has its key before it has a table, so that records without a key are always a key that was lost. */
enum err hubstore_key_found(struct hubstore *s, struct why *why)
{
    struct keypair made;
    char path[FS_PATH_MAX];
    enum err rc;

    if (s->data[0] == '\0') {
        rc = hubstore_secret_new(s, "hub", &made, why);
    } else {
        rc = fs_join(path, s->data, "hub.key", why);
        if (rc == ERR_OK)
            rc = keys_load_or_make(path, &made, why);
    }
    memset(&made, 0, sizeof(made));
    return rc;
}

enum err hubstore_key(struct hubstore *s, bool needed, struct keypair *out, struct why *why)
{
    static const char *const lost[] = { "hub.key is missing beside hub.db",
                                        "the hub's key is missing in table secret" };
    char path[FS_PATH_MAX] = "";
    struct fs_stat st;
    bool found = false;
    bool shared = sql_shared(s->sql);
    enum err rc = ERR_OK;

    out->id[0] = '\0';
    if (shared) {
        rc = hubstore_secret(s, "hub", &found, out, why);
    } else {
        rc = fs_join(path, s->data, "hub.key", why);
        found = rc == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK;
        if (found)
            rc = keys_load_or_make(path, out, why);
    }
    if (rc == ERR_OK && !found && needed)
        rc = why_set(why, ERR_CONFLICT, 0,
                     "%s; put it back from a backup, as kiosks know this hub by it", lost[shared]);
    return rc;
}
