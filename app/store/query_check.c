#include "app/store/query.h"

/* Checks: an item's history, its status now, and what is due. */

#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/order.h"

#define CHECK_COLUMNS                                                                              \
    "c.event, c.form, c.title, c.actor, c.reason, c.outcome, c.day, c.at_ms, c.trust, c.body,"     \
    " exists (select 1 from check_void v where v.event = c.event),"                                \
    " exists (select 1 from check_answered x where x.event = c.event)"

static void check_row(struct db_stmt *q, struct arena *a, struct past_check *out)
{
    *out = (struct past_check){
        .event = db_text_in(q, 0, a),
        .form = db_text_in(q, 1, a),
        .title = db_text_in(q, 2, a),
        .person = db_text_in(q, 3, a),
        .reason = db_text_in(q, 4, a),
        .outcome = (enum form_outcome)db_i64(q, 5),
        .day = (int32_t)db_i64(q, 6),
        .at_ms = db_i64(q, 7),
        .trust = (enum clock_trust)db_i64(q, 8),
        .body = db_text_in(q, 9, a),
        .withdrawn = db_i64(q, 10) != 0,
        .answered = db_i64(q, 11) != 0,
    };
}

enum err query_history(struct store *s, const char *item, struct arena *a, struct past_check **out,
                       size_t *out_count, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select " CHECK_COLUMNS ", count(*) over () from check_row c"
                           " where c.item = ?1 order by c.day desc, c.hlc desc,"
                           " c.device desc, c.seq desc limit 500");
    struct past_check *rows = NULL;
    size_t max = 0;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, item);
    while (count < QUERY_HISTORY_MAX && db_step(&q)) {
        if (rows == NULL) {
            max = (size_t)db_i64(&q, 12);
            max = max < QUERY_HISTORY_MAX ? max : QUERY_HISTORY_MAX;
            rows = arena_array(a, max, sizeof *rows);
            if (rows == NULL)
                break;
        }
        check_row(&q, a, &rows[count++]);
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the checks");
    if (rc != ERR_OK)
        return why_in(why, rc, "read the history");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_check(struct store *s, const char *event, struct arena *a, struct past_check *out,
                     struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select " CHECK_COLUMNS " from check_row c where c.event = ?1");
    struct past_check row = { 0 };
    bool found;
    enum err rc;

    db_bind_text(&q, 1, event);
    found = db_step(&q);
    if (found)
        check_row(&q, a, &row);
    rc = db_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such check on this kiosk");
    if (rc == ERR_OK)
        *out = row;
    return rc;
}

/* Reads what a status needs; one pair of statements serves all items of a list. */
struct judge {
    struct content *content;
    struct db_stmt last, fails;
    int32_t today;
};

static void judge_begin(struct judge *j, struct store *s, struct content *c, int32_t today)
{
    j->content = c;
    j->today = today;
    /* Passes and advices (1, 2) that stand. A day after tomorrow comes from a wrong clock, and must
       not keep an item in date for years. */
    j->last =
        db_prepare(&s->db, "select max(c.day) from check_row c where c.item = ?1 and c.form = ?2"
                           " and c.outcome in (1, 2) and c.day <= ?3 + 1 and not exists"
                           " (select 1 from check_void v where v.event = c.event)");
    /* Quarantine (4), neither withdrawn nor named by a release. */
    j->fails =
        db_prepare(&s->db, "select c.event, c.form, c.title, c.reason, c.actor, c.day"
                           " from check_row c where c.item = ?1 and c.outcome = 4 and not exists"
                           " (select 1 from check_void v where v.event = c.event) and not exists"
                           " (select 1 from check_answered x where x.event = c.event)"
                           " order by c.day desc, c.hlc desc, c.device desc, c.seq desc limit 100");
}

static enum err judge_end(struct judge *j, struct why *why)
{
    enum err last = db_end(&j->last, why);
    enum err fails = db_end(&j->fails, last == ERR_OK ? why : NULL);

    return last != ERR_OK ? last : fails;
}

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (;;) {
        size_t n;

        words += strspn(words, " \t,");
        n = strcspn(words, " \t,");
        if (n == 0)
            return false;
        if (n == len && strncmp(words, word, n) == 0)
            return true;
        words += n;
    }
}

static int32_t judge_last(struct judge *j, const char *item, const char *form)
{
    int32_t day = CALDATE_NONE;

    db_again(&j->last);
    db_bind_text(&j->last, 1, item);
    db_bind_text(&j->last, 2, form);
    db_bind_i64(&j->last, 3, j->today);
    if (db_step(&j->last) && !db_null(&j->last, 0))
        day = (int32_t)db_i64(&j->last, 0);
    return day;
}

static size_t judge_cycles(struct judge *j, const struct item *item, struct arena *a,
                           struct cycle **out)
{
    size_t form_count = 0;
    const struct form_brief *forms =
        j->content == NULL ? NULL : content_forms(j->content, &form_count);
    struct cycle *cycles = arena_array(a, form_count == 0 ? 1 : form_count, sizeof *cycles);
    size_t count = 0;

    for (size_t i = 0; i < form_count && cycles != NULL; i++) {
        if (!has_word(forms[i].applies_to, item->kind))
            continue;
        cycles[count++] = (struct cycle){
            .form = forms[i].id,
            .title = forms[i].title,
            .interval = forms[i].interval,
            .basis = forms[i].basis,
            .basis_text = forms[i].basis_text,
            .last_day = judge_last(j, item->id, forms[i].id),
            .due_day = CALDATE_NONE,
        };
    }
    *out = cycles;
    return count;
}

enum { FAILS_MAX = 100 };

static size_t judge_fails(struct judge *j, const struct item *item, struct arena *a,
                          struct open_fail **out)
{
    struct open_fail *fails = NULL;
    size_t count = 0;

    db_again(&j->fails);
    db_bind_text(&j->fails, 1, item->id);
    while (count < FAILS_MAX && db_step(&j->fails)) {
        if (fails == NULL)
            fails = arena_array(a, FAILS_MAX, sizeof *fails);
        if (fails == NULL)
            break;
        fails[count++] = (struct open_fail){
            .event = db_text_in(&j->fails, 0, a),
            .form = db_text_in(&j->fails, 1, a),
            .title = db_text_in(&j->fails, 2, a),
            .reason = db_text_in(&j->fails, 3, a),
            .actor = db_text_in(&j->fails, 4, a),
            .day = (int32_t)db_i64(&j->fails, 5),
        };
    }
    *out = fails;
    return count;
}

/* A status from part of the facts could say «In date» where the missing part says «Do not use»: any
   error on the way is told by judge_end, and the status is then not used. */
static struct status judge_item(struct judge *j, const struct item *item, struct arena *a)
{
    struct cycle *cycles = NULL;
    struct open_fail *fails = NULL;
    size_t cycle_count = judge_cycles(j, item, a, &cycles);
    size_t fail_count = judge_fails(j, item, a, &fails);

    const struct status_facts facts = {
        .retired = item->retired,
        .cycles = cycles,
        .cycle_count = cycle_count,
        .fails = fails,
        .fail_count = fail_count,
        .life_day = CALDATE_NONE,
        .out_day = CALDATE_NONE,
        .use_by = CALDATE_NONE,
        .today = j->today,
    };

    return status_judge(a, &facts);
}

enum err query_status(struct store *s, struct content *c, const struct item *item, int32_t today,
                      struct arena *a, struct status *out, struct why *why)
{
    struct status status;
    struct judge j;
    enum err rc;

    judge_begin(&j, s, c, today);
    status = judge_item(&j, item, a);
    rc = judge_end(&j, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the status");
    if (rc != ERR_OK)
        return why_in(why, rc, "judge the item");
    *out = status;
    return ERR_OK;
}

struct due_list {
    struct due_row *rows;
    size_t count, cap;
    struct arena *a;
};

static void due_add(struct due_list *list, struct due_row row)
{
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 32 : list->cap * 2;
        struct due_row *more = arena_array(list->a, cap, sizeof *more);

        if (more == NULL)
            return; /* the arena's failed flag tells */
        if (list->count > 0)
            memcpy(more, list->rows, list->count * sizeof *more);
        list->rows = more;
        list->cap = cap;
    }
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

static void due_item(struct due_list *list, const struct item *item, const struct status *status,
                     int32_t until)
{
    bool do_not = status->fail_count > 0;
    bool told = false;

    for (size_t i = 0; i < status->cycle_count; i++) {
        const struct cycle_status *c = &status->cycles[i];

        if (c->state != CYCLE_FAILED && !due_by(c, until))
            continue;
        told = told || c->state == CYCLE_FAILED;
        due_add(list, (struct due_row){ .item = *item,
                                        .status = *c,
                                        .form = c->cycle->form,
                                        .title = c->cycle->title,
                                        .do_not = do_not });
    }
    /* Failed by a form that the content no longer has: the item still waits for somebody. */
    if (do_not && !told)
        due_add(list,
                (struct due_row){ .item = *item,
                                  .status = { .state = CYCLE_FAILED, .due_day = CALDATE_NONE },
                                  .form = status->fails[0].form,
                                  .title = status->fails[0].title,
                                  .do_not = true });
}

enum err query_due(struct store *s, struct content *c, int32_t today, int32_t until,
                   struct arena *a, struct due_row **out, size_t *out_count, struct why *why)
{
    struct due_list list = { .a = a };
    struct item *items = NULL;
    size_t count = 0;
    struct judge j;
    enum err rc = query_items(s, "", a, &items, &count, why);

    if (rc != ERR_OK)
        return rc;
    judge_begin(&j, s, c, today);
    for (size_t i = 0; i < count && !a->failed; i++) {
        struct arena_mark mark = arena_mark(a);
        size_t before = list.count;
        struct status status;

        if (items[i].retired)
            continue;
        status = judge_item(&j, &items[i], a);
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
