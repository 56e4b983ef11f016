/* SQLite: open with our pragmas, prepared statements with a sticky error, transactions, migrations.
   WAL, synchronous=FULL, foreign_keys, busy_timeout 5 s. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

struct db_kept; /* opaque */
struct db_wal;  /* opaque */
struct db {
    sqlite3 *handle;
    struct db_wal *wal;   /* its write-ahead log (db_wal.h); NULL: opened with DB_READ */
    int depth;            /* of nested transactions (savepoints) */
    struct db_kept *kept; /* statements that are ready to be run again; NULL: none are kept */
    bool blanked;         /* something was overwritten that must not stay anywhere: db_settle */
    unsigned unread;      /* how many statements that only read have failed */
};

enum db_mode {
    DB_DURABLE, /* WAL, FULL */
    DB_STREAM, /* the same, with pages of 8 KiB if it makes the file: for many rows a transaction */
    DB_CACHE,  /* can be rebuilt: WAL, NORMAL */
    DB_READ,
};

/* path ":memory:" is allowed. ERR_IO, ERR_DENIED (read-only place), ERR_FULL, ERR_INPUT (not a
   database). */
MUST_USE enum err db_open(struct db *db, const char *path, enum db_mode mode, struct why *why);
void db_close(struct db *db); /* accepts a zeroed one */
/* For a connection that lives long. From now on statements stay prepared after their end, for the
   next one of the same words: what is asked for each line or each item is understood once and not a
   thousand times. db_exec, which may change the tables, lets them go. */
void db_keep(struct db *db);

/* How many pages may gather in the write-ahead log before the next commit of this connection moves them into the file;
   DB_WAL_PAGES where it is not set. */
enum { DB_WAL_PAGES = 1000, DB_WAL_MOVE_MS = 50 };
void db_gather(struct db *db, int pages);
/* For who writes little beside another who writes much: counts only what this connection wrote, so that the other does the work. */
void db_gather_own(struct db *db);
/* For who writes much at a stretch: up to so many, as far as they are moved within DB_WAL_MOVE_MS by the clock at the pace of the
   last time, since nobody can write meanwhile; else DB_WAL_PAGES. */
void db_gather_upto(struct db *db, int pages);
/* At the end of such a stretch, outside of a transaction: moves the log where DB_WAL_PAGES have gathered. */
void db_gathered(struct db *db);
/* Outside of a transaction. Moves into the file what anybody has committed since the last call. Waits up to five seconds for
   a writer, keeps writers waiting while it works, and waits for no reader. What it could not move is moved later. */
void db_tidy(struct db *db);

/* Outside of a transaction. Where db->blanked is set: moves the whole write-ahead log into the file and empties it, as the log
   still holds what was overwritten. Waits up to a third of a second for readers and writers, while nobody can write; where that
   is not enough, blanked stays set and the next call tries again. */
void db_settle(struct db *db);

/* Runs statements that return nothing. */
MUST_USE enum err db_exec(struct db *db, const char *sql, struct why *why);

/* Transactions nest. db_commit returns the commit's error and rolls back then. */
MUST_USE enum err db_begin(struct db *db, struct why *why); /* IMMEDIATE at the outermost */
MUST_USE enum err db_commit(struct db *db, struct why *why);
void db_rollback(struct db *db);
/* Ends a transaction as its work went: commits on ERR_OK; else rolls back and gives rc, which why
   explains, back. */
MUST_USE enum err db_finish(struct db *db, enum err rc, struct why *why);

/* A statement. The first failure stays in rc; later calls do nothing; db_end tells.
       struct db_stmt q = db_prepare(db, "select a, b from t where c = ?1");
       db_bind_text(&q, 1, c);
       while (db_step(&q))
           use(db_text(&q, 0), db_i64(&q, 1));
       rc = db_end(&q, why);                        */
struct db_stmt {
    struct db *db;
    sqlite3_stmt *stmt;
    enum err rc;
    struct why why;
    size_t place; /* from 1, among those kept; 0: not kept */
};
struct db_stmt db_prepare(struct db *db, const char *sql);
void db_bind_text(struct db_stmt *q, int at, const char *text); /* NULL binds NULL; copied */
/* Borrowed until db_end or db_again: it must neither change nor go away before. NULL binds NULL. */
void db_lend_text(struct db_stmt *q, int at, const char *text);
void db_lend_chars(struct db_stmt *q, int at, const char *text,
                   size_t len); /* need not end in NUL */
void db_bind_blob(struct db_stmt *q, int at, const void *data, size_t len); /* copied */
void db_bind_i64(struct db_stmt *q, int at, int64_t value);
bool db_step(struct db_stmt *q);                 /* true: a row is there */
void db_again(struct db_stmt *q);                /* reset for another run; bindings cleared */
const char *db_text(struct db_stmt *q, int col); /* borrowed until the next step; "" for NULL */
bool db_null(struct db_stmt *q, int col);
const void *db_blob(struct db_stmt *q, int col, size_t *out_len);
int64_t db_i64(struct db_stmt *q, int col);
char *db_text_in(struct db_stmt *q, int col, struct arena *a); /* copied into the arena */
MUST_USE enum err db_end(struct db_stmt *q, struct why *why);  /* lets it go */

/* One statement that returns nothing. As many text arguments as the statement has parameters; a
   NULL one binds NULL. */
MUST_USE enum err db_run(struct db *db, struct why *why, const char *sql, ...);
/* One integer; fallback when there is no row or it is NULL. */
MUST_USE enum err db_one_i64(struct db *db, const char *sql, int64_t fallback, int64_t *out,
                             struct why *why);
