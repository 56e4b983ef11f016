#include "app/store/query.h"

/* Status: of an item, of all that is due, and of the register on a day gone by. */

#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/judge.h"
#include "app/store/order.h"
#include "app/store/project.h"
#include "app/store/query_rows.h"

enum err query_calendar(struct store *s, struct content *c, const struct calendar **out,
                        struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select calendar from calendar_now");
    const struct calendar *found = NULL;
    enum err rc;

    if (db_step(&q) && c != NULL)
        found = content_calendar(c, db_text(&q, 0));
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the school's calendar");
    *out = found;
    return ERR_OK;
}

enum err query_status_now(struct store *s, struct content *c, const struct item *item,
                          struct query_when when, struct arena *a, struct status *out,
                          struct why *why)
{
    const struct calendar *calendar = NULL;
    struct status status;
    struct judge j;
    enum err rc = query_calendar(s, c, &calendar, why);

    if (rc != ERR_OK)
        return rc;
    judge_begin(&j, s, c, calendar, when);
    status = judge_item(&j, item, a);
    rc = judge_end(&j, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the status");
    if (rc != ERR_OK)
        return why_in(why, rc, "judge the item");
    *out = status;
    return ERR_OK;
}

enum err query_status(struct store *s, struct content *c, const struct item *item, int32_t today,
                      struct arena *a, struct status *out, struct why *why)
{
    return query_status_now(s, c, item, (struct query_when){ .today = today }, a, out, why);
}

struct due_rows {
    struct due_row *rows;
    size_t count, cap;
    struct arena *a;
};

static void due_add(struct due_rows *list, struct due_row row)
{
    struct due_row *rows =
        rows_grow(list->a, list->rows, list->count, &list->cap, sizeof *list->rows);

    if (rows == NULL)
        return; /* the arena's failed flag tells */
    list->rows = rows;
    list->rows[list->count++] = row;
}

static bool due_by(const struct cycle_status *c, int32_t until)
{
    switch (c->state) {
    case CYCLE_OVERDUE:
    case CYCLE_NEVER:
    case CYCLE_FAULT:
        return true;
    case CYCLE_IN_DATE:
    case CYCLE_DUE:
    case CYCLE_FIRST_USE:
        return c->due_day != CALDATE_NONE && c->due_day <= until;
    case CYCLE_EACH_USE:
    case CYCLE_FAILED:
        return false;
    }
    return false;
}

/* Found by a form that the content no longer has: the item still waits for somebody. */
static void due_fail(struct due_rows *list, const struct item *item, const struct open_fail *fail,
                     enum cycle_state state, bool do_not)
{
    due_add(list, (struct due_row){ .item = *item,
                                    .status = { .state = state, .due_day = CALDATE_NONE },
                                    .form = fail->form,
                                    .title = fail->title,
                                    .do_not = do_not });
}

static void due_item(struct due_rows *list, const struct item *item, const struct status *status,
                     int32_t until)
{
    bool do_not = status->fail_count > 0;
    bool told = false;
    bool fault_told = false;

    for (size_t i = 0; i < status->cycle_count; i++) {
        const struct cycle_status *c = &status->cycles[i];

        if (c->state != CYCLE_FAILED && !due_by(c, until))
            continue;
        told = told || c->state == CYCLE_FAILED;
        fault_told = fault_told || c->state == CYCLE_FAULT;
        due_add(list, (struct due_row){ .item = *item,
                                        .status = *c,
                                        .form = c->cycle->form,
                                        .title = c->cycle->title,
                                        .do_not = do_not });
    }
    if (do_not && !told)
        due_fail(list, item, &status->fails[0], CYCLE_FAILED, do_not);
    if (status->fault_count > 0 && !fault_told && !told)
        due_fail(list, item, &status->faults[0], CYCLE_FAULT, do_not);
    if (status->facts != NULL && status->facts->use_by != CALDATE_NONE &&
        status->facts->use_by <= until)
        due_add(list, (struct due_row){
                          .item = *item,
                          .status = { .state = status->facts->use_by < status->facts->today
                                                   ? CYCLE_OVERDUE
                                                   : CYCLE_DUE,
                                      .due_day = status->facts->use_by,
                                      .days = status->facts->use_by - status->facts->today },
                          .form = "",
                          .title = "Use-by date",
                          .do_not = do_not });
}

/* Nothing is asked of what is gone: retired, lost, or a culture that was destroyed. */
static bool due_gone(const struct item *item, const struct status *status)
{
    return item->retired || item->lost ||
           (status != NULL && status->facts != NULL && status->facts->life_ended);
}

enum err query_due(struct store *s, struct content *c, int32_t today, int32_t until,
                   struct arena *a, struct due_row **out, size_t *out_count, struct why *why)
{
    struct due_rows list = { .a = a };
    const struct calendar *calendar = NULL;
    struct item *items = NULL;
    size_t count = 0;
    struct judge j;
    enum err rc = query_items(s, "", a, &items, &count, why);

    if (rc == ERR_OK)
        rc = query_calendar(s, c, &calendar, why);
    if (rc != ERR_OK)
        return rc;
    judge_begin(&j, s, c, calendar, (struct query_when){ .today = today });
    for (size_t i = 0; i < count && !a->failed; i++) {
        struct arena_mark mark = arena_mark(a);
        size_t before = list.count;
        struct status status;

        if (due_gone(&items[i], NULL))
            continue;
        status = judge_item(&j, &items[i], a);
        if (!due_gone(&items[i], &status))
            due_item(&list, &items[i], &status, until);
        if (list.count == before)
            arena_rewind(a, mark);
    }
    rc = judge_end(&j, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for %zu rows", list.count);
    if (rc != ERR_OK)
        return why_in(why, rc, "list what is due");
    *out = list.rows;
    *out_count = list.count;
    return ERR_OK;
}

static enum err as_at_judge(struct store *then, struct content *c, int32_t day, struct arena *a,
                            struct as_at_row **out, size_t *out_count, struct why *why)
{
    enum { END_OF_DAY = 24 * 60 - 1 };
    const struct calendar *calendar = NULL;
    struct as_at_row *rows;
    struct item *items = NULL;
    size_t count = 0;
    struct judge j;
    enum err rc = query_items(then, "", a, &items, &count, why);

    if (rc == ERR_OK)
        rc = query_calendar(then, c, &calendar, why);
    if (rc != ERR_OK)
        return rc;
    rows = arena_array(a, count + 1, sizeof *rows);
    judge_begin(&j, then, c, calendar, (struct query_when){ .today = day, .minutes = END_OF_DAY });
    for (size_t i = 0; i < count && rows != NULL && !a->failed; i++)
        rows[i] = (struct as_at_row){ .item = items[i], .status = judge_item(&j, &items[i], a) };
    rc = judge_end(&j, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for %zu items", count);
    if (rc != ERR_OK)
        return rc;
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

/* The lines up to that day, applied afresh in memory: the same rules then as now, by construction. */
enum err query_as_at(struct store *s, struct content *c, int32_t day, struct arena *a,
                     struct as_at_row **out, size_t *out_count, struct why *why)
{
    struct store then = { .self = { .id = "" } };
    enum err rc = db_open(&then.db, ":memory:", DB_CACHE, why);

    if (rc == ERR_OK)
        rc = project_as_at(&s->db, day, &then.db, why);
    if (rc == ERR_OK)
        rc = as_at_judge(&then, c, day, a, out, out_count, why);
    db_close(&then.db);
    return rc == ERR_OK ? rc : why_in(why, rc, "judge the register on a day gone by");
}
