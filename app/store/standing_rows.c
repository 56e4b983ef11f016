#include "app/store/standing_rows.h"

#include <string.h>

#include "app/store/query_rows.h"

/* Rows of some hundred bytes: a dozen checks of each of 5000 items, and as much again. */
enum { STANDING_BYTES_MAX = 32 * 1024 * 1024 };

/* Of all and of one: the same words, but for what names the one. ?2: the day that is asked for. */
#define STANDING_WORDS(select, key, only)                                                          \
    {                                                                                              \
        select " where " only " order by " key, select " where " key " = ?1 and " only             \
    }
static const struct {
    const char *all, *one;
} standing_words[STANDING_LISTS] = {
    [STANDING_LAST] = STANDING_WORDS(
        "select item, form, interval, '', day, next_due from check_last", "item", "true"),
    /* Nearly all were closed long ago, so that few of years are looked at by the day. */
    [STANDING_FAILS] = { "select distinct item, '', '', '', 0, 0 from check_fail indexed by"
                         " check_fail_shut where shut > ?2 + 1 order by item",
                         "select item, '', '', '', 0, 0 from check_fail where item = ?1"
                         " and shut > ?2 + 1 limit 1" },
    [STANDING_SAID] =
        STANDING_WORDS("select item, what, value, event, day, 0 from check_state", "item", "true"),
    [STANDING_DATED] = STANDING_WORDS("select event, '', value, '', 0, 0 from item_fact", "event",
                                      "key = 'use_by'"),
};

/* Most texts are empty or the same as in the row before. */
static const char *standing_text(struct standing_rows *r, struct db_stmt *q, int col,
                                 const char *before)
{
    const char *text = db_text(q, col);

    if (text[0] == '\0')
        return "";
    if (before != NULL && strcmp(before, text) == 0)
        return before;
    const char *copy = arena_strdup(&r->a, text);
    return copy == NULL ? "" : copy; /* the arena's failed flag tells */
}

static void standing_fill(struct standing_rows *r, enum standing_of of, struct db_stmt *q)
{
    struct standing_list *list = &r->list[of];
    const struct standing_row none = { 0 };

    if (of == STANDING_FAILS)
        db_bind_i64(q, 2, r->today);
    while (db_step(q)) {
        struct standing_row *rows =
            rows_grow(&r->a, list->row, list->count, &list->cap, sizeof *list->row);

        if (rows == NULL)
            return; /* the arena's failed flag tells */
        list->row = rows;
        const struct standing_row *before = list->count == 0 ? &none : &rows[list->count - 1];
        rows[list->count++] = (struct standing_row){
            .key = standing_text(r, q, 0, before->key),
            .what = standing_text(r, q, 1, before->what),
            .value = standing_text(r, q, 2, before->value),
            .event = standing_text(r, q, 3, before->event),
            .day = (int32_t)db_i64(q, 4),
            .next_due = (int32_t)db_i64(q, 5),
        };
    }
}

void standing_rows_begin(struct standing_rows *r, struct store *s, int32_t today, bool all)
{
    *r = (struct standing_rows){ .today = today, .all = all };
    arena_init(&r->a, STANDING_BYTES_MAX);
    for (size_t i = 0; i < STANDING_LISTS; i++) {
        r->ask[i] = db_prepare(&s->db, all ? standing_words[i].all : standing_words[i].one);
        if (all)
            standing_fill(r, (enum standing_of)i, &r->ask[i]);
    }
}

void standing_rows_one(struct standing_rows *r, enum standing_of of, const char *key)
{
    if (r->all)
        return;
    r->list[of].count = 0;
    db_again(&r->ask[of]);
    db_bind_text(&r->ask[of], 1, key);
    standing_fill(r, of, &r->ask[of]);
}

const struct standing_row *standing_rows_of(const struct standing_rows *r, enum standing_of of,
                                            const char *key, size_t *out_count)
{
    const struct standing_list *list = &r->list[of];
    size_t from = str_rows_from(list->row, list->count, sizeof *list->row, key);
    size_t count = 0;

    while (from + count < list->count && strcmp(list->row[from + count].key, key) == 0)
        count++;
    *out_count = count;
    return count == 0 ? NULL : &list->row[from];
}

enum err standing_rows_end(struct standing_rows *r, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < STANDING_LISTS; i++) {
        enum err one = db_end(&r->ask[i], rc == ERR_OK ? why : NULL);

        rc = rc == ERR_OK ? one : rc;
    }
    if (rc == ERR_OK && r->a.failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what stands of the checks");
    arena_done(&r->a);
    return rc;
}
