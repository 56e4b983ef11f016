#include "app/domain/status.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/schedule.h"
#include "app/domain/status_parts.h"

bool status_interval_valid(const char *interval)
{
    struct interval parsed;

    return interval_parse(interval, &parsed);
}

const char *status_interval_text(struct arena *a, const char *interval)
{
    return status_kept(interval_text(a, interval));
}

static bool fails_name(const char *form, const struct open_fail *fails, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (form != NULL && fails[i].form != NULL && strcmp(form, fails[i].form) == 0)
            return true;
    return false;
}

static int cycle_rank(const struct cycle_status *c)
{
    static const int ranks[] = {
        [CYCLE_FAILED] = 0, [CYCLE_FAULT] = 2,     [CYCLE_OVERDUE] = 3,  [CYCLE_NEVER] = 4,
        [CYCLE_DUE] = 6,    [CYCLE_FIRST_USE] = 5, [CYCLE_EACH_USE] = 7, [CYCLE_IN_DATE] = 8,
    };

    return status_stops(c) ? 1 : ranks[c->state];
}

/* Whether x is more urgent than y: by state, then the earlier day, then the form's name, so that
   the order does not depend on the order of the rows. */
static bool more_urgent(const struct cycle_status *x, const struct cycle_status *y)
{
    int32_t x_due = x->due_day == CALDATE_NONE ? INT32_MAX : x->due_day;
    int32_t y_due = y->due_day == CALDATE_NONE ? INT32_MAX : y->due_day;

    if (cycle_rank(x) != cycle_rank(y))
        return cycle_rank(x) < cycle_rank(y);
    if (x_due != y_due)
        return x_due < y_due;
    return strcmp(status_text_or(x->cycle->form, ""), status_text_or(y->cycle->form, "")) < 0;
}

static void cycles_sort(struct cycle_status *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct cycle_status row = rows[i];
        size_t at = i;

        for (; at > 0 && more_urgent(&row, &rows[at - 1]); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

const struct cycle_status *status_first(const struct status *s, enum cycle_state state)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].state == state)
            return &s->cycles[i];
    return NULL;
}

const struct cycle_status *status_stopping(const struct status *s)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (status_stops(&s->cycles[i]))
            return &s->cycles[i];
    return NULL;
}

const struct cycle_status *status_wanting(const struct status *s)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].state == CYCLE_EACH_USE &&
            (s->facts->clock_untrusted || s->cycles[i].cycle->last_day != s->facts->today))
            return &s->cycles[i];
    return NULL;
}

/* The item is out and its time has passed. */
static bool status_late_back(const struct status_facts *f)
{
    int minutes = 0;
    int32_t day;

    if (!f->out || f->back_by_ms <= 0)
        return false;
    day = caldate_london(f->back_by_ms, &minutes);
    return day < f->today || (day == f->today && minutes < f->minutes);
}

/* Whether anything speaks for the item: a check that is laid down for it, or one that was made. */
static bool anything_known(const struct status *s)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].state == CYCLE_EACH_USE || s->cycles[i].due_day != CALDATE_NONE ||
            (s->cycles[i].cycle->last_day != CALDATE_NONE && !s->cycles[i].cycle->moves))
            return true;
    return s->facts->use_by != CALDATE_NONE;
}

/* Whether anything that speaks for the item does so by a date. */
static bool anything_dated(const struct status *s)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].due_day != CALDATE_NONE)
            return true;
    return s->facts->use_by != CALDATE_NONE;
}

static bool use_by_within(const struct status_facts *f, int days)
{
    return f->use_by != CALDATE_NONE && f->use_by - f->today < days;
}

/* What keeps the item from plain use whatever its other checks say. */
static enum status_cause cause_grave(const struct status *s)
{
    const struct status_facts *f = s->facts;

    /* What is out of service for good is out of reach of a recall too. */
    if (s->stop_count > 0 && !f->retired && !(f->life_kind && f->life_ended))
        return CAUSE_RECALL;
    if (s->fail_count > 0)
        return CAUSE_FAIL;
    if (f->lost)
        return CAUSE_LOST;
    if (f->retired)
        return CAUSE_RETIRED;
    if (f->life_kind && f->life_ended)
        return CAUSE_ENDED;
    if (status_stopping(s) != NULL)
        return CAUSE_STOP;
    if (s->fault_count > 0 || status_first(s, CYCLE_FAULT) != NULL)
        return CAUSE_FAULT;
    if (use_by_within(f, 0))
        return CAUSE_USE_BY;
    if (status_late_back(f))
        return CAUSE_NOT_BACK;
    return CAUSE_OK;
}

static enum status_cause cause_of(const struct status *s)
{
    const struct status_facts *f = s->facts;
    enum status_cause grave = cause_grave(s);

    if (grave != CAUSE_OK)
        return grave;
    if (f->checks_unknown)
        return CAUSE_UNKNOWN;
    if (status_first(s, CYCLE_OVERDUE) != NULL)
        return CAUSE_OVERDUE;
    if (f->life_kind)
        return CAUSE_LIVE;
    if (status_first(s, CYCLE_NEVER) != NULL)
        return CAUSE_NEVER;
    if (status_first(s, CYCLE_FIRST_USE) != NULL)
        return CAUSE_FIRST_USE;
    if (status_first(s, CYCLE_DUE) != NULL)
        return CAUSE_DUE;
    if (use_by_within(f, STATUS_SOON_DAYS + 1))
        return CAUSE_USE_BY_SOON;
    if (status_wanting(s) != NULL)
        return CAUSE_EACH_USE;
    if (f->clock_untrusted && anything_dated(s))
        return CAUSE_CLOCK;
    if (f->out)
        return CAUSE_OUT;
    return anything_known(s) ? CAUSE_OK : CAUSE_NO_CHECKS;
}

static enum use use_of(const struct status *s)
{
    static const enum use uses[] = {
        [CAUSE_MEMORY] = USE_DO_NOT,
        [CAUSE_UNKNOWN] = USE_DUE,
        [CAUSE_RECALL] = USE_DO_NOT,
        [CAUSE_FAIL] = USE_DO_NOT,
        [CAUSE_LOST] = USE_DO_NOT,
        [CAUSE_RETIRED] = USE_RETIRED,
        [CAUSE_ENDED] = USE_RETIRED,
        [CAUSE_STOP] = USE_DO_NOT,
        [CAUSE_FAULT] = USE_OVERDUE,
        [CAUSE_USE_BY] = USE_OVERDUE,
        [CAUSE_NOT_BACK] = USE_OVERDUE,
        [CAUSE_OVERDUE] = USE_OVERDUE,
        [CAUSE_LIVE] = USE_DUE,
        [CAUSE_NEVER] = USE_NEVER_CHECKED,
        [CAUSE_FIRST_USE] = USE_DUE,
        [CAUSE_DUE] = USE_DUE,
        [CAUSE_USE_BY_SOON] = USE_DUE,
        [CAUSE_EACH_USE] = USE_DUE,
        [CAUSE_CLOCK] = USE_DUE,
        [CAUSE_OUT] = USE_OK,
        [CAUSE_OK] = USE_OK,
        [CAUSE_NO_CHECKS] = USE_NO_CHECKS,
    };

    if (s->cause == CAUSE_OUT && !anything_known(s))
        return USE_NO_CHECKS;
    return uses[s->cause];
}

struct status status_judge(struct arena *a, const struct status_facts *facts)
{
    struct status out = { .fails = facts->fails,
                          .fail_count = facts->fail_count,
                          .faults = facts->faults,
                          .fault_count = facts->fault_count,
                          .stops = facts->stops,
                          .stop_count = facts->stop_count };
    struct status_facts *kept = arena_alloc(a, sizeof(*kept));

    out.cycles =
        arena_array(a, facts->cycle_count > 0 ? facts->cycle_count : 1, sizeof(*out.cycles));
    if (out.cycles == NULL || kept == NULL) {
        /* Without room to judge nothing may look safe. */
        out.use = USE_DO_NOT;
        out.cause = CAUSE_MEMORY;
        out.why_short = status_kept(NULL);
        return out;
    }
    *kept = *facts;
    out.facts = kept;
    for (size_t i = 0; i < facts->cycle_count; i++) {
        const char *form = facts->cycles[i].form;

        out.cycles[i] =
            status_cycle(kept, &facts->cycles[i], fails_name(form, facts->fails, facts->fail_count),
                         fails_name(form, facts->faults, facts->fault_count));
    }
    out.cycle_count = facts->cycle_count;
    cycles_sort(out.cycles, out.cycle_count);
    out.cause = cause_of(&out);
    out.use = use_of(&out);
    out.why_short = status_kept(status_short(a, &out));
    return out;
}

bool status_may_leave(const struct status *s)
{
    if (s->use == USE_DO_NOT)
        return false;
    for (size_t i = 0; i < s->cycle_count; i++) {
        const struct cycle_status *c = &s->cycles[i];

        if (c->state == CYCLE_OVERDUE && c->cycle->basis == BASIS_ACOP && !c->cycle->moves)
            return false;
    }
    return true;
}
