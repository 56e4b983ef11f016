/* SQLite under sql.h, by platform/base/db. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/sql_driver.h"

enum { SQLITE_KEPT_MAX = 96, SQLITE_TEXT_MAX = 1024 };

struct sqlite_kept {
    const void *of; /* the text, or the table, that it was prepared for */
    sqlite3_stmt *stmt;
    bool busy;
};
struct sqlite {
    struct sql base;
    struct db db;
    struct sqlite_kept kept[SQLITE_KEPT_MAX];
    size_t kept_count;
};

static struct sqlite *sqlite_of(struct sql *s)
{
    return (struct sqlite *)s;
}

static void sqlite_close(struct sql *base)
{
    struct sqlite *s = sqlite_of(base);

    for (size_t i = 0; i < s->kept_count; i++)
        (void)sqlite3_finalize(s->kept[i].stmt);
    db_close(&s->db);
    free(s);
}

static struct db *sqlite_db(struct sql *s)
{
    return &sqlite_of(s)->db;
}

static enum err sqlite_exec(struct sql *s, const char *text, struct why *why)
{
    return db_exec(&sqlite_of(s)->db, text, why);
}

static enum err sqlite_version(struct sql *s, int64_t *out, struct why *why)
{
    return db_one_i64(&sqlite_of(s)->db, "pragma user_version", 0, out, why);
}

static enum err sqlite_version_set(struct sql *s, int64_t version, struct why *why)
{
    char text[48];

    (void)str_format(text, sizeof(text), "pragma user_version = %lld", (long long)version);
    return sqlite_exec(s, text, why);
}

static enum err sqlite_begin(struct sql *s, struct why *why)
{
    return db_begin(&sqlite_of(s)->db, why);
}

static enum err sqlite_commit(struct sql *s, struct why *why)
{
    return db_commit(&sqlite_of(s)->db, why);
}

static void sqlite_rollback(struct sql *s)
{
    db_rollback(&sqlite_of(s)->db);
}

static bool sqlite_passing(const struct sql *s)
{
    (void)s;
    return false;
}

/* After an erasure the whole log is moved and emptied; else as much as can be without waiting for a reader. */
static void sqlite_tidy(struct sql *s)
{
    db_settle(&sqlite_of(s)->db);
    db_tidy(&sqlite_of(s)->db);
}

static enum err sqlite_lock_site(struct sql *s, const char *site, struct why *why)
{
    (void)s;
    (void)site;
    (void)why;
    return ERR_OK;
}

/* A prepared statement that nobody steps through at the moment, made when there is none. One that the table has no room
   for belongs to its user. */
static sqlite3_stmt *sqlite_take(struct sqlite *s, const void *of, const char *text, enum err *rc,
                                 struct why *why)
{
    for (size_t i = 0; i < s->kept_count; i++)
        if (s->kept[i].of == of && !s->kept[i].busy &&
            strcmp(sqlite3_sql(s->kept[i].stmt), text) == 0) {
            s->kept[i].busy = true;
            return s->kept[i].stmt;
        }

    struct db_stmt q = db_prepare(&s->db, text);
    if (q.rc != ERR_OK) {
        *rc = db_end(&q, why);
        return NULL;
    }
    if (s->kept_count < SQLITE_KEPT_MAX)
        s->kept[s->kept_count++] = (struct sqlite_kept){ .of = of, .stmt = q.stmt, .busy = true };
    return q.stmt;
}

static void sqlite_give(struct sqlite *s, sqlite3_stmt *stmt)
{
    if (stmt == NULL)
        return;
    for (size_t i = 0; i < s->kept_count; i++)
        if (s->kept[i].stmt == stmt) {
            (void)sqlite3_reset(stmt);
            (void)sqlite3_clear_bindings(stmt);
            s->kept[i].busy = false;
            return;
        }
    (void)sqlite3_finalize(stmt);
}

/* What is bound stays where it is until the statement is given back, so nothing is copied. */
static int sqlite_bind(sqlite3_stmt *stmt, int at, enum sql_type type, const struct sql_value *v)
{
    switch (type) {
    case SQL_I64:
        return sqlite3_bind_int64(stmt, at, v->i64);
    case SQL_TEXT:
        return sqlite3_bind_text64(stmt, at, v->data, v->len, SQLITE_STATIC, SQLITE_UTF8);
    case SQL_BYTES:
        return sqlite3_bind_blob64(stmt, at, v->len == 0 ? "" : v->data, v->len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static enum err sqlite_not_bound(struct why *why)
{
    return why_set(why, ERR_NOMEM, 0, "database: no memory for a value");
}

/* SQLite takes $2 for a name and numbers names as they appear; ours are numbers. */
static void sqlite_bind_all(struct sql_stmt *q)
{
    char name[] = "$00";

    for (size_t i = 0; i < q->param_count && q->rc == ERR_OK; i++) {
        (void)str_format(name, sizeof(name), "$%zu", i + 1);
        int at = sqlite3_bind_parameter_index(q->of, name);
        assert(at > 0);
        if (sqlite_bind(q->of, at, q->params[i].type, &q->params[i].value) != SQLITE_OK)
            q->rc = sqlite_not_bound(&q->why);
    }
}

/* db's step: its care for a transaction that SQLite took back is wanted here too. */
static bool sqlite_step_stmt(struct sqlite *s, sqlite3_stmt *stmt, enum err *rc, struct why *why)
{
    struct db_stmt q = { .db = &s->db, .stmt = stmt };
    bool row = db_step(&q);

    if (q.rc != ERR_OK) {
        *rc = q.rc;
        if (why != NULL)
            *why = q.why;
    }
    return row;
}

static bool sqlite_step(struct sql_stmt *q)
{
    struct sqlite *s = sqlite_of(q->sql);

    if (q->of == NULL) {
        sqlite3_stmt *stmt = sqlite_take(s, q->text, q->text, &q->rc, &q->why);
        if (stmt == NULL)
            return false;
        q->of = stmt;
        sqlite_bind_all(q);
        if (q->rc != ERR_OK)
            return false;
    }
    bool row = sqlite_step_stmt(s, q->of, &q->rc, &q->why);
    if (!row && q->rc == ERR_OK)
        q->changed = sqlite3_changes64(s->db.handle);
    return row;
}

static const void *sqlite_get(struct sql_stmt *q, int col, size_t *out_len)
{
    sqlite3_stmt *stmt = q->of;
    const void *data = NULL;

    switch (sqlite3_column_type(stmt, col)) {
    case SQLITE_NULL:
        break;
    case SQLITE_BLOB:
        data = sqlite3_column_blob(stmt, col);
        data = data == NULL ? "" : data; /* one of no bytes */
        break;
    default:
        data = sqlite3_column_text(stmt, col);
        break;
    }
    *out_len = (size_t)sqlite3_column_bytes(stmt, col);
    return data;
}

static int64_t sqlite_get_i64(struct sql_stmt *q, int col)
{
    return sqlite3_column_int64(q->of, col);
}

static void sqlite_end(struct sql_stmt *q)
{
    sqlite_give(sqlite_of(q->sql), q->of);
    q->of = NULL;
}

static enum err sqlite_rows(struct sql *base, const struct sql_table *t,
                            const struct sql_value *values, size_t rows, struct why *why)
{
    struct sqlite *s = sqlite_of(base);
    const size_t columns = strlen(t->types);
    char text[SQLITE_TEXT_MAX];
    enum err rc = ERR_OK;

    (void)str_format(text, sizeof(text), "insert into %s values(", t->into);
    for (size_t c = 0; c < columns; c++) {
        size_t used = strlen(text);
        (void)str_format(text + used, sizeof(text) - used, "%s$%zu", c > 0 ? "," : "", c + 1);
    }
    size_t used = strlen(text);
    if (!str_format(text + used, sizeof(text) - used, ") %s", t->conflict))
        return why_set(why, ERR_LIMIT, 0, "database: the statement is too long");
    sqlite3_stmt *stmt = sqlite_take(s, t, text, &rc, why);
    if (stmt == NULL)
        return rc;
    for (size_t r = 0; r < rows && rc == ERR_OK; r++) {
        for (size_t c = 0; c < columns && rc == ERR_OK; c++)
            if (sqlite_bind(stmt, (int)c + 1, (enum sql_type)t->types[c],
                            &values[r * columns + c]) != SQLITE_OK)
                rc = sqlite_not_bound(why);
        while (rc == ERR_OK && sqlite_step_stmt(s, stmt, &rc, why))
            ;
        (void)sqlite3_reset(stmt);
    }
    sqlite_give(s, stmt);
    return rc;
}

static const struct sql_driver sqlite_driver = {
    .shared = false,
    .close = sqlite_close,
    .db = sqlite_db,
    .ctext = "text",
    .exec = sqlite_exec,
    .version = sqlite_version,
    .version_set = sqlite_version_set,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .passing = sqlite_passing,
    .tidy = sqlite_tidy,
    .lock_site = sqlite_lock_site,
    .step = sqlite_step,
    .get = sqlite_get,
    .get_i64 = sqlite_get_i64,
    .end = sqlite_end,
    .rows = sqlite_rows,
};

/* Its count of the memory in use costs a lock at each allocation, and nobody asks for it. */
void sql_init(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* sql_tidy moves the log into the file. The writer itself does so only after this many pages: 64 MiB at 8 KiB a page. */
enum { SQLITE_LOG_PAGES = 8000 };

enum err sql_open_sqlite(const char *path, bool read_only, struct sql **out, struct why *why)
{
    struct sqlite *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "database: no memory");

    s->base.driver = &sqlite_driver;
    enum err rc = db_open(&s->db, path, read_only ? DB_READ : DB_STREAM, why);
    s->db.blanked = !read_only; /* maybe, by one who was cut off */
    if (rc == ERR_OK && !read_only)
        db_gather(&s->db, SQLITE_LOG_PAGES);
    if (rc != ERR_OK) {
        sqlite_close(&s->base);
        return rc;
    }
    *out = &s->base;
    return ERR_OK;
}
