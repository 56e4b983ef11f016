#include "app/store/edition_sum.h"

#include <errno.h>
#include <string.h>

#include "app/store/content_index.h"
#include "platform/base/db.h"
#include "platform/base/str.h"

static enum err sum_path(const char *data_dir, const char *hash, char out[FS_PATH_MAX],
                         struct why *why)
{
    char name[KEYS_ID_TEXT + 4];
    char dir[FS_PATH_MAX];
    enum err rc = edition_dir(data_dir, dir, why);

    (void)str_format(name, sizeof name, "%s.sum", hash);
    return rc == ERR_OK ? fs_join(out, dir, name, why) : rc;
}

enum err edition_sum_keep(const char *data_dir, const char *hash, const char *path, struct why *why)
{
    char sum[KEYS_ID_TEXT + 1];
    char to[FS_PATH_MAX];
    enum err rc = sum_path(data_dir, hash, to, why);

    if (rc == ERR_OK)
        rc = keys_sha256_file(path, NULL, NULL, sum, why);
    if (rc != ERR_OK)
        return rc;
    memcpy(sum + KEYS_ID_TEXT - 1, "\n", 2);
    return fs_replace(to, sum, KEYS_ID_TEXT, 0600, why);
}

bool edition_sum_there(const char *data_dir, const char *hash)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return sum_path(data_dir, hash, path, NULL) == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK;
}

/* ERR_NOT_FOUND: there is none. One that is cut short or cannot be read is as good as one of another file. */
static enum err sum_read(const char *data_dir, const char *hash, char out[KEYS_ID_TEXT],
                         struct why *why)
{
    enum { SUM_MAX = 1024 };
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    struct arena a;
    enum err rc = sum_path(data_dir, hash, path, why);

    out[0] = '\0';
    arena_init(&a, (size_t)2 * SUM_MAX);
    if (rc == ERR_OK)
        rc = fs_read(&a, path, SUM_MAX, &text, &len, why);
    if (rc == ERR_OK && len >= KEYS_ID_TEXT - 1) {
        text[KEYS_ID_TEXT - 1] = '\0';
        (void)str_copy(out, KEYS_ID_TEXT, text);
    }
    arena_done(&a);
    return rc == ERR_LIMIT ? ERR_OK : rc;
}

/* Whether it says of itself that another program made it. What cannot be read says nothing. */
static bool sum_is_elder(const char *data_dir, const char *hash)
{
    char path[FS_PATH_MAX];
    struct db db = { .handle = NULL };
    int64_t version = CONTENT_VERSION;

    if (edition_path(data_dir, hash, path, NULL) != ERR_OK ||
        db_open(&db, path, DB_READ, NULL) != ERR_OK)
        return false;
    enum err rc = db_one_i64(&db, "select cast(value as integer) from meta where key = 'version'",
                             CONTENT_VERSION, &version, NULL);
    db_close(&db);
    return rc == ERR_OK && version < EDITION_SUMS_SINCE;
}

enum err edition_sum_hold(const char *data_dir, const char *hash, bool (*stop)(void *ctx),
                          void *ctx, enum edition_sum *out, struct why *why)
{
    struct why cause = { .sys = 0 };
    char path[FS_PATH_MAX];
    char want[KEYS_ID_TEXT];
    char sum[KEYS_ID_TEXT] = "";
    enum err rc = edition_path(data_dir, hash, path, why);

    if (rc != ERR_OK)
        return rc;
    rc = sum_read(data_dir, hash, want, &cause);
    if (rc == ERR_NOT_FOUND) {
        *out = sum_is_elder(data_dir, hash) ? EDITION_UNSUMMED : EDITION_DIFFERS;
        return ERR_OK;
    }
    if (rc == ERR_OK)
        rc = keys_sha256_file(path, stop, ctx, sum, &cause);
    /* The card itself says that it has lost them. */
    if (rc == ERR_IO && cause.sys == EIO)
        rc = ERR_OK;
    if (rc != ERR_OK) {
        if (why != NULL)
            *why = cause;
        return rc;
    }
    *out = sum[0] != '\0' && str_eq(sum, want) ? EDITION_HOLDS : EDITION_DIFFERS;
    return ERR_OK;
}

/* ---- what the screens may show ---- */

enum err edition_fit(const char *data_dir, const struct edition_name *name, bool (*stop)(void *ctx),
                     void *ctx, bool *out_fit, struct why *why)
{
    enum edition_sum sum = EDITION_DIFFERS;
    struct edition_name current;
    struct edition_name next;
    enum err rc = edition_sum_hold(data_dir, name->hash, stop, ctx, &sum, why);

    if (rc != ERR_OK)
        return rc;
    edition_current(data_dir, &current);
    edition_next(data_dir, &next);
    *out_fit = sum == EDITION_HOLDS ||
               (sum == EDITION_UNSUMMED && !edition_damaged_told(data_dir) &&
                (str_eq(name->hash, current.hash) || str_eq(name->hash, next.hash)));
    return ERR_OK;
}
