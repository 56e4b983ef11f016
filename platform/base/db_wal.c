#include "platform/base/db_wal.h"

#include <stdlib.h>

enum { DB_BUSY_STEP_MS = 10 };

struct db_wal {
    int pages; /* in the log after the last commit; 0 once they were moved */
    int most;
    int64_t version; /* of what others have committed, when db_tidy was here last */
};

static int db_wal_grew(void *ctx, sqlite3 *handle, const char *schema, int pages)
{
    struct db_wal *wal = ctx;

    (void)handle;
    (void)schema;
    wal->pages = pages;
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
    if (db->wal != NULL)
        db->wal->most = pages;
}

/* Moves the log into the file while nobody can write. Up to version 3.51.2 SQLite loses what was committed, seldom and without
   a word, where one connection begins a checkpoint just after another's has moved everything, and a third party's commit starts
   the log anew in that moment: frames of the new log then count as moved (its «WAL-reset bug»). Debian's is such a one, and a
   kiosk writes from two threads, a hub from three. A log is started anew by a writer only, so we keep them out: this connection
   holds the write lock, in which it cannot checkpoint itself, and another one does it. */
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
    db->wal->pages = 0;
    if (held == SQLITE_OK) {
        /* A connection that has not read yet has no log to move. What fails is done after a later commit. */
        if (sqlite3_open_v2(path, &mover, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
                SQLITE_OK &&
            sqlite3_exec(mover, "pragma schema_version", NULL, NULL, NULL) == SQLITE_OK)
            (void)sqlite3_wal_checkpoint_v2(mover, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        (void)sqlite3_close(mover);
    }
    /* Nothing was written. A lack of memory can let either fail and have begun all the same. */
    (void)sqlite3_exec(db->handle, "commit", NULL, NULL, NULL);
    if (sqlite3_get_autocommit(db->handle) == 0)
        (void)sqlite3_exec(db->handle, "rollback", NULL, NULL, NULL);
}

void db_wal_grown(struct db *db)
{
    if (db->wal != NULL && db->depth == 0 && db->wal->pages >= db->wal->most)
        db_wal_move(db, false);
}

void db_tidy(struct db *db)
{
    int64_t version = 0;

    if (db->wal == NULL || db->depth > 0)
        return;
    if (db_one_i64(db, "pragma data_version", -1, &version, NULL) != ERR_OK ||
        (version == db->wal->version && db->wal->pages == 0))
        return;
    db_wal_move(db, true);
    if (db_one_i64(db, "pragma data_version", -1, &version, NULL) == ERR_OK)
        db->wal->version = version;
}

/* SQLite goes on without the write lock where it did not get it in time, which db_wal_move tells why not to do: the
   interruption ends it before anything counts as moved. */
static int db_settle_busy(void *ctx, int times)
{
    if (times < DB_BUSY_MS / DB_BUSY_STEP_MS) {
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
