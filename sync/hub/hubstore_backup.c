#include "sync/hub/hubstore_backup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/content.h"
#include "sync/hub/hubstore_copy.h"

/* A backup is one SQLite file with a hub's whole database in it and the hub's key beside the other keys, from whichever
   engine it came. */

/* ---- making one ---- */

/* What stands in the file that a folder keeps beside its database, and when this was. */
static enum err backup_beside(struct sql *to, const struct keypair *self, int64_t now_ms,
                              struct why *why)
{
    char at[24];
    struct sql_stmt q = sql_prepare(to, "insert into secret(name, secret) values('hub', $1)"
                                        " on conflict do nothing");

    sql_bind_bytes(&q, 1, self->secret, sizeof(self->secret));
    enum err rc = sql_done(&q, NULL, why);
    (void)str_format(at, sizeof(at), "%lld", (long long)now_ms);
    return rc == ERR_OK ? sql_run(to, why,
                                  "insert into hub_meta(key, value) values('backup_ms', $1)"
                                  " on conflict(key) do update set value = excluded.value",
                                  at, NULL)
                        : rc;
}

static enum err backup_marks(const char *part, const struct keypair *self, int64_t now_ms,
                             struct why *why)
{
    struct sql *to = NULL;
    enum err rc = sql_open_sqlite(part, false, &to, why);
    if (rc != ERR_OK)
        return rc;

    rc = sql_begin(to, why);
    if (rc == ERR_OK)
        rc = sql_finish(to, backup_beside(to, self, now_ms, why), why);
    if (rc == ERR_OK)
        rc = sql_exec(to, hubstore_one_file, why);
    sql_close(to);
    return rc;
}

/* SQLite copies what it reads at one moment; the hub goes on writing beside it. */
static enum err backup_sqlite(struct hubstore *s, const char *part, struct why *why)
{
    return db_run(sql_db(s->sql), why, "vacuum into ?1", part, NULL);
}

/* One transaction that sees one moment of the database for as long as the copy takes. */
static enum err backup_shared(struct hubstore *s, const char *part, struct why *why)
{
    struct sql *to = NULL;
    enum err rc = sql_open_sqlite(part, false, &to, why);
    if (rc != ERR_OK)
        return rc;

    rc = sql_begin(s->sql, why);
    if (rc == ERR_OK) {
        rc = sql_exec(s->sql, "set transaction isolation level repeatable read, read only", why);
        if (rc == ERR_OK)
            rc = sql_begin(to, why);
        if (rc == ERR_OK) {
            rc = hubstore_copy_tables(to, why);
            if (rc == ERR_OK)
                rc = hubstore_copy(s->sql, to, why);
            rc = sql_finish(to, rc, why);
        }
        rc = sql_finish(s->sql, rc, why);
    }
    sql_close(to);
    return rc;
}

enum err hubstore_backup(struct hubstore *s, const char *out, int64_t now_ms, struct why *why)
{
    const struct keypair *self = NULL;
    char part[FS_PATH_MAX];
    enum err rc = hubstore_self(s, &self, why);
    if (rc != ERR_OK)
        return rc;
    if (!str_format(part, sizeof(part), "%s.part", out))
        return why_set(why, ERR_LIMIT, 0, "the file's name is too long");

    hubstore_file_clear(part);
    rc = sql_shared(s->sql) ? backup_shared(s, part, why) : backup_sqlite(s, part, why);
    if (rc == ERR_OK && chmod(part, 0600) != 0)
        rc = why_set(why, ERR_IO, errno, "keep %s from others", part);
    if (rc == ERR_OK)
        rc = backup_marks(part, self, now_ms, why);
    if (rc == ERR_OK)
        rc = fs_move(part, out, why);
    if (rc != ERR_OK)
        hubstore_file_clear(part);
    return rc;
}

/* ---- looking at one ---- */

static enum err backup_fault(struct hub_backup_verdict *v, hub_file_tell tell, void *ctx,
                             const char *what, const char *of)
{
    char text[200];

    v->faults++;
    (void)str_format(text, sizeof(text), "%s %.100s", what, of);
    if (tell != NULL)
        tell(ctx, text);
    return ERR_OK;
}

static enum err backup_whole(struct hubstore *s, struct hub_backup_verdict *v, hub_file_tell tell,
                             void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select * from pragma_integrity_check");

    while (sql_step(&q))
        if (strcmp(sql_text(&q, 0), "ok") != 0)
            (void)backup_fault(v, tell, ctx, "the file is damaged:", sql_text(&q, 0));
    return sql_end(&q, why);
}

static enum err backup_voices(struct hubstore *s, struct hub_backup_verdict *v, hub_file_tell tell,
                              void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select voice, id from site order by id");
    struct keypair key;

    while (sql_step(&q)) {
        v->sites++;
        if (hubstore_voice(s, sql_text(&q, 0), &key, NULL) != ERR_OK)
            (void)backup_fault(v, tell, ctx,
                               "the key is missing under which the hub writes at site",
                               sql_text(&q, 1));
    }
    memset(&key, 0, sizeof(key));
    return sql_end(&q, why);
}

/* A certificate that this hub's key did not make would not let its kiosk rejoin. */
static enum err backup_certs(struct hubstore *s, struct hub_backup_verdict *v, hub_file_tell tell,
                             void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select cert, id from device where cert <> ''");
    struct arena a;
    struct cert c;

    arena_init(&a, (size_t)256 * 1024);
    while (sql_step(&q)) {
        arena_reset(&a);
        v->kiosks++;
        if (cert_read(&a, sql_text(&q, 0), CERT_ENROLLED, v->hub, &c, NULL) != ERR_OK ||
            strcmp(c.device, sql_text(&q, 1)) != 0)
            (void)backup_fault(v, tell, ctx, "the certificate is not this hub's of kiosk",
                               sql_text(&q, 1));
    }
    arena_done(&a);
    return sql_end(&q, why);
}

enum err hubstore_backup_verify(struct hubstore *s, hub_file_tell tell, void *ctx,
                                struct hub_backup_verdict *out, struct why *why)
{
    struct hub_backup_verdict v = { .hub = "" };
    struct keypair self = { .id = "" };
    uint64_t file_faults = 0;
    uint64_t content = 0;
    uint64_t content_faults = 0;
    enum err rc = hubstore_key(s, true, &self, why);

    (void)str_copy(v.hub, sizeof(v.hub), self.id);
    memset(&self, 0, sizeof(self));
    if (rc == ERR_OK)
        rc = hubstore_epoch_in(s, v.epoch, why);
    if (rc == ERR_OK)
        rc = sql_one_i64(s->sql,
                         "select cast(value as integer) from hub_meta where key = 'backup_ms'", 0,
                         &v.made_ms, why);
    if (rc == ERR_OK)
        rc = backup_whole(s, &v, tell, ctx, why);
    if (rc == ERR_OK)
        rc = backup_voices(s, &v, tell, ctx, why);
    if (rc == ERR_OK)
        rc = backup_certs(s, &v, tell, ctx, why);
    if (rc == ERR_OK)
        rc = hubstore_verify(s, tell, ctx, &v.log, why);
    if (rc == ERR_OK)
        rc = hubstore_files_verify(s, tell, ctx, &v.files, &file_faults, why);
    if (rc == ERR_OK)
        rc = content_verify(s, tell, ctx, &content, &content_faults, why);
    v.faults += v.log.faults + file_faults + content_faults;
    if (rc == ERR_OK)
        *out = v;
    return rc;
}
