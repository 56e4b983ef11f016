#include "platform/base/db_wal.h"

#include <stdlib.h>

#include "platform/base/clock.h"

/* A program that reads for long, as an export does, must not keep those who record waiting with it. */
enum { DB_BUSY_STEP_MS = 10, DB_SETTLE_MS = 300 };

struct db_wal {
    int pages; /* in the log after the last commit */
    int own;   /* of them, this connection's */
    int due; /* what is held against most; 0 until the next commit, once they were moved or another was writing just then */
    bool apart; /* db_gather_own: due are its own alone, and else all */
    int most;   /* db_gather */
    int upto;   /* db_gather_upto; 0: most stays as it is */
    int64_t
        version; /* «pragma data_version» when db_tidy was here last: others' commits change it; -1 never */
};

static int db_wal_grew(void *ctx, sqlite3 *handle, const char *schema, int pages)
{
    struct db_wal *wal = ctx;
    int wrote = 0;
    int highest = 0;

    (void)schema;
    (void)sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &wrote, &highest, 1);
    /* Fewer than there were: the log has begun anew. */
    wal->own = pages < wal->pages ? wrote : wal->own + wrote;
    wal->own = wal->own < pages ? wal->own : pages;
    wal->pages = pages;
    wal->due = wal->apart ? wal->own : pages;
    return SQLITE_OK;
}

bool db_wal_watch(struct db *db)
{
    db->wal = calloc(1, sizeof *db->wal);
    if (db->wal == NULL)
        return false;
    *db->wal = (struct db_wal){ .most = DB_WAL_PAGES, .version = -1 };
    (void)sqlite3_wal_hook(db->handle, db_wal_grew, db->wal);
    return true;
}

void db_gather(struct db *db, int pages)
{
    if (db->wal == NULL)
        return;
    db->wal->most = pages;
    db->wal->upto = 0;
}

void db_gather_own(struct db *db)
{
    if (db->wal != NULL)
        db->wal->apart = true;
}

void db_gather_upto(struct db *db, int pages)
{
    if (db->wal != NULL)
        db->wal->upto = pages;
}

/* As many next time as take DB_WAL_MOVE_MS. Less than a millisecond tells nothing. */
static void db_wal_pace(struct db_wal *wal, int64_t took_ms)
{
    const int64_t fit = (int64_t)wal->pages * DB_WAL_MOVE_MS / (took_ms > 0 ? took_ms : 1);

    if (wal->upto > 0 && wal->pages >= DB_WAL_PAGES)
        wal->most = fit <= DB_WAL_PAGES ? DB_WAL_PAGES : fit < wal->upto ? (int)fit : wal->upto;
}

/* Checkpoints: moves the write-ahead log into the file. Nobody may write meanwhile.

   The reason is SQLite's «WAL-reset bug», in all versions before 3.51.3 and so in Debian 12's. One connection begins a
   checkpoint just after another has finished one. In that moment a commit starts the log anew from its beginning. The first
   connection then takes the new frames for old ones that are in the file already, and the commit is lost without an error. A
   kiosk writes from two threads and a hub from three, so both can meet it.

   Only a writer starts a log anew, so we hold the write lock. A connection cannot checkpoint inside its own transaction:
   therefore this one holds the lock and a second one, opened for that, does the work. */
static void db_wal_move(struct db *db, bool wait)
{
    const char *path = sqlite3_db_filename(db->handle, NULL);
    sqlite3 *mover = NULL;

    if (db->depth > 0 || sqlite3_get_autocommit(db->handle) == 0 || path == NULL || path[0] == '\0')
        return;
    if (!wait)
        (void)sqlite3_busy_timeout(db->handle, 0);
    int held = sqlite3_exec(db->handle, "begin immediate", NULL, NULL, NULL);
    (void)sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
    const int64_t from = clock_mono_ms();
    db->wal->due = 0;
    if (held == SQLITE_OK) {
        /* It has to read once before it knows of the log. Whatever fails here is done after a later commit. */
        if (sqlite3_open_v2(path, &mover, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
                SQLITE_OK &&
            sqlite3_exec(mover, "pragma schema_version", NULL, NULL, NULL) == SQLITE_OK)
            (void)sqlite3_wal_checkpoint_v2(mover, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        (void)sqlite3_close(mover);
        db_wal_pace(db->wal, clock_mono_ms() - from);
        db->wal->own = 0;
    }
    /* Nothing was written. Without memory «begin» can fail after it has begun, and «commit» can fail too: so both are tried. */
    (void)sqlite3_exec(db->handle, "commit", NULL, NULL, NULL);
    if (sqlite3_get_autocommit(db->handle) == 0)
        (void)sqlite3_exec(db->handle, "rollback", NULL, NULL, NULL);
}

void db_wal_grown(struct db *db)
{
    if (db->wal != NULL && db->depth == 0 && db->wal->due >= db->wal->most)
        db_wal_move(db, false);
}

void db_gathered(struct db *db)
{
    if (db->wal != NULL && db->wal->due >= DB_WAL_PAGES)
        db_wal_move(db, false);
}

void db_tidy(struct db *db)
{
    int64_t version = 0;

    if (db->wal == NULL || db->depth > 0)
        return;
    if (db_one_i64(db, "pragma data_version", -1, &version, NULL) != ERR_OK ||
        (version == db->wal->version && db->wal->due == 0))
        return;
    db_wal_move(db, true);
    if (db_one_i64(db, "pragma data_version", -1, &version, NULL) == ERR_OK)
        db->wal->version = version;
}

/* Where the write lock is not given in time SQLite checkpoints without it, which would meet the defect above. So after the
   wait the checkpoint is interrupted: it stops before any frame counts as moved. */
static int db_settle_busy(void *ctx, int times)
{
    if (times < DB_SETTLE_MS / DB_BUSY_STEP_MS) {
        (void)sqlite3_sleep(DB_BUSY_STEP_MS);
        return 1;
    }
    sqlite3_interrupt(ctx);
    return 0;
}

void db_settle(struct db *db)
{
    if (!db->blanked)
        return;
    (void)sqlite3_busy_handler(db->handle, db_settle_busy, db->handle);
    if (sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
        SQLITE_OK)
        db->blanked = false;
    (void)sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
}
