#include "app/domain/status_parts.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

const char *status_text_or(const char *text, const char *other)
{
    return text != NULL && *text != '\0' ? text : other;
}

const char *status_kept(const char *text)
{
    return text != NULL ? text : "The kiosk is short of memory. Restart it.";
}

const char *status_interval_text(struct arena *a, const char *interval)
{
    struct interval parsed;
    const char *unit;

    if (!status_interval_parse(interval, &parsed))
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
        return status_kept(arena_printf(a, "every %s", unit));
    return status_kept(arena_printf(a, "every %d %ss", parsed.count, unit));
}

/* "12 Nov", with the year when it is not this one. */
static const char *day_text(struct arena *a, int32_t day, int32_t today)
{
    struct caldate d = caldate_from_day(day);

    if (d.year == caldate_from_day(today).year)
        return status_kept(arena_printf(a, "%d %s", d.day, caldate_month_short(d.month)));
    return status_kept(arena_printf(a, "%d %s %d", d.day, caldate_month_short(d.month), d.year));
}

static const char *days_text(struct arena *a, int days)
{
    return status_kept(arena_printf(a, "%d day%s", days, days == 1 ? "" : "s"));
}

static const char *cycle_title(const struct cycle *cycle)
{
    if (cycle == NULL)
        return "Check";
    return status_text_or(cycle->title, status_text_or(cycle->form, "Check"));
}

/* What failed, in running text: a before-use check is called that, others go by their title. */
static const char *failed_check_name(const struct status *s, const struct open_fail *fail)
{
    for (size_t i = 0; i < s->cycle_count; i++) {
        const struct cycle *cycle = s->cycles[i].cycle;

        if (str_eq(cycle->form, fail->form) && str_eq(cycle->interval, "use"))
            return "before-use check";
    }
    return status_text_or(fail->title, status_text_or(fail->form, "check"));
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
        more = status_kept(arena_printf(a, " · and %zu more", s->fail_count - 1));
    return arena_printf(a, "%s · failed %s, %s%s", status_text_or(fail->reason, "Failed its check"),
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
    const struct cycle_status *c = status_first(s, CYCLE_DUE);

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
    if (status_first(s, CYCLE_EACH_USE) != NULL)
        return "Checked before use today · check again before the next use";
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].due_day != CALDATE_NONE)
            return arena_printf(a, "Next: %s, %s", cycle_title(s->cycles[i].cycle),
                                day_text(a, s->cycles[i].due_day, today));
    return "No check is due";
}

const char *status_short(struct arena *a, const struct status *s, int32_t today)
{
    switch (s->use) {
    case USE_DO_NOT:
        return short_do_not(a, s, today);
    case USE_RETIRED:
        return "Taken out of service for good";
    case USE_OVERDUE:
        return short_overdue(a, status_first(s, CYCLE_OVERDUE), today);
    case USE_NEVER_CHECKED:
        return arena_printf(a, "Not checked yet · %s",
                            cycle_title(status_first(s, CYCLE_NEVER)->cycle));
    case USE_DUE:
        return short_due(a, s, today);
    case USE_OK:
        return short_ok(a, s, today);
    case USE_NO_CHECKS:
        return "No check is laid down for it: look it over before you use it";
    }
    return "";
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

    source = status_text_or(cycle->basis_text, "");
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
                   day_text(a, fail->day, today),
                   status_text_or(fail->reason, "no reason was given"));
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
        last = status_kept(
            arena_printf(a, "Last passed on %s.", day_text(a, c->cycle->last_day, today)));
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
    if (s->use == USE_DUE && !status_uses_covered(s, today) && status_first(s, CYCLE_DUE) == NULL)
        return status_first(s, CYCLE_EACH_USE);
    return s->cycle_count > 0 ? &s->cycles[0] : NULL;
}

struct status_why status_explain(struct arena *a, const struct status *s, int32_t today)
{
    const struct cycle_status *c = deciding_cycle(s, today);
    struct status_why out;

    out.rule = status_kept(why_rule(a, s, c != NULL ? c->cycle : NULL));
    if (s->fail_count > 0)
        out.facts = status_kept(fail_facts(a, s, today));
    else
        out.facts = c != NULL ? status_kept(cycle_facts(a, c, today)) : "Nothing is due.";
    out.next = status_kept(why_next(a, s, c != NULL ? c->cycle : NULL));
    return out;
}
