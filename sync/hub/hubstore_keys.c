#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* The hub's keys. Its own, which the kiosks know it by, is a file beside hub.db, or a row where copies of the hub share a
   database; those that it writes lines under are rows. */

enum { HUBSTORE_KEY_NAME = KEYS_ID_TEXT + 16 };

enum err hubstore_secret(struct hubstore *s, const char *name, bool *out_found, struct keypair *out,
                         struct why *why)
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

/* Two copies may make one at once: the first row stays. */
enum err hubstore_secret_put(struct hubstore *s, const char *name, const struct keypair *key,
                             struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into secret(name, secret) values($1, $2) on conflict do nothing");

    sql_bind_text(&q, 1, name);
    sql_bind_bytes(&q, 2, key->secret, sizeof(key->secret));
    return sql_done(&q, NULL, why);
}

static void hubstore_voice_name(char out[HUBSTORE_KEY_NAME], const char *voice)
{
    (void)str_format(out, HUBSTORE_KEY_NAME, "voice-%s", voice);
}

enum err hubstore_voice(struct hubstore *s, const char *voice, struct keypair *out, struct why *why)
{
    char name[HUBSTORE_KEY_NAME];
    bool found = false;

    hubstore_voice_name(name, voice);
    enum err rc = hubstore_secret(s, name, &found, out, why);
    if (rc == ERR_OK && (!found || strcmp(out->id, voice) != 0))
        rc = why_set(why, ERR_CONFLICT, 0, "the key of the hub's voice %.8s is gone", voice);
    return rc;
}

enum err hubstore_voice_new(struct hubstore *s, struct keypair *out, struct why *why)
{
    char name[HUBSTORE_KEY_NAME];
    enum err rc = keys_new(out, why);
    if (rc != ERR_OK)
        return rc;

    hubstore_voice_name(name, out->id);
    return hubstore_secret_put(s, name, out, why);
}

/* A key that is gone, or another's, is not made anew: say tells of it when the hub has something to say there. */
static enum err hubstore_voice_old(struct hubstore *s, const char *site, const char *voice,
                                   struct why *why)
{
    char name[HUBSTORE_KEY_NAME];
    char path[FS_PATH_MAX];
    struct keypair key;
    struct fs_stat st;
    enum err rc;

    hubstore_voice_name(name, voice);
    if (s->data[0] == '\0') {
        char old[HUBSTORE_KEY_NAME];
        (void)str_format(old, sizeof(old), "site-%s", site);
        return sql_run(s->sql, why, "update secret set name = $1 where name = $2", name, old, NULL);
    }
    char file[HUBSTORE_KEY_NAME];
    (void)str_format(file, sizeof(file), "site-%s.key", site);
    rc = fs_join(path, s->data, file, why);
    if (rc != ERR_OK || fs_stat(path, &st, NULL) != ERR_OK)
        return rc;
    rc = keys_load_or_make(path, &key, why);
    if (rc == ERR_OK && strcmp(key.id, voice) == 0)
        rc = hubstore_secret_put(s, name, &key, why);
    memset(&key, 0, sizeof(key));
    return rc;
}

enum err hubstore_voices_old(struct hubstore *s, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select id, voice from site order by id");
    enum err rc = ERR_OK;

    while (rc == ERR_OK && sql_step(&q))
        rc = hubstore_voice_old(s, sql_text(&q, 0), sql_text(&q, 1), why);
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* A new hub has its key before it has a table, so that records without a key are always a key that was lost. */
enum err hubstore_key_found(struct hubstore *s, struct why *why)
{
    struct keypair made;
    char path[FS_PATH_MAX];
    enum err rc;

    if (s->data[0] == '\0') {
        rc = keys_new(&made, why);
        if (rc == ERR_OK)
            rc = hubstore_secret_put(s, "hub", &made, why);
    } else {
        rc = fs_join(path, s->data, "hub.key", why);
        if (rc == ERR_OK)
            rc = keys_load_or_make(path, &made, why);
    }
    memset(&made, 0, sizeof(made));
    return rc;
}

enum err hubstore_self(struct hubstore *s, const struct keypair **out, struct why *why)
{
    enum err rc = ERR_OK;

    if (s->self.id[0] == '\0')
        rc = hubstore_key(s, true, &s->self, why);
    if (rc == ERR_OK)
        *out = &s->self;
    return rc;
}

enum err hubstore_key(struct hubstore *s, bool needed, struct keypair *out, struct why *why)
{
    static const char *const lost[] = { "hub.key is missing beside hub.db",
                                        "the hub's key is missing in table secret" };
    char path[FS_PATH_MAX] = "";
    struct fs_stat st;
    bool found = false;
    bool shared = s->data[0] == '\0';
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
