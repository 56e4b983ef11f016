#include "sync/log/files.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/log/files_parts.h"

static const char *const files_states[] = {
    [FILES_NONE] = "",       [FILES_HERE] = "here", [FILES_HELD] = "held",
    [FILES_NAMED] = "named", [FILES_LOST] = "lost",
};

static const char *files_state_name(enum files_state state)
{
    return files_states[state];
}

enum err files_setup(struct db *db, struct why *why)
{
    enum err rc = db_begin(db, why);

    if (rc == ERR_OK) {
        rc =
            db_exec(db,
                    "create table if not exists log_file(hash text primary key, type text not null,"
                    " bytes integer not null, state text not null, at_ms integer not null,"
                    " wanted_ms integer not null default 0, moved integer not null default 0,"
                    " tried integer not null default 0) without rowid;"
                    "create index if not exists log_file_state on log_file(state, tried, hash);"
                    "create table if not exists log_file_name(no integer primary key,"
                    " hash text not null, device text not null, seq integer not null,"
                    " subject text not null, name text not null, unique(hash, device, seq));"
                    "create index if not exists log_file_name_subject on"
                    " log_file_name(subject, no)",
                    why);
        rc = db_finish(db, rc, why);
    }
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "files");
}

/* ---- places ---- */

static enum err files_in(const struct files *f, const char *folder, const char *name, bool make,
                         char out[FS_PATH_MAX], struct why *why)
{
    char dir[FS_PATH_MAX];
    enum err rc = ERR_OK;

    if (!str_format(dir, sizeof dir, "%s/files/%s", f->data, folder))
        return why_set(why, ERR_LIMIT, 0, "the data folder's name is too long");
    if (make)
        rc = fs_mkdirs(dir, 0700, why);
    return rc == ERR_OK ? fs_join(out, dir, name, why) : rc;
}

enum err files_place(const struct files *f, const char *hash, bool make, char out[FS_PATH_MAX],
                     struct why *why)
{
    const char folder[] = { hash[0], hash[1], '\0' };

    return files_in(f, folder, hash, make, out, why);
}

enum err files_part_place(const struct files *f, const char *hash, bool make, char out[FS_PATH_MAX],
                          struct why *why)
{
    return files_in(f, "part", hash, make, out, why);
}

/* ---- rows ---- */

void files_row(struct db_stmt *q, struct file_info *out)
{
    struct file_info info = {
        .bytes = db_i64(q, 2),
        .wanted = db_i64(q, 4) != 0,
        .moved = db_i64(q, 5),
        .at_ms = db_i64(q, 6),
        .named = db_i64(q, 7) != 0,
    };

    (void)str_copy(info.hash, sizeof info.hash, db_text(q, 0));
    (void)files_type_from(db_text(q, 1), &info.type);
    for (size_t i = 0; i < COUNT_OF(files_states); i++)
        if (str_eq(files_states[i], db_text(q, 3)))
            info.state = (enum files_state)i;
    *out = info;
}

enum err files_info(const struct files *f, const char *hash, struct file_info *out, struct why *why)
{
    struct file_info info = { .state = FILES_NONE };
    struct db_stmt q =
        db_prepare(f->db, "select" FILES_COLUMNS "from log_file f where f.hash = ?1");

    db_bind_text(&q, 1, hash);
    if (db_step(&q))
        files_row(&q, &info);
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "files");
    *out = info;
    return ERR_OK;
}

enum err files_settle(struct db *db, const char *hash, enum files_type type, int64_t bytes,
                      bool held, int64_t now_ms, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "insert into log_file(hash, type, bytes, state, at_ms) values(?1, ?2, ?3, ?4, ?5)"
            " on conflict(hash) do update set type = excluded.type, bytes = excluded.bytes,"
            " state = excluded.state, at_ms = excluded.at_ms, wanted_ms = 0, moved = 0");

    db_bind_text(&q, 1, hash);
    db_bind_text(&q, 2, files_type_name(type));
    db_bind_i64(&q, 3, bytes);
    db_bind_text(&q, 4, files_state_name(held ? FILES_HELD : FILES_HERE));
    db_bind_i64(&q, 5, now_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* "lost", and what stands there goes. Inside the transaction. */
static enum err files_lose(const struct files *f, const char *hash, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = files_place(f, hash, false, path, why);

    if (rc == ERR_OK)
        rc = fs_remove(path, why);
    if (rc == ERR_OK)
        rc = db_run(f->db, why,
                    "update log_file set state = 'lost', moved = 0 where hash = ?1"
                    " and state in ('here', 'held')",
                    hash);
    return rc;
}

/* ---- reading ---- */

static bool files_is_here(const struct file_info *info)
{
    return info->state == FILES_HERE || info->state == FILES_HELD;
}

/* ERR_CONFLICT: what should stand there does not. */
static enum err files_look(const struct files *f, const struct file_info *info, struct arena *a,
                           char **out, size_t *out_len, char path[FS_PATH_MAX], struct why *why)
{
    char found[KEYS_ID_TEXT];
    enum err rc = files_place(f, info->hash, false, path, why);

    if (rc == ERR_OK)
        rc = fs_read(a, path, FILES_BYTES_MAX, out, out_len, why);
    if (rc == ERR_OK)
        keys_sha256_hex(found, *out, *out_len);
    /* A card that fails to read says so by an I/O error as often as by wrong bytes. */
    bool gone = rc == ERR_NOT_FOUND || rc == ERR_IO || rc == ERR_INPUT || rc == ERR_LIMIT;
    if (gone || (rc == ERR_OK && strcmp(found, info->hash) != 0))
        return why_set(why, ERR_CONFLICT, 0, "The file %.8s was damaged on this kiosk.",
                       info->hash);
    return rc;
}

/* Judged again with the writing turn, so that one that another thread is about to take away is not called damaged. */
static enum err files_again(const struct files *f, const char *hash, struct arena *a, char **out,
                            size_t *out_len, char path[FS_PATH_MAX], struct why *why)
{
    struct file_info info;
    enum err rc = db_begin(f->db, why);

    if (rc != ERR_OK)
        return rc;
    rc = files_info(f, hash, &info, why);
    if (rc == ERR_OK && !files_is_here(&info))
        rc = why_set(why, ERR_NOT_FOUND, 0, "The file %.8s is not on this kiosk.", hash);
    if (rc == ERR_OK)
        rc = files_look(f, &info, a, out, out_len, path, why);
    if (rc != ERR_CONFLICT)
        return db_finish(f->db, rc, why);
    rc = db_finish(f->db, files_lose(f, hash, NULL), NULL);
    return rc == ERR_OK ? ERR_CONFLICT : why_set(why, rc, 0, "The file %.8s is damaged.", hash);
}

static enum err files_get(const struct files *f, const char *hash, struct arena *a, char **out,
                          size_t *out_len, char path[FS_PATH_MAX], struct why *why)
{
    const struct arena_mark mark = arena_mark(a);
    struct file_info info;
    enum err rc = files_info(f, hash, &info, why);

    if (rc != ERR_OK)
        return rc;
    if (!files_is_here(&info))
        return why_set(why, ERR_NOT_FOUND, 0, "The file %.8s is not on this kiosk.", hash);
    rc = files_look(f, &info, a, out, out_len, path, why);
    if (rc != ERR_CONFLICT || f->look_only)
        return rc;
    arena_rewind(a, mark);
    return files_again(f, hash, a, out, out_len, path, why);
}

enum err files_read(const struct files *f, const char *hash, struct arena *a, char **out,
                    size_t *out_len, struct why *why)
{
    char path[FS_PATH_MAX];

    return files_get(f, hash, a, out, out_len, path, why);
}

enum err files_path(const struct files *f, const char *hash, char out[FS_PATH_MAX], struct why *why)
{
    struct arena a;
    char path[FS_PATH_MAX];
    char *bytes = NULL;
    size_t len = 0;

    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    enum err rc = files_get(f, hash, &a, &bytes, &len, path, why);
    arena_done(&a);
    if (rc == ERR_OK)
        (void)str_copy(out, FS_PATH_MAX, path);
    return rc;
}

enum err files_want(const struct files *f, const char *hash, int64_t now_ms, struct why *why)
{
    struct file_info info;
    struct db_stmt q;
    enum err rc = files_info(f, hash, &info, why);

    if (rc != ERR_OK || files_is_here(&info))
        return rc;
    if (info.state == FILES_NONE)
        return why_set(why, ERR_NOT_FOUND, 0, "No record names the file %.8s.", hash);
    q = db_prepare(f->db, "update log_file set wanted_ms = ?2, tried = 0 where hash = ?1");
    db_bind_text(&q, 1, hash);
    db_bind_i64(&q, 2, now_ms > 0 ? now_ms : 1);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* ---- lists ---- */

enum err files_each(const struct files *f, const char *subject, files_visit visit, void *ctx,
                    struct why *why)
{
    struct db_stmt q = db_prepare(f->db, "select" FILES_COLUMNS ", n.name, n.device, n.seq"
                                         " from log_file_name n join log_file f on f.hash = n.hash"
                                         " where n.subject = ?1 order by n.no");
    bool more = true;

    db_bind_text(&q, 1, subject);
    while (more && db_step(&q)) {
        struct file_named file = { .name = db_text(&q, 8),
                                   .device = db_text(&q, 9),
                                   .seq = (uint64_t)db_i64(&q, 10) };

        files_row(&q, &file.info);
        more = visit(ctx, &file);
    }
    return db_end(&q, why);
}

enum err files_facts(const struct files *f, struct files_facts *out, struct why *why)
{
    struct files_facts facts = { 0 };
    struct db_stmt q = db_prepare(
        f->db,
        "select coalesce(sum(state = 'here' and named), 0),"
        " coalesce(sum(case when state = 'here' and named then bytes - moved else 0 end), 0),"
        " coalesce(sum(state = 'named' and wanted_ms > 0), 0),"
        " coalesce(sum(case when state = 'named' and wanted_ms > 0 or state = 'lost'"
        " then bytes - moved else 0 end), 0), coalesce(sum(state = 'lost'), 0),"
        " coalesce(sum(case when state in ('here', 'held') then bytes else 0 end), 0)"
        " from (select *, exists (select 1 from log_file_name n where n.hash = log_file.hash)"
        " as named from log_file)");

    if (db_step(&q)) {
        facts.waiting = db_i64(&q, 0);
        facts.waiting_bytes = db_i64(&q, 1);
        facts.wanted = db_i64(&q, 2);
        facts.wanted_bytes = db_i64(&q, 3);
        facts.lost = db_i64(&q, 4);
        facts.here_bytes = db_i64(&q, 5);
    }
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "files");
    q = db_prepare(f->db, "select value from log_meta where key = 'files.trouble'");
    if (db_step(&q))
        (void)str_copy(facts.trouble, sizeof facts.trouble, db_text(&q, 0));
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = facts;
    return rc;
}
