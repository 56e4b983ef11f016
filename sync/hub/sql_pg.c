/* PostgreSQL under sql.h, by libpq. Everything travels in binary: integers as eight bytes, texts and bytes as they are,
   many rows as one array a column. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/sql_pg.h"

enum {
    PG_TEXT_MAX = 1024,
    PG_NAME = 12,
    PG_ARRAY_MAX = 256 * 1024 * 1024, /* bytes of a column of many rows */
    PG_OID_BYTES = 17,
    PG_OID_I64 = 20,
    PG_OID_TEXT = 25,
};

static struct pg *pg_of(struct sql *s)
{
    return (struct pg *)s;
}

static struct db *pg_db(struct sql *s)
{
    (void)s;
    return NULL;
}

static unsigned pg_oid(enum sql_type type)
{
    switch (type) {
    case SQL_I64:
        return PG_OID_I64;
    case SQL_TEXT:
        return PG_OID_TEXT;
    case SQL_BYTES:
        return PG_OID_BYTES;
    }
    return 0;
}

static void pg_put(uint8_t *out, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

/* FNV-1a. */
static uint64_t pg_hash(const char *text)
{
    uint64_t h = 14695981039346656037U;

    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211U;
    return h;
}

/* Prepared under its number in the table; beyond what that holds, under no name. */
static enum err pg_prepare(struct pg *s, const void *of, const char *text, const Oid *types,
                           size_t count, char name[PG_NAME], struct why *why)
{
    const struct pg_kept kept = { .of = of, .text = pg_hash(text) };
    size_t at = 0;

    while (at < s->kept_count && (s->kept[at].of != of || s->kept[at].text != kept.text))
        at++;
    name[0] = '\0';
    if (at < PG_KEPT_MAX)
        (void)str_format(name, PG_NAME, "s%zu", at);
    if (at < s->kept_count)
        return ERR_OK;
    PGresult *r = PQprepare(s->conn, name, text, (int)count, types);
    enum err rc = PQresultStatus(r) == PGRES_COMMAND_OK ? ERR_OK : pg_fail(s, r, why);
    PQclear(r);
    if (rc == ERR_OK && at < PG_KEPT_MAX)
        s->kept[s->kept_count++] = kept;
    return rc;
}

struct pg_params {
    uint8_t i64[SQL_PARAMS_MAX][8];
    const char *values[SQL_PARAMS_MAX];
    int lengths[SQL_PARAMS_MAX], formats[SQL_PARAMS_MAX];
    Oid types[SQL_PARAMS_MAX];
};

static void pg_params(const struct sql_stmt *q, struct pg_params *p)
{
    for (size_t i = 0; i < q->param_count; i++) {
        const struct sql_value *v = &q->params[i].value;
        p->types[i] = pg_oid(q->params[i].type);
        p->formats[i] = 1;
        p->values[i] = v->data;
        p->lengths[i] = (int)v->len;
        if (q->params[i].type != SQL_I64)
            continue;
        pg_put(p->i64[i], 8, (uint64_t)v->i64);
        p->values[i] = (const char *)p->i64[i];
        p->lengths[i] = 8;
    }
}

static enum err pg_run(struct pg *s, struct sql_stmt *q, struct why *why)
{
    struct pg_params p;
    char name[PG_NAME];
    const int count = (int)q->param_count;

    pg_params(q, &p);
    enum err rc = pg_prepare(s, q->text, q->text, p.types, q->param_count, name, why);
    if (rc != ERR_OK)
        return rc;
    if (!q->wide) {
        q->of = PQexecPrepared(s->conn, name, count, p.values, p.lengths, p.formats, 1);
    } else {
        if (PQsendQueryPrepared(s->conn, name, count, p.values, p.lengths, p.formats, 1) != 1 ||
            PQsetSingleRowMode(s->conn) != 1)
            return pg_fail(s, NULL, why);
        q->of = PQgetResult(s->conn);
    }
    ExecStatusType status = PQresultStatus(q->of);
    if (status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE && status != PGRES_COMMAND_OK) {
        rc = pg_fail(s, q->of, why);
        PQclear(q->of);
        q->of = NULL;
    }
    return rc;
}

/* Outside a transaction a statement is asked once more on a new connection: everything that writes is in one. */
static bool pg_first(struct pg *s, struct sql_stmt *q)
{
    bool alone = s->depth == 0;

    if (alone) {
        s->passing = false;
        q->rc = pg_alive(s, &q->why);
    }
    if (q->rc == ERR_OK)
        q->rc = pg_run(s, q, &q->why);
    if (q->rc != ERR_OK && alone && PQstatus(s->conn) != CONNECTION_OK &&
        s->again_ms <= clock_mono_ms()) {
        q->rc = pg_alive(s, &q->why);
        if (q->rc == ERR_OK)
            q->rc = pg_run(s, q, &q->why);
    }
    q->at = -1;
    return q->rc == ERR_OK;
}

static bool pg_step_wide(struct pg *s, struct sql_stmt *q)
{
    if (q->at >= 0) {
        PQclear(q->of);
        q->of = PQgetResult(s->conn);
    }
    q->at = 0;
    ExecStatusType status = PQresultStatus(q->of);
    if (status == PGRES_SINGLE_TUPLE)
        return true;
    if (status != PGRES_TUPLES_OK)
        q->rc = pg_fail(s, q->of, &q->why);
    return false;
}

static bool pg_step(struct sql_stmt *q)
{
    struct pg *s = pg_of(q->sql);

    if (q->of == NULL && !pg_first(s, q))
        return false;
    if (q->wide)
        return pg_step_wide(s, q);
    if (q->at + 1 < PQntuples(q->of)) {
        q->at++;
        return true;
    }
    int64_t changed = 0;
    if (str_to_i64(PQcmdTuples(q->of), &changed))
        q->changed = changed;
    return false;
}

static const void *pg_get(struct sql_stmt *q, int col, size_t *out_len)
{
    if (PQgetisnull(q->of, q->at, col))
        return NULL;
    *out_len = (size_t)PQgetlength(q->of, q->at, col);
    return PQgetvalue(q->of, q->at, col);
}

static int64_t pg_get_i64(struct sql_stmt *q, int col)
{
    size_t len = 0;
    const uint8_t *bytes = pg_get(q, col, &len);
    uint64_t value = 0;

    if (bytes == NULL || len > 8)
        return 0;
    if (len > 0 && len < 8 && bytes[0] >= 0x80)
        value = UINT64_MAX; /* a shorter one below zero */
    for (size_t i = 0; i < len; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

/* One that was left in the middle is told to stop, so that the connection is free. */
static void pg_end(struct sql_stmt *q)
{
    struct pg *s = pg_of(q->sql);
    char ignored[64];

    if (q->of != NULL && q->wide) {
        if (PQresultStatus(q->of) == PGRES_SINGLE_TUPLE) {
            PGcancel *cancel = PQgetCancel(s->conn);
            (void)PQcancel(cancel, ignored, sizeof(ignored));
            PQfreeCancel(cancel);
        }
        for (PGresult *r = PQgetResult(s->conn); r != NULL; r = PQgetResult(s->conn))
            PQclear(r);
    }
    PQclear(q->of);
    q->of = NULL;
}

static void pg_tidy(struct sql *s)
{
    (void)s; /* the server has its own who do it */
}

static enum err pg_lock_site(struct sql *s, const char *site, struct why *why)
{
    return sql_run(s, why, "select 1 from site where id = $1 for update", site, NULL);
}

/* ---- many rows ---- */

static void pg_put_i32(struct buf *b, uint64_t value)
{
    uint8_t bytes[4];

    pg_put(bytes, sizeof(bytes), value);
    buf_add(b, bytes, sizeof(bytes));
}

/* The column as an array of one dimension, as the server reads it. */
static void pg_array(struct buf *b, enum sql_type type, const struct sql_value *values,
                     size_t columns, size_t rows)
{
    uint8_t i64[8];

    pg_put_i32(b, 1);
    pg_put_i32(b, 0);
    pg_put_i32(b, pg_oid(type));
    pg_put_i32(b, rows);
    pg_put_i32(b, 1);
    for (size_t r = 0; r < rows; r++) {
        const struct sql_value *v = &values[r * columns];
        if (type == SQL_I64) {
            pg_put(i64, sizeof(i64), (uint64_t)v->i64);
            pg_put_i32(b, sizeof(i64));
            buf_add(b, i64, sizeof(i64));
        } else {
            pg_put_i32(b, v->len);
            buf_add(b, v->data, v->len);
        }
    }
}

static bool pg_rows_text(char *out, size_t size, const struct sql_table *t)
{
    size_t columns = strlen(t->types);
    bool fits = str_format(out, size, "insert into %s select * from unnest(", t->into);

    for (size_t c = 0; c < columns && fits; c++) {
        size_t used = strlen(out);
        const char *type = t->types[c] == SQL_I64    ? "bigint"
                           : t->types[c] == SQL_TEXT ? "text"
                                                     : "bytea";
        fits = str_format(out + used, size - used, "%s$%zu::%s[]", c > 0 ? "," : "", c + 1, type);
    }
    size_t used = strlen(out);
    return fits && str_format(out + used, size - used, ") %s", t->conflict);
}

static enum err pg_rows(struct sql *base, const struct sql_table *t, const struct sql_value *values,
                        size_t rows, struct why *why)
{
    struct pg *s = pg_of(base);
    const size_t columns = strlen(t->types);
    struct buf arrays[SQL_PARAMS_MAX];
    const char *params[SQL_PARAMS_MAX];
    int lengths[SQL_PARAMS_MAX], formats[SQL_PARAMS_MAX];
    char text[PG_TEXT_MAX];
    char name[PG_NAME];
    enum err rc = ERR_OK;

    assert(columns <= SQL_PARAMS_MAX && s->depth > 0);
    if (!pg_rows_text(text, sizeof(text), t))
        return why_set(why, ERR_LIMIT, 0, "database: the statement is too long");
    for (size_t c = 0; c < columns; c++) {
        buf_init(&arrays[c], PG_ARRAY_MAX);
        pg_array(&arrays[c], (enum sql_type)t->types[c], values + c, columns, rows);
        params[c] = arrays[c].data;
        lengths[c] = (int)arrays[c].len;
        formats[c] = 1;
        if (rc == ERR_OK)
            rc = buf_done(&arrays[c], why);
    }
    if (rc == ERR_OK)
        rc = pg_prepare(s, t, text, NULL, 0, name, why);
    if (rc == ERR_OK) {
        PGresult *r = PQexecPrepared(s->conn, name, (int)columns, params, lengths, formats, 1);
        if (PQresultStatus(r) != PGRES_COMMAND_OK)
            rc = pg_fail(s, r, why);
        PQclear(r);
    }
    for (size_t c = 0; c < columns; c++)
        buf_free(&arrays[c]);
    return rc;
}

/* ---- the schema's number ---- */

static enum err pg_version(struct sql *s, int64_t *out, struct why *why)
{
    int64_t there = 0;
    enum err rc = sql_one_i64(s,
                              "select count(*) from information_schema.tables"
                              " where table_schema = current_schema() and table_name = 'meta'",
                              0, &there, why);

    if (rc != ERR_OK || there == 0) {
        if (rc == ERR_OK)
            *out = 0;
        return rc;
    }
    return sql_one_i64(s, "select value from meta where key = 'version'", 0, out, why);
}

static enum err pg_version_set(struct sql *s, int64_t version, struct why *why)
{
    enum err rc = pg_exec(s,
                          "create table if not exists meta(key text primary key,"
                          " value bigint not null)",
                          why);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q = sql_prepare(s, "insert into meta(key, value) values('version', $1)"
                                       " on conflict(key) do update set value = excluded.value");
    sql_bind_i64(&q, 1, version);
    return sql_done(&q, NULL, why);
}

static const struct sql_driver pg_driver = {
    .shared = true,
    .close = pg_close,
    .db = pg_db,
    .ctext = "text collate \"C\"",
    .exec = pg_exec,
    .version = pg_version,
    .version_set = pg_version_set,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .passing = pg_passing,
    .tidy = pg_tidy,
    .lock_site = pg_lock_site,
    .step = pg_step,
    .get = pg_get,
    .get_i64 = pg_get_i64,
    .end = pg_end,
    .rows = pg_rows,
};

enum err sql_open_pg(const char *address, struct sql **out, struct why *why)
{
    struct pg *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "database: no memory");

    s->base.driver = &pg_driver;
    enum err rc = pg_connect(s, address, why);
    if (rc != ERR_OK) {
        pg_close(&s->base);
        return rc;
    }
    *out = &s->base;
    return ERR_OK;
}
