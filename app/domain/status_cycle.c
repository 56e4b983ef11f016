#include "app/domain/status_parts.h"

#include "app/domain/caldate.h"
#include "app/domain/schedule.h"

/* A check dated after tomorrow cannot have been made yet: some clock was wrong, and the date may
   not keep an item in date for years. It counts for nothing. One day is let through, because two
   kiosks may stand on either side of midnight. */
static bool cycle_from_the_future(const struct cycle *cycle, int32_t today)
{
    return cycle->last_day != CALDATE_NONE && cycle->last_day > today &&
           cycle->last_day - today > 1;
}

/* «Due» begins a fortnight ahead; a weekly check would then never be in date, so that a short
   interval begins it with its last quarter. */
static int cycle_soon_days(const struct interval *interval)
{
    int quarter = interval_days(interval) / 4;

    return interval_days(interval) == 0 || quarter > STATUS_SOON_DAYS ? STATUS_SOON_DAYS : quarter;
}

/* A check that waits for the school to open: it has to be made on the first day, before first
   use, and is late from the second. */
static void cycle_wait(struct cycle_status *out, const struct due *due,
                       const struct status_facts *f)
{
    out->due_day = due->due;
    if (f->today > due->due)
        out->state = CYCLE_OVERDUE;
    else if (f->today > due->lawful || calendar_next_open(f->calendar, f->today) == due->due)
        out->state = CYCLE_FIRST_USE;
    else
        out->state = CYCLE_IN_DATE;
}

/* The lawful day itself is the last good one. Once the day that was planned for is past, the lawful
   one is what is left. */
static void cycle_date(struct cycle_status *out, const struct due *due,
                       const struct interval *interval, int32_t today)
{
    bool planned = today <= due->due;

    out->due_day = planned ? due->due : due->lawful;
    if (today > due->lawful)
        out->state = CYCLE_OVERDUE;
    else if (!planned || due->due - today <= cycle_soon_days(interval))
        out->state = CYCLE_DUE;
    else
        out->state = CYCLE_IN_DATE;
}

struct cycle_status status_cycle(const struct status_facts *f, const struct cycle *cycle,
                                 bool failed, bool fault)
{
    struct cycle_status out = { .cycle = cycle,
                                .due_day = CALDATE_NONE,
                                .lawful_day = CALDATE_NONE };
    bool future = cycle_from_the_future(cycle, f->today);
    int32_t last = future ? CALDATE_NONE : cycle->last_day;
    int32_t entered = cycle->due_day;
    struct interval interval;
    bool known = interval_parse(cycle->interval, &interval);
    struct due due;

    if (entered == CALDATE_NONE)
        entered = schedule_unclamped(cycle->interval, cycle->basis, cycle->first_day, last);
    due =
        schedule_due(cycle->interval, cycle->in_session, cycle->basis, last, entered, f->calendar);

    if (known && interval.unit == INTERVAL_USE)
        out.state = CYCLE_EACH_USE;
    else if (!known || (future && due.lawful == CALDATE_NONE))
        out.state = CYCLE_OVERDUE; /* what cannot be worked out must not look in date */
    else if (due.lawful == CALDATE_NONE)
        out.state = interval.unit == INTERVAL_EVENT ? CYCLE_IN_DATE : CYCLE_NEVER;
    else if (due.first_use)
        cycle_wait(&out, &due, f);
    else
        cycle_date(&out, &due, &interval, f->today);

    if (out.due_day != CALDATE_NONE) {
        out.days = (int)(out.due_day - f->today);
        out.lawful_day = due.first_use ? due.due : due.lawful;
        out.moved_why = due.moved_why;
    }
    if (fault)
        out.state = CYCLE_FAULT;
    if (failed)
        out.state = CYCLE_FAILED;
    return out;
}

/* A row of a list may stand for no check: a use-by day, a fail by a form that the content lost. */
static enum form_basis cycle_basis(const struct cycle_status *c)
{
    return c->cycle == NULL ? BASIS_NONE : c->cycle->basis;
}

bool status_stops(const struct cycle_status *c)
{
    bool binding = cycle_basis(c) == BASIS_LAW || cycle_basis(c) == BASIS_SCHEME;

    return binding &&
           (c->state == CYCLE_OVERDUE || c->state == CYCLE_NEVER || c->state == CYCLE_FAULT);
}

bool status_in_list(const struct cycle_status *c, enum due_list list,
                    const struct calendar *calendar, bool term_time, int32_t today)
{
    int32_t due = c->due_day;

    switch (c->state) {
    case CYCLE_FAILED:
    case CYCLE_FAULT:
    case CYCLE_OVERDUE:
        return true;
    case CYCLE_NEVER:
        return list != LIST_OVERDUE || status_stops(c);
    case CYCLE_EACH_USE:
        return false;
    case CYCLE_FIRST_USE:
    case CYCLE_DUE:
        if (list == LIST_NOW)
            return true;
        break;
    case CYCLE_IN_DATE:
        break;
    }
    /* What a short interval has not made due yet is not due now, however near it is. */
    if (term_time && due != CALDATE_NONE)
        due = schedule_term_time(due, cycle_basis(c), calendar, today);
    if (list == LIST_NOW)
        return due != c->due_day && due - today <= STATUS_SOON_DAYS;
    return due != CALDATE_NONE && due <= schedule_until(list, calendar, today);
}
