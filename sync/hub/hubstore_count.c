#include <sys/stat.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* What the store amounts to, in numbers; for whoever watches the hub. */

static int64_t count_file(const char *folder, const char *name)
{
    char path[FS_PATH_MAX];
    struct stat st;

    if (fs_join(path, folder, name, NULL) != ERR_OK || stat(path, &st) != 0)
        return 0;
    return (int64_t)st.st_size;
}

static enum err count_bytes(struct hubstore *s, int64_t *out, struct why *why)
{
    if (sql_shared(s->sql))
        return sql_one_i64(s->sql, "select pg_database_size(current_database())", 0, out, why);
    *out = count_file(s->data, "hub.db") + count_file(s->data, "hub.db-wal");
    return ERR_OK;
}

/* Whoever began it may not have written down when. */
static enum err count_epoch(struct hubstore *s, int64_t *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select value from hub_meta where key = 'epoch_ms'");

    *out = -1;
    while (sql_step(&q))
        if (!str_to_i64(sql_text(&q, 0), out))
            *out = -1;
    return sql_end(&q, why);
}

enum err hubstore_count(struct hubstore *s, struct hub_counts *out, struct why *why)
{
    struct {
        const char *text;
        int64_t *out;
    } const asks[] = {
        { "select count(*) from site", &out->sites },
        { "select count(*) from device where revoked_ms = 0", &out->devices },
        { "select count(*) from device where revoked_ms <> 0", &out->revoked },
        { "select count(*) from nonce", &out->nonces },
    };
    out->nonces_max = sql_shared(s->sql) ? HUB_NONCES_SHARED_MAX : HUB_NONCES_MAX;
    enum err rc = count_bytes(s, &out->bytes, why);

    for (size_t i = 0; i < COUNT_OF(asks) && rc == ERR_OK; i++)
        rc = sql_one_i64(s->sql, asks[i].text, 0, asks[i].out, why);
    return rc == ERR_OK ? count_epoch(s, &out->epoch_ms, why) : rc;
}
