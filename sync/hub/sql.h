/* The hub's SQL, over SQLite or PostgreSQL: what the hub does is written once, in the SQL that both understand, with
   parameters $1, $2 and so on. Three types: text, 64-bit integers, bytes; "ctext" in a schema is text that sorts by its
   bytes, "bytea" is bytes. One connection, for one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"

enum { SQL_PARAMS_MAX = 12, SQL_ROWS_MAX = 20000 };

struct sql;

/* Once, before anything is opened. */
void sql_init(void);
/* ERR_IO, ERR_DENIED, ERR_FULL, ERR_INPUT (not a database), as db_open. */
MUST_USE enum err sql_open_sqlite(const char *path, bool read_only, struct sql **out,
                                  struct why *why);
/* address: a connection URI as libpq has it. ERR_IO: no server there; ERR_DENIED: it does not let us in; ERR_INPUT: not
   an address, or a database that is not in UTF-8. Its password is in no error. */
MUST_USE enum err sql_open_pg(const char *address, struct sql **out, struct why *why);
void sql_close(struct sql *s); /* accepts NULL */

/* Whether other machines write to it too: then locks are taken and keys are rows. */
bool sql_shared(const struct sql *s);
/* The SQLite underneath; NULL on PostgreSQL. */
struct db *sql_db(struct sql *s);

/* Statements that return nothing, as a schema's; several at once. */
MUST_USE enum err sql_exec(struct sql *s, const char *text, struct why *why);
/* The number of the schema; 0: none. Setting it belongs in the transaction that made it so. */
MUST_USE enum err sql_version(struct sql *s, int64_t *out, struct why *why);
MUST_USE enum err sql_version_set(struct sql *s, int64_t version, struct why *why);

/* Transactions nest (savepoints). On SQLite the outermost is IMMEDIATE; on PostgreSQL it reads what is committed, and
   rows that must stand still are locked. A lost connection is made again by the next outermost begin or statement. */
MUST_USE enum err sql_begin(struct sql *s, struct why *why);
/* Commits on ERR_OK; else rolls back and gives rc, which why explains, back. */
MUST_USE enum err sql_finish(struct sql *s, enum err rc, struct why *why);
/* Whether the last failure passes by itself (a deadlock, a server that went away), so that the same transaction can be
   tried again; whether it had been committed is then not known. */
bool sql_passing(const struct sql *s);

/* What the engine puts off, done now and then by who has time for it: SQLite's log goes into its file, beside whoever
   writes. */
void sql_tidy(struct sql *s);

/* Holds the site's row until the transaction ends: numbers are given out under it. Does nothing on SQLite, where the
   one writer holds everything. */
MUST_USE enum err sql_lock_site(struct sql *s, const char *site, struct why *why);

/* A statement. The first failure stays in rc; later calls do nothing; sql_end tells. What was prepared is
   kept by the text's address.
       struct sql_stmt q = sql_prepare(s, "select a, b from t where c = $1");
       sql_bind_text(&q, 1, c);
       while (sql_step(&q))
           use(sql_text(&q, 0), sql_i64(&q, 1));
       rc = sql_end(&q, why);                        */
enum sql_type { SQL_I64 = 'i', SQL_TEXT = 't', SQL_BYTES = 'b' };
struct sql_value {
    const void *data;
    size_t len;
    int64_t i64;
};
struct sql_stmt {
    struct sql *sql;
    void *of; /* the driver's, as is at */
    int at;
    const char *text;
    enum err rc;
    struct why why;
    int64_t changed;
    bool wide;
    size_t param_count;
    struct {
        enum sql_type type;
        struct sql_value value;
    } params[SQL_PARAMS_MAX];
};
struct sql_stmt sql_prepare(struct sql *s, const char *text);
/* The answer may be larger than memory: it is fetched as it is stepped through, and nothing else can be asked on this
   connection before sql_end. */
struct sql_stmt sql_prepare_wide(struct sql *s, const char *text);
/* What is bound is borrowed until sql_end. */
void sql_bind_text(struct sql_stmt *q, size_t at, const char *text);
void sql_bind_bytes(struct sql_stmt *q, size_t at, const void *data, size_t len);
void sql_bind_i64(struct sql_stmt *q, size_t at, int64_t value);
bool sql_step(struct sql_stmt *q);                 /* true: a row is there */
const char *sql_text(struct sql_stmt *q, int col); /* borrowed until the next step; "" for NULL */
const void *sql_bytes(struct sql_stmt *q, int col, size_t *out_len); /* likewise */
int64_t sql_i64(struct sql_stmt *q, int col);                        /* 0 for NULL */
/* Copied into the arena; without memory the statement fails. */
const char *sql_text_in(struct sql_stmt *q, int col, struct arena *a);
MUST_USE enum err sql_end(struct sql_stmt *q, struct why *why);
/* The same for a statement that returns nothing: runs it, and says how many rows it changed. */
MUST_USE enum err sql_done(struct sql_stmt *q, int64_t *out_changed, struct why *why);
/* A statement with text parameters only, as many as there are before the NULL; returns nothing. */
MUST_USE enum err sql_run(struct sql *s, struct why *why, const char *text, ...);
/* One integer; fallback when there is no row or it is NULL. */
MUST_USE enum err sql_one_i64(struct sql *s, const char *text, int64_t fallback, int64_t *out,
                              struct why *why);

/* Many rows at once. values: row by row, as many as types has letters. Kept by the table's address. No key may stand
   twice among rows that a conflict updates. */
struct sql_table {
    const char *into;     /* "line(site, no)" */
    const char *types;    /* "ti" */
    const char *conflict; /* "", or what follows the values: "on conflict do nothing" */
};
MUST_USE enum err sql_rows(struct sql *s, const struct sql_table *t, const struct sql_value *values,
                           size_t rows, struct why *why);
