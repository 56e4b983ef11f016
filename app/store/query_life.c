#include "app/store/query.h"

/* Where things are and in what state: what is out, what is alive, the facts of an item. */

#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/order.h"
#include "app/store/project_rules.h"
#include "app/store/query_rows.h"

static enum err fact_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct fact *out = row;

    (void)why;
    *out = (struct fact){ .key = db_text_in(q, 0, a), .value = db_text_in(q, 1, a) };
    return ERR_OK;
}

enum err query_facts(struct store *s, const char *item, struct arena *a, struct fact **out,
                     size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the facts", sizeof(struct fact), QUERY_HISTORY_MAX,
                                       fact_read };
    /* Of each key the latest check's answer, else what the register says. */
    struct db_stmt q = db_prepare(
        &s->db, "select key, value from (select key, value, row_number() over (partition by key"
                " order by hlc desc, event desc) as place from (select f.key as key, f.value as"
                " value, f.hlc as hlc, f.event as event from check_fact f where f.item = ?1"
                " and exists (select 1 from check_counts n where n.event = f.event)"
                " union all select r.key, r.value, '', r.event from item_fact r join item i"
                " on i.event = r.event where i.id = ?1)) where place = 1 and value <> ''"
                " order by key");
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, item);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the facts of an item");
    *out = rows;
    return ERR_OK;
}

const char *fact_value(const struct fact *facts, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(facts[i].key, key))
            return facts[i].value;
    }
    return "";
}

static int out_compare(const void *left, const void *right)
{
    const struct custody_row *a = left;
    const struct custody_row *b = right;
    /* What has no time to be back by comes last. */
    int64_t a_ms = a->back_by_ms == 0 ? INT64_MAX : a->back_by_ms;
    int64_t b_ms = b->back_by_ms == 0 ? INT64_MAX : b->back_by_ms;

    if (a_ms != b_ms)
        return a_ms < b_ms ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return order_items(&a->item, &b->item);
}

enum err query_out(struct store *s, int64_t now_ms, struct arena *a, struct custody_row **out,
                   size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select " ITEM_COLUMNS ", o.custody, o.who, o.place, o.event, o.day, o.back_by_ms"
                " from item i cross join check_row o on o.rowid = " CHECK_LATEST(
                    "c.item = i.id and c.custody <> '' and not " CHECK_VOID(
                        "c") " and not " CHECK_CORRECTED("c"),
                    "?1") " where o.custody = 'out'");
    struct custody_row *rows = NULL;
    size_t cap = 0;
    size_t count = 0;
    int minutes = 0;
    enum err rc;

    db_bind_i64(&q, 1, caldate_london(now_ms, &minutes));
    while (count < QUERY_ITEMS_MAX && db_step(&q)) {
        struct custody_row *more = rows_grow(a, rows, count, &cap, sizeof *rows);
        struct custody_row *row;

        if (more == NULL)
            break;
        rows = more;
        row = &rows[count++];
        *row = (struct custody_row){
            .who = db_text_in(&q, ITEM_COLUMN_COUNT + 1, a),
            .place = db_text_in(&q, ITEM_COLUMN_COUNT + 2, a),
            .event = db_text_in(&q, ITEM_COLUMN_COUNT + 3, a),
            .day = (int32_t)db_i64(&q, ITEM_COLUMN_COUNT + 4),
            .back_by_ms = db_i64(&q, ITEM_COLUMN_COUNT + 5),
        };
        item_row(&q, 0, a, &row->item);
        row->late = row->back_by_ms != 0 && now_ms > row->back_by_ms;
    }
    rc = db_end(&q, why);
    /* A badge leaves a person's id in the record: the name is looked up where it is shown. */
    for (size_t i = 0; i < count && rc == ERR_OK && !a->failed; i++)
        rows[i].who = query_who(s, rows[i].who, a);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what is out");
    if (rc != ERR_OK)
        return why_in(why, rc, "list what is out");
    if (count > 1)
        qsort(rows, count, sizeof *rows, out_compare);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

static int life_compare(const void *left, const void *right)
{
    const struct life_row *a = left;
    const struct life_row *b = right;

    if (a->ended != b->ended)
        return a->ended ? 1 : -1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return order_items(&a->item, &b->item);
}

/* The stage in force, by the rule that judge.c keeps: the latest that passed. */
static void life_read(struct db_stmt *q, const char *ends, int32_t today, struct arena *a,
                      struct life_row *row)
{
    db_again(q);
    db_bind_text(q, 1, row->item.id);
    db_bind_i64(q, 2, today);
    if (!db_step(q))
        return;
    row->stage = db_text_in(q, 0, a);
    row->day = (int32_t)db_i64(q, 1);
    row->ended = str_eq(row->stage, ends);
}

enum err query_life(struct store *s, struct content *c, int32_t today, struct arena *a,
                    struct life_row **out, size_t *out_count, struct why *why)
{
    struct life_row *rows = NULL;
    struct item *items = NULL;
    size_t item_count = 0;
    size_t cap = 0;
    size_t count = 0;
    struct db_stmt q;
    enum err rc = query_items(s, "", a, &items, &item_count, why);

    if (rc != ERR_OK)
        return rc;
    q = db_prepare(
        &s->db,
        "select r.life, r.day from check_row r where r.rowid = " CHECK_LATEST(
            "c.item = ?1 and c.life <> '' and c.outcome in (1, 2) and " CHECK_COUNTS("c"), "?2"));

    for (size_t i = 0; i < item_count; i++) {
        const struct kind *kind = c == NULL ? NULL : content_kind(c, items[i].kind);
        struct life_row *more;

        if (kind == NULL || kind->ends[0] == '\0' || items[i].retired)
            continue;
        more = rows_grow(a, rows, count, &cap, sizeof *rows);
        if (more == NULL)
            break;
        rows = more;
        rows[count] = (struct life_row){ .item = items[i], .stage = "", .day = CALDATE_NONE };
        life_read(&q, kind->ends, today, a, &rows[count++]);
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the cultures");
    if (rc != ERR_OK)
        return why_in(why, rc, "list what is alive");
    if (count > 1)
        qsort(rows, count, sizeof *rows, life_compare);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}
