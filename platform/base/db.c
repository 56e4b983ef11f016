#include "platform/base/db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/db_wal.h"
#include "platform/base/str.h"

enum { DB_KEPT_MAX = 128 };

/* Statements by where their words stand, as most are literals and hashing a long one takes as long as running it, and else by the
   words' hash; the words themselves decide. One that runs is not lent again: a question asked inside another of the same words
   gets its own. */
struct db_kept {
    struct {
        sqlite3_stmt *stmt;
        uintptr_t from;      /* where the words stood; nothing may be there by now */
        uint64_t hash, used; /* used: the turn of its last run */
        bool busy;
    } rows[DB_KEPT_MAX];
    size_t count;
    uint64_t turn;
};

static enum err db_code(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ERR_OK;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ERR_INPUT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return ERR_DENIED;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    case SQLITE_CONSTRAINT:
        return ERR_CONFLICT;
    default:
        return ERR_IO;
    }
}

static enum err db_fail(struct db *db, struct why *why, const char *what)
{
    int rc = db->handle == NULL ? SQLITE_NOMEM : sqlite3_extended_errcode(db->handle);
    const char *text = db->handle == NULL ? "no memory" : sqlite3_errmsg(db->handle);
    enum err code = db_code(rc);
    /* Another thread has held the write lock for longer than DB_BUSY_MS: it builds the tables again after a fork. */
    if ((rc & 0xFF) == SQLITE_BUSY)
        return why_set(why, ERR_IO, 0,
                       "other work on the records takes long just now; nothing of this was "
                       "written: try again in a minute");
    int sys = 0;
    /* The errno says more than SQLite's sentence. A full disk is SQLITE_FULL for the database, but SQLITE_IOERR or
       SQLITE_CANTOPEN for the files beside it: only errno tells. */
    if (db->handle != NULL && ((rc & 0xFF) == SQLITE_IOERR || (rc & 0xFF) == SQLITE_CANTOPEN))
        sys = sqlite3_system_errno(db->handle);
    if (sys == ENOSPC || sys == EDQUOT)
        code = ERR_FULL;
    return why_set(why, code == ERR_OK ? ERR_IO : code, sys, "%s: %s", what, text);
}

/* page_size works only before the file has its first page; in an older file it changes nothing. */
#define DB_WRITES(sync)                                                                            \
    "pragma journal_mode = wal; pragma synchronous = " sync                                        \
    "; pragma foreign_keys = on; pragma trusted_schema = off"
static const char *db_pragmas(enum db_mode mode)
{
    switch (mode) {
    case DB_DURABLE:
        break;
    case DB_STREAM:
        return "pragma page_size = 8192; " DB_WRITES("full");
    case DB_CACHE:
        return DB_WRITES("normal");
    case DB_READ:
        return "pragma query_only = on; pragma foreign_keys = on";
    }
    return DB_WRITES("full");
}

enum err db_open(struct db *db, const char *path, enum db_mode mode, struct why *why)
{
    *db = (struct db){ .handle = NULL };
    int flags = mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int rc = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        enum err code = db_fail(db, why, path);
        db_close(db);
        return code;
    }
    (void)sqlite3_extended_result_codes(db->handle, 1);
    (void)sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    enum err code = db_exec(db, db_pragmas(mode), why);
    if (code == ERR_OK && mode != DB_READ && !db_wal_watch(db))
        code = why_set(why, ERR_NOMEM, 0, "no memory");
    if (code != ERR_OK) {
        db_close(db);
        return why_in(why, code, "%s", path);
    }
    return ERR_OK;
}

/* Those that run are finalized at their end. */
static void db_kept_drop(struct db *db)
{
    struct db_kept *k = db->kept;
    size_t left = 0;
    for (size_t i = 0; k != NULL && i < k->count; i++) {
        if (!k->rows[i].busy) {
            (void)sqlite3_finalize(k->rows[i].stmt);
            k->rows[i].stmt = NULL;
            k->rows[i].hash = 0;
        } else {
            left = i + 1;
        }
    }
    if (k != NULL)
        k->count = left;
}

void db_keep(struct db *db)
{
    static const char pages[] = "pragma cache_size = -16000"; /* KiB */
    /* Without room for either it goes on as before. */
    (void)sqlite3_exec(db->handle, pages, NULL, NULL, NULL);
    if (db->kept == NULL)
        db->kept = calloc(1, sizeof *db->kept);
}

void db_close(struct db *db)
{
    db_kept_drop(db);
    free(db->kept);
    (void)sqlite3_close_v2(db->handle);
    free(db->wal);
    *db = (struct db){ .handle = NULL };
}
/* A full disk or a lack of memory can make SQLite take the whole transaction back in the middle of a
   statement. Whoever overlooks that one error must not go on: every further statement would be a
   transaction of its own, and half a record would stay. */
static bool db_lost(const struct db *db)
{
    return db->depth > 0 && sqlite3_get_autocommit(db->handle) != 0;
}
/* The opposite: a rollback that failed for lack of memory leaves a transaction open that depth does not count. Whatever is
   written next would be part of it, be called saved, and be gone when the program ends. So it is rolled back before the next
   statement. All transactions begin by db_begin; no other can be meant. */
static void db_close_left(struct db *db)
{
    if (db->depth == 0 && sqlite3_get_autocommit(db->handle) == 0)
        (void)sqlite3_exec(db->handle, "rollback", NULL, NULL, NULL);
}
static enum err db_lost_fail(struct why *why)
{
    return why_set(why, ERR_IO, 0, "database: the transaction was taken back; nothing was written");
}
enum err db_exec(struct db *db, const char *sql, struct why *why)
{
    if (db_lost(db))
        return db_lost_fail(why);
    db_close_left(db);
    db_kept_drop(db);
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return db_fail(db, why, "database");
    return ERR_OK;
}

/* Begins and ends transactions: these words change no table. */
static enum err db_turn(struct db *db, const char *sql, struct why *why)
{
    if (db_lost(db))
        return db_lost_fail(why);
    struct db_stmt q = db_prepare(db, sql);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err db_begin(struct db *db, struct why *why)
{
    char sql[32];
    if (db->depth == 0)
        (void)str_copy(sql, sizeof sql, "begin immediate");
    else
        (void)snprintf(sql, sizeof sql, "savepoint s%d", db->depth);
    enum err rc = db_turn(db, sql, why);
    if (rc == ERR_OK)
        db->depth++;
    else if (db->depth == 0 && sqlite3_get_autocommit(db->handle) == 0)
        (void)sqlite3_exec(db->handle, "rollback", NULL, NULL,
                           NULL); /* it took effect all the same */
    return rc;
}

enum err db_commit(struct db *db, struct why *why)
{
    char sql[32];
    if (db->depth == 1)
        (void)str_copy(sql, sizeof sql, "commit");
    else
        (void)snprintf(sql, sizeof sql, "release s%d", db->depth - 1);
    enum err rc = db_turn(db, sql, why);
    if (rc == ERR_OK && db->depth == 1 && sqlite3_get_autocommit(db->handle) == 0)
        rc = why_set(why, ERR_IO, 0, "database: the transaction goes on behind its commit");
    if (rc != ERR_OK) {
        db_rollback(db);
        return rc;
    }
    db->depth--;
    db_wal_grown(db);
    return ERR_OK;
}

void db_rollback(struct db *db)
{
    if (db->depth == 0)
        return;
    char sql[64];
    if (db->depth == 1)
        (void)str_copy(sql, sizeof sql, "rollback");
    else
        (void)snprintf(sql, sizeof sql, "rollback to s%d; release s%d", db->depth - 1,
                       db->depth - 1);
    db->depth--;
    /* SQLite may have rolled back by itself (a full disk): then there is nothing to do. Where a savepoint cannot be rolled back
       the whole transaction is: else that part would be committed with the rest. */
    if (sqlite3_get_autocommit(db->handle) == 0 &&
        sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        (void)sqlite3_exec(db->handle, "rollback", NULL, NULL, NULL);
}

enum err db_finish(struct db *db, enum err rc, struct why *why)
{
    if (rc == ERR_OK)
        return db_commit(db, why);
    db_rollback(db);
    return rc;
}

static uint64_t db_hash(const char *sql)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *sql != '\0'; sql++)
        hash = (hash ^ (unsigned char)*sql) * UINT64_C(1099511628211);
    return hash;
}

static bool db_kept_lend_at(struct db_kept *k, size_t i, const char *sql, struct db_stmt *q)
{
    if (k->rows[i].busy || k->rows[i].stmt == NULL ||
        strcmp(sqlite3_sql(k->rows[i].stmt), sql) != 0)
        return false;
    k->rows[i].busy = true;
    k->rows[i].from = (uintptr_t)sql;
    q->stmt = k->rows[i].stmt;
    q->place = i + 1;
    return true;
}
/* An idle one of those words, lent. */
static bool db_kept_lend(struct db_kept *k, const char *sql, struct db_stmt *q)
{
    for (size_t i = 0; i < k->count; i++)
        if (k->rows[i].from == (uintptr_t)sql && db_kept_lend_at(k, i, sql, q))
            return true;

    const uint64_t hash = db_hash(sql);
    for (size_t i = 0; i < k->count; i++)
        if (k->rows[i].hash == hash && db_kept_lend_at(k, i, sql, q))
            return true;
    return false;
}

/* Takes a new one in, lent already, in a free place or in that of the one which has been idle for longest. */
static void db_kept_take(struct db_kept *k, const char *sql, struct db_stmt *q)
{
    size_t at = k->count < DB_KEPT_MAX ? k->count : DB_KEPT_MAX;

    for (size_t i = 0; i < k->count && k->count == DB_KEPT_MAX; i++)
        if (!k->rows[i].busy && (at == DB_KEPT_MAX || k->rows[i].used < k->rows[at].used))
            at = i;
    if (at == DB_KEPT_MAX)
        return;
    if (at == k->count)
        k->count++;
    (void)sqlite3_finalize(k->rows[at].stmt);
    k->rows[at].stmt = q->stmt;
    k->rows[at].from = (uintptr_t)sql;
    k->rows[at].hash = db_hash(sql);
    k->rows[at].busy = true;
    q->place = at + 1;
}

struct db_stmt db_prepare(struct db *db, const char *sql)
{
    struct db_stmt q = { .db = db };
    db_close_left(db);
    if (db->kept != NULL && db_kept_lend(db->kept, sql, &q))
        return q;
    if (sqlite3_prepare_v3(db->handle, sql, -1, db->kept == NULL ? 0 : SQLITE_PREPARE_PERSISTENT,
                           &q.stmt, NULL) != SQLITE_OK)
        q.rc = db_fail(db, &q.why, "database");
    else if (db->kept != NULL)
        db_kept_take(db->kept, sql, &q);
    return q;
}

static void db_bound(struct db_stmt *q, int rc)
{
    if (rc != SQLITE_OK && q->rc == ERR_OK)
        q->rc = db_fail(q->db, &q->why, "bind");
}

void db_bind_text(struct db_stmt *q, int at, const char *text)
{
    if (q->rc == ERR_OK)
        db_bound(q, text == NULL ? sqlite3_bind_null(q->stmt, at)
                                 : sqlite3_bind_text(q->stmt, at, text, -1, SQLITE_TRANSIENT));
}

void db_lend_text(struct db_stmt *q, int at, const char *text)
{
    if (q->rc == ERR_OK)
        db_bound(q, text == NULL ? sqlite3_bind_null(q->stmt, at)
                                 : sqlite3_bind_text(q->stmt, at, text, -1, SQLITE_STATIC));
}

void db_lend_chars(struct db_stmt *q, int at, const char *text, size_t len)
{
    if (q->rc == ERR_OK)
        db_bound(q, sqlite3_bind_text64(q->stmt, at, text, len, SQLITE_STATIC, SQLITE_UTF8));
}

void db_bind_blob(struct db_stmt *q, int at, const void *data, size_t len)
{
    if (q->rc == ERR_OK)
        db_bound(q, sqlite3_bind_blob64(q->stmt, at, len == 0 ? "" : data, len, SQLITE_TRANSIENT));
}

void db_bind_i64(struct db_stmt *q, int at, int64_t value)
{
    if (q->rc == ERR_OK)
        db_bound(q, sqlite3_bind_int64(q->stmt, at, value));
}

bool db_step(struct db_stmt *q)
{
    if (q->rc != ERR_OK)
        return false;
    if (db_lost(q->db)) {
        q->db->unread++;
        q->rc = db_lost_fail(&q->why);
        return false;
    }
    int rc = sqlite3_step(q->stmt);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE) {
        q->db->unread += sqlite3_stmt_readonly(q->stmt) != 0 ? 1 : 0;
        q->rc = db_fail(q->db, &q->why, "database");
    }
    return false;
}

void db_again(struct db_stmt *q)
{
    if (q->stmt == NULL)
        return;
    (void)sqlite3_reset(q->stmt);
    (void)sqlite3_clear_bindings(q->stmt);
}

const char *db_text(struct db_stmt *q, int col)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, col);
    return text == NULL ? "" : (const char *)text;
}

bool db_null(struct db_stmt *q, int col)
{
    return sqlite3_column_type(q->stmt, col) == SQLITE_NULL;
}

const void *db_blob(struct db_stmt *q, int col, size_t *out_len)
{
    const void *data = sqlite3_column_blob(q->stmt, col);
    *out_len = (size_t)sqlite3_column_bytes(q->stmt, col);
    return data == NULL ? "" : data;
}

int64_t db_i64(struct db_stmt *q, int col)
{
    return sqlite3_column_int64(q->stmt, col);
}

char *db_text_in(struct db_stmt *q, int col, struct arena *a)
{
    const char *text = db_text(q, col);
    char *copy = arena_strdup(a, text);
    if (copy == NULL && q->rc == ERR_OK)
        q->rc = why_set(&q->why, ERR_NOMEM, 0, "database: no memory for a row");
    /* Rows hold no NULLs; the statement's error tells. */
    static char none[1];
    return copy == NULL ? none : copy;
}

enum err db_end(struct db_stmt *q, struct why *why)
{
    if (q->place == 0 || q->stmt == NULL) {
        (void)sqlite3_finalize(q->stmt);
    } else {
        struct db_kept *k = q->db->kept;
        (void)sqlite3_reset(q->stmt);
        (void)sqlite3_clear_bindings(q->stmt);
        k->rows[q->place - 1].busy = false;
        k->rows[q->place - 1].used = ++k->turn;
    }
    q->stmt = NULL;
    if (q->rc != ERR_OK && why != NULL)
        *why = q->why;
    db_wal_grown(q->db);
    return q->rc;
}

enum err db_run(struct db *db, struct why *why, const char *sql, ...)
{
    struct db_stmt q = db_prepare(db, sql);
    int wanted = q.stmt == NULL ? 0 : sqlite3_bind_parameter_count(q.stmt);
    va_list args;
    va_start(args, sql);
    for (int i = 1; i <= wanted; i++)
        db_lend_text(&q, i, va_arg(args, const char *));
    va_end(args);
    while (db_step(&q)) {
    }
    return db_end(&q, why);
}

enum err db_one_i64(struct db *db, const char *sql, int64_t fallback, int64_t *out, struct why *why)
{
    struct db_stmt q = db_prepare(db, sql);
    int64_t value = fallback;
    if (db_step(&q) && !db_null(&q, 0))
        value = db_i64(&q, 0);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = value;
    return rc;
}
