
#include "platform/base/str.h"
#include "sync/log/files.h"
#include "sync/log/files_parts.h"

/* How much room files may take, and clearing up behind them. */

enum {
    ROOM_FOLDER_MAX = 8192, /* files of one folder that are looked through */
    ROOM_ARENA_MAX = 4 * 1024 * 1024,
    ROOM_FOLDERS = 256,
};
/* Never given to files: the log needs it, and a full disk helps nobody. */
#define ROOM_LAST (INT64_C(32) * 1024 * 1024)
#define ROOM_DAY_MS (INT64_C(86400) * 1000)

/* What the hub holds can be fetched again. The file goes while the row still says that it is here: cut between the two, it is
   found missing when it is read, and fetched. */
static enum err room_give_way(const struct files *f, int64_t *out_bytes, struct why *why)
{
    char hash[KEYS_ID_TEXT] = "";
    char path[FS_PATH_MAX];
    int64_t bytes = 0;
    struct db_stmt q = db_prepare(f->db, "select hash, bytes from log_file where state = 'held'"
                                         " order by at_ms, hash limit 1");

    if (db_step(&q)) {
        (void)str_copy(hash, sizeof hash, db_text(&q, 0));
        bytes = db_i64(&q, 1);
    }
    enum err rc = db_end(&q, why);
    *out_bytes = bytes;
    if (rc != ERR_OK || hash[0] == '\0')
        return rc;
    rc = files_place(f, hash, false, path, why);
    if (rc == ERR_OK)
        rc = fs_remove(path, why);
    if (rc == ERR_OK)
        rc = db_run(f->db, why,
                    "update log_file set state = 'named', moved = 0, wanted_ms = 0 where hash = ?1",
                    hash);
    return rc;
}

enum err files_make_room(const struct files *f, int64_t bytes, struct why *why)
{
    const int64_t most = f->total_max > 0 ? f->total_max : FILES_TOTAL_MAX;
    const int64_t least = f->free_min > 0 ? f->free_min : FILES_FREE_MIN;
    int64_t total = 0;
    int64_t room = 0;
    int64_t gone = 1;
    enum err rc = db_one_i64(
        f->db, "select sum(bytes) from log_file where state in ('here', 'held')", 0, &total, why);

    if (rc == ERR_OK)
        rc = fs_room(f->data, &room, why);
    while (rc == ERR_OK && gone > 0 && (total + bytes > most || room - bytes < least)) {
        rc = room_give_way(f, &gone, why);
        total -= gone;
        room += gone;
    }
    if (rc == ERR_OK && bytes > 0 && total + bytes > most)
        rc = why_set(why, ERR_FULL, 0,
                     "The room for pictures and files is full until the hub has taken some.");
    if (rc == ERR_OK && bytes > 0 && room - bytes < ROOM_LAST)
        rc = why_set(why, ERR_FULL, 0, "The disk of this kiosk is full.");
    return rc;
}

/* ---- left over ---- */

static enum err room_state(const struct files *f, const char *hash, enum files_state *out,
                           struct why *why)
{
    struct file_info info;
    enum err rc = files_info(f, hash, &info, why);

    *out = info.state;
    return rc;
}

/* Pieces: kept for what is still to come. Files: kept where their row says that they are here. */
static bool room_keeps(bool pieces, enum files_state state)
{
    if (pieces)
        return state == FILES_NAMED || state == FILES_LOST;
    return state == FILES_HERE || state == FILES_HELD;
}

static enum err room_sweep_in(const struct files *f, const char *dir, bool pieces, struct arena *a,
                              struct why *why)
{
    const char **names = NULL;
    size_t count = 0;
    enum err rc = fs_list(a, dir, ROOM_FOLDER_MAX, &names, &count, why);

    if (rc == ERR_NOT_FOUND || rc == ERR_LIMIT)
        return ERR_OK;
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        enum files_state state = FILES_NONE;
        char path[FS_PATH_MAX];
        if (str_ends(names[i], "/"))
            continue;
        rc = room_state(f, names[i], &state, why);
        if (rc == ERR_OK && !room_keeps(pieces, state))
            rc = fs_join(path, dir, names[i], why);
        if (rc == ERR_OK && !room_keeps(pieces, state))
            rc = fs_remove(path, why);
    }
    return rc;
}

static enum err room_sweep(const struct files *f, const char *folder, bool pieces, struct arena *a,
                           struct why *why)
{
    char dir[FS_PATH_MAX];

    if (!str_format(dir, sizeof dir, "%s/files/%s", f->data, folder))
        return why_set(why, ERR_LIMIT, 0, "the data folder's name is too long");
    enum err rc = db_begin(f->db, why);
    return rc == ERR_OK ? db_finish(f->db, room_sweep_in(f, dir, pieces, a, why), why) : rc;
}

/* Their rows; the sweep takes the files. */
static enum err room_unnamed(const struct files *f, int64_t now_ms, struct why *why)
{
    struct db_stmt q =
        db_prepare(f->db, "delete from log_file where state = 'here' and at_ms < ?1 and not exists"
                          " (select 1 from log_file_name n where n.hash = log_file.hash)");

    db_bind_i64(&q, 1, now_ms - FILES_UNNAMED_DAYS * ROOM_DAY_MS);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err files_tidy(const struct files *f, int64_t now_ms, struct why *why)
{
    struct arena a;
    enum err rc = db_begin(f->db, why);

    if (rc != ERR_OK)
        return rc;
    rc = db_finish(f->db, files_make_room(f, 0, why), why);
    if (rc == ERR_OK && now_ms > 0)
        rc = room_unnamed(f, now_ms, why);
    arena_init(&a, ROOM_ARENA_MAX);
    for (unsigned i = 0; i < ROOM_FOLDERS && rc == ERR_OK; i++) {
        char folder[3];
        (void)str_format(folder, sizeof folder, "%02x", i);
        arena_reset(&a);
        rc = room_sweep(f, folder, false, &a, why);
    }
    arena_reset(&a);
    if (rc == ERR_OK)
        rc = room_sweep(f, "part", true, &a, why);
    arena_done(&a);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "clear up files");
}

/* ---- verify ---- */

static enum err room_next(const struct files *f, char hash[KEYS_ID_TEXT], bool *out_found,
                          struct why *why)
{
    struct db_stmt q = db_prepare(f->db, "select hash from log_file where hash > ?1"
                                         " and state in ('here', 'held') order by hash limit 1");

    db_bind_text(&q, 1, hash);
    *out_found = db_step(&q);
    if (*out_found)
        (void)str_copy(hash, KEYS_ID_TEXT, db_text(&q, 0));
    return db_end(&q, why);
}

enum err files_verify(const struct files *f, files_tell tell, void *ctx, uint64_t *out_files,
                      uint64_t *out_faults, struct why *why)
{
    char hash[KEYS_ID_TEXT] = "";
    uint64_t files = 0;
    uint64_t faults = 0;
    bool found = true;
    struct arena a;

    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    enum err rc = room_next(f, hash, &found, why);
    while (rc == ERR_OK && found) {
        struct why said = { 0 };
        char *bytes = NULL;
        size_t len = 0;
        arena_reset(&a);
        enum err read = files_read(f, hash, &a, &bytes, &len, &said);
        files++;
        if (read == ERR_CONFLICT) {
            faults++;
            tell(ctx, said.text);
        } else if (read != ERR_OK && read != ERR_NOT_FOUND) {
            rc = read;
            if (why != NULL)
                *why = said;
        }
        if (rc == ERR_OK)
            rc = room_next(f, hash, &found, why);
    }
    arena_done(&a);
    if (rc != ERR_OK)
        return why_in(why, rc, "verify files");
    *out_files = files;
    *out_faults = faults;
    return ERR_OK;
}
