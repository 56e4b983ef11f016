#include "app/domain/status.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/status_parts.h"

enum { INTERVAL_DAYS_MAX = 3660, INTERVAL_MONTHS_MAX = 240 };

bool status_interval_parse(const char *text, struct interval *out)
{
    int count = 0;
    size_t i = 0;

    if (text == NULL || *text == '\0') {
        *out = (struct interval){ .unit = 'e' };
        return true;
    }
    if (strcmp(text, "use") == 0) {
        *out = (struct interval){ .unit = 'u' };
        return true;
    }
    for (; text[i] >= '0' && text[i] <= '9'; i++) {
        count = count * 10 + (text[i] - '0');
        if (count > INTERVAL_DAYS_MAX)
            return false;
    }
    if (i == 0 || count == 0 || text[i] == '\0' || text[i + 1] != '\0')
        return false;

    *out = (struct interval){ .count = count, .unit = text[i] };
    switch (text[i]) {
    case 'd':
        return true;
    case 'w':
        return count <= INTERVAL_DAYS_MAX / 7;
    case 'm':
        return count <= INTERVAL_MONTHS_MAX;
    case 'y':
        return count <= INTERVAL_MONTHS_MAX / 12;
    default:
        return false;
    }
}

bool status_interval_valid(const char *interval)
{
    struct interval parsed;

    return status_interval_parse(interval, &parsed);
}

int32_t status_due_day(const char *interval, int32_t from_day)
{
    struct interval parsed;

    if (from_day == CALDATE_NONE || !status_interval_parse(interval, &parsed))
        return CALDATE_NONE;

    switch (parsed.unit) {
    case 'd':
        return from_day + parsed.count;
    case 'w':
        return from_day + parsed.count * 7;
    case 'm':
        return caldate_add_months(from_day, parsed.count);
    case 'y':
        return caldate_add_months(from_day, parsed.count * 12);
    default:
        return CALDATE_NONE;
    }
}

static bool has_open_fail(const char *form, const struct open_fail *fails, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (form != NULL && fails[i].form != NULL && strcmp(form, fails[i].form) == 0)
            return true;
    return false;
}

/* A check dated after tomorrow cannot have been made yet: some clock was wrong, and the date may
   not keep an item in date for years. It counts for nothing. One day is let through, because two
   kiosks may stand on either side of midnight. */
static bool from_the_future(const struct cycle *cycle, int32_t today)
{
    return cycle->last_day != CALDATE_NONE && cycle->last_day > today &&
           cycle->last_day - today > 1;
}

static enum cycle_state cycle_state_of(int32_t due, int32_t today)
{
    if (due == CALDATE_NONE)
        return CYCLE_NEVER;
    if (due < today)
        return CYCLE_OVERDUE; /* the due day itself is the last good one */
    return due - today <= STATUS_SOON_DAYS ? CYCLE_DUE : CYCLE_IN_DATE;
}

static struct cycle_status cycle_judge(const struct cycle *cycle, bool failed, int32_t today)
{
    struct cycle_status out = { .cycle = cycle, .due_day = CALDATE_NONE };
    struct interval interval;
    bool known = status_interval_parse(cycle->interval, &interval);
    int32_t due = cycle->due_day;

    if (due == CALDATE_NONE && known && !from_the_future(cycle, today))
        due = status_due_day(cycle->interval, cycle->last_day);

    if (known && interval.unit == 'u')
        out.state = CYCLE_EACH_USE;
    else if (!known || (cycle->due_day == CALDATE_NONE && from_the_future(cycle, today)))
        out.state = CYCLE_OVERDUE; /* what cannot be worked out must not look in date */
    else if (interval.unit == 'e' && due == CALDATE_NONE)
        out.state = CYCLE_IN_DATE;
    else
        out.state = cycle_state_of(due, today);

    if (out.state != CYCLE_EACH_USE && known && due != CALDATE_NONE) {
        out.due_day = due;
        out.days = (int)(due - today);
    }
    if (failed)
        out.state = CYCLE_FAILED;
    return out;
}

static int cycle_rank(const struct cycle_status *c)
{
    static const int ranks[] = {
        [CYCLE_FAILED] = 0, [CYCLE_OVERDUE] = 1,  [CYCLE_NEVER] = 2,
        [CYCLE_DUE] = 3,    [CYCLE_EACH_USE] = 4, [CYCLE_IN_DATE] = 5,
    };

    return ranks[c->state];
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

bool status_uses_covered(const struct status *s, int32_t today)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].state == CYCLE_EACH_USE && s->cycles[i].cycle->last_day != today)
            return false;
    return true;
}

/* Whether anything speaks for the item: a check that is laid down for it, or one that was made. */
static bool anything_known(const struct status *s)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].state == CYCLE_EACH_USE || s->cycles[i].due_day != CALDATE_NONE ||
            s->cycles[i].cycle->last_day != CALDATE_NONE)
            return true;
    return false;
}

static enum use use_of(const struct status *s, bool retired, int32_t today)
{
    if (s->fail_count > 0)
        return USE_DO_NOT;
    if (retired)
        return USE_RETIRED;
    if (status_first(s, CYCLE_OVERDUE) != NULL)
        return USE_OVERDUE;
    if (status_first(s, CYCLE_NEVER) != NULL)
        return USE_NEVER_CHECKED;
    if (status_first(s, CYCLE_DUE) != NULL || !status_uses_covered(s, today))
        return USE_DUE;
    return anything_known(s) ? USE_OK : USE_NO_CHECKS;
}

struct status status_judge(struct arena *a, bool retired, const struct cycle *cycles,
                           size_t cycle_count, const struct open_fail *fails, size_t fail_count,
                           int32_t today)
{
    struct status out = { .fails = fails, .fail_count = fail_count };

    out.cycles = arena_array(a, cycle_count > 0 ? cycle_count : 1, sizeof(*out.cycles));
    if (out.cycles == NULL) {
        /* Without room to judge nothing may look safe. */
        out.use = fail_count > 0 || !retired ? USE_DO_NOT : USE_RETIRED;
        out.why_short = status_kept(NULL);
        return out;
    }
    for (size_t i = 0; i < cycle_count; i++)
        out.cycles[i] =
            cycle_judge(&cycles[i], has_open_fail(cycles[i].form, fails, fail_count), today);
    out.cycle_count = cycle_count;
    cycles_sort(out.cycles, cycle_count);
    out.use = use_of(&out, retired, today);
    out.why_short = status_kept(status_short(a, &out, today));
    return out;
}
