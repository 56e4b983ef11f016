#include "sync/client/stick_files.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/log/chunk.h"

enum { STICK_FILES_ARENA = FILES_BYTES_MAX + 3 * CHUNK_ARENA, STICK_FILES_NAMES = 8 * 1024 * 1024 };

enum err stick_files_setup(struct db *db, struct why *why)
{
    return db_exec(db,
                   "create table if not exists stick_file(hash text primary key,"
                   " receivers text not null) without rowid",
                   why);
}

static void files_note(const struct stick_files *s, const char *name, const char *what)
{
    if (s->note != NULL)
        s->note(s->ctx, name, what);
}

static bool files_stopped(const struct stick_files *s, uint64_t bytes, bool *out_more)
{
    *out_more = bytes > s->left;
    return *out_more || (s->cancelled != NULL && s->cancelled(s->ctx));
}

/* ---- giving ---- */

/* Whom the pieces there are sealed to: a kiosk that joined the site since could not open them. */
static enum err give_same(const struct stick_files *s, const char *hash, const char *receivers,
                          bool *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(s->files.db, "select receivers = ?2 from stick_file where hash = ?1");

    db_bind_text(&q, 1, hash);
    db_bind_text(&q, 2, receivers);
    *out = db_step(&q) && db_i64(&q, 0) != 0;
    return db_end(&q, why);
}

static enum err give_piece(struct stick_files *s, struct arena *a, const struct file_info *info,
                           const char *bytes, uint64_t at, const char *name, struct why *why)
{
    const uint64_t rest = (uint64_t)info->bytes - at;
    struct chunk c = {
        .site = s->site,
        .type = info->type,
        .bytes = (uint64_t)info->bytes,
        .at = at,
        .data = (const uint8_t *)bytes + at,
        .len = rest < CHUNK_DATA_MAX ? (size_t)rest : CHUNK_DATA_MAX,
    };
    uint8_t *sealed = NULL;
    size_t len = 0;

    (void)str_copy(c.hash, sizeof c.hash, info->hash);
    enum err rc = chunk_encode(a, &c, s->self, s->receivers, s->receiver_count, &sealed, &len, why);
    if (rc != ERR_OK)
        return rc;
    s->left -= len < s->left ? len : s->left;
    rc = stick_folder_write(s->dir, name, sealed, len, why);
    s->full = rc == ERR_FULL || rc == ERR_DENIED;
    return rc;
}

/* *out_wrote: something of it was not there. */
static enum err give_file(struct stick_files *s, struct arena *a, const struct file_info *info,
                          const char *receivers, bool *out_wrote, struct why *why)
{
    bool same = false;
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = give_same(s, info->hash, receivers, &same, why);

    for (uint64_t at = 0; rc == ERR_OK && at < (uint64_t)info->bytes; at += CHUNK_DATA_MAX) {
        char name[STICK_NAME_MAX];
        char path[FS_PATH_MAX];
        struct fs_stat st;
        stick_name_chunk(name, info->hash, at);
        rc = fs_join(path, s->dir, name, why);
        if (rc != ERR_OK || (same && fs_stat(path, &st, NULL) == ERR_OK))
            continue;
        if (files_stopped(s, CHUNK_BYTES_MAX, &s->more))
            return s->more ? ERR_OK : why_set(why, ERR_OFFLINE, 0, "stopped");
        if (bytes == NULL)
            rc = files_read(&s->files, info->hash, a, &bytes, &len, why);
        const struct arena_mark mark = arena_mark(a);
        if (rc == ERR_OK)
            rc = give_piece(s, a, info, bytes, at, name, why);
        arena_rewind(a, mark);
        *out_wrote = true;
    }
    if (rc != ERR_OK || !*out_wrote)
        return rc;
    s->moved++;
    return db_run(s->files.db, why,
                  "insert into stick_file(hash, receivers) values(?1, ?2) on conflict(hash)"
                  " do update set receivers = excluded.receivers",
                  info->hash, receivers);
}

static enum err give_next(const struct stick_files *s, struct file_info *io, struct why *why)
{
    char after[KEYS_ID_TEXT];
    char hash[KEYS_ID_TEXT] = "";
    struct db_stmt q = db_prepare(
        s->files.db, "select hash from log_file where state = 'here' and hash > ?1 and exists"
                     " (select 1 from log_file_name n where n.hash = log_file.hash)"
                     " order by hash limit 1");

    (void)str_copy(after, sizeof after, io->hash);
    db_bind_text(&q, 1, after);
    if (db_step(&q))
        (void)str_copy(hash, sizeof hash, db_text(&q, 0));
    enum err rc = db_end(&q, why);
    *io = (struct file_info){ .state = FILES_NONE };
    return rc == ERR_OK && hash[0] != '\0' ? files_info(&s->files, hash, io, why) : rc;
}

enum err stick_files_give(struct stick_files *s, struct why *why)
{
    char receivers[KEYS_ID_TEXT];
    struct file_info info = { .hash = "" };
    struct arena a;

    s->moved = 0;
    s->more = s->full = false;
    keys_sha256_hex(receivers, s->receivers, s->receiver_count * KEYS_PUBLIC);
    arena_init(&a, STICK_FILES_ARENA);
    enum err rc = give_next(s, &info, why);
    while (rc == ERR_OK && info.state != FILES_NONE && !s->more) {
        bool wrote = false;
        arena_reset(&a);
        rc = give_file(s, &a, &info, receivers, &wrote, why);
        if (rc == ERR_CONFLICT || rc == ERR_NOT_FOUND)
            rc = ERR_OK; /* damaged here: marked, and not given */
        if (rc == ERR_OK)
            rc = give_next(s, &info, why);
    }
    arena_done(&a);
    return s->full ? ERR_OK : rc;
}

/* ---- taking ---- */

static int take_order(const void *left, const void *right)
{
    const struct stick_entry *x = left;
    const struct stick_entry *y = right;
    int by_hash = strcmp(x->is.hash, y->is.hash);

    return by_hash != 0 ? by_hash : (x->is.at > y->is.at) - (x->is.at < y->is.at);
}

static enum err take_open(const struct stick_files *s, struct arena *a,
                          const struct stick_entry *entry, struct chunk *out, struct why *why)
{
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = stick_folder_read(s->dir, entry->name, CHUNK_BYTES_MAX, a, &bytes, &len, why);

    if (rc == ERR_OK)
        rc = chunk_decode(a, bytes, len, s->self, out, why);
    if (rc != ERR_OK)
        return rc;
    if (strcmp(out->site, s->site) != 0 || strcmp(out->hash, entry->is.hash) != 0 ||
        out->at != entry->is.at)
        return why_set(why, ERR_INPUT, 0, "it holds another piece than its name says");
    if (strcmp(out->sender, s->hub) != 0 && !s->belongs(s->ctx, out->sender))
        return why_set(why, ERR_DENIED, 0, "its sender does not belong to this site");
    return ERR_OK;
}

/* What is wrong with one piece concerns that piece; only the stick itself and memory end the work. A file that has no room
   here is left whole, pieces stand in the order of their files, and a smaller one behind it may still have room. */
static enum err take_one(struct stick_files *s, struct arena *a, const struct stick_entry *entry,
                         struct why *why)
{
    struct file_info info;
    struct chunk c;
    struct why said = { 0 };

    if (strcmp(s->no_room_hash, entry->is.hash) == 0)
        return ERR_OK;
    enum err rc = files_info(&s->files, entry->is.hash, &info, why);
    if (rc != ERR_OK || (info.state != FILES_NAMED && info.state != FILES_LOST))
        return rc;
    if (files_stopped(s, CHUNK_BYTES_MAX, &s->more))
        return s->more ? ERR_OK : why_set(why, ERR_OFFLINE, 0, "stopped");
    s->left -= CHUNK_BYTES_MAX;
    rc = take_open(s, a, entry, &c, &said);
    if (rc == ERR_OK)
        rc = files_take(&s->files, &c, false, s->now_ms, &info, &said);
    if (rc == ERR_OK) {
        s->moved += info.state == FILES_HERE;
        return ERR_OK;
    }
    if (rc == ERR_FULL) {
        (void)str_copy(s->no_room_hash, sizeof s->no_room_hash, entry->is.hash);
        s->no_room++;
        return ERR_OK;
    }
    files_note(s, entry->name, said.text);
    if (rc != ERR_IO && rc != ERR_NOMEM)
        return ERR_OK;
    if (why != NULL)
        *why = said;
    return rc;
}

enum err stick_files_take(struct stick_files *s, struct why *why)
{
    struct stick_entry *rows = NULL;
    size_t count = 0;
    struct arena names;
    struct arena a;

    s->moved = s->no_room = 0;
    s->no_room_hash[0] = '\0';
    s->more = s->full = false;
    arena_init(&names, STICK_FILES_NAMES);
    arena_init(&a, STICK_FILES_ARENA);
    enum err rc = stick_folder_list(s->dir, STICK_CHUNK, STICK_CHUNKS_MAX, &names, &rows, &count,
                                    &s->more, why);
    if (rc == ERR_OK && count > 1)
        qsort(rows, count, sizeof *rows, take_order);
    bool left = s->more;
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        arena_reset(&a);
        s->more = false;
        rc = take_one(s, &a, &rows[i], why);
        left = left || s->more;
        if (s->more)
            break;
    }
    s->more = left;
    arena_done(&a);
    arena_done(&names);
    return rc;
}
