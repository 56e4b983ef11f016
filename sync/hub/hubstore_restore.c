#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_backup.h"
#include "sync/hub/hubstore_copy.h"

/* Putting a backup back: first it becomes a hub of this program's version, in a new epoch, where nobody looks; then it takes
   its place, and whatever was there goes aside whole. */

static void restore_silent(void *ctx, const char *sentence)
{
    (void)ctx;
    (void)sentence; /* `verify --backup` tells it */
}

/* A damaged one would serve until somebody needs what is gone. */
static enum err restore_whole(struct hubstore *s, struct why *why)
{
    static const char what_now[] = "use another backup, or --damaged where there is none";
    struct hub_backup_verdict v = { .faults = 0 };
    struct why said = { 0 };
    enum err rc = hubstore_backup_verify(s, restore_silent, NULL, &v, &said);

    if (rc == ERR_OK && v.faults == 0)
        return ERR_OK;
    if (rc == ERR_OK)
        return why_set(why, ERR_CONFLICT, 0, "%" PRIu64 " faults are in it; %s", v.faults,
                       what_now);
    return why_set(why, rc, 0, "it is damaged (%s); %s", said.text, what_now);
}

/* Makes of a backup a hub of this program's version in a folder that nobody else looks at, in a new epoch. */
static enum err restore_stage(const char *file, const char *folder, int64_t now_ms,
                              struct hub_restored *out, struct why *why)
{
    char db[FS_PATH_MAX], key[FS_PATH_MAX];
    struct hubstore *s = NULL;
    struct keypair self;
    bool changed = false;
    enum err rc = fs_join(db, folder, "hub.db", why);

    if (rc == ERR_OK)
        rc = fs_join(key, folder, "hub.key", why);
    if (rc == ERR_OK)
        rc = hubstore_copy_file(file, db, why);
    if (rc == ERR_OK)
        rc = hubstore_open(&(struct hubstore_where){ .file = db }, HUBSTORE_LOOK, &s, why);
    if (rc == ERR_OK)
        rc = hubstore_key(s, true, &self, why);
    if (rc == ERR_OK)
        rc = fs_replace(key, self.secret, sizeof(self.secret), 0600, why);
    (void)str_copy(out->hub, sizeof(out->hub), self.id);
    memset(&self, 0, sizeof(self));
    if (rc == ERR_OK && !out->damaged)
        rc = restore_whole(s, why);
    if (rc == ERR_OK)
        rc = hubstore_epoch_new(s, "", NULL, now_ms, &changed, why);
    if (rc == ERR_OK)
        rc = hubstore_epoch(s, out->epoch, why);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "delete from hub_meta where key = 'backup_ms'", NULL);
    /* Who signed out since, and a link that was used since, are not to come back with it. */
    if (rc == ERR_OK)
        rc = sql_exec(s->sql, "delete from session; delete from account_invite", why);
    if (rc == ERR_OK)
        rc = sql_one_i64(s->sql, "select count(*) from account", 0, &out->accounts, why);
    if (rc == ERR_OK)
        rc = sql_one_i64(s->sql, "select count(*) from line", 0, &out->lines, why);
    if (rc == ERR_OK)
        rc = sql_one_i64(s->sql, "select count(*) from site", 0, &out->sites, why);
    if (rc == ERR_OK)
        rc = sql_exec(s->sql, hubstore_one_file, why);
    hubstore_close(s);
    return rc;
}

static enum err restore_inherit(struct sql *old, const char *folder, int64_t now_ms,
                                struct hub_restored *out, struct why *why)
{
    char db[FS_PATH_MAX];
    enum err rc = fs_join(db, folder, "hub.db", why);

    return rc == ERR_OK ? hubstore_inherit(old, db, now_ms, out, why) : rc;
}

static enum err restore_inherit_file(const char *data, const char *folder, int64_t now_ms,
                                     struct hub_restored *out, struct why *why)
{
    char path[FS_PATH_MAX];
    struct sql *old = NULL;
    enum err rc = fs_join(path, data, "hub.db", why);

    if (rc != ERR_OK || sql_open_sqlite(path, true, &old, NULL) != ERR_OK)
        return rc;
    rc = restore_inherit(old, folder, now_ms, out, why);
    sql_close(old);
    return rc == ERR_INPUT ? ERR_OK : rc;
}

/* In a folder the hub's key is a file, and stands nowhere else. */
static enum err restore_forget_key(const char *folder, struct why *why)
{
    char path[FS_PATH_MAX];
    struct sql *s = NULL;
    enum err rc = fs_join(path, folder, "hub.db", why);

    if (rc == ERR_OK)
        rc = sql_open_sqlite(path, false, &s, why);
    if (rc == ERR_OK)
        rc = sql_run(s, why, "delete from secret where name = 'hub'", NULL);
    if (rc == ERR_OK)
        rc = sql_exec(s, hubstore_one_file, why);
    sql_close(s);
    return rc;
}

static void restore_clear(const char *folder)
{
    char path[FS_PATH_MAX];

    if (fs_join(path, folder, "hub.db", NULL) == ERR_OK)
        hubstore_file_clear(path);
    if (fs_join(path, folder, "hub.key", NULL) == ERR_OK)
        (void)unlink(path);
    (void)rmdir(folder);
}

/* The old one goes aside whole: what its log still holds first goes into its file, which only works while nobody has it
   open. So a hub that still serves is found out here. */
static enum err restore_aside(const char *data, const char *aside, struct why *why)
{
    static const char *const names[] = { "hub.db", "hub.key" };
    char from[FS_PATH_MAX], to[FS_PATH_MAX];
    struct sql *old = NULL;
    struct fs_stat st;
    bool alone = false;
    enum err rc = fs_join(from, data, "hub.db", why);

    if (rc == ERR_OK)
        rc = sql_open_sqlite(from, false, &old, why);
    if (rc != ERR_OK && rc != ERR_INPUT)
        return rc;
    if (rc == ERR_OK) { /* one that is no database any more is moved as it is */
        struct sql_stmt q = sql_prepare(old, hubstore_one_file);
        alone = sql_step(&q) && strcmp(sql_text(&q, 0), "delete") == 0;
        rc = sql_end(&q, why);
        sql_close(old);
        if (rc != ERR_OK || !alone)
            return why_set(why, ERR_CONFLICT, 0, "a hub is at work on %s; stop it first", data);
    }
    rc = fs_mkdirs(aside, 0700, why);
    for (size_t i = 0; i < COUNT_OF(names) && rc == ERR_OK; i++) {
        rc = fs_join(from, data, names[i], why);
        if (rc == ERR_OK)
            rc = fs_join(to, aside, names[i], why);
        if (rc == ERR_OK && fs_stat(from, &st, NULL) == ERR_OK)
            rc = fs_move(from, to, why);
    }
    return rc;
}

/* The database before the key: a hub without its key does not start, while a key without a database would found an empty hub
   with it. */
static enum err restore_folder(const char *file, const char *data, int64_t now_ms,
                               struct hub_restored *out, struct why *why)
{
    char stage[FS_PATH_MAX], from[FS_PATH_MAX], to[FS_PATH_MAX];
    static const char *const names[] = { "hub.db", "hub.key" };
    enum err rc = fs_join(stage, data, "restore.part", why);

    if (rc == ERR_OK)
        rc = fs_mkdirs(data, 0700, why);
    if (rc != ERR_OK)
        return rc;
    restore_clear(stage);
    rc = fs_mkdirs(stage, 0700, why);
    if (rc == ERR_OK)
        rc = restore_stage(file, stage, now_ms, out, why);
    if (rc == ERR_OK && out->aside[0] != '\0')
        rc = restore_inherit_file(data, stage, now_ms, out, why);
    if (rc == ERR_OK)
        rc = restore_forget_key(stage, why);
    if (rc == ERR_OK && out->aside[0] != '\0')
        rc = restore_aside(data, out->aside, why);
    for (size_t i = 0; i < COUNT_OF(names) && rc == ERR_OK; i++) {
        rc = fs_join(from, stage, names[i], why);
        if (rc == ERR_OK)
            rc = fs_join(to, data, names[i], why);
        if (rc == ERR_OK)
            rc = fs_move(from, to, why);
    }
    restore_clear(stage);
    return rc;
}

/* What is there goes into a schema of its own, whole, in the same transaction. */
static enum err restore_shared_aside(struct sql *to, const char *aside, struct why *why)
{
    char text[200];
    char names[64][64];
    size_t count = 0;
    struct sql_stmt q = sql_prepare(
        to, "select cast(table_name as text) from information_schema.tables"
            " where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1");

    while (count < COUNT_OF(names) && sql_step(&q))
        (void)str_copy(names[count++], sizeof(names[0]), sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    (void)str_format(text, sizeof(text), "create schema %s", aside);
    if (rc == ERR_OK)
        rc = sql_exec(to, text, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        (void)str_format(text, sizeof(text), "alter table %s set schema %s", names[i], aside);
        rc = sql_exec(to, text, why);
    }
    return rc;
}

static enum err restore_shared_in(struct sql *from, struct sql *to, const struct hub_restored *out,
                                  struct why *why)
{
    enum err rc = out->aside[0] != '\0' ? restore_shared_aside(to, out->aside, why) : ERR_OK;

    if (rc == ERR_OK)
        rc = hubstore_copy_tables(to, why);
    if (rc == ERR_OK)
        rc = sql_begin(from, why);
    if (rc != ERR_OK)
        return rc;
    return sql_finish(from, hubstore_copy(from, to, why), why);
}

static enum err restore_shared(const char *file, struct sql *to, int64_t now_ms,
                               struct hub_restored *out, struct why *why)
{
    const char *tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) */
    char stage[FS_PATH_MAX], path[FS_PATH_MAX];
    struct sql *from = NULL;
    enum err rc;

    if (!str_format(stage, sizeof(stage), "%s/canny-restore-XXXXXX", tmp != NULL ? tmp : "/tmp") ||
        mkdtemp(stage) == NULL)
        return why_set(why, ERR_IO, errno, "make a folder under %s", tmp != NULL ? tmp : "/tmp");
    rc = restore_stage(file, stage, now_ms, out, why);
    if (rc == ERR_OK && out->aside[0] != '\0')
        rc = restore_inherit(to, stage, now_ms, out, why);
    if (rc == ERR_OK)
        rc = fs_join(path, stage, "hub.db", why);
    if (rc == ERR_OK)
        rc = sql_open_sqlite(path, false, &from, why);
    if (rc == ERR_OK)
        rc = sql_begin(to, why);
    if (rc == ERR_OK)
        rc = sql_finish(to, restore_shared_in(from, to, out, why), why);
    sql_close(from);
    restore_clear(stage);
    return rc;
}

static enum err restore_there(const struct hubstore_where *to, struct sql *shared, bool *out_there,
                              struct why *why)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;
    int64_t version = 0;
    enum err rc;

    if (shared != NULL) {
        rc = sql_version(shared, &version, why);
        *out_there = version != 0;
        return rc;
    }
    rc = fs_join(path, to->data, "hub.db", why);
    *out_there = rc == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK;
    return rc;
}

enum err hubstore_restore(const struct hubstore_where *to, const char *file, bool replace,
                          int64_t now_ms, struct hub_restored *out, struct why *why)
{
    struct hub_restored r = { .damaged = out->damaged };
    struct sql *shared = NULL;
    struct fs_stat st;
    char at[CLOCK_ISO];
    char stamp[CLOCK_ISO];
    size_t n = 0;
    bool there = false;
    enum err rc = fs_stat(file, &st, why);

    if (rc == ERR_OK && to->database != NULL)
        rc = sql_open_pg(to->database, &shared, why);
    if (rc == ERR_OK)
        rc = restore_there(to, shared, &there, why);
    if (rc == ERR_OK && there && !replace)
        rc = why_set(why, ERR_CONFLICT, 0,
                     "a hub is there already; --replace puts it aside and this one in its place");
    clock_iso(at, now_ms);
    for (const char *c = at; *c != '\0'; c++)
        if (strchr("0123456789", *c) != NULL)
            stamp[n++] = *c;
    stamp[n] = '\0';
    if (there && !str_format(r.aside, sizeof(r.aside), "%s%sreplaced_%s",
                             shared != NULL ? "" : to->data, shared != NULL ? "" : "/", stamp))
        rc = why_set(why, ERR_LIMIT, 0, "the folder's name is too long");
    if (rc == ERR_OK)
        rc = shared != NULL ? restore_shared(file, shared, now_ms, &r, why)
                            : restore_folder(file, to->data, now_ms, &r, why);
    sql_close(shared);
    if (rc == ERR_OK)
        *out = r;
    return rc;
}
