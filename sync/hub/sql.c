#include "sync/hub/sql.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/sql_driver.h"

enum { SQL_SCHEMA_MAX = 64 * 1024 };

void sql_close(struct sql *s)
{
    if (s != NULL)
        s->driver->close(s);
}

bool sql_shared(const struct sql *s)
{
    return s->driver->shared;
}

struct db *sql_db(struct sql *s)
{
    return s->driver->db(s);
}

enum err sql_exec(struct sql *s, const char *text, struct why *why)
{
    static const char word[] = "ctext";
    struct buf b;

    buf_init(&b, SQL_SCHEMA_MAX);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(text, word)) {
        buf_add(&b, text, (size_t)(at - text));
        buf_str(&b, s->driver->ctext);
        text = at + strlen(word);
    }
    buf_str(&b, text);
    enum err rc = buf_done(&b, why);
    if (rc == ERR_OK)
        rc = s->driver->exec(s, b.data, why);
    buf_free(&b);
    return rc;
}

enum err sql_version(struct sql *s, int64_t *out, struct why *why)
{
    return s->driver->version(s, out, why);
}

enum err sql_version_set(struct sql *s, int64_t version, struct why *why)
{
    return s->driver->version_set(s, version, why);
}

enum err sql_begin(struct sql *s, struct why *why)
{
    return s->driver->begin(s, why);
}

enum err sql_finish(struct sql *s, enum err rc, struct why *why)
{
    if (rc == ERR_OK)
        return s->driver->commit(s, why);
    s->driver->rollback(s);
    return rc;
}

bool sql_passing(const struct sql *s)
{
    return s->driver->passing(s);
}

void sql_tidy(struct sql *s)
{
    s->driver->tidy(s);
}

enum err sql_lock_site(struct sql *s, const char *site, struct why *why)
{
    return s->driver->lock_site(s, site, why);
}

struct sql_stmt sql_prepare(struct sql *s, const char *text)
{
    return (struct sql_stmt){ .sql = s, .text = text };
}

struct sql_stmt sql_prepare_wide(struct sql *s, const char *text)
{
    return (struct sql_stmt){ .sql = s, .text = text, .wide = true };
}

static void sql_bind(struct sql_stmt *q, size_t at, enum sql_type type, struct sql_value value)
{
    assert(at >= 1 && at <= SQL_PARAMS_MAX);
    q->params[at - 1].type = type;
    q->params[at - 1].value = value;
    if (at > q->param_count)
        q->param_count = at;
}

void sql_bind_text(struct sql_stmt *q, size_t at, const char *text)
{
    sql_bind(q, at, SQL_TEXT, (struct sql_value){ .data = text, .len = strlen(text) });
}

void sql_bind_bytes(struct sql_stmt *q, size_t at, const void *data, size_t len)
{
    sql_bind(q, at, SQL_BYTES, (struct sql_value){ .data = len == 0 ? "" : data, .len = len });
}

void sql_bind_i64(struct sql_stmt *q, size_t at, int64_t value)
{
    sql_bind(q, at, SQL_I64, (struct sql_value){ .i64 = value });
}

bool sql_step(struct sql_stmt *q)
{
    return q->rc == ERR_OK && q->sql->driver->step(q);
}

const char *sql_text(struct sql_stmt *q, int col)
{
    size_t len = 0;
    const char *text = q->sql->driver->get(q, col, &len);

    return text == NULL ? "" : text;
}

const void *sql_bytes(struct sql_stmt *q, int col, size_t *out_len)
{
    const void *data = q->sql->driver->get(q, col, out_len);

    if (data != NULL)
        return data;
    *out_len = 0;
    return "";
}

int64_t sql_i64(struct sql_stmt *q, int col)
{
    return q->sql->driver->get_i64(q, col);
}

const char *sql_text_in(struct sql_stmt *q, int col, struct arena *a)
{
    const char *copy = arena_strdup(a, sql_text(q, col));

    if (copy == NULL && q->rc == ERR_OK)
        q->rc = why_set(&q->why, ERR_NOMEM, 0, "database: no memory for a row");
    return copy == NULL ? "" : copy;
}

enum err sql_end(struct sql_stmt *q, struct why *why)
{
    q->sql->driver->end(q);
    if (q->rc != ERR_OK && why != NULL)
        *why = q->why;
    return q->rc;
}

enum err sql_done(struct sql_stmt *q, int64_t *out_changed, struct why *why)
{
    while (sql_step(q))
        ;
    enum err rc = sql_end(q, why);
    if (rc == ERR_OK && out_changed != NULL)
        *out_changed = q->changed;
    return rc;
}

enum err sql_run(struct sql *s, struct why *why, const char *text, ...)
{
    struct sql_stmt q = sql_prepare(s, text);
    va_list args;
    const char *param;

    va_start(args, text);
    for (size_t i = 1; (param = va_arg(args, const char *)) != NULL; i++)
        sql_bind_text(&q, i, param);
    va_end(args);
    return sql_done(&q, NULL, why);
}

enum err sql_one_i64(struct sql *s, const char *text, int64_t fallback, int64_t *out,
                     struct why *why)
{
    struct sql_stmt q = sql_prepare(s, text);
    int64_t value = fallback;
    size_t len;

    if (sql_step(&q) && q.sql->driver->get(&q, 0, &len) != NULL)
        value = sql_i64(&q, 0);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out = value;
    return rc;
}

enum err sql_rows(struct sql *s, const struct sql_table *t, const struct sql_value *values,
                  size_t rows, struct why *why)
{
    const size_t columns = strlen(t->types);
    enum err rc = ERR_OK;

    for (size_t at = 0; at < rows && rc == ERR_OK; at += SQL_ROWS_MAX)
        rc = s->driver->rows(s, t, values + at * columns,
                             rows - at < SQL_ROWS_MAX ? rows - at : SQL_ROWS_MAX, why);
    return rc;
}
