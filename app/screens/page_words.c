/* Dates, times, states and people in words. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/page.h"
#include "platform/base/str.h"

enum { DAY_MS = 86400000 };

/* ---- dates in words ---- */

const char *page_day(struct app *app, int32_t day)
{
    struct caldate d = caldate_from_day(day);
    struct caldate now = caldate_from_day(app->today);
    int32_t ahead = day - app->today;
    if (day == CALDATE_NONE)
        return "never";
    if (ahead == 0)
        return "today";
    if (ahead == 1)
        return "tomorrow";
    if (ahead == -1)
        return "yesterday";
    if (ahead > 1 && ahead < 7)
        return caldate_weekday_short(caldate_weekday(day));
    if (d.year == now.year)
        return ui_text_f(app->ui, "%d %s", d.day, caldate_month_short(d.month));
    return ui_text_f(app->ui, "%d %s %d", d.day, caldate_month_short(d.month), d.year);
}

const char *page_date(struct app *app, int32_t day)
{
    struct caldate d = caldate_from_day(day);
    if (day == CALDATE_NONE)
        return "never";
    return ui_text_f(app->ui, "%d %s %d", d.day, caldate_month_short(d.month), d.year);
}

const char *page_time(struct app *app, int64_t wall_ms)
{
    int minutes = 0;
    int32_t day = caldate_london(wall_ms, &minutes);
    int h = minutes / 60;
    int m = minutes % 60;
    if (day == app->today)
        return ui_text_f(app->ui, "%02d:%02d", h, m);
    if (day < app->today && app->today - day < 7)
        return ui_text_f(app->ui, "%s %02d:%02d", caldate_weekday_short(caldate_weekday(day)), h,
                         m);
    return ui_text_f(app->ui, "%s %02d:%02d", page_day(app, day), h, m);
}

const char *page_ago(struct app *app, int64_t wall_ms)
{
    int64_t ms = app->now.wall_ms - wall_ms;
    int64_t min = ms / 60000;
    if (min < 1)
        return "just now";
    if (min < 60)
        return ui_text_f(app->ui, "%d min ago", (int)min);
    if (min < (int64_t)60 * 24)
        return ui_text_f(app->ui, min < 120 ? "%d hour ago" : "%d hours ago", (int)(min / 60));
    int days = (int)(ms / DAY_MS);
    return ui_text_f(app->ui, days == 1 ? "%d day ago" : "%d days ago", days);
}

/* ---- status in words ---- */

enum ui_tone page_use_tone(enum use use)
{
    static const enum ui_tone tones[] = {
        [USE_OK] = TONE_GOOD,           [USE_DUE] = TONE_DUE,    [USE_OVERDUE] = TONE_LATE,
        [USE_NEVER_CHECKED] = TONE_DUE, [USE_DO_NOT] = TONE_BAD, [USE_RETIRED] = TONE_INFO,
        [USE_NO_CHECKS] = TONE_INFO,
    };
    return tones[use];
}

const char *page_use_word(enum use use)
{
    static const char *const words[] = {
        [USE_OK] = "In date",
        [USE_DUE] = "Due",
        [USE_OVERDUE] = "Overdue",
        [USE_NEVER_CHECKED] = "Not checked yet",
        [USE_DO_NOT] = "Do not use",
        [USE_RETIRED] = "Retired",
        [USE_NO_CHECKS] = "No check set",
    };
    return words[use];
}

const char *page_status_word(const struct status *s)
{
    switch (s->cause) {
    case CAUSE_LOST:
        return "Lost";
    case CAUSE_ENDED:
        return "Ended";
    case CAUSE_FAULT:
        return "A fault is open";
    case CAUSE_USE_BY:
        return "Past its date";
    case CAUSE_NOT_BACK:
        return "Not back";
    case CAUSE_LIVE:
        return "Open: still alive";
    case CAUSE_FIRST_USE:
        return "Before first use";
    case CAUSE_OUT:
        return "Out";
    case CAUSE_UNKNOWN:
        return "Not known";
    case CAUSE_MEMORY:
    case CAUSE_RECALL:
    case CAUSE_FAIL:
    case CAUSE_RETIRED:
    case CAUSE_STOP:
    case CAUSE_OVERDUE:
    case CAUSE_NEVER:
    case CAUSE_DUE:
    case CAUSE_USE_BY_SOON:
    case CAUSE_EACH_USE:
    case CAUSE_CLOCK:
    case CAUSE_OK:
    case CAUSE_NO_CHECKS:
        break;
    }
    return page_use_word(s->use);
}

/* In date by a clock that is not set: nobody can say so. */
static bool page_cycle_unsure(const struct app *app, const struct cycle_status *c)
{
    return app->now.trust == CLOCK_NONE && c->state == CYCLE_IN_DATE;
}

const char *page_cycle_words(struct app *app, const struct cycle_status *c)
{
    switch (c->state) {
    case CYCLE_IN_DATE:
        return page_cycle_unsure(app, c) ? "Not sure" : "In date";
    case CYCLE_DUE:
        if (c->days == 0)
            return "Due today";
        return ui_text_f(app->ui, c->days == 1 ? "Due in %d day" : "Due in %d days", c->days);
    case CYCLE_OVERDUE:
        return ui_text_f(app->ui, c->days == -1 ? "%d day late" : "%d days late", -c->days);
    case CYCLE_NEVER:
        /* It was made, and only the scheme can say until when that holds. */
        return c->cycle != NULL && c->cycle->last_day != CALDATE_NONE ? "No next date"
                                                                      : "Not done yet";
    case CYCLE_EACH_USE:
        return "Before each use";
    case CYCLE_FAILED:
        return "Failed";
    case CYCLE_FAULT:
        return "Fault open";
    case CYCLE_FIRST_USE:
        return "Before first use";
    }
    return "";
}

enum ui_tone page_cycle_tone(struct app *app, const struct cycle_status *c)
{
    static const enum ui_tone tones[] = {
        [CYCLE_IN_DATE] = TONE_GOOD, [CYCLE_DUE] = TONE_DUE,       [CYCLE_OVERDUE] = TONE_LATE,
        [CYCLE_NEVER] = TONE_DUE,    [CYCLE_EACH_USE] = TONE_INFO, [CYCLE_FAILED] = TONE_BAD,
        [CYCLE_FAULT] = TONE_LATE,   [CYCLE_FIRST_USE] = TONE_DUE,
    };
    return page_cycle_unsure(app, c) ? TONE_DUE : tones[c->state];
}

enum ui_tone page_outcome_tone(enum form_outcome outcome)
{
    static const enum ui_tone tones[] = {
        [OUTCOME_OPEN] = TONE_INFO, [OUTCOME_PASS] = TONE_GOOD,      [OUTCOME_ADVISE] = TONE_DUE,
        [OUTCOME_FAIL] = TONE_BAD,  [OUTCOME_QUARANTINE] = TONE_BAD,
    };
    return tones[outcome];
}

const char *page_outcome_word(enum form_outcome outcome)
{
    static const char *const words[] = {
        [OUTCOME_OPEN] = "Not finished",     [OUTCOME_PASS] = "Pass",
        [OUTCOME_ADVISE] = "Pass, see note", [OUTCOME_FAIL] = "Fail",
        [OUTCOME_QUARANTINE] = "Do not use",
    };
    return words[outcome];
}

const char *page_person(struct app *app, const char *id)
{
    struct person p;
    if (id[0] == '\0')
        return "somebody";
    if (query_person(&app->store, id, ui_arena(app->ui), &p, NULL) != ERR_OK || p.name[0] == '\0')
        return "a person no longer named";
    return p.name;
}

/* Where sources lie is not for everybody who stands before the panel: for technicians, and for who is appointed for radiation
   protection. */
bool page_place_told(struct app *app, const struct item *item)
{
    struct grant *grants = NULL;
    size_t count = 0;
    bool told = !str_starts(item->kind, "radioactive-") || str_eq(app->session.role, "technician");
    if (told || !session_in(&app->session))
        return told;
    struct arena_mark mark = arena_mark(&app->scratch);
    if (query_grants(&app->store, app->session.person, &app->scratch, &grants, &count, NULL) !=
        ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        told |= str_eq(grants[i].code, "R") &&
                (grants[i].until == CALDATE_NONE || grants[i].until >= app->today);
    arena_rewind(&app->scratch, mark);
    return told;
}

const char *page_place(struct app *app, const struct item *item)
{
    if (!page_place_told(app, item))
        return "";
    enum { SHELF_NUMBER_MAX = 3 /* "B3" wants the word shelf before it, "Bench 2" does not */ };
    if (item->shelf[0] == '\0')
        return item->room;
    const char *shelf = strlen(item->shelf) <= SHELF_NUMBER_MAX
                            ? ui_text_f(app->ui, "shelf %s", item->shelf)
                            : item->shelf;
    return item->room[0] == '\0' ? shelf : ui_text_f(app->ui, "%s, %s", item->room, shelf);
}
