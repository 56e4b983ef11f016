#include "app/store/query.h"

/* Readings over time: numbers from the bodies of an item's records. */

#include <string.h>

#include "app/store/project_rules.h"
#include "app/store/query_rows.h"

enum { READINGS_MAX = 2000, READING_ARENA_MAX = 8 * 1024 * 1024 };

struct readings {
    struct arena *a;
    const char *field;
    struct reading *rows;
    size_t count, cap;
};

static void readings_add(struct readings *r, const struct check *c, const char *event,
                         const struct check_answer *answer)
{
    struct reading row = {
        .day = c->day,
        .outcome = c->outcome,
        .has_low = answer->has_low,
        .has_high = answer->has_high,
        .low = answer->low,
        .high = answer->high,
    };
    struct reading *rows;

    if (!check_number(answer->value, &row.value))
        return;
    /* A number without unit or limit is a choice or a count, unless it was asked for. */
    if (r->field[0] == '\0' && answer->unit[0] == '\0' && !row.has_low && !row.has_high)
        return;
    rows = rows_grow(r->a, r->rows, r->count, &r->cap, sizeof *rows);
    if (rows == NULL)
        return;
    r->rows = rows;
    row.event = arena_strdup(r->a, event);
    row.form = arena_strdup(r->a, c->form);
    row.field = arena_strdup(r->a, answer->field);
    row.label = arena_strdup(r->a, answer->label);
    row.unit = arena_strdup(r->a, answer->unit);
    row.text = arena_strdup(r->a, answer->value);
    r->rows[r->count++] = row;
}

static enum err readings_take(struct readings *r, const char *event, const char *body,
                              struct arena *work, struct why *why)
{
    const struct json *root = NULL;
    struct check c = { 0 };
    enum err rc = json_parse(work, body, strlen(body), EVENT_LINE_MAX, &root, why);

    if (rc == ERR_OK)
        rc = check_read(work, root, &c, why);
    for (size_t i = 0; rc == ERR_OK && i < c.answer_count && r->count < READINGS_MAX; i++) {
        if (r->field[0] == '\0' || str_eq(c.answers[i].field, r->field))
            readings_add(r, &c, event, &c.answers[i]);
    }
    return rc;
}

enum err query_readings(struct store *s, const char *item, const char *form, const char *field,
                        struct arena *a, struct reading **out, size_t *out_count, struct why *why)
{
    /* The newest, turned round: of a long series the beginning is what may be left out. */
    struct db_stmt q = db_prepare(
        &s->db,
        "select n.event, " CHECK_BODY(
            "n") " from (select c.event, c.body, c.day, c.hlc, c.device, c.seq"
                 " from check_row c where c.item = ?1 and (?2 = '' or c.form = ?2) "
                 "and " CHECK_COUNTS(
                     "c") " order by c.day desc, c.hlc desc, c.device desc, c.seq desc limit 500) n"
                          " order by day, hlc, device, seq");
    struct readings r = { .a = a, .field = field == NULL ? "" : field };
    struct arena work;
    enum err taken = ERR_OK;
    enum err rc;

    arena_init(&work, READING_ARENA_MAX);
    db_bind_text(&q, 1, item);
    db_bind_text(&q, 2, form == NULL ? "" : form);
    while (taken == ERR_OK && db_step(&q)) {
        arena_reset(&work);
        taken = readings_take(&r, db_text(&q, 0), db_text(&q, 1), &work, why);
    }
    rc = db_end(&q, taken == ERR_OK ? why : NULL);
    arena_done(&work);
    rc = taken == ERR_OK ? rc : taken;
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the readings");
    if (rc != ERR_OK)
        return why_in(why, rc, "read the readings");
    *out = r.rows;
    *out_count = r.count;
    return ERR_OK;
}
