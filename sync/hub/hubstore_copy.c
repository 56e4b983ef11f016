#include "sync/hub/hubstore_copy.h"

#include <string.h>
#include <unistd.h>

#include "platform/base/str.h"

enum {
    COPY_TABLES_MAX = 64,
    COPY_TEXT_MAX = 700, /* of a statement; the engines' own is a little more */
    COPY_ROWS = 500,     /* written at once, or fewer of so many bytes */
    COPY_BYTES = 4 * 1024 * 1024,
    COPY_ARENA = 64 * 1024 * 1024,
};

const char hubstore_one_file[] = "pragma journal_mode = delete";

struct copy_table {
    char name[64];
    char into[COPY_TEXT_MAX];   /* "t(a, b)" */
    char select[COPY_TEXT_MAX]; /* "select a, b from t" */
    char types[SQL_PARAMS_MAX + 1];
};
struct copy_tables {
    struct copy_table all[COPY_TABLES_MAX];
    size_t count;
};

/* ---- which there are ---- */

static const char copy_pg[] =
    "select cast(c.table_name as text), cast(c.column_name as text), cast(c.data_type as text)"
    " from information_schema.columns c join information_schema.tables t"
    " on t.table_schema = c.table_schema and t.table_name = c.table_name"
    " where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'"
    " and c.table_name <> 'meta' order by 1, c.ordinal_position";
static const char copy_sqlite[] =
    "select m.name, c.name, lower(c.type) from sqlite_master m, pragma_table_info(m.name) c"
    " where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' order by m.name, c.cid";

/* Values come in three types, none of them null: sql.h. */
static char copy_type(const char *declared)
{
    static const struct {
        const char *name;
        char type;
    } types[] = {
        { "bigint", SQL_I64 }, { "text", SQL_TEXT }, { "bytea", SQL_BYTES }, { "integer", SQL_I64 }
    };

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i].name, declared) == 0)
            return types[i].type;
    return '\0';
}

static bool copy_append(char *to, const char *a, const char *b)
{
    size_t used = strlen(to);

    return str_format(to + used, COPY_TEXT_MAX - used, "%s%s", a, b);
}

static enum err copy_column(struct copy_tables *t, const char *table, const char *column,
                            const char *declared, struct why *why)
{
    struct copy_table *of = t->count > 0 ? &t->all[t->count - 1] : NULL;
    bool fits = true;

    if (of == NULL || strcmp(of->name, table) != 0) {
        if (t->count == COPY_TABLES_MAX)
            return why_set(why, ERR_LIMIT, 0, "there are more than %d tables", COPY_TABLES_MAX);
        of = &t->all[t->count++];
        *of = (struct copy_table){ .name = "" };
        fits = str_copy(of->name, sizeof(of->name), table) && copy_append(of->into, table, "(") &&
               copy_append(of->into, column, "") && copy_append(of->select, "select ", column);
    } else {
        fits = copy_append(of->into, ", ", column) && copy_append(of->select, ", ", column);
    }
    size_t columns = strlen(of->types);
    char type = copy_type(declared);
    if (!fits || columns == SQL_PARAMS_MAX || type == '\0')
        return why_set(why, ERR_LIMIT, 0, "table %s, column %s: cannot be copied", table, column);
    of->types[columns] = type;
    return ERR_OK;
}

static enum err copy_list(struct sql *from, struct copy_tables *t, struct why *why)
{
    struct sql_stmt q = sql_prepare(from, sql_shared(from) ? copy_pg : copy_sqlite);
    enum err rc = ERR_OK;

    t->count = 0;
    while (rc == ERR_OK && sql_step(&q))
        rc = copy_column(t, sql_text(&q, 0), sql_text(&q, 1), sql_text(&q, 2), why);
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? ended : rc;
    for (size_t i = 0; i < t->count && rc == ERR_OK; i++)
        if (!copy_append(t->all[i].into, ")", "") ||
            !copy_append(t->all[i].select, " from ", t->all[i].name))
            rc = why_set(why, ERR_LIMIT, 0, "table %s has too many columns", t->all[i].name);
    return rc;
}

/* ---- rows ---- */

struct copy {
    struct sql *to;
    const struct copy_table *of;
    struct sql_table table;
    struct arena *a;
    struct sql_value *values;
    size_t rows, bytes;
    int64_t all;
};

static enum err copy_flush(struct copy *c, struct why *why)
{
    enum err rc = c->rows > 0 ? sql_rows(c->to, &c->table, c->values, c->rows, why) : ERR_OK;

    c->all += (int64_t)c->rows;
    c->rows = c->bytes = 0;
    arena_reset(c->a);
    c->values = arena_array(c->a, (size_t)COPY_ROWS * strlen(c->of->types), sizeof(*c->values));
    if (rc == ERR_OK && c->values == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for rows");
    return rc;
}

static enum err copy_row(struct copy *c, struct sql_stmt *q, struct why *why)
{
    const size_t columns = strlen(c->of->types);

    for (size_t i = 0; i < columns; i++) {
        struct sql_value *v = &c->values[c->rows * columns + i];
        size_t len = 0;
        *v = (struct sql_value){ .data = "" };
        if (c->of->types[i] == SQL_I64) {
            v->i64 = sql_i64(q, (int)i);
            continue;
        }
        const void *data = sql_bytes(q, (int)i, &len);
        v->data = arena_strndup(c->a, data, len);
        v->len = len;
        c->bytes += len;
        if (v->data == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory for a row");
    }
    c->rows++;
    return c->rows == COPY_ROWS || c->bytes >= COPY_BYTES ? copy_flush(c, why) : ERR_OK;
}

static enum err copy_counted(struct sql *to, const struct copy_table *t, int64_t rows,
                             struct why *why)
{
    char text[128];
    int64_t there = 0;

    (void)str_format(text, sizeof(text), "select count(*) from %s", t->name);
    enum err rc = sql_one_i64(to, text, 0, &there, why);
    if (rc == ERR_OK && there != rows)
        rc = why_set(why, ERR_CONFLICT, 0, "%lld rows stand there instead of %lld",
                     (long long)there, (long long)rows);
    return rc;
}

static enum err copy_table(struct sql *from, struct sql *to, const struct copy_table *t,
                           struct arena *a, struct why *why)
{
    struct copy c = {
        .to = to,
        .of = t,
        .table = { .into = t->into, .types = t->types, .conflict = "" },
        .a = a,
    };
    struct sql_stmt q = sql_prepare_wide(from, t->select);
    enum err rc = copy_flush(&c, why);

    while (rc == ERR_OK && sql_step(&q))
        rc = copy_row(&c, &q, why);
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? ended : rc;
    if (rc == ERR_OK)
        rc = copy_flush(&c, why);
    if (rc == ERR_OK)
        rc = copy_counted(to, t, c.all, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "table %s", t->name);
}

enum err hubstore_copy(struct sql *from, struct sql *to, struct why *why)
{
    struct arena lists;
    struct arena rows;

    arena_init(&lists, sizeof(struct copy_tables) + 4096);
    arena_init(&rows, COPY_ARENA);
    struct copy_tables *t = arena_alloc(&lists, sizeof(*t));
    enum err rc = t != NULL ? copy_list(from, t, why)
                            : why_set(why, ERR_NOMEM, 0, "copy the tables: no memory");
    for (size_t i = 0; t != NULL && i < t->count && rc == ERR_OK; i++)
        rc = copy_table(from, to, &t->all[i], &rows, why);
    arena_done(&rows);
    arena_done(&lists);
    return rc;
}

/* ---- tables, files ---- */

enum err hubstore_copy_tables(struct sql *to, struct why *why)
{
    enum err rc = sql_exec(to, hubstore_schema, why);

    if (rc == ERR_OK && sql_shared(to))
        rc = sql_exec(to, hubstore_schema_shared, why);
    for (size_t i = 0; i < HUBSTORE_VERSION - HUBSTORE_BASE && rc == ERR_OK; i++)
        rc = sql_exec(to, hubstore_steps[i], why);
    return rc == ERR_OK ? sql_version_set(to, HUBSTORE_VERSION, why) : rc;
}

/* By SQLite's own copier: the file as it is, whatever version wrote it, without a word written to the one it comes from. */
enum err hubstore_copy_file(const char *from, const char *to, struct why *why)
{
    struct db source = { .handle = NULL };
    struct db target = { .handle = NULL };
    enum err rc = db_open(&source, from, DB_READ, why);

    if (rc == ERR_OK)
        rc = db_open(&target, to, DB_DURABLE, why);
    /* The backup gives the copy the source's page size. SQLite can change that only in a file without a write-ahead log. */
    if (rc == ERR_OK)
        rc = db_exec(&target, "pragma journal_mode = delete", why);
    if (rc == ERR_OK) {
        sqlite3_backup *b = sqlite3_backup_init(target.handle, "main", source.handle, "main");
        int step = b != NULL ? sqlite3_backup_step(b, -1) : SQLITE_NOMEM;
        int end = b != NULL ? sqlite3_backup_finish(b) : SQLITE_NOMEM;
        if (step != SQLITE_DONE || end != SQLITE_OK)
            rc = why_set(why, (step & 0xFF) == SQLITE_FULL ? ERR_FULL : ERR_IO, 0, "copy %s: %s",
                         from, sqlite3_errstr(step != SQLITE_DONE ? step : end));
    }
    db_close(&source);
    db_close(&target);
    return rc;
}

void hubstore_file_clear(const char *path)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
    char name[FS_PATH_MAX];

    for (size_t i = 0; i < COUNT_OF(tails); i++)
        if (str_format(name, sizeof(name), "%s%s", path, tails[i]))
            (void)unlink(name);
}
