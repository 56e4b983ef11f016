#include "sync/hub/hubstore_file.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* A file's row says how many bytes of it stand in pieces without a gap. It moves on by one statement that names where it has
   to stand: of two kiosks, or two copies of the hub, that bring the same piece one moves it, and the other hears where to go
   on. The site's row is not locked for that, so lines never wait behind files; of a site's room a few uploads that begin in
   the same moment may be granted a little too much. */

enum { FILE_ROWS_MAX = 64 };

struct file_row {
    bool found, whole;
    enum files_type type;
    uint64_t bytes, held;
};

static enum err file_row(struct hubstore *s, const struct hub_file *f, struct file_row *out,
                         struct why *why)
{
    struct file_row row = { .found = false };
    struct sql_stmt q = sql_prepare(
        s->sql, "select type, bytes, held, whole from file where site = $1 and hash = $2");

    sql_bind_text(&q, 1, f->site);
    sql_bind_text(&q, 2, f->hash);
    if (sql_step(&q)) {
        row.found = files_type_from(sql_text(&q, 0), &row.type);
        row.bytes = (uint64_t)sql_i64(&q, 1);
        row.held = (uint64_t)sql_i64(&q, 2);
        row.whole = sql_i64(&q, 3) != 0;
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out = row;
    return rc;
}

static enum err file_forget(struct hubstore *s, const char *site, const char *hash, struct why *why)
{
    enum err rc = sql_run(s->sql, why, "delete from file_part where site = $1 and hash = $2", site,
                          hash, NULL);

    return rc == ERR_OK ? sql_run(s->sql, why, "delete from file where site = $1 and hash = $2",
                                  site, hash, NULL)
                        : rc;
}

static enum err file_begin(struct hubstore *s, struct hub_file *f, struct why *why)
{
    int64_t count = 0;
    int64_t bytes = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "select count(*), cast(coalesce(sum(bytes), 0) as bigint) from file"
                            " where site = $1");

    sql_bind_text(&q, 1, f->site);
    if (sql_step(&q)) {
        count = sql_i64(&q, 0);
        bytes = sql_i64(&q, 1);
    }
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (count >= HUB_FILES_MAX || bytes + (int64_t)f->bytes > HUB_FILES_BYTES_MAX) {
        f->answer = HUB_FILE_NO_ROOM;
        return ERR_OK;
    }
    q = sql_prepare(s->sql, "insert into file(site, hash, type, bytes, device, at_ms)"
                            " values($1, $2, $3, $4, $5, $6) on conflict do nothing");
    sql_bind_text(&q, 1, f->site);
    sql_bind_text(&q, 2, f->hash);
    sql_bind_text(&q, 3, files_type_name(f->type));
    sql_bind_i64(&q, 4, (int64_t)f->bytes);
    sql_bind_text(&q, 5, f->device);
    sql_bind_i64(&q, 6, f->now.wall_ms);
    return sql_done(&q, NULL, why);
}

static enum err file_piece_put(struct hubstore *s, const struct hub_file *f, bool *out_moved,
                               struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "update file set held = $3, at_ms = $4 where site = $1 and hash = $2"
                            " and held = $5 and bytes = $6 and whole = 0");

    sql_bind_text(&q, 1, f->site);
    sql_bind_text(&q, 2, f->hash);
    sql_bind_i64(&q, 3, (int64_t)(f->at + f->len));
    sql_bind_i64(&q, 4, f->now.wall_ms);
    sql_bind_i64(&q, 5, (int64_t)f->at);
    sql_bind_i64(&q, 6, (int64_t)f->bytes);
    enum err rc = sql_done(&q, &changed, why);
    *out_moved = changed > 0;
    if (rc != ERR_OK || changed == 0)
        return rc;
    q = sql_prepare(s->sql, "insert into file_part(site, hash, at, data) values($1, $2, $3, $4)");
    sql_bind_text(&q, 1, f->site);
    sql_bind_text(&q, 2, f->hash);
    sql_bind_i64(&q, 3, (int64_t)f->at);
    sql_bind_bytes(&q, 4, f->data, f->len);
    return sql_done(&q, NULL, why);
}

/* The pieces one behind the other; *out_len short of the whole where one is missing. */
static enum err file_gather(struct hubstore *s, const char *site, const char *hash, uint64_t bytes,
                            struct arena *a, uint8_t **out, size_t *out_len, struct why *why)
{
    uint8_t *whole = arena_alloc(a, (size_t)bytes);
    size_t have = 0;

    if (whole == NULL)
        return why_set(why, ERR_NOMEM, 0, "file: no memory for %llu bytes",
                       (unsigned long long)bytes);
    struct sql_stmt q = sql_prepare_wide(
        s->sql, "select at, data from file_part where site = $1 and hash = $2 order by at");
    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, hash);
    while (sql_step(&q)) {
        size_t len = 0;
        const void *data = sql_bytes(&q, 1, &len);
        if ((uint64_t)sql_i64(&q, 0) != have || len > bytes - have)
            break;
        memcpy(whole + have, data, len);
        have += len;
    }
    enum err rc = sql_end(&q, why);
    *out = whole;
    *out_len = have;
    return rc;
}

static bool file_is(const char *hash, enum files_type type, const void *bytes, size_t len)
{
    char found[KEYS_ID_TEXT];

    keys_sha256_hex(found, bytes, len);
    return strcmp(found, hash) == 0 && files_check(type, bytes, len, NULL) == ERR_OK;
}

/* The last piece is in: now the whole says whether it is what it was sent as. */
static enum err file_end(struct hubstore *s, struct hub_file *f, struct why *why)
{
    const uint8_t *bytes = f->data;
    uint8_t *gathered = NULL;
    size_t len = f->len;
    enum err rc = ERR_OK;

    if (f->at > 0) {
        rc = file_gather(s, f->site, f->hash, f->bytes, f->a, &gathered, &len, why);
        bytes = gathered;
    }
    if (rc != ERR_OK)
        return rc;
    if (!file_is(f->hash, f->type, bytes, len)) {
        f->answer = HUB_FILE_WRONG;
        f->held = 0;
        return file_forget(s, f->site, f->hash, why);
    }
    f->whole = true;
    return sql_run(s->sql, why, "update file set whole = 1 where site = $1 and hash = $2", f->site,
                   f->hash, NULL);
}

static enum err file_store(struct hubstore *s, struct hub_file *f, struct why *why)
{
    struct file_row row = { .found = false };
    bool moved = false;
    enum err rc = file_piece_put(s, f, &moved, why);

    if (rc != ERR_OK)
        return rc;
    if (!moved) { /* another was here first: where to go on */
        rc = file_row(s, f, &row, why);
        f->held = row.held;
        f->whole = row.whole;
        return rc;
    }
    f->held = f->at + f->len;
    return f->held == f->bytes ? file_end(s, f, why) : ERR_OK;
}

enum err hubstore_file_in(struct hubstore *s, struct hub_file *f, struct why *why)
{
    struct file_row row = { .found = false };
    enum err rc = file_row(s, f, &row, why);

    f->answer = HUB_FILE_HELD;
    f->held = row.held;
    f->whole = row.whole;
    if (rc != ERR_OK || row.whole)
        return rc;
    /* What was announced otherwise before begins again with the first piece. */
    bool same = row.found && row.bytes == f->bytes && row.type == f->type;
    if (!same)
        f->held = 0;
    if (f->len == 0 || f->at != f->held)
        return ERR_OK;
    if (row.found && !same)
        rc = file_forget(s, f->site, f->hash, why);
    if (rc == ERR_OK && !same)
        rc = file_begin(s, f, why);
    return rc == ERR_OK && f->answer == HUB_FILE_HELD ? file_store(s, f, why) : rc;
}

static enum err file_take_work(struct hubstore *s, void *ctx, struct why *why)
{
    return hubstore_file_in(s, ctx, why);
}

enum err hubstore_file_take(struct hubstore *s, struct hub_file *f, struct why *why)
{
    return hubstore_in(s, true, file_take_work, f, why);
}

/* ---- giving ---- */

enum err hubstore_file_piece(struct hubstore *s, const char *site, const char *hash, uint64_t at,
                             struct arena *a, struct chunk *out, struct why *why)
{
    struct chunk c = { .at = at };
    bool found = false;
    struct sql_stmt q = sql_prepare(
        s->sql, "select file.type, file.bytes, file_part.at, file_part.data from file"
                " join file_part on file_part.site = file.site and file_part.hash = file.hash"
                " where file.site = $1 and file.hash = $2 and file.whole = 1"
                " and file_part.at <= $3 order by file_part.at desc limit 1");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, hash);
    sql_bind_i64(&q, 3, (int64_t)at);
    if (sql_step(&q)) {
        size_t len = 0;
        const uint64_t from = (uint64_t)sql_i64(&q, 2);
        const uint8_t *data = sql_bytes(&q, 3, &len);
        found = files_type_from(sql_text(&q, 0), &c.type);
        c.bytes = (uint64_t)sql_i64(&q, 1);
        c.len = at - from < len ? len - (size_t)(at - from) : 0;
        uint8_t *copy = arena_alloc(a, c.len > 0 ? c.len : 1);
        if (copy != NULL)
            memcpy(copy, data + (len - c.len), c.len);
        c.data = copy;
    }
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "there is no file %.8s", hash);
    if (c.len == 0)
        return why_set(why, ERR_LIMIT, 0, "the file has %llu bytes", (unsigned long long)c.bytes);
    if (c.data == NULL)
        return why_set(why, ERR_NOMEM, 0, "file: no memory");
    (void)str_copy(c.hash, sizeof c.hash, hash);
    *out = c;
    return ERR_OK;
}

enum err hubstore_files(struct hubstore *s, const char *site, const char *after, size_t max,
                        struct hub_file_row *out, size_t *out_count, struct why *why)
{
    size_t count = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "select hash, type, bytes from file where site = $1 and hash > $2"
                            " and whole = 1 order by hash limit $3");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, after);
    sql_bind_i64(&q, 3, (int64_t)max);
    while (sql_step(&q) && count < max) {
        (void)str_copy(out[count].hash, sizeof out[count].hash, sql_text(&q, 0));
        (void)files_type_from(sql_text(&q, 1), &out[count].type);
        out[count++].bytes = (uint64_t)sql_i64(&q, 2);
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}

enum err hubstore_file_whole(struct hubstore *s, const char *site, const char *hash, bool *out,
                             struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select 1 from file where site = $1 and hash = $2 and whole = 1");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, hash);
    *out = sql_step(&q);
    return sql_end(&q, why);
}

/* ---- looking after them ---- */

static enum err file_old_work(struct hubstore *s, void *ctx, struct why *why)
{
    const int64_t *before_ms = ctx;
    struct sql_stmt q = sql_prepare(
        s->sql, "delete from file_part where exists (select 1 from file where"
                " file.site = file_part.site and file.hash = file_part.hash and file.whole = 0"
                " and file.at_ms < $1)");

    sql_bind_i64(&q, 1, *before_ms);
    enum err rc = sql_done(&q, NULL, why);
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql, "delete from file where whole = 0 and at_ms < $1");
    sql_bind_i64(&q, 1, *before_ms);
    return sql_done(&q, NULL, why);
}

enum err hubstore_files_old(struct hubstore *s, int64_t now_ms, struct why *why)
{
    int64_t before_ms = now_ms - (int64_t)HUB_FILE_OPEN_DAYS * 86400 * 1000;
    int64_t open = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "select count(*) from file where whole = 0 and at_ms < $1");

    sql_bind_i64(&q, 1, before_ms);
    if (sql_step(&q))
        open = sql_i64(&q, 0);
    enum err rc = sql_end(&q, why);
    return rc == ERR_OK && open > 0 ? hubstore_in(s, true, file_old_work, &before_ms, why) : rc;
}

static enum err file_next_site(struct hubstore *s, char site[KEYS_RANDOM_ID], bool *out_found,
                               struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select id from site where id > $1 order by id limit 1");

    sql_bind_text(&q, 1, site);
    *out_found = sql_step(&q);
    char next[KEYS_RANDOM_ID] = "";
    if (*out_found)
        (void)str_copy(next, sizeof next, sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && *out_found)
        memcpy(site, next, sizeof next);
    return rc;
}

struct file_verdict {
    hub_file_tell tell;
    void *ctx;
    uint64_t files, faults;
};

static enum err file_verify_one(struct hubstore *s, const char *site,
                                const struct hub_file_row *row, struct file_verdict *v,
                                struct why *why)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    enum err rc = file_gather(s, site, row->hash, row->bytes, &a, &bytes, &len, why);
    if (rc == ERR_OK) {
        v->files++;
        if (len != row->bytes || !file_is(row->hash, row->type, bytes, len)) {
            char text[128];
            (void)str_format(text, sizeof text, "site %s: file %.16s is damaged", site, row->hash);
            v->faults++;
            v->tell(v->ctx, text);
        }
    }
    arena_done(&a);
    return rc;
}

static enum err file_verify_site(struct hubstore *s, const char *site, struct file_verdict *v,
                                 struct why *why)
{
    struct hub_file_row rows[FILE_ROWS_MAX];
    char after[KEYS_ID_TEXT] = "";
    size_t count = FILE_ROWS_MAX;
    enum err rc = ERR_OK;

    while (rc == ERR_OK && count == FILE_ROWS_MAX) {
        rc = hubstore_files(s, site, after, FILE_ROWS_MAX, rows, &count, why);
        for (size_t i = 0; rc == ERR_OK && i < count; i++) {
            rc = file_verify_one(s, site, &rows[i], v, why);
            (void)str_copy(after, sizeof after, rows[i].hash);
        }
    }
    return rc;
}

enum err hubstore_files_verify(struct hubstore *s, hub_file_tell tell, void *ctx,
                               uint64_t *out_files, uint64_t *out_faults, struct why *why)
{
    struct file_verdict v = { .tell = tell, .ctx = ctx };
    char site[KEYS_RANDOM_ID] = "";
    bool found = true;
    enum err rc = file_next_site(s, site, &found, why);

    while (rc == ERR_OK && found) {
        rc = file_verify_site(s, site, &v, why);
        if (rc == ERR_OK)
            rc = file_next_site(s, site, &found, why);
    }
    if (rc != ERR_OK)
        return why_in(why, rc, "verify files");
    *out_files = v.files;
    *out_faults = v.faults;
    return ERR_OK;
}
