#include <string.h>

#include "platform/base/str.h"
#include "sync/log/chunk.h"
#include "sync/log/files.h"
#include "sync/log/files_parts.h"

/* Files on their way: to the hub, from it, and by a stick. */

enum err files_turn(const struct files *f, int64_t *out_turn, struct why *why)
{
    return db_one_i64(f->db, "select max(tried) from log_file", 0, out_turn, why);
}

enum err files_tried(const struct files *f, const char *hash, struct why *why)
{
    return db_run(f->db, why,
                  "update log_file set tried = (select max(tried) + 1 from log_file)"
                  " where hash = ?1",
                  hash);
}

static enum err move_next(const struct files *f, const char *sql, int64_t turn,
                          struct file_info *out, struct why *why)
{
    struct file_info info = { .state = FILES_NONE };
    struct db_stmt q = db_prepare(f->db, sql);

    db_bind_i64(&q, 1, turn);
    if (db_step(&q))
        files_row(&q, &info);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = info;
    return rc;
}

enum err files_next_to_send(const struct files *f, int64_t turn, struct file_info *out,
                            struct why *why)
{
    return move_next(f,
                     "select" FILES_COLUMNS "from log_file f where f.state = 'here'"
                     " and f.tried <= ?1 and exists"
                     " (select 1 from log_file_name n where n.hash = f.hash)"
                     " order by f.tried, f.hash limit 1",
                     turn, out, why);
}

enum err files_next_to_fetch(const struct files *f, int64_t turn, struct file_info *out,
                             struct why *why)
{
    return move_next(f,
                     "select" FILES_COLUMNS "from log_file f where f.state in ('named', 'lost')"
                     " and (f.state = 'lost' or f.wanted_ms > 0) and f.tried <= ?1"
                     " order by f.tried, f.hash limit 1",
                     turn, out, why);
}

enum err files_sent(const struct files *f, const char *hash, int64_t held, bool whole,
                    struct why *why)
{
    struct db_stmt q = db_prepare(
        f->db, whole ? "update log_file set state = 'held', moved = 0"
                       " where hash = ?1 and state = 'here'"
                     : "update log_file set moved = ?2 where hash = ?1 and state = 'here'");

    db_bind_text(&q, 1, hash);
    if (!whole)
        db_bind_i64(&q, 2, held);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err files_trouble(const struct files *f, const char *words, struct why *why)
{
    return db_run(f->db, why,
                  "insert into log_meta(key, value) values('files.trouble', ?1)"
                  " on conflict(key) do update set value = excluded.value"
                  " where value <> excluded.value",
                  words);
}

/* ---- pieces ---- */

static int64_t take_have(const char *part)
{
    struct fs_stat st;

    return fs_stat(part, &st, NULL) == ERR_OK && !st.is_dir ? st.size : 0;
}

/* The row's own numbers are what a line claims; the piece's sender has the file in hand. Where they differ the file begins
   again by the piece's, and whether it is the right one its hash says in the end. */
static enum err take_row(const struct files *f, const struct chunk *c, int64_t moved,
                         struct why *why)
{
    struct db_stmt q =
        db_prepare(f->db, "update log_file set type = ?2, bytes = ?3, moved = ?4 where hash = ?1");

    db_bind_text(&q, 1, c->hash);
    db_bind_text(&q, 2, files_type_name(c->type));
    db_bind_i64(&q, 3, (int64_t)c->bytes);
    db_bind_i64(&q, 4, moved);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* ERR_CONFLICT: it is another file than its name says. */
static enum err take_whole(const struct files *f, const struct chunk *c, const char *part,
                           bool from_hub, int64_t now_ms, struct why *why)
{
    char found[KEYS_ID_TEXT];
    char path[FS_PATH_MAX];
    char *bytes = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    enum err rc = fs_read(&a, part, FILES_BYTES_MAX, &bytes, &len, why);
    if (rc == ERR_OK) {
        keys_sha256_hex(found, bytes, len);
        if (strcmp(found, c->hash) != 0 || files_check(c->type, bytes, len, NULL) != ERR_OK)
            rc = why_set(why, ERR_CONFLICT, 0, "the file %.8s came as another one", c->hash);
    }
    arena_done(&a);
    if (rc == ERR_OK)
        rc = files_place(f, c->hash, true, path, why);
    if (rc == ERR_OK)
        rc = fs_move(part, path, why);
    return rc == ERR_OK
               ? files_settle(f->db, c->hash, c->type, (int64_t)c->bytes, from_hub, now_ms, why)
               : rc;
}

/* *out_bad: what came was another file; that it is gone again is to be committed. */
static enum err take_piece(const struct files *f, const struct chunk *c, bool from_hub,
                           int64_t now_ms, int64_t have, const char *part, bool *out_bad,
                           struct why *why)
{
    const int64_t moved = have + (int64_t)c->len;
    enum err rc = c->at == 0 ? files_make_room(f, (int64_t)c->bytes, why) : ERR_OK;

    if (rc == ERR_OK)
        rc = fs_append(part, have, c->data, c->len, 0600, why);
    if (rc == ERR_OK)
        rc = take_row(f, c, moved, why);
    if (rc != ERR_OK || moved < (int64_t)c->bytes)
        return rc;
    rc = take_whole(f, c, part, from_hub, now_ms, why);
    if (rc != ERR_CONFLICT)
        return rc;
    *out_bad = true;
    rc = fs_remove(part, why);
    if (rc == ERR_OK)
        rc = take_row(f, c, 0, why);
    /* Asked for again by itself, a rotten file would come every minute for ever. */
    return rc == ERR_OK && from_hub ? db_run(f->db, why,
                                             "update log_file set state = 'named', wanted_ms = 0"
                                             " where hash = ?1",
                                             c->hash)
                                    : rc;
}

static enum err take_in(const struct files *f, const struct chunk *c, bool from_hub, int64_t now_ms,
                        struct file_info *out, bool *out_bad, struct why *why)
{
    char part[FS_PATH_MAX];
    enum err rc = files_info(f, c->hash, out, why);

    if (rc != ERR_OK || out->state == FILES_HERE || out->state == FILES_HELD)
        return rc;
    if (out->state == FILES_NONE)
        return why_set(why, ERR_NOT_FOUND, 0, "no line names the file %.8s", c->hash);
    rc = files_part_place(f, c->hash, true, part, why);
    if (rc != ERR_OK)
        return rc;
    bool other = out->type != c->type || out->bytes != (int64_t)c->bytes;
    int64_t have = other ? 0 : take_have(part);
    if (have >= out->bytes)
        have = 0; /* left by another claim of its length, or by a cut just before the end */
    out->moved = have;
    if ((int64_t)c->at != have)
        return other ? take_row(f, c, 0, why) : ERR_OK;
    rc = take_piece(f, c, from_hub, now_ms, have, part, out_bad, why);
    return rc == ERR_OK ? files_info(f, c->hash, out, why) : rc;
}

enum err files_take(const struct files *f, const struct chunk *c, bool from_hub, int64_t now_ms,
                    struct file_info *out, struct why *why)
{
    struct file_info info = { .state = FILES_NONE };
    bool bad = false;
    enum err rc = db_begin(f->db, why);

    if (rc != ERR_OK)
        return rc;
    rc = take_in(f, c, from_hub, now_ms, &info, &bad, why);
    rc = db_finish(f->db, rc, why);
    if (rc == ERR_OK && bad)
        rc = why_set(why, ERR_CONFLICT, 0, "the file %.8s came as another one", c->hash);
    if (rc != ERR_OK)
        return why_in(why, rc, "take in a file");
    *out = info;
    return ERR_OK;
}
