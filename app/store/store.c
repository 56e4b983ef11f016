#include "app/store/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/store/local.h"
#include "app/store/project.h"
#include "app/store/stops.h"
#include "app/store/times.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/log/carried.h"
#include "sync/log/device_key.h"
#include "sync/log/evlog_carry.h"
#include "sync/log/files.h"

enum { STORE_ARENA_MAX = 32 * 1024 * 1024 };

/* The folder: there, a folder, and ours to write. Asked before anything is opened, because a key or
   a log that fails half way says less clearly what is wrong. */
static enum err store_folder(const char *dir, struct why *why)
{
    struct fs_stat st;
    enum err rc;

    if (fs_stat(dir, &st, NULL) == ERR_OK && !st.is_dir)
        return why_set(why, ERR_INPUT, 0, "data folder %s is a file; name a folder with --data",
                       dir);
    rc = fs_mkdirs(dir, 0700, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "make data folder %s", dir);
    if (access(dir, W_OK | X_OK) != 0)
        return why_set(
            why, ERR_DENIED, errno,
            "data folder %s cannot be written; make it writable or name another with --data", dir);
    return ERR_OK;
}

static enum err store_database(struct store *s, const char *path, const struct project_told *told,
                               struct why *why)
{
    enum err rc;

    if (access(path, F_OK) == 0 && access(path, W_OK) != 0)
        return why_set(why, ERR_DENIED, errno, "%s cannot be written; give this user write access",
                       path);
    rc = db_open(&s->db, path, DB_DURABLE, why);
    if (rc == ERR_OK)
        db_keep(&s->db);
    db_gather_own(&s->db); /* what the worker takes in is the worker's to move, and not a save's */
    if (rc == ERR_OK)
        rc = evlog_setup(&s->db, why);
    if (rc == ERR_OK)
        rc = files_setup(&s->db, why);
    if (rc == ERR_OK)
        rc = local_setup(&s->db, why);
    if (rc == ERR_OK)
        rc = project_setup(&s->db, told, why);
    if (rc == ERR_INPUT)
        return why_in(
            why, rc,
            "%s is damaged; keep a copy of it, move it away and start again: the hub or a "
            "stick gives the records back",
            path);
    return rc == ERR_OK ? rc : why_in(why, rc, "open %s", path);
}

enum err store_open(struct store *s, const char *dir, struct why *why)
{
    return store_open_told(s, dir, NULL, why);
}

enum err store_open_told(struct store *s, const char *dir, const struct project_told *told,
                         struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc;

    /* SQLite's count of the memory in use costs a lock at each allocation, and nobody asks for it. Once SQLite runs this
       changes nothing. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    *s = (struct store){ 0 };
    if (!str_copy(s->dir, sizeof s->dir, dir))
        return why_set(why, ERR_LIMIT, 0, "the data folder's name is too long");
    rc = keys_init(why);
    if (rc == ERR_OK)
        rc = store_folder(dir, why);
    if (rc == ERR_OK)
        rc = fs_join(path, dir, "canny.db", why);
    if (rc == ERR_OK)
        rc = store_database(s, path, told, why);
    if (rc == ERR_OK)
        rc = device_key_open(dir, &s->db, &s->self, &s->pins, why);
    if (rc != ERR_OK)
        store_close(s);
    return rc;
}

enum err store_claim(const char *dir, struct fs_lock *out, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = store_folder(dir, why);

    if (rc == ERR_OK)
        rc = fs_join(path, dir, "lock", why);
    if (rc == ERR_OK)
        rc = fs_lock(path, out, why);
    if (rc == ERR_CONFLICT)
        return why_set(why, rc, 0,
                       "another kiosk is running on %s; end it, or name another folder with --data",
                       dir);
    return rc;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    stops_free(s);
    db_close(&s->db);
    *s = (struct store){ 0 };
}

enum err store_key_again(struct store *s, struct why *why)
{
    char self[KEYS_ID_TEXT];
    enum err rc = evlog_self(&s->db, self, why);

    if (rc != ERR_OK || str_eq(self, s->self.id))
        return rc;
    return device_key_again(s->dir, &s->db, &s->self, why);
}

/* Writes the line and what it means. Our own line has to be understood by ourselves where its kind
   is known: put aside, it would be a check that no screen shows. */
static enum err store_record_inside(struct store *s, struct clock_now now,
                                    const struct event_draft *draft, struct arena *a,
                                    struct event *out, struct why *why)
{
    enum project_took took = PROJECT_APPLIED;
    enum err rc = evlog_append(&s->db, &s->self, now, draft, a, out, why);

    /* The worker found a fork and goes on under a new key: so do we. */
    if (rc == ERR_CONFLICT) {
        rc = store_key_again(s, why);
        if (rc == ERR_OK)
            rc = evlog_append(&s->db, &s->self, now, draft, a, out, why);
    }
    if (rc == ERR_OK)
        rc = times_mark(&s->db, out, now, why);
    if (rc == ERR_OK)
        rc = files_name(&s->db, out, now.wall_ms, why);
    if (rc == ERR_OK)
        rc = project_apply(&s->db, out, NULL, 0, &took, why);
    if (rc == ERR_OK && took == PROJECT_MALFORMED)
        rc = ERR_INPUT;
    return rc;
}

/* Whether the line is here: in the log, or in log_carried where the worker has found a fork in between and moved it there. */
static enum err store_stands(struct store *s, const char *id, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select exists (select 1 from log_line where device = ?1 and seq = ?2)"
                           " or exists (select 1 from log_carried where device = ?1 and seq = ?2)");
    char device[KEYS_ID_TEXT] = "";
    uint64_t seq = 0;
    bool there = false;

    (void)event_id_read(id, device, &seq);
    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)seq);
    if (db_step(&q))
        there = db_i64(&q, 0) != 0;
    /* Where the look itself fails, the commit's answer stands: called not recorded, it would be recorded twice. */
    if (db_end(&q, NULL) != ERR_OK || there)
        return ERR_OK;
    return why_set(why, ERR_IO, 0,
                   "it was written and is not found again; this kiosk's card is in doubt, tell IT");
}

enum err store_finish(struct store *s, enum err rc, struct why *why)
{
    rc = db_finish(&s->db, rc, why);
    if (s->db.depth > 0)
        return rc;
    if (rc == ERR_OK && s->wrote[0] != '\0')
        rc = store_stands(s, s->wrote, why);
    s->wrote[0] = '\0';
    db_settle(&s->db); /* after an erasure, until no reader was in the way */
    return rc;
}

enum err store_record(struct store *s, struct clock_now now, const struct event_draft *draft,
                      char out_id[EVENT_ID_TEXT], struct why *why)
{
    struct event event = { 0 };
    char id[EVENT_ID_TEXT] = "";
    struct arena a;
    enum err rc;

    arena_init(&a, STORE_ARENA_MAX);
    rc = db_begin(&s->db, why);
    if (rc == ERR_OK) {
        rc = store_record_inside(s, now, draft, &a, &event, why);
        if (rc == ERR_OK)
            event_id(id, event.device, event.seq);
        (void)str_copy(s->wrote, sizeof s->wrote, id);
        rc = store_finish(s, rc, why);
    }
    arena_done(&a);
    if (rc != ERR_OK)
        return why_in(why, rc, "record %s", draft->kind);
    if (out_id != NULL)
        (void)str_copy(out_id, EVENT_ID_TEXT, id);
    return ERR_OK;
}

/* How a call of store_ingest_db went so far. */
struct ingested {
    size_t count; /* lines not here before */
    bool carries; /* some line is carried */
    bool moved;   /* what lines before them are called has changed */
};

static enum err store_ingest_one(struct evlog_taking *t, const struct event_line *line,
                                 struct arena *a, struct ingested *in, struct why *why)
{
    struct db *db = t->db;
    bool moves = false;
    enum evlog_took took = EVLOG_KNOWN;
    struct event event = { 0 };
    enum err rc = evlog_take(t, line, a, &event, &took, why);

    if (rc != ERR_OK)
        return rc;
    switch (took) {
    case EVLOG_KNOWN:
        return ERR_OK;
    case EVLOG_DIFFERENT:
        return why_set(
            why, ERR_CONFLICT, 0,
            "another line %llu of device %s is already here; one of the two kiosks is a copy",
            (unsigned long long)event.seq, event.device);
    case EVLOG_NEW:
        break;
    }
    const struct project_read *read = line->known;
    if (read == NULL || read->body != event.body || read->files)
        rc = files_name(db, &event, t->now.wall_ms, why);
    if (rc != ERR_OK)
        return rc;
    in->count++;
    in->carries = in->carries || str_eq(event.kind, CARRIED_KIND);
    if (in->carries)
        rc = evlog_carry_moves(db, &event, line->line, line->len, &moves, why);
    if (rc == ERR_OK)
        rc = project_apply_line(db, &event, line, why);
    in->moved = in->moved || moves;
    return rc;
}

/* Inside the transaction. */
static enum err store_ingest_all(struct db *db, struct clock_now now,
                                 const struct event_line *lines, size_t count, struct ingested *in,
                                 struct why *why)
{
    struct evlog_taking t;
    struct arena a;
    enum err rc = evlog_carry_any(db, &in->carries, why);

    evlog_take_begin(&t, db, now);
    arena_init(&a, STORE_ARENA_MAX);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        arena_reset(&a);
        rc = store_ingest_one(&t, &lines[i], &a, in, why);
    }
    arena_done(&a);
    if (rc == ERR_OK)
        rc = evlog_take_end(&t, why);
    return rc == ERR_OK && in->moved ? project_rebuild(db, why) : rc;
}

enum err store_ingest_db(struct db *db, struct clock_now now, const struct event_line *lines,
                         size_t count, size_t *out_new, struct why *why)
{
    struct ingested in = { .count = 0 };
    /* A savepoint inside the caller's transaction would copy each page of the file, before its first change, into a file of
       its own: that took longer than to write the lines. The caller rolls all of it back. */
    const bool alone = db->depth == 0;
    enum err rc = ERR_OK;

    if (count > STORE_INGEST_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d lines at once", STORE_INGEST_MAX);
    if (alone)
        rc = db_begin(db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "take in lines");
    rc = store_ingest_all(db, now, lines, count, &in, why);
    if (alone)
        rc = db_finish(db, rc, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "take in lines");
    if (out_new != NULL)
        *out_new = in.count;
    return ERR_OK;
}

enum err store_fork_db(struct db *db, struct clock_now now, const struct evlog_fork *f,
                       struct why *why)
{
    bool rekeyed = false;
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "heal a fork");
    rc = evlog_fork(db, now, f, &rekeyed, why);
    /* The numbers there are those of the old key's lines, whose time nobody will learn any more. */
    if (rc == ERR_OK && rekeyed)
        rc = db_exec(db, "delete from local_time", why);
    if (rc == ERR_OK)
        rc = store_ingest_db(db, now, &(struct event_line){ .line = f->line, .len = f->len }, 1,
                             NULL, why);
    if (rc == ERR_OK)
        rc = project_rebuild(db, why);
    rc = db_finish(db, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "heal a fork");
}

enum err store_ingest(struct store *s, struct clock_now now, const char *const *lines,
                      const size_t *lens, size_t count, size_t *out_new, struct why *why)
{
    const size_t fit = count <= STORE_INGEST_MAX ? count : 0; /* more are refused unread */
    struct event_line *in;
    struct arena a;
    enum err rc;

    arena_init(&a, STORE_ARENA_MAX);
    in = arena_array(&a, fit + 1, sizeof *in);
    for (size_t i = 0; in != NULL && i < fit; i++)
        in[i] = (struct event_line){ .line = lines[i], .len = lens[i] };
    rc = in != NULL ? store_ingest_db(&s->db, now, in, count, out_new, why)
                    : why_set(why, ERR_NOMEM, 0, "no memory for %zu lines", count);
    arena_done(&a);
    return rc;
}

enum err store_rebuild(struct store *s, struct why *why)
{
    return project_rebuild(&s->db, why);
}

enum err store_digest(struct store *s, char out[KEYS_ID_TEXT], struct why *why)
{
    return project_digest(&s->db, out, why);
}

/* Our own lines only: another kiosk's wrong clock must not drag ours along. */
enum err store_latest_ms(struct store *s, int64_t *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select line from log_line where device = ?1 order by seq desc limit 1");
    struct event event = { 0 };
    struct arena a;
    int64_t latest_ms = 0;
    enum err rc = ERR_OK;

    arena_init(&a, STORE_ARENA_MAX);
    db_bind_text(&q, 1, s->self.id);
    if (db_step(&q)) {
        const char *line = db_text(&q, 0);

        rc = event_parse(&a, line, strlen(line), &event, why);
        if (rc == ERR_OK && !clock_parse_iso(event.at, &latest_ms))
            latest_ms = 0;
    }
    if (rc == ERR_OK)
        rc = db_end(&q, why);
    else if (db_end(&q, NULL) != ERR_OK)
        latest_ms = 0;
    arena_done(&a);
    if (rc != ERR_OK)
        return why_in(why, rc, "read our last line");
    *out = latest_ms;
    return ERR_OK;
}
