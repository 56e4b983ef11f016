#include "app/domain/calendar.h"

#include <stddef.h>

#include "app/domain/caldate.h"

enum { YEAR_DAYS = 366, HALF_TERM_DAYS = 42 };

static bool weekend(int32_t day)
{
    return caldate_weekday(day) >= 5;
}

bool calendar_knows(const struct calendar *c, int32_t day)
{
    if (c == NULL || c->count == 0 || day < c->spans[0].first_day)
        return false;
    /* Rows stand by their first day, so any of them may be the one that ends last. */
    for (size_t i = c->count; i > 0; i--)
        if (c->spans[i - 1].last_day >= day)
            return true;
    return false;
}

int32_t calendar_ends(const struct calendar *c)
{
    int32_t last = CALDATE_NONE;

    for (size_t i = 0; c != NULL && i < c->count; i++)
        if (last == CALDATE_NONE || c->spans[i].last_day > last)
            last = c->spans[i].last_day;
    return last;
}

static bool span_holds(const struct calendar_span *span, int32_t day)
{
    return day >= span->first_day && day <= span->last_day;
}

bool calendar_open(const struct calendar *c, int32_t day)
{
    bool open = false;

    if (weekend(day))
        return false;
    if (!calendar_knows(c, day))
        return true;
    for (size_t i = 0; i < c->count && c->spans[i].first_day <= day; i++) {
        if (!span_holds(&c->spans[i], day))
            continue;
        if (!c->spans[i].open)
            return false;
        open = true;
    }
    return open;
}

int32_t calendar_next_open(const struct calendar *c, int32_t day)
{
    for (int i = 0; i < YEAR_DAYS; i++)
        if (calendar_open(c, day + i))
            return day + i;
    return CALDATE_NONE;
}

int32_t calendar_last_open(const struct calendar *c, int32_t day)
{
    for (int i = 0; i < YEAR_DAYS; i++)
        if (calendar_open(c, day - i))
            return day - i;
    return CALDATE_NONE;
}

const struct calendar_span *calendar_term_of(const struct calendar *c, int32_t day)
{
    for (size_t i = 0; c != NULL && i < c->count; i++)
        if (c->spans[i].open && span_holds(&c->spans[i], day))
            return &c->spans[i];
    return NULL;
}

int32_t calendar_next_term_end(const struct calendar *c, int32_t day)
{
    const struct calendar_span *now = calendar_term_of(c, day);
    int32_t after = now != NULL ? now->last_day : day;

    /* A day that the calendar does not reach may lie years before its first term. */
    if (!calendar_knows(c, day))
        return CALDATE_NONE;
    for (size_t i = 0; i < c->count; i++)
        if (c->spans[i].open && c->spans[i].first_day > after)
            return calendar_last_open(c, c->spans[i].last_day);
    return CALDATE_NONE;
}

/* A run of closed days. */
struct closure {
    int32_t first, last;
};

static int closure_days(struct closure run)
{
    return (int)(run.last - run.first) + 1;
}

/* The run that holds a closed day. Where the calendar ends, weekdays are open, so every run ends. */
static struct closure closure_around(const struct calendar *c, int32_t day)
{
    struct closure run = { day, day };

    for (int i = 0; i < YEAR_DAYS && !calendar_open(c, run.first - 1); i++)
        run.first--;
    for (int i = 0; i < YEAR_DAYS && !calendar_open(c, run.last + 1); i++)
        run.last++;
    return run;
}

/* The first run of at least so many closed days that holds day or follows it within days_max. */
static bool closure_find(const struct calendar *c, int32_t day, int at_least, int days_max,
                         struct closure *out)
{
    int32_t end = day + days_max;

    while (day <= end) {
        struct closure run;

        if (calendar_open(c, day)) {
            day++;
            continue;
        }
        run = closure_around(c, day);
        if (closure_days(run) >= at_least) {
            *out = run;
            return true;
        }
        day = run.last + 1;
    }
    return false;
}

int32_t calendar_first_day_after_closure(const struct calendar *c, int32_t day)
{
    int32_t stop = day - YEAR_DAYS;

    while (day >= stop) {
        struct closure run;

        if (calendar_open(c, day)) {
            day--;
            continue;
        }
        run = closure_around(c, day);
        if (closure_days(run) >= CALENDAR_BREAK_DAYS)
            return run.last + 1;
        day = run.first - 1;
    }
    return CALDATE_NONE;
}

int32_t calendar_half_term_end(const struct calendar *c, int32_t day)
{
    struct closure run;

    if (!calendar_open(c, day)) {
        run = closure_around(c, day);
        if (closure_days(run) >= CALENDAR_BREAK_DAYS)
            day = run.last + 1;
    }
    if (calendar_knows(c, day) && closure_find(c, day, CALENDAR_BREAK_DAYS, YEAR_DAYS, &run))
        return run.first - 1;
    return day + HALF_TERM_DAYS;
}

/* The summer from a calendar: the long break that starts in May to July. */
static bool summer_find(const struct calendar *c, int32_t day, struct closure *out)
{
    int32_t stop = day + YEAR_DAYS;
    struct closure run;

    if (!calendar_knows(c, day))
        return false;
    while (day <= stop && closure_find(c, day, CALENDAR_SUMMER_DAYS, (int)(stop - day), &run)) {
        int month = caldate_from_day(run.first).month;

        if (month >= 5 && month <= 7) {
            *out = run;
            return true;
        }
        day = run.last + 1;
    }
    return false;
}

static struct closure summer_of(const struct calendar *c, int32_t day)
{
    struct caldate date = caldate_from_day(day);
    struct closure run;

    if (summer_find(c, day, &run))
        return run;
    if (date.month > 8)
        date.year++;
    run.first = caldate_to_day((struct caldate){ date.year, 7, 1 });
    run.last = caldate_to_day((struct caldate){ date.year, 8, 31 });
    return run;
}

int32_t calendar_summer_start(const struct calendar *c, int32_t day)
{
    return summer_of(c, day).first;
}

int32_t calendar_summer_end(const struct calendar *c, int32_t day)
{
    return summer_of(c, day).last;
}
