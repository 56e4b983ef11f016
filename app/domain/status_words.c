#include "app/domain/status_parts.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/schedule.h"
#include "platform/base/str.h"

enum { SOURCE_SHORT_MAX = 40 /* bytes of a source that fit on the line under the big word */ };

const char *status_text_or(const char *text, const char *other)
{
    return text != NULL && *text != '\0' ? text : other;
}

const char *status_kept(const char *text)
{
    return text != NULL ? text : "The kiosk is short of memory. Restart it.";
}

const char *status_day(struct arena *a, int32_t day, int32_t today)
{
    struct caldate d;

    if (day == CALDATE_NONE)
        return "a day that is not known";
    d = caldate_from_day(day);
    if (d.year == caldate_from_day(today).year)
        return status_kept(arena_printf(a, "%d %s", d.day, caldate_month_short(d.month)));
    return status_kept(arena_printf(a, "%d %s %d", d.day, caldate_month_short(d.month), d.year));
}

const char *status_days(struct arena *a, int days)
{
    return status_kept(arena_printf(a, "%d day%s", days, days == 1 ? "" : "s"));
}

const char *status_title(const struct cycle *cycle)
{
    if (cycle == NULL)
        return "Check";
    return status_text_or(cycle->title, status_text_or(cycle->form, "Check"));
}

const char *status_failed_name(const struct status *s, const struct open_fail *fail)
{
    for (size_t i = 0; i < s->cycle_count; i++) {
        const struct cycle *cycle = s->cycles[i].cycle;

        if (str_eq(cycle->form, fail->form) && str_eq(cycle->interval, "use"))
            return "before-use check";
    }
    return status_text_or(fail->title, status_text_or(fail->form, "check"));
}

const struct open_fail *status_newest(const struct open_fail *fails, size_t count)
{
    const struct open_fail *newest = count > 0 ? fails : NULL;

    for (size_t i = 1; i < count; i++)
        if (fails[i].day > newest->day)
            newest = &fails[i];
    return newest;
}

const char *status_holder(struct arena *a, const struct status_facts *f)
{
    const char *who = status_text_or(f->out_who, "");
    const char *place = status_text_or(f->out_place, "");

    if (*who != '\0' && *place != '\0')
        return status_kept(arena_printf(a, "%s, %s", who, place));
    if (*who == '\0' && *place == '\0')
        return "somebody";
    return *who != '\0' ? who : place;
}

const char *status_back_by(struct arena *a, const struct status_facts *f)
{
    int minutes = 0;
    int32_t day = caldate_london(f->back_by_ms, &minutes);

    if (day == f->today)
        return status_kept(arena_printf(a, "%02d:%02d", minutes / 60, minutes % 60));
    return status_kept(
        arena_printf(a, "%s, %02d:%02d", status_day(a, day, f->today), minutes / 60, minutes % 60));
}

/* ---- the line under the big word, by cause ---- */

static const char *short_memory(struct arena *a, const struct status *s)
{
    (void)a;
    (void)s;
    return status_kept(NULL);
}

static const char *short_more(struct arena *a, size_t count)
{
    return count > 1 ? status_kept(arena_printf(a, " · and %zu more", count - 1)) : "";
}

const char *status_stop_known(struct arena *a, const struct stop_hit *hit)
{
    if (hit->match != STOP_MAYBE)
        return "It is one of those that the notice names";
    if (hit->missing[0] == '\0')
        return "It may be one of those: look at the plate";
    return status_kept(
        arena_printf(a, "It may be one of those: look at the plate for its %s", hit->missing));
}

static const char *short_recall(struct arena *a, const struct status *s)
{
    const struct stop_hit *hit = &s->stops[0];
    const char *what = hit->stop.recall ? "Recalled" : "Stopped";

    if (hit->match == STOP_MAYBE)
        what = hit->stop.recall ? "May be recalled, look at the plate"
                                : "May be stopped, look at the plate";
    return arena_printf(a, "%s · %s%s", what, hit->stop.title, short_more(a, s->stop_count));
}

static const char *short_fail(struct arena *a, const struct status *s)
{
    const struct open_fail *fail = status_newest(s->fails, s->fail_count);

    return arena_printf(a, "%s · failed %s, %s%s", status_text_or(fail->reason, "Failed its check"),
                        status_failed_name(s, fail), status_day(a, fail->day, s->facts->today),
                        short_more(a, s->fail_count));
}

static const char *short_lost(struct arena *a, const struct status *s)
{
    (void)a;
    (void)s;
    return "Recorded as lost: if you have it here, tell who keeps the register";
}

static const char *short_retired(struct arena *a, const struct status *s)
{
    const char *because = status_text_or(s->facts->retired_why, "");

    if (*because == '\0')
        return "Taken out of service for good";
    return arena_printf(a, "Taken out of service for good: %s", because);
}

/* A stage as a heading: its first letter raised. Stages are ASCII words of the forms. */
static const char *stage_raised(struct arena *a, const char *stage)
{
    char *text = arena_strdup(a, stage);

    if (text != NULL && *text >= 'a' && *text <= 'z')
        *text = (char)(*text - 'a' + 'A');
    return status_kept(text);
}

static const char *short_ended(struct arena *a, const struct status *s)
{
    const struct status_facts *f = s->facts;

    if (f->life_day == CALDATE_NONE)
        return stage_raised(a, status_text_or(f->life, "ended"));
    return arena_printf(a, "%s %s", stage_raised(a, status_text_or(f->life, "ended")),
                        status_day(a, f->life_day, f->today));
}

/* Whose date it is: the law by its name where that fits the line. */
static const char *short_authority(struct arena *a, const struct cycle *cycle)
{
    const char *source = status_text_or(cycle->source, "");

    if (*source != '\0' && strlen(source) <= SOURCE_SHORT_MAX)
        return status_kept(arena_printf(a, "the date of %s", source));
    return cycle->basis == BASIS_LAW ? "the law's date" : "the scheme's date";
}

static const char *short_fault_of(struct arena *a, const struct status *s)
{
    const struct open_fail *fault = status_newest(s->faults, s->fault_count);

    if (fault == NULL)
        return "a fault is open";
    return arena_printf(a, "Fault open since %s: %s%s", status_day(a, fault->day, s->facts->today),
                        status_text_or(fault->reason, status_failed_name(s, fault)),
                        short_more(a, s->fault_count));
}

static const char *short_overdue_of(struct arena *a, const struct cycle_status *c, int32_t today)
{
    const char *title = status_title(c->cycle);

    if (c->due_day == CALDATE_NONE && !status_interval_valid(c->cycle->interval))
        return arena_printf(a, "%s · how often it is due cannot be read", title);
    if (c->due_day == CALDATE_NONE)
        return arena_printf(a, "%s · last check is dated %s, later than today", title,
                            status_day(a, c->cycle->last_day, today));
    return arena_printf(a, "%s · overdue by %s, was due %s", title, status_days(a, -c->days),
                        status_day(a, c->due_day, today));
}

/* Never made; or made, and the date that only the scheme can give was not entered. */
static const char *short_never_of(struct arena *a, const struct cycle *cycle)
{
    const char *title = status_title(cycle);

    if (str_eq(cycle->interval, "scheme") && cycle->last_day != CALDATE_NONE)
        return arena_printf(a, "%s · its next date is not entered", title);
    return arena_printf(a, "Not checked yet · %s", title);
}

static const char *short_stop(struct arena *a, const struct status *s)
{
    const struct cycle_status *c = status_stopping(s);
    const char *title = status_title(c->cycle);

    if (c->state == CYCLE_FAULT)
        return arena_printf(a, "%s · %s", title, status_kept(short_fault_of(a, s)));
    if (c->state == CYCLE_NEVER && str_eq(c->cycle->interval, "scheme") &&
        c->cycle->last_day != CALDATE_NONE)
        return short_never_of(a, c->cycle);
    if (c->state == CYCLE_NEVER)
        return arena_printf(a, "%s · never made, and %s", title,
                            c->cycle->basis == BASIS_LAW ? "the law asks for it"
                                                         : "its scheme asks for it before use");
    if (c->due_day == CALDATE_NONE)
        return short_overdue_of(a, c, s->facts->today);
    return arena_printf(a, "%s · %s passed on %s, %s ago", title, short_authority(a, c->cycle),
                        status_day(a, c->due_day, s->facts->today), status_days(a, -c->days));
}

static const char *short_use_by(struct arena *a, const struct status *s)
{
    if (s->facts->use_by == STATUS_USE_BY_UNKNOWN)
        return "Its use-by date cannot be read";
    return arena_printf(a, "Past its use-by day, %s",
                        status_day(a, s->facts->use_by, s->facts->today));
}

static const char *short_use_by_soon(struct arena *a, const struct status *s)
{
    return arena_printf(a, "Use it by %s", status_day(a, s->facts->use_by, s->facts->today));
}

static const char *short_not_back(struct arena *a, const struct status *s)
{
    return arena_printf(a, "Not back: %s has it, wanted by %s", status_holder(a, s->facts),
                        status_back_by(a, s->facts));
}

static const char *short_overdue(struct arena *a, const struct status *s)
{
    return short_overdue_of(a, status_first(s, CYCLE_OVERDUE), s->facts->today);
}

static const char *short_live(struct arena *a, const struct status *s)
{
    const struct status_facts *f = s->facts;

    if (*status_text_or(f->life, "") == '\0')
        return "Live: no stage of its life is recorded yet";
    return arena_printf(a, "Live: %s since %s", f->life, status_day(a, f->life_day, f->today));
}

static const char *short_never(struct arena *a, const struct status *s)
{
    return short_never_of(a, status_first(s, CYCLE_NEVER)->cycle);
}

static const char *short_first_use(struct arena *a, const struct status *s)
{
    const struct cycle_status *c = status_first(s, CYCLE_FIRST_USE);

    return arena_printf(a, "%s · before first use, school opens %s", status_title(c->cycle),
                        c->days == 0 ? "today" : status_day(a, c->due_day, s->facts->today));
}

static const char *short_due(struct arena *a, const struct status *s)
{
    const struct cycle_status *c = status_first(s, CYCLE_DUE);
    const char *title = status_title(c->cycle);

    if (c->days == 0)
        return arena_printf(a, "%s · due today", title);
    if (c->days == 1)
        return arena_printf(a, "%s · due tomorrow", title);
    return arena_printf(a, "%s · due %s, in %d days", title,
                        status_day(a, c->due_day, s->facts->today), c->days);
}

static const char *short_each_use(struct arena *a, const struct status *s)
{
    (void)a;
    (void)s;
    return "Check it before you use it";
}

/* The first check with a date, which is the nearest one among those in date. */
static const struct cycle_status *next_dated(const struct status *s)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (s->cycles[i].due_day != CALDATE_NONE)
            return &s->cycles[i];
    return NULL;
}

static const char *short_clock(struct arena *a, const struct status *s)
{
    const struct cycle_status *next = next_dated(s);

    if (next == NULL)
        return "In date only if the kiosk's clock is right";
    return arena_printf(a, "In date only if today is %s or earlier: %s",
                        status_day(a, next->lawful_day, s->facts->today),
                        status_title(next->cycle));
}

static const char *short_ok(struct arena *a, const struct status *s)
{
    const struct cycle_status *next = next_dated(s);

    if (status_first(s, CYCLE_EACH_USE) != NULL)
        return "Checked before use today · check again before the next use";
    if (next != NULL)
        return arena_printf(a, "Next: %s, %s", status_title(next->cycle),
                            status_day(a, next->due_day, s->facts->today));
    if (s->facts->use_by != CALDATE_NONE)
        return short_use_by_soon(a, s);
    return "No check is due";
}

static const char *short_out(struct arena *a, const struct status *s)
{
    const struct status_facts *f = s->facts;
    const char *back = "";

    if (f->back_by_ms > 0)
        back = status_kept(arena_printf(a, ", back by %s", status_back_by(a, f)));
    if (f->out_day == CALDATE_NONE)
        return arena_printf(a, "Out: %s has it%s", status_holder(a, f), back);
    return arena_printf(a, "Out: %s has it since %s%s", status_holder(a, f),
                        status_day(a, f->out_day, f->today), back);
}

static const char *short_unknown(struct arena *a, const struct status *s)
{
    (void)a;
    (void)s;
    return "Its checks are not known: the forms are being checked again (S-517)";
}

static const char *short_no_checks(struct arena *a, const struct status *s)
{
    (void)a;
    (void)s;
    return "No check is laid down for it: look it over before you use it";
}

const char *status_short(struct arena *a, const struct status *s)
{
    static const char *(*const shorts[])(struct arena *, const struct status *) = {
        [CAUSE_MEMORY] = short_memory,
        [CAUSE_UNKNOWN] = short_unknown,
        [CAUSE_RECALL] = short_recall,
        [CAUSE_FAIL] = short_fail,
        [CAUSE_LOST] = short_lost,
        [CAUSE_RETIRED] = short_retired,
        [CAUSE_ENDED] = short_ended,
        [CAUSE_STOP] = short_stop,
        [CAUSE_FAULT] = short_fault_of,
        [CAUSE_USE_BY] = short_use_by,
        [CAUSE_NOT_BACK] = short_not_back,
        [CAUSE_OVERDUE] = short_overdue,
        [CAUSE_LIVE] = short_live,
        [CAUSE_NEVER] = short_never,
        [CAUSE_FIRST_USE] = short_first_use,
        [CAUSE_DUE] = short_due,
        [CAUSE_USE_BY_SOON] = short_use_by_soon,
        [CAUSE_EACH_USE] = short_each_use,
        [CAUSE_CLOCK] = short_clock,
        [CAUSE_OUT] = short_out,
        [CAUSE_OK] = short_ok,
        [CAUSE_NO_CHECKS] = short_no_checks,
    };
    const char *text = shorts[s->cause](a, s);
    const struct status_facts *f = s->facts;

    if (text != NULL && f->out && s->cause != CAUSE_OUT && s->cause != CAUSE_NOT_BACK)
        text = arena_printf(a, "%s · %s has it", text, status_holder(a, f));
    /* Each of these was worked out from today's date. */
    if (text != NULL && f->clock_untrusted && s->cause > CAUSE_ENDED && s->cause < CAUSE_OUT &&
        s->cause != CAUSE_FAULT && s->cause != CAUSE_LIVE)
        text = arena_printf(a, "%s · the clock is not set, the date is not sure", text);
    return text;
}
