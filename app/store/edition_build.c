#include "app/store/edition.h"

/* Makes an edition beside the one in use, checks it and lets it wait. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/store/content_db.h"
#include "app/store/edition_make.h"
#include "app/store/edition_state.h"
#include "app/store/edition_sum.h"
#include "platform/base/str.h"

enum {
    LIST_ARENA_MAX = 32 * 1024 * 1024,
    FILE_ARENA_MAX = 48 * 1024 * 1024,
    KEEP_ARENA_MAX = 64 * 1024 * 1024,
    COPY_BYTES = 256 * 1024,
    DAMAGED_MAX = 64 * 1024,
};

/* Hashes of files that are held no more: edition_missing reads them. */
static void damaged_write(const char *data_dir, const struct buf *hashes)
{
    char dir[FS_PATH_MAX];
    char path[FS_PATH_MAX];

    if (edition_dir(data_dir, dir, NULL) != ERR_OK || fs_join(path, dir, "damaged", NULL) != ERR_OK)
        return;
    /* Where it cannot be kept the next making finds them again. */
    enum err rc = hashes == NULL || hashes->len == 0
                      ? fs_remove(path, NULL)
                      : fs_replace(path, hashes->data, hashes->len, 0600, NULL);
    (void)rc;
}

static void build_sweep(const char *path)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-journal" };

    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        char name[FS_PATH_MAX + 16];

        if (str_format(name, sizeof name, "%s%s", path, tails[i]))
            (void)unlink(name);
    }
}

/* What a power cut has left of one that was being made. */
static void build_sweep_all(const char *data_dir)
{
    enum { NAMES_MAX = 1000 };
    char dir[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    struct arena a;

    arena_init(&a, (size_t)1024 * 1024);
    if (edition_dir(data_dir, dir, NULL) == ERR_OK &&
        fs_list(&a, dir, NAMES_MAX, &names, &count, NULL) == ERR_OK)
        for (size_t i = 0; i < count; i++) {
            char path[FS_PATH_MAX];

            if (strstr(names[i], ".db.") != NULL && fs_join(path, dir, names[i], NULL) == ERR_OK)
                (void)unlink(path);
        }
    arena_done(&a);
}

static enum err copy_bytes(int from, int to, struct why *why)
{
    char *block = malloc(COPY_BYTES);
    enum err rc = block == NULL ? why_set(why, ERR_NOMEM, 0, "no memory") : ERR_OK;

    while (rc == ERR_OK) {
        ssize_t n = read(from, block, COPY_BYTES);
        ssize_t done = 0;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = why_set(why, ERR_IO, errno, "read the edition before");
        if (n <= 0)
            break;
        while (rc == ERR_OK && done < n) {
            ssize_t put = write(to, block + done, (size_t)(n - done));

            if (put < 0 && errno != EINTR)
                rc = why_set(why, errno == ENOSPC ? ERR_FULL : ERR_IO, errno, "copy the edition");
            done += put < 0 ? 0 : put;
        }
    }
    free(block);
    return rc;
}

static enum err build_copy(const char *from, const char *to, struct why *why)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum err rc =
        in < 0 || out < 0 ? why_set(why, ERR_IO, errno, "copy %s", from) : copy_bytes(in, out, why);

    if (in >= 0)
        (void)close(in);
    if (out >= 0 && close(out) != 0 && rc == ERR_OK)
        rc = why_set(why, ERR_IO, errno, "close %s", to);
    return rc;
}

static enum err build_sync(const char *path, struct why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err rc = fd < 0 || fsync(fd) != 0 ? why_set(why, ERR_IO, errno, "sync %s", path) : ERR_OK;

    if (fd >= 0)
        (void)close(fd);
    return rc;
}

struct build {
    const char *data_dir;
    struct edition_make make;
    struct edition_name name, base; /* base.hash "": from nothing */
    char fresh[FS_PATH_MAX], path[FS_PATH_MAX], base_path[FS_PATH_MAX];
};

/* Nobody reads it before it has its name, and what a cut leaves of it is swept: so it needs neither a log of its own nor to be
   on the disk piece by piece. */
static const char build_pragmas[] = "pragma journal_mode = delete; pragma synchronous = off;"
                                    " pragma temp_store = memory; pragma cache_size = -4000";

/* Each page of what is only read is wanted once. */
static const char build_read_pragmas[] = "pragma cache_size = -1000";

/* changed: from a copy of the base. */
static enum err build_fill(struct build *b, bool changed, struct why *why)
{
    struct edition_make *m = &b->make;
    enum err rc = ERR_OK;

    build_sweep(b->fresh);
    arena_init(&m->x.a, FILE_ARENA_MAX);
    arena_init(&m->keep, KEEP_ARENA_MAX);
    m->x.employers = NULL;
    m->x.faults = 0;
    m->x.rc = ERR_OK;
    if (changed)
        rc = build_copy(b->base_path, b->fresh, why);
    if (rc == ERR_OK)
        rc = db_open(&m->x.db, b->fresh, DB_CACHE, why);
    if (rc == ERR_OK)
        rc = db_exec(&m->x.db, build_pragmas, why);
    if (rc == ERR_OK)
        rc = changed ? edition_make_changed(m, why) : edition_make_all(m, why);
    if (rc == ERR_OK)
        rc = edition_news(&m->x.db, b->base.hash[0] == '\0' ? NULL : b->base_path, why);
    db_close(&m->x.db);
    arena_done(&m->keep);
    arena_done(&m->x.a);
    return rc;
}

/* Every file with its own bytes, and a whole database. */
static enum err check_files(struct build *b, struct db *db, struct arena *a, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < b->make.list->count && rc == ERR_OK; i++) {
        const struct edition_item *item = &b->make.list->items[i];
        char sha[KEYS_ID_TEXT] = "";
        char *source = NULL;
        size_t len = 0;

        arena_reset(a);
        if (item->role == EDITION_HELP)
            continue;
        rc = index_source(db, item->path, a, &source, &len, why);
        if (rc == ERR_OK)
            keys_sha256_hex(sha, source, len);
        if (rc == ERR_OK && !str_eq(sha, item->sha))
            rc = why_set(why, ERR_INPUT, 0, "%s has other bytes than were signed", item->path);
    }
    return rc;
}

static enum err check_whole(struct db *db, struct why *why)
{
    struct db_stmt q = db_prepare(db, "pragma quick_check(1)");
    bool whole = db_step(&q) && str_eq(db_text(&q, 0), "ok");
    enum err rc = db_end(&q, why);

    return rc == ERR_OK && !whole ? why_set(why, ERR_INPUT, 0, "the database is damaged") : rc;
}

/* As a kiosk opens it, and with a search. */
static enum err check_open(const struct build *b, struct arena *a, struct why *why)
{
    struct content *c = NULL;
    struct doc_hit *hits = NULL;
    struct find_ask ask = { .words = "", .max = 1 };
    size_t count = 0;
    enum err rc =
        content_open_file(b->fresh, b->make.set->constituency, b->make.set->school, &c, why);

    arena_reset(a);
    if (rc == ERR_OK)
        rc = content_find(c, &ask, a, &hits, &count, why);
    if (rc == ERR_OK && count > 0) {
        const char *title = hits[0].title;

        ask.words = title;
        rc = content_find(c, &ask, a, &hits, &count, why);
        if (rc == ERR_OK && count == 0)
            rc = why_set(why, ERR_INPUT, 0, "the search does not find «%.60s»", title);
    }
    content_close(c);
    return rc;
}

static enum err build_check(struct build *b, struct why *why)
{
    struct db db = { 0 };
    struct arena a;
    enum err rc = db_open(&db, b->fresh, DB_READ, why);

    arena_init(&a, FILE_ARENA_MAX);
    if (rc == ERR_OK) {
        db_keep(&db); /* one statement is asked for each file */
        rc = db_exec(&db, build_read_pragmas, why);
    }
    if (rc == ERR_OK)
        rc = check_whole(&db, why);
    if (rc == ERR_OK)
        rc = check_files(b, &db, &a, why);
    db_close(&db);
    if (rc == ERR_OK)
        rc = check_open(b, &a, why);
    arena_done(&a);
    return rc == ERR_OK ? rc : why_in(why, rc, "the edition that was made");
}

/* From the one before where that can be; where it turns out to be damaged, from its files one by one. */
static enum err build_make(struct build *b, struct why *why)
{
    bool changed = edition_make_can_change(&b->make);
    enum err rc = build_fill(b, changed, why);

    if (b->make.x.old.handle != NULL)
        (void)sqlite3_db_release_memory(b->make.x.old.handle);
    if (rc == ERR_OK)
        rc = build_check(b, why);
    if (changed && rc != ERR_OK && rc != ERR_FULL && rc != ERR_NOMEM &&
        b->make.refusal->text[0] == '\0') {
        buf_reset(&b->make.damaged);
        rc = build_fill(b, false, why);
        if (rc == ERR_OK)
            rc = build_check(b, why);
    }
    return rc;
}

/* Its sum is there, and it waits under its name, before it has it: a cut in between names one that is not there, which is
   passed over. */
static enum err build_finish(struct build *b, struct why *why)
{
    enum err rc = build_sync(b->fresh, why);

    if (rc == ERR_OK)
        rc = edition_sum_keep(b->data_dir, b->name.hash, b->fresh, why);
    if (rc == ERR_OK)
        rc = edition_wait(b->data_dir, &b->name, why);
    return rc == ERR_OK ? fs_move(b->fresh, b->path, why) : rc;
}

/* What is wrong in the one before would go on from edition to edition: one that is not what it was when it was made, or has no
   sum, is not begun from. Its files are read all the same, each held against its own hash. */
static bool build_base_holds(struct build *b)
{
    enum edition_sum sum = EDITION_UNSUMMED;
    enum err rc = edition_sum_hold(b->data_dir, b->base.hash, NULL, NULL, &sum, NULL);

    b->make.refusal->damaged = rc == ERR_OK && sum == EDITION_DIFFERS;
    return rc == ERR_OK && sum == EDITION_HOLDS;
}

static void build_open_base(struct build *b, struct arena *a)
{
    struct db *old = &b->make.x.old;

    edition_newest(b->data_dir, &b->base);
    if (b->base.hash[0] == '\0' ||
        edition_path(b->data_dir, b->base.hash, b->base_path, NULL) != ERR_OK ||
        db_open(old, b->base_path, DB_READ, NULL) != ERR_OK ||
        db_exec(old, build_read_pragmas, NULL) != ERR_OK ||
        edition_store_read(old, a, &b->make.held, NULL) != ERR_OK || !build_base_holds(b)) {
        db_close(old);
        *old = (struct db){ .handle = NULL };
        b->base = (struct edition_name){ .hash = "" };
    }
}

static enum err build_one(struct build *b, struct arena *a, struct why *why)
{
    enum err rc;

    build_sweep_all(b->data_dir);
    buf_init(&b->make.damaged, DAMAGED_MAX);
    build_open_base(b, a);
    rc = build_make(b, why);
    db_close(&b->make.x.old);
    edition_files_close(b->make.files);
    if (rc == ERR_OK)
        rc = build_finish(b, why);
    if (rc == ERR_OK)
        damaged_write(b->data_dir, NULL);
    else if (rc == ERR_NOT_FOUND)
        damaged_write(b->data_dir, &b->make.damaged);
    if (rc == ERR_NOT_FOUND && b->make.damaged.len > 0)
        b->make.refusal->damaged = true;
    if (rc != ERR_OK)
        build_sweep(b->fresh);
    buf_free(&b->make.damaged);
    return rc;
}

/* One at a time, whichever thread or program makes it. */
static enum err build_locked(struct build *b, struct arena *a, struct why *why)
{
    char dir[FS_PATH_MAX];
    char path[FS_PATH_MAX];
    struct fs_lock lock = { .held = false };
    enum err rc = edition_dir(b->data_dir, dir, why);

    if (rc == ERR_OK)
        rc = fs_join(path, dir, "making", why);
    if (rc == ERR_OK)
        rc = fs_lock(path, &lock, why);
    if (rc == ERR_CONFLICT)
        return why_set(why, ERR_IO, 0, "another edition is being made; this one's turn comes");
    if (rc == ERR_OK)
        rc = access(b->path, R_OK) == 0 ? edition_wait(b->data_dir, &b->name, why)
                                        : build_one(b, a, why);
    fs_unlock(&lock);
    return rc;
}

static enum err build_named(struct build *b, const struct edition_list *list, struct arena *a,
                            struct why *why)
{
    struct edition_name current;
    char dir[FS_PATH_MAX];
    enum err rc = edition_dir(b->data_dir, dir, why);

    (void)str_copy(b->name.hash, sizeof b->name.hash, list->hash);
    (void)str_copy(b->name.key, sizeof b->name.key, list->key);
    edition_current(b->data_dir, &current);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, 0700, why);
    if (rc == ERR_OK)
        rc = edition_path(b->data_dir, list->hash, b->path, why);
    if (rc == ERR_OK && !str_format(b->fresh, sizeof b->fresh, "%s.new", b->path))
        rc = why_set(why, ERR_LIMIT, 0, "path too long: %.80s", b->path);
    if (rc == ERR_OK && edition_is_bad(b->data_dir, list->key))
        rc = why_set(why, ERR_CONFLICT, 0, "this edition did not open here twice");
    if (rc != ERR_OK)
        return rc;
    /* There already: in use, the one before, or waiting. An older one that waits does so no longer. */
    return build_locked(b, a, why);
}

enum err edition_build(const char *data_dir, const struct edition_set *set,
                       const struct edition_blobs *blobs, char out_hash[KEYS_ID_TEXT],
                       struct edition_refusal *out_refusal, struct why *why)
{
    struct edition_refusal refusal = { .role = 0 };
    struct edition_list list;
    struct build *b = calloc(1, sizeof *b);
    struct arena a;
    enum err rc;

    if (b == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    arena_init(&a, LIST_ARENA_MAX);
    b->data_dir = data_dir;
    b->make.data_dir = data_dir;
    b->make.set = set;
    b->make.blobs = blobs;
    b->make.list = &list;
    b->make.refusal = out_refusal == NULL ? &refusal : out_refusal;
    b->make.x.constituency = set->constituency == NULL ? "" : set->constituency;
    b->make.x.school = set->school == NULL ? "" : set->school;
    *b->make.refusal = (struct edition_refusal){ .role = 0 };
    rc = edition_list(set, &a, &list, why);
    if (rc == ERR_OK)
        rc = build_named(b, &list, &a, why);
    if (rc == ERR_OK && out_hash != NULL)
        (void)str_copy(out_hash, KEYS_ID_TEXT, list.hash);
    if (rc == ERR_INPUT && b->make.refusal->text[0] != '\0') {
        char text[480];

        (void)str_format(text, sizeof text, "%s: %s", b->make.refusal->path, b->make.refusal->text);
        edition_refused(data_dir, text);
    }
    arena_done(&a);
    free(b);
    return rc;
}
