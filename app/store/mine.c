#include "app/store/mine.h"

#include <string.h>

#include "app/store/project.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

enum { MINE_BODY_MAX = 32 * 1024 };

/* ---- one row's fields as JSON ---- */

static bool mine_name_ok(const char *text, size_t max)
{
    return text != NULL && text[0] != '\0' && project_text_ok(text, max);
}

/* Lines of a longer note are its writer's; other control characters are nobody's. */
static bool mine_value_ok(const char *text)
{
    size_t len = strlen(text);

    if (len > MINE_VALUE_MAX || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
            return false;
    return true;
}

static enum err mine_check(const char *person, const struct mine_row *row, struct why *why)
{
    if (person == NULL || person[0] == '\0')
        return why_set(why, ERR_DENIED, 0, "nobody is signed in, and this is a person's own");
    if (!mine_name_ok(person, PROJECT_ID_MAX) || !mine_name_ok(row->kind, MINE_KIND_MAX) ||
        !mine_name_ok(row->key, MINE_KEY_MAX))
        return why_set(why, ERR_INPUT, 0, "a record of one's own needs a kind and a key");
    if (row->field_count > MINE_FIELDS_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d fields", MINE_FIELDS_MAX);
    for (size_t i = 0; i < row->field_count; i++)
        if (!mine_name_ok(row->fields[i].key, MINE_KIND_MAX) || row->fields[i].value == NULL ||
            !mine_value_ok(row->fields[i].value))
            return why_set(why, ERR_INPUT, 0, "%.40s is longer than %d bytes or is not text",
                           row->fields[i].key == NULL ? "a field" : row->fields[i].key,
                           MINE_VALUE_MAX);
    return ERR_OK;
}

static void mine_body(struct buf *body, const struct mine_row *row)
{
    struct json_out j;

    json_out_init(&j, body);
    json_out_object(&j, NULL);
    for (size_t i = 0; i < row->field_count; i++)
        json_out_str(&j, row->fields[i].key, row->fields[i].value);
    json_out_end_object(&j);
}

static enum err mine_fields(const char *body, struct arena *a, struct mine_row *out,
                            struct why *why)
{
    const struct json *root = NULL;
    enum err rc = json_parse(a, body, strlen(body), MINE_BODY_MAX, &root, why);
    struct fact *fields;

    if (rc != ERR_OK)
        return rc;
    fields = arena_array(a, root->len + 1, sizeof *fields);
    if (fields == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room to read");
    for (const struct json *node = root->first; node != NULL; node = node->next)
        if (node->type == JNODE_STRING)
            fields[out->field_count++] = (struct fact){ .key = node->key, .value = node->text };
    out->fields = fields;
    return ERR_OK;
}

const char *mine_value(const struct mine_row *row, const char *key)
{
    for (size_t i = 0; i < row->field_count; i++)
        if (str_eq(row->fields[i].key, key))
            return row->fields[i].value;
    return "";
}

/* ---- rows ---- */

static enum err mine_write(struct store *s, struct clock_now now, const char *person,
                           const struct mine_row *row, const char *body, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "insert into local_mine(person, kind, key, body, made_ms, changed_ms)"
                           " values (?1, ?2, ?3, ?4, ?5, ?5) on conflict (person, kind, key)"
                           " do update set body = excluded.body, changed_ms = excluded.changed_ms");

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, row->kind);
    db_bind_text(&q, 3, row->key);
    db_bind_text(&q, 4, body);
    db_bind_i64(&q, 5, now.wall_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err mine_room(struct store *s, const char *person, const struct mine_row *row,
                          struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select count(*) from local_mine where person = ?1"
                                          " and kind = ?2 and key <> ?3");
    int64_t have = 0;
    enum err rc;

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, row->kind);
    db_bind_text(&q, 3, row->key);
    if (db_step(&q))
        have = db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc == ERR_OK && have >= MINE_ROWS_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "more than %d records of one kind", MINE_ROWS_MAX);
    return rc;
}

enum err mine_put(struct store *s, struct clock_now now, const char *person,
                  const struct mine_row *row, struct why *why)
{
    struct buf body;
    enum err rc = mine_check(person, row, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "keep a record of one's own");
    buf_init(&body, MINE_BODY_MAX);
    mine_body(&body, row);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc == ERR_OK) {
        rc = mine_room(s, person, row, why);
        if (rc == ERR_OK)
            rc = mine_write(s, now, person, row, body.data, why);
        rc = db_finish(&s->db, rc, why);
    }
    buf_free(&body);
    return rc == ERR_OK ? rc : why_in(why, rc, "keep a record of one's own");
}

static enum err mine_read(struct db_stmt *q, struct arena *a, struct mine_row *out, struct why *why)
{
    *out = (struct mine_row){ .kind = db_text_in(q, 0, a),
                              .key = db_text_in(q, 1, a),
                              .made_ms = db_i64(q, 3),
                              .changed_ms = db_i64(q, 4) };
    return mine_fields(db_text(q, 2), a, out, why);
}

enum err mine_get(struct store *s, const char *person, const char *kind, const char *key,
                  struct arena *a, struct mine_row *out, bool *out_found, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select kind, key, body, made_ms, changed_ms from local_mine"
                           " where person = ?1 and kind = ?2 and key = ?3");
    struct mine_row row = { 0 };
    enum err read = ERR_OK;
    enum err rc;
    bool found;

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, kind);
    db_bind_text(&q, 3, key);
    found = db_step(&q);
    if (found)
        read = mine_read(&q, a, &row, why);
    rc = db_end(&q, read == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? read : rc;
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room to read");
    if (rc != ERR_OK)
        return why_in(why, rc, "read a record of one's own");
    *out_found = found;
    if (found)
        *out = row;
    return ERR_OK;
}

enum err mine_list(struct store *s, const char *person, const char *kind, struct arena *a,
                   struct mine_row **out, size_t *out_count, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select kind, key, body, made_ms, changed_ms from local_mine"
                           " where person = ?1 and kind = ?2 order by made_ms, key limit 500");
    struct mine_row *rows = arena_array(a, MINE_ROWS_MAX, sizeof *rows);
    enum err read = ERR_OK;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, kind);
    while (rows != NULL && count < MINE_ROWS_MAX && read == ERR_OK && db_step(&q))
        read = mine_read(&q, a, &rows[count++], why);
    rc = db_end(&q, read == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? read : rc;
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room to read");
    if (rc != ERR_OK)
        return why_in(why, rc, "list the records of one's own");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err mine_drop(struct store *s, const char *person, const char *kind, const char *key,
                   struct why *why)
{
    enum err rc =
        db_run(&s->db, why, "delete from local_mine where person = ?1 and kind = ?2 and key = ?3",
               person, kind, key, NULL);

    return rc == ERR_OK ? rc : why_in(why, rc, "take a record of one's own away");
}

/* What goes leaves a number and no more; both or neither. */
static enum err mine_erase_in(struct db *db, const char *person, const char *kind, struct why *why)
{
    enum err rc = db_run(db, why,
                         "insert into local_count(name, n) select 'erased.' || kind, count(*)"
                         " from local_mine where person = ?1 and (?2 is null or kind = ?2)"
                         " group by kind on conflict (name) do update set n = n + excluded.n",
                         person, kind, NULL);

    if (rc == ERR_OK)
        rc = db_run(db, why,
                    "delete from local_mine where person = ?1 and (?2 is null or kind = ?2)",
                    person, kind, NULL);
    return rc;
}

enum err mine_erase(struct store *s, const char *person, const char *kind, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = db_finish(&s->db, mine_erase_in(&s->db, person, kind, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "erase the records of one's own");
}

/* ---- a table for a spreadsheet ---- */

enum err mine_export(struct store *s, const char *person, const char *kind,
                     const char *const *columns, size_t column_count, struct arena *a,
                     const char **out, struct why *why)
{
    struct mine_row *rows = NULL;
    size_t count = 0;
    struct buf text;
    enum err rc = mine_list(s, person, kind, a, &rows, &count, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&text, (size_t)MINE_ROWS_MAX * MINE_BODY_MAX);
    for (size_t c = 0; c < column_count; c++) {
        buf_str(&text, c == 0 ? "" : ",");
        buf_csv(&text, columns[c]);
    }
    buf_str(&text, "\r\n");
    for (size_t i = 0; i < count; i++) {
        for (size_t c = 0; c < column_count; c++) {
            buf_str(&text, c == 0 ? "" : ",");
            buf_csv(&text, mine_value(&rows[i], columns[c]));
        }
        buf_str(&text, "\r\n");
    }
    rc = buf_done(&text, why);
    *out = rc == ERR_OK ? arena_strndup(a, text.data, text.len) : NULL;
    buf_free(&text);
    if (rc == ERR_OK && *out == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the table");
    return rc == ERR_OK ? rc : why_in(why, rc, "export the records of one's own");
}

/* ---- counts ---- */

enum err mine_count_add(struct store *s, const char *name, int more, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "insert into local_count(name, n) values (?1, ?2)"
                                          " on conflict (name) do update set n = n + ?2");
    enum err rc;

    db_bind_text(&q, 1, name);
    db_bind_i64(&q, 2, more);
    (void)db_step(&q);
    rc = db_end(&q, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "count");
}

enum err mine_count(struct store *s, const char *name, int64_t *out, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select n from local_count where name = ?1");
    int64_t n = 0;
    enum err rc;

    db_bind_text(&q, 1, name);
    if (db_step(&q))
        n = db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read a count");
    *out = n;
    return ERR_OK;
}
