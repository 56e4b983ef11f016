#include "app/domain/status.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

enum { INTERVAL_DAYS_MAX = 3660, INTERVAL_MONTHS_MAX = 240 };

/* An interval as the forms write it: a count and a unit. Months are calendar months. */
struct interval {
    int count;
    char unit; /* 'd', 'w', 'm', 'y'; 'u' each use; 'e' event-driven */
};

static bool interval_parse(const char *text, struct interval *out)
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

    return interval_parse(interval, &parsed);
}

int32_t status_due_day(const char *interval, int32_t from_day)
{
    struct interval parsed;

    if (from_day == CALDATE_NONE || !interval_parse(interval, &parsed))
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

static const char *text_or(const char *text, const char *other)
{
    return text != NULL && *text != '\0' ? text : other;
}

/* The arena's text, or a fixed one when the arena is full: a status is never left without words. */
static const char *kept(const char *text)
{
    return text != NULL ? text : "The kiosk is short of memory. Restart it.";
}

const char *status_interval_text(struct arena *a, const char *interval)
{
    struct interval parsed;
    const char *unit;

    if (!interval_parse(interval, &parsed))
        return "at an interval that cannot be read";
    if (parsed.unit == 'u')
        return "before each use";
    if (parsed.unit == 'e')
        return "when something calls for it";
    if (parsed.unit == 'd' && parsed.count % 7 == 0)
        parsed = (struct interval){ .count = parsed.count / 7, .unit = 'w' };

    unit = parsed.unit == 'd'   ? "day"
           : parsed.unit == 'w' ? "week"
           : parsed.unit == 'm' ? "month"
                                : "year";
    if (parsed.count == 1)
        return kept(arena_printf(a, "every %s", unit));
    return kept(arena_printf(a, "every %d %ss", parsed.count, unit));
}

/* "12 Nov", with the year when it is not this one. */
static const char *day_text(struct arena *a, int32_t day, int32_t today)
{
    struct caldate d = caldate_from_day(day);

    if (d.year == caldate_from_day(today).year)
        return kept(arena_printf(a, "%d %s", d.day, caldate_month_short(d.month)));
    return kept(arena_printf(a, "%d %s %d", d.day, caldate_month_short(d.month), d.year));
}

static const char *days_text(struct arena *a, int days)
{
    return kept(arena_printf(a, "%d day%s", days, days == 1 ? "" : "s"));
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
    bool known = interval_parse(cycle->interval, &interval);
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
    return strcmp(text_or(x->cycle->form, ""), text_or(y->cycle->form, "")) < 0;
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

static const struct cycle_status *first_in(const struct status *s, enum cycle_state state)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].state == state)
            return &s->cycles[i];
    return NULL;
}

/* A before-use check that passed today covers today's use. */
static bool uses_covered(const struct status *s, int32_t today)
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
    if (first_in(s, CYCLE_OVERDUE) != NULL)
        return USE_OVERDUE;
    if (first_in(s, CYCLE_NEVER) != NULL)
        return USE_NEVER_CHECKED;
    if (first_in(s, CYCLE_DUE) != NULL || !uses_covered(s, today))
        return USE_DUE;
    return anything_known(s) ? USE_OK : USE_NO_CHECKS;
}

static const char *cycle_title(const struct cycle *cycle)
{
    if (cycle == NULL)
        return "Check";
    return text_or(cycle->title, text_or(cycle->form, "Check"));
}

/* What failed, in running text: a before-use check is called that, others go by their title. */
static const char *failed_check_name(const struct status *s, const struct open_fail *fail)
{
    for (size_t i = 0; i < s->cycle_count; i++) {
        const struct cycle *cycle = s->cycles[i].cycle;

        if (str_eq(cycle->form, fail->form) && str_eq(cycle->interval, "use"))
            return "before-use check";
    }
    return text_or(fail->title, text_or(fail->form, "check"));
}

/* The newest fail is the one a person will remember. */
static const struct open_fail *newest_fail(const struct status *s)
{
    const struct open_fail *newest = &s->fails[0];

    for (size_t i = 1; i < s->fail_count; i++)
        if (s->fails[i].day > newest->day)
            newest = &s->fails[i];
    return newest;
}

static const char *short_do_not(struct arena *a, const struct status *s, int32_t today)
{
    const struct open_fail *fail = newest_fail(s);
    const char *more = "";

    if (s->fail_count > 1)
        more = kept(arena_printf(a, " · and %zu more", s->fail_count - 1));
    return arena_printf(a, "%s · failed %s, %s%s", text_or(fail->reason, "Failed its check"),
                        failed_check_name(s, fail), day_text(a, fail->day, today), more);
}

static const char *short_overdue(struct arena *a, const struct cycle_status *c, int32_t today)
{
    const char *title = cycle_title(c->cycle);

    if (c->due_day == CALDATE_NONE && !status_interval_valid(c->cycle->interval))
        return arena_printf(a, "%s · how often it is due cannot be read", title);
    if (c->due_day == CALDATE_NONE)
        return arena_printf(a, "%s · last check is dated %s, later than today", title,
                            day_text(a, c->cycle->last_day, today));
    return arena_printf(a, "%s · overdue by %s, was due %s", title, days_text(a, -c->days),
                        day_text(a, c->due_day, today));
}

static const char *short_due(struct arena *a, const struct status *s, int32_t today)
{
    const struct cycle_status *c = first_in(s, CYCLE_DUE);

    if (c == NULL)
        return "Check it before you use it";
    if (c->days == 0)
        return arena_printf(a, "%s · due today", cycle_title(c->cycle));
    if (c->days == 1)
        return arena_printf(a, "%s · due tomorrow", cycle_title(c->cycle));
    return arena_printf(a, "%s · due %s, in %s", cycle_title(c->cycle),
                        day_text(a, c->due_day, today), days_text(a, c->days));
}

static const char *short_ok(struct arena *a, const struct status *s, int32_t today)
{
    if (first_in(s, CYCLE_EACH_USE) != NULL)
        return "Checked before use today · check again before the next use";
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].due_day != CALDATE_NONE)
            return arena_printf(a, "Next: %s, %s", cycle_title(s->cycles[i].cycle),
                                day_text(a, s->cycles[i].due_day, today));
    return "No check is due";
}

static const char *short_text(struct arena *a, const struct status *s, int32_t today)
{
    switch (s->use) {
    case USE_DO_NOT:
        return short_do_not(a, s, today);
    case USE_RETIRED:
        return "Taken out of service for good";
    case USE_OVERDUE:
        return short_overdue(a, first_in(s, CYCLE_OVERDUE), today);
    case USE_NEVER_CHECKED:
        return arena_printf(a, "Not checked yet · %s",
                            cycle_title(first_in(s, CYCLE_NEVER)->cycle));
    case USE_DUE:
        return short_due(a, s, today);
    case USE_OK:
        return short_ok(a, s, today);
    case USE_NO_CHECKS:
        return "No check is laid down for it: look it over before you use it";
    }
    return "";
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
        out.why_short = kept(NULL);
        return out;
    }
    for (size_t i = 0; i < cycle_count; i++)
        out.cycles[i] =
            cycle_judge(&cycles[i], has_open_fail(cycles[i].form, fails, fail_count), today);
    out.cycle_count = cycle_count;
    cycles_sort(out.cycles, cycle_count);
    out.use = use_of(&out, retired, today);
    out.why_short = kept(short_text(a, &out, today));
    return out;
}

static const char *basis_sentence(enum form_basis basis)
{
    switch (basis) {
    case BASIS_LAW:
        return "The law sets this interval; a school may not lengthen it.";
    case BASIS_SCHEME:
        return "A document that the law asks for sets this interval; only a change of that "
               "document changes it.";
    case BASIS_ACOP:
        return "An approved code of practice gives this interval; a longer one needs the adviser's "
               "recorded reason.";
    case BASIS_GUIDE:
        return "Published guidance gives this interval; a risk assessment may change it.";
    case BASIS_PRACTICE:
        return "This interval is good practice in prep rooms; the school may choose its own.";
    case BASIS_NONE:
        break;
    }
    return "";
}

static const char *why_rule(struct arena *a, const struct status *s, const struct cycle *cycle)
{
    const char *source;

    if (s->use == USE_RETIRED)
        return "An item taken out of service is not used again.";
    if (s->fail_count > 0)
        return "An item with a fail that nobody has answered is not used. It stays so until a "
               "competent person "
               "releases it, naming that fail.";
    if (cycle == NULL)
        return "No check is set for this item.";

    source = text_or(cycle->basis_text, "");
    return arena_printf(a, "%s: %s.%s%s%s%s%s", cycle_title(cycle),
                        status_interval_text(a, cycle->interval),
                        cycle->basis == BASIS_NONE ? "" : " ", basis_sentence(cycle->basis),
                        *source != '\0' ? " Source: " : "", source,
                        *source != '\0' && !str_ends(source, ".") ? "." : "");
}

static const char *fail_facts(struct arena *a, const struct status *s, int32_t today)
{
    struct buf text;
    const char *out;

    buf_init(&text, 2000);
    for (size_t i = 0; i < s->fail_count; i++) {
        const struct open_fail *fail = &s->fails[i];

        buf_printf(&text, "%sFailed %s on %s: %s.", i > 0 ? " " : "", failed_check_name(s, fail),
                   day_text(a, fail->day, today), text_or(fail->reason, "no reason was given"));
        if (fail->actor != NULL && *fail->actor != '\0')
            buf_printf(&text, " Recorded by %s.", fail->actor);
    }
    /* Of very many fails the first that fit are told. */
    out = text.len > 0 ? arena_strndup(a, text.data, text.len) : "";
    buf_free(&text);
    return out;
}

static const char *cycle_facts(struct arena *a, const struct cycle_status *c, int32_t today)
{
    const char *title = cycle_title(c->cycle);
    const char *last = "It has no check on record.";

    if (c->cycle->last_day != CALDATE_NONE)
        last = kept(arena_printf(a, "Last passed on %s.", day_text(a, c->cycle->last_day, today)));
    if (c->state == CYCLE_EACH_USE)
        return last;
    if (c->due_day == CALDATE_NONE && c->state == CYCLE_OVERDUE)
        return short_overdue(a, c, today);
    if (c->due_day == CALDATE_NONE)
        return last;
    if (c->days < 0)
        return arena_printf(a, "%s %s was due on %s: overdue by %s.", last, title,
                            day_text(a, c->due_day, today), days_text(a, -c->days));
    if (c->days == 0)
        return arena_printf(a, "%s %s is due today.", last, title);
    return arena_printf(a, "%s %s is due on %s, in %s.", last, title,
                        day_text(a, c->due_day, today), days_text(a, c->days));
}

static const char *why_next(struct arena *a, const struct status *s, const struct cycle *cycle)
{
    switch (s->use) {
    case USE_DO_NOT:
        return "Leave it where nobody can pick it up, and mark it. After repair, a passing check "
               "by a competent "
               "person that names the fail puts it back in use.";
    case USE_RETIRED:
        return "Do not use it. If it should still be in service, register it again and check it.";
    case USE_OVERDUE:
        return arena_printf(a, "Do not use it until this check has passed: %s.",
                            cycle_title(cycle));
    case USE_NEVER_CHECKED:
        return arena_printf(a, "Make the first check before it is used: %s.", cycle_title(cycle));
    case USE_DUE:
        if (cycle != NULL && str_eq(cycle->interval, "use"))
            return "Make the before-use check; when it passes you may use it.";
        return arena_printf(a, "You may use it. Make this check by its day: %s.",
                            cycle_title(cycle));
    case USE_NO_CHECKS:
        return "Look it over yourself before each use. Ask who keeps the register whether a check "
               "should be set.";
    case USE_OK:
        break;
    }
    return "You may use it.";
}

/* The cycle that the status speaks of: the one that made it what it is, else the first. */
static const struct cycle_status *deciding_cycle(const struct status *s, int32_t today)
{
    if (s->use == USE_DUE && !uses_covered(s, today) && first_in(s, CYCLE_DUE) == NULL)
        return first_in(s, CYCLE_EACH_USE);
    return s->cycle_count > 0 ? &s->cycles[0] : NULL;
}

struct status_why status_explain(struct arena *a, const struct status *s, int32_t today)
{
    const struct cycle_status *c = deciding_cycle(s, today);
    struct status_why out;

    out.rule = kept(why_rule(a, s, c != NULL ? c->cycle : NULL));
    if (s->fail_count > 0)
        out.facts = kept(fail_facts(a, s, today));
    else
        out.facts = c != NULL ? kept(cycle_facts(a, c, today)) : "Nothing is due.";
    out.next = kept(why_next(a, s, c != NULL ? c->cycle : NULL));
    return out;
}
