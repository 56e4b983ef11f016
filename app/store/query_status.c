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

enum err query_constituency_db(struct db *db, struct arena *a, const char **out, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select constituency from constituency_now");
    const char *code = "";
    enum err rc;

    if (db_step(&q))
        code = db_text_in(&q, 0, a);
    rc = db_end(&q, why);
    if (rc == ERR_OK && code == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for its code");
    if (rc != ERR_OK)
        return why_in(why, rc, "read the constituency");
    *out = code;
    return ERR_OK;
}

enum err query_constituency(struct store *s, struct arena *a, const char **out, struct why *why)
{
    return query_constituency_db(&s->db, a, out, why);
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
    const struct due_ask *ask;
    const struct calendar *calendar;
    struct due_row *rows;
    size_t count, cap;
    struct arena *a;
};

static void due_add(struct due_rows *list, const struct due_row *row)
{
    struct due_row *rows;

    if ((row->lists & list->ask->lists) == 0)
        return;
    rows = rows_grow(list->a, list->rows, list->count, &list->cap, sizeof *list->rows);
    if (rows == NULL)
        return; /* the arena's failed flag tells */
    list->rows = rows;
    list->rows[list->count++] = *row;
}

static unsigned due_lists(const struct due_rows *list, const struct cycle_status *c)
{
    unsigned in = 0;

    for (int i = LIST_NOW; i <= LIST_SUMMER; i++)
        if (status_in_list(c, (enum due_list)i, list->calendar, list->ask->term_time,
                           list->ask->when.today))
            in |= 1u << i;
    return in;
}

/* Found by a form that the content no longer has: the item still waits for somebody. */
static void due_found(struct due_rows *list, const struct item *item, const struct open_fail *fail,
                      enum cycle_state state, bool do_not)
{
    due_add(list,
            &(struct due_row){
                .item = *item,
                .status = { .state = state, .due_day = CALDATE_NONE, .lawful_day = CALDATE_NONE },
                .form = fail->form,
                .title = fail->title,
                .do_not = do_not,
                .lists = DUE_LISTS_ALL });
}

static bool due_has_cycle(const struct status *status, const char *form)
{
    for (size_t i = 0; i < status->cycle_count; i++)
        if (str_eq(status->cycles[i].cycle->form, form))
            return true;
    return false;
}

/* By a notice, whatever its checks say: one row, and it stands in every list. */
static void due_recalled(struct due_rows *list, const struct item *item,
                         const struct status *status)
{
    if (status->stop_count == 0 || status->cause != CAUSE_RECALL)
        return;
    due_add(list, &(struct due_row){ .item = *item,
                                     .status = { .state = CYCLE_FAILED,
                                                 .due_day = CALDATE_NONE,
                                                 .lawful_day = CALDATE_NONE },
                                     .form = "",
                                     .title = status->stops[0].stop.title,
                                     .do_not = true,
                                     .lists = DUE_LISTS_ALL,
                                     .recall = &status->stops[0] });
}

/* Fails and faults by forms that left the content: of the fails one row, as the item stands still
   altogether; of the faults one each form. */
static void due_orphans(struct due_rows *list, const struct item *item, const struct status *status,
                        bool told)
{
    if (status->fail_count > 0 && !told)
        due_found(list, item, &status->fails[0], CYCLE_FAILED, true);
    for (size_t i = 0; i < status->fault_count; i++) {
        const char *form = status->faults[i].form;
        bool again = due_has_cycle(status, form);

        for (size_t k = 0; k < i && !again; k++)
            again = str_eq(status->faults[k].form, form);
        if (!again)
            due_found(list, item, &status->faults[i], CYCLE_FAULT, status->use == USE_DO_NOT);
    }
}

/* A use-by date is a date like a check's, that nothing but the store sets. */
static void due_use_by(struct due_rows *list, const struct item *item, const struct status *status)
{
    static const struct cycle stock = { .form = "", .title = "", .basis = BASIS_PRACTICE };
    const struct status_facts *f = status->facts;
    struct cycle_status c = { .cycle = &stock, .state = CYCLE_IN_DATE };

    if (f == NULL || f->use_by == CALDATE_NONE)
        return;
    c.due_day = c.lawful_day = f->use_by;
    c.days = f->use_by - f->today;
    if (c.days <= STATUS_SOON_DAYS)
        c.state = c.days < 0 ? CYCLE_OVERDUE : CYCLE_DUE;
    due_add(list, &(struct due_row){ .item = *item,
                                     .status = c,
                                     .form = "",
                                     .title = "Use-by date",
                                     .do_not = status->use == USE_DO_NOT,
                                     .lists = due_lists(list, &c) });
}

static void due_item(struct due_rows *list, const struct item *item, const struct status *status)
{
    bool told = false;

    due_recalled(list, item, status);
    for (size_t i = 0; i < status->cycle_count; i++) {
        const struct cycle_status *c = &status->cycles[i];

        told = told || c->state == CYCLE_FAILED;
        due_add(list, &(struct due_row){ .item = *item,
                                         .status = *c,
                                         .form = c->cycle->form,
                                         .title = c->cycle->title,
                                         .do_not = status->use == USE_DO_NOT,
                                         .lists = due_lists(list, c) });
    }
    due_orphans(list, item, status, told);
    due_use_by(list, item, status);
}

/* Nothing is asked of what is gone: retired, lost, or a culture that was destroyed. */
static bool due_gone(const struct item *item, const struct status *status)
{
    return item->retired || item->lost ||
           (status != NULL && status->facts != NULL && status->facts->life_ended);
}

enum err query_due(struct store *s, struct content *c, const struct due_ask *ask, struct arena *a,
                   struct due_row **out, size_t *out_count, struct why *why)
{
    struct due_rows list = { .ask = ask, .a = a };
    struct item *items = NULL;
    size_t count = 0;
    struct judge j;
    enum err rc = query_items(s, "", a, &items, &count, why);

    if (rc == ERR_OK)
        rc = query_calendar(s, c, &list.calendar, why);
    if (rc != ERR_OK)
        return rc;
    judge_begin_all(&j, s, c, list.calendar, ask->when);
    for (size_t i = 0; i < count && !a->failed; i++) {
        struct arena_mark mark = arena_mark(a);
        size_t before = list.count;
        struct status status;

        if (due_gone(&items[i], NULL))
            continue;
        status = judge_item(&j, &items[i], a);
        if (!due_gone(&items[i], &status))
            due_item(&list, &items[i], &status);
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
    judge_begin_all(&j, then, c, calendar,
                    (struct query_when){ .today = day, .minutes = END_OF_DAY });
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
static enum err as_at_past(struct store *s, struct content *c, int32_t day, struct arena *a,
                           struct as_at_row **out, size_t *out_count, struct why *why)
{
    struct store then = { .self = { .id = "" } };
    const struct stops *stops = NULL;
    uint64_t lines = 0;
    enum err rc = evlog_count(&s->db, &lines, why);

    if (rc == ERR_OK && lines > AS_AT_LINES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "%llu records are here, of %d at the most",
                     (unsigned long long)lines, AS_AT_LINES_MAX);
    /* The notices are not in the log; what people said of them is. */
    if (rc == ERR_OK)
        rc = stops_now(s, &stops, why);
    then.stops = s->stops;
    then.stops_lent = true;
    if (rc == ERR_OK)
        rc = db_open(&then.db, ":memory:", DB_CACHE, why);
    if (rc == ERR_OK)
        rc = project_as_at(&s->db, day, &then.db, why);
    if (rc == ERR_OK)
        rc = as_at_judge(&then, c, day, a, out, out_count, why);
    db_close(&then.db);
    return rc;
}

enum err query_as_at(struct store *s, struct content *c, int32_t day, int32_t today,
                     struct arena *a, struct as_at_row **out, size_t *out_count, struct why *why)
{
    enum err rc = day < today ? as_at_past(s, c, day, a, out, out_count, why)
                              : as_at_judge(s, c, day, a, out, out_count, why);

    return rc == ERR_OK ? rc : why_in(why, rc, "judge the register on a day gone by");
}
