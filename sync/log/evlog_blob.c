#include <string.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"
#include "sync/log/wire.h"

/* The salt keeps the hash of a short name from being found by trying names; with salt and text
   gone, the hash that the lines hold says nothing about the person any more, and the chain is as
   whole as before. */
static void evlog_blob_hash(char out[KEYS_ID_TEXT], const uint8_t salt[EVLOG_SALT],
                            const char *text)
{
    uint8_t bytes[EVLOG_SALT + EVLOG_BLOB_MAX];
    struct wire_out w = wire_out(bytes, sizeof(bytes));

    wire_put_bytes(&w, salt, EVLOG_SALT);
    wire_put_bytes(&w, text, strlen(text));
    keys_sha256_hex(out, bytes, sizeof(bytes) - w.left);
}

static enum err evlog_blob_check(const char *text, struct why *why)
{
    size_t len = strlen(text);

    if (len > EVLOG_BLOB_MAX)
        return why_set(why, ERR_LIMIT, 0, "name of %zu bytes, the maximum is %d", len,
                       EVLOG_BLOB_MAX);
    if (len == 0 || !utf8_valid(text, len))
        return why_set(why, ERR_INPUT, 0, "name that is empty or not UTF-8");
    return ERR_OK;
}

enum err evlog_blob_name(const char *salt_hex, const char *text, char out_hash[KEYS_ID_TEXT],
                         struct why *why)
{
    uint8_t salt[EVLOG_SALT];
    enum err rc = evlog_blob_check(text, why);

    if (rc == ERR_OK && !hex_get(salt, sizeof(salt), salt_hex))
        rc = why_set(why, ERR_INPUT, 0, "name with a wrong salt");
    if (rc == ERR_OK)
        evlog_blob_hash(out_hash, salt, text);
    return rc;
}

static enum err evlog_blob_store(struct db *db, const char *hash, const char *salt_hex,
                                 const char *text, struct why *why)
{
    return db_run(db, why,
                  "insert into log_blob(hash, salt, text) values(?1, ?2, ?3)"
                  " on conflict(hash) do nothing",
                  hash, salt_hex, text);
}

enum err evlog_blob_put(struct db *db, const char *text, char out_hash[KEYS_ID_TEXT],
                        struct why *why)
{
    uint8_t salt[EVLOG_SALT];
    char salt_hex[2 * EVLOG_SALT + 1];
    char hash[KEYS_ID_TEXT];

    keys_random(salt, sizeof(salt));
    hex_put(salt_hex, salt, EVLOG_SALT);
    enum err rc = evlog_blob_name(salt_hex, text, hash, why);
    if (rc == ERR_OK)
        rc = evlog_blob_store(db, hash, salt_hex, text, why);
    if (rc == ERR_OK)
        memcpy(out_hash, hash, sizeof(hash));
    return rc;
}

enum err evlog_blob_take(struct db *db, const char *salt_hex, const char *text, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    enum err rc = evlog_blob_name(salt_hex, text, hash, why);

    return rc == ERR_OK ? evlog_blob_store(db, hash, salt_hex, text, why) : rc;
}

enum err evlog_blob_get(struct db *db, const char *hash, struct arena *a, const char **out_text,
                        struct why *why)
{
    struct db_stmt q = db_prepare(db, "select text from log_blob where hash = ?1");
    const char *text = "";

    db_bind_text(&q, 1, hash);
    if (db_step(&q))
        text = db_text_in(&q, 0, a);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out_text = text;
    return rc;
}

/* The row stays, emptied: a bundle made before the erasure must not bring the name back. */
enum err evlog_blob_erase(struct db *db, const char *hash, struct why *why)
{
    enum err rc = db_exec(db, "pragma secure_delete = on", why);

    if (rc != ERR_OK)
        return rc;
    db->blanked = true;
    return db_run(db, why,
                  "insert into log_blob(hash, salt, text) values(?1, '', '')"
                  " on conflict(hash) do update set salt = '', text = ''",
                  hash);
}

static bool evlog_blob_tell(struct db_stmt *q, evlog_blob_visit visit, void *ctx)
{
    struct evlog_blob blob = {
        .hash = db_text(q, 0),
        .salt = db_text(q, 1),
        .text = db_text(q, 2),
    };

    return visit(ctx, &blob);
}

enum err evlog_blob_each(struct db *db, const char *const *hashes, size_t count,
                         evlog_blob_visit visit, void *ctx, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, hashes == NULL
                ? "select hash, salt, text from log_blob where salt <> '' order by hash"
                : "select hash, salt, text from log_blob where salt <> '' and hash = ?1");
    bool more = true;

    if (hashes == NULL)
        while (more && db_step(&q))
            more = evlog_blob_tell(&q, visit, ctx);
    for (size_t i = 0; hashes != NULL && i < count && more; i++) {
        db_bind_text(&q, 1, hashes[i]);
        if (db_step(&q))
            more = evlog_blob_tell(&q, visit, ctx);
        db_again(&q);
    }
    return db_end(&q, why);
}
