#include "app/domain/schedule.h"

#include <string.h>

#include "app/domain/caldate.h"

enum {
    INTERVAL_DAYS_MAX = 3660,
    INTERVAL_MONTHS_MAX = 240,
    LIST_NOW_DAYS = 14,
    CHAIN_MAX = 1200, /* a century of months */
};

static bool interval_unit_of(char letter, int count, enum interval_unit *out)
{
    switch (letter) {
    case 'd':
        *out = INTERVAL_DAYS;
        return count <= INTERVAL_DAYS_MAX;
    case 'w':
        *out = INTERVAL_WEEKS;
        return count <= INTERVAL_DAYS_MAX / 7;
    case 'm':
        *out = INTERVAL_MONTHS;
        return count <= INTERVAL_MONTHS_MAX;
    case 'y':
        *out = INTERVAL_YEARS;
        return count <= INTERVAL_MONTHS_MAX / 12;
    default:
        return false;
    }
}

bool interval_parse(const char *text, struct interval *out)
{
    static const struct {
        const char *word;
        enum interval_unit unit;
    } words[] = {
        { "", INTERVAL_EVENT },
        { "use", INTERVAL_USE },
        { "scheme", INTERVAL_SCHEME },
        { "term", INTERVAL_TERM },
    };
    struct interval parsed = { 0 };
    size_t i = 0;

    for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
        if (strcmp(text == NULL ? "" : text, words[w].word) == 0) {
            *out = (struct interval){ .unit = words[w].unit };
            return true;
        }
    for (; text[i] >= '0' && text[i] <= '9'; i++) {
        parsed.count = parsed.count * 10 + (text[i] - '0');
        if (parsed.count > INTERVAL_DAYS_MAX)
            return false;
    }
    if (parsed.count == 0 || text[i] == '\0' || text[i + 1] != '\0' ||
        !interval_unit_of(text[i], parsed.count, &parsed.unit))
        return false;

    *out = parsed;
    return true;
}

int interval_days(const struct interval *interval)
{
    switch (interval->unit) {
    case INTERVAL_DAYS:
        return interval->count;
    case INTERVAL_WEEKS:
        return interval->count * 7;
    case INTERVAL_MONTHS:
        return interval->count * 30;
    case INTERVAL_YEARS:
        return interval->count * 365;
    case INTERVAL_TERM:
        return SCHEDULE_TERM_MONTHS * 30;
    case INTERVAL_EVENT:
    case INTERVAL_USE:
    case INTERVAL_SCHEME:
        break;
    }
    return 0;
}

const char *interval_text(struct arena *a, const char *interval)
{
    struct interval i;
    const char *unit = "year";

    if (!interval_parse(interval, &i))
        return "at an interval that cannot be read";
    if (i.unit == INTERVAL_DAYS && i.count % 7 == 0)
        i = (struct interval){ .unit = INTERVAL_WEEKS, .count = i.count / 7 };

    switch (i.unit) {
    case INTERVAL_EVENT:
        return "when something calls for it";
    case INTERVAL_USE:
        return "before each use";
    case INTERVAL_SCHEME:
        return "by the date that the scheme or the last report gives";
    case INTERVAL_TERM:
        return "each term";
    case INTERVAL_DAYS:
        unit = "day";
        break;
    case INTERVAL_WEEKS:
        unit = "week";
        break;
    case INTERVAL_MONTHS:
        unit = "month";
        break;
    case INTERVAL_YEARS:
        break;
    }
    if (i.count == 1)
        return arena_printf(a, "every %s", unit);
    return arena_printf(a, "every %d %ss", i.count, unit);
}

int32_t schedule_chain(const char *interval, int32_t first_day, int count)
{
    struct interval i;

    if (first_day == CALDATE_NONE || count < 0 || count > INTERVAL_DAYS_MAX ||
        !interval_parse(interval, &i))
        return CALDATE_NONE;

    switch (i.unit) {
    case INTERVAL_DAYS:
        return first_day + i.count * count;
    case INTERVAL_WEEKS:
        return first_day + i.count * 7 * count;
    case INTERVAL_MONTHS:
        return caldate_add_months(first_day, i.count * count);
    case INTERVAL_YEARS:
        return caldate_add_months(first_day, i.count * 12 * count);
    case INTERVAL_TERM:
        return caldate_add_months(first_day, SCHEDULE_TERM_MONTHS * count);
    case INTERVAL_EVENT:
    case INTERVAL_USE:
    case INTERVAL_SCHEME:
        break;
    }
    return CALDATE_NONE;
}

int32_t schedule_unclamped(const char *interval, enum form_basis basis, int32_t first_day,
                           int32_t last_day)
{
    bool free_to = basis == BASIS_GUIDE || basis == BASIS_PRACTICE || basis == BASIS_NONE;
    struct interval i;

    if (!free_to || first_day <= 0 || last_day <= first_day || !interval_parse(interval, &i) ||
        (i.unit != INTERVAL_MONTHS && i.unit != INTERVAL_YEARS) ||
        caldate_from_day(last_day).day >= caldate_from_day(first_day).day)
        return CALDATE_NONE;
    for (int n = 1; n <= CHAIN_MAX; n++) {
        int32_t day = schedule_chain(interval, first_day, n);

        if (day == last_day)
            return schedule_chain(interval, first_day, n + 1);
        if (day > last_day)
            break;
    }
    return CALDATE_NONE;
}

/* Whether a date of that basis and interval moves earlier from a closed day. */
static bool due_moves_earlier(enum form_basis basis, enum interval_unit unit)
{
    switch (basis) {
    case BASIS_LAW:
    case BASIS_SCHEME:
    case BASIS_ACOP:
        return true;
    case BASIS_GUIDE:
        return unit == INTERVAL_MONTHS || unit == INTERVAL_YEARS || unit == INTERVAL_SCHEME;
    case BASIS_PRACTICE:
    case BASIS_NONE:
        break;
    }
    return false;
}

/* Whether the check may wait for the school to open. What law, a scheme or an approved code sets
   runs on while it is closed. */
static bool due_may_wait(enum form_basis basis, bool in_session)
{
    return in_session && (basis == BASIS_GUIDE || basis == BASIS_PRACTICE || basis == BASIS_NONE);
}

/* In session: a date on a closed day waits for the school to open, and an interval of days or weeks
   never reaches past the first day after a break, however few days of it are left. */
static struct due due_in_session(struct due due, enum interval_unit unit, int32_t last_day,
                                 const struct calendar *c)
{
    int32_t opened;

    if (!calendar_open(c, due.lawful)) {
        int32_t open = calendar_next_open(c, due.lawful);

        if (open != CALDATE_NONE) {
            due.due = open;
            due.first_use = true;
            due.moved_why = "The school is closed on that day: it is due before first use.";
        }
        return due;
    }
    if (unit != INTERVAL_DAYS && unit != INTERVAL_WEEKS)
        return due;
    opened = calendar_first_day_after_closure(c, due.lawful);
    if (opened != CALDATE_NONE && last_day != CALDATE_NONE && opened > last_day) {
        due.due = opened;
        due.first_use = true;
        due.moved_why = "The school was closed since: it is due before first use.";
    }
    return due;
}

static struct due due_earlier(struct due due, int32_t last_day, const struct calendar *c)
{
    int32_t open;

    if (calendar_open(c, due.lawful))
        return due;
    open = calendar_last_open(c, due.lawful);
    /* An earlier day than the last check's would call it overdue on the day it was made. */
    if (open == CALDATE_NONE || (last_day != CALDATE_NONE && open <= last_day)) {
        due.moved_why = "The school is closed from the last check to that day: somebody has to "
                        "come in.";
        return due;
    }
    due.due = open;
    due.moved_why = "The school is closed on the last good day: it moves earlier, never later.";
    return due;
}

struct due schedule_due(const char *interval, bool in_session, enum form_basis basis,
                        int32_t last_day, int32_t entered, const struct calendar *calendar)
{
    struct due out = { CALDATE_NONE, CALDATE_NONE, NULL, false };
    struct interval i;

    if (!interval_parse(interval, &i))
        return out;
    if (i.unit == INTERVAL_TERM && last_day != CALDATE_NONE)
        out.lawful = calendar_next_term_end(calendar, last_day);
    if (out.lawful == CALDATE_NONE)
        out.lawful = schedule_chain(interval, last_day, 1);
    if (last_day != CALDATE_NONE && entered != CALDATE_NONE &&
        entered - last_day > SCHEDULE_ENTERED_DAYS_MAX)
        entered = CALDATE_NONE;
    /* The number in the regulation bounds what a report may say. */
    if (entered != CALDATE_NONE &&
        (basis != BASIS_LAW || out.lawful == CALDATE_NONE || entered < out.lawful))
        out.lawful = entered;
    out.due = out.lawful;
    if (out.lawful == CALDATE_NONE)
        return out;

    if (due_may_wait(basis, in_session))
        return due_in_session(out, i.unit, last_day, calendar);
    return due_moves_earlier(basis, i.unit) ? due_earlier(out, last_day, calendar) : out;
}

int32_t schedule_until(enum due_list list, const struct calendar *calendar, int32_t today)
{
    switch (list) {
    case LIST_NOW:
        return today + LIST_NOW_DAYS;
    case LIST_HALF_TERM:
        return calendar_half_term_end(calendar, today);
    case LIST_OVERDUE:
        return today - 1;
    case LIST_SUMMER:
        return calendar_summer_end(calendar, today);
    }
    return today;
}

int32_t schedule_term_time(int32_t due, enum form_basis basis, const struct calendar *calendar,
                           int32_t today)
{
    int32_t first;
    int32_t before;

    if (due == CALDATE_NONE || (basis != BASIS_LAW && basis != BASIS_SCHEME))
        return due;
    first = calendar_summer_start(calendar, due);
    if (due < first)
        return due; /* not in a summer: the next one is after it */
    before = calendar_last_open(calendar, first - 1);
    return before == CALDATE_NONE || before < today ? due : before;
}
