/* Days and times, quick with wet hands: today, yesterday, a day less or more, or typed as people write them. And the timer of
   a row. */
#include <stdio.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/check.h"
#include "platform/base/str.h"

enum { WHEN_TEXT = 24, WHEN_AHEAD = 3 /* quick answers */ };

/* ---- days as people write them ---- */

/* Takes the next number of at most so many digits; false when there is none. */
static bool when_number(const char **at, int digits, int *out)
{
    int value = 0;
    int n = 0;
    for (; **at >= '0' && **at <= '9' && n < digits; (*at)++, n++)
        value = value * 10 + (**at - '0');
    *out = value;
    return n > 0;
}

bool check_day_of(const char *typed, char out[CALDATE_TEXT])
{
    int32_t day = 0;
    struct caldate d = { 0 };
    const char *at = typed;
    if (caldate_parse(typed, &day)) {
        (void)str_copy(out, CALDATE_TEXT, typed);
        return true;
    }
    if (!when_number(&at, 2, &d.day) || strchr("/.- ", *at) == NULL || *at++ == '\0' ||
        !when_number(&at, 2, &d.month) || strchr("/.- ", *at) == NULL || *at++ == '\0')
        return false;
    const char *year = at;
    if (!when_number(&at, 4, &d.year) || *at != '\0' || (at - year != 2 && at - year != 4))
        return false;
    if (at - year == 2)
        d.year += 2000;
    char iso[WHEN_TEXT];
    if (!str_format(iso, sizeof iso, "%04d-%02d-%02d", d.year, d.month, d.day) ||
        !caldate_parse(iso, &day))
        return false;
    return str_copy(out, CALDATE_TEXT, iso);
}

/* «1/1/20» may be the beginning of 2027: only a year of four digits is taken while somebody types. */
static bool when_year_whole(const char *text)
{
    size_t len = strlen(text);
    int32_t day = 0;
    return caldate_parse(text, &day) ||
           (len >= strlen("1/1/2026") && strspn(text + len - 4, "0123456789") == 4);
}

/* "12/11/2026 10:45" as a form wants it; what is not whole yet stays as it was typed. */
static const char *when_moment(struct app *app, const char *typed, bool entered)
{
    char day[WHEN_TEXT];
    char iso[CALDATE_TEXT];
    const char *space = strrchr(typed, ' ');
    size_t clock = space == NULL ? 0 : strlen(space);
    if ((clock != strlen(" 10:45") && clock != strlen(" 9:45")) || space[clock - 3] != ':' ||
        (size_t)(space - typed) >= sizeof day)
        return typed;
    memcpy(day, typed, (size_t)(space - typed));
    day[space - typed] = '\0';
    if ((!entered && !when_year_whole(day)) || !check_day_of(day, iso))
        return typed;
    return ui_text_f(app->ui, "%sT%s%s:00", iso, clock == strlen(" 9:45") ? "0" : "", space + 1);
}

/* What the form keeps for what was typed. entered: Enter was, so that a year of two digits is one. */
static const char *when_kept(struct app *app, const struct form_field *f, const char *typed,
                             bool entered)
{
    char iso[CALDATE_TEXT];
    if (f->type == FIELD_DATETIME)
        return when_moment(app, typed, entered);
    bool whole = f->type == FIELD_DATE && (entered || when_year_whole(typed));
    return whole && check_day_of(typed, iso) ? ui_text_f(app->ui, "%s", iso) : typed;
}

/* What the form keeps, as people here write it: "21/11/2027", "21/11/2027 10:45". */
static const char *when_words(struct app *app, const char *kept)
{
    char iso[CALDATE_TEXT];
    int32_t day = 0;
    size_t len = strlen(kept);
    (void)str_copy(iso, sizeof iso, kept);
    bool moment = len >= strlen("2026-11-23T10:42") && kept[CALDATE_TEXT - 1] == 'T';
    if ((len != CALDATE_TEXT - 1 && !moment) || !caldate_parse(iso, &day))
        return kept;
    struct caldate d = caldate_from_day(day);
    return ui_text_f(app->ui, "%02d/%02d/%04d%s%.5s", d.day, d.month, d.year, moment ? " " : "",
                     moment ? kept + CALDATE_TEXT : "");
}

const char *check_when_fault(struct app *app, const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    const char *kept = check_value(s, at);
    const char *fault = s->state.fields[at].fault;
    bool day = f->type == FIELD_DATE || f->type == FIELD_DATETIME;
    if (fault == NULL || !day || kept[0] == '\0' || !str_eq(when_words(app, kept), kept))
        return fault;
    return f->type == FIELD_DATE ? "Write the date in full, as in 22/11/2026."
                                 : "Write the date and the time in full, as in 22/11/2026 09:30.";
}

/* ---- drawing ---- */

struct when_parts {
    int quick, count; /* width of a quick answer, how many */
    int step, field;
    bool stacked; /* the field stands under the quick answers */
};

/* A day that can only lie ahead: today would be no answer. */
static bool when_ahead(const struct form_field *f)
{
    return f->type != FIELD_TIME && form_has_word(f->appearance, "ahead");
}

/* Of those, what an examination or a bottle is good for lies months off; a loan, a repair or a culture's end days. */
static bool when_far(const struct check_state *s, const struct form_field *f)
{
    bool keeps = str_eq(f->fact, "use_by") && s->base->life[0] == '\0';
    return f->type == FIELD_DATE && (str_eq(f->name, s->base->next_due) || keeps);
}

static struct when_parts when_parts(struct app *app, const struct form_field *f, int width)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool ahead = when_ahead(f);
    struct when_parts p = { .count = ahead ? WHEN_AHEAD : f->type == FIELD_DATE ? 2 : 1 };
    const char *widest = ahead ? "+ 6 months" : f->type == FIELD_DATE ? "Yesterday" : "Now";
    int quick = ui_text_width(ui, widest, SIZE_BODY, FONT_SEMIBOLD) + ui_mm(ui, 5);
    p.quick = quick > ui_mm(ui, 15.2) ? quick : ui_mm(ui, 15.2);
    p.step = f->type == FIELD_DATE ? ui_mm(ui, 15.2) : 0;
    int field = ui_text_width(ui, f->type == FIELD_DATETIME ? "2026-12-30T10:45:00" : "2026-12-30",
                              SIZE_BODY, FONT_REGULAR) +
                ui_mm(ui, 9);
    int all = p.count * (p.quick + gap) + (p.step > 0 ? 2 * (p.step + gap) : 0) + field;
    p.stacked = all > width;
    return p;
}

int check_when_height(struct app *app, const struct form_field *f, int width)
{
    int line = ui_field_height(app->ui);
    int target = page_target(app);
    line = line > target ? line : target;
    return when_parts(app, f, width).stacked ? 2 * line + ui_gap(app->ui) : line;
}

static void when_day(struct app *app, struct check_state *s, size_t at, int32_t day)
{
    char iso[CALDATE_TEXT];
    caldate_iso(iso, day);
    check_put(app, s, s->form.fields[at].name, iso);
}

static void when_quick_ahead(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form.fields[at];
    bool moment = f->type == FIELD_DATETIME;
    bool far = when_far(s, f);
    const int32_t days[2][WHEN_AHEAD] = {
        { app->today, app->today + 1, app->today + 7 },
        { caldate_add_months(app->today, 6), caldate_add_months(app->today, 12),
          caldate_add_months(app->today, 24) },
    };
    static const char *const words[2][WHEN_AHEAD] = {
        { "Today", "Tomorrow", "+ 1 week" },
        { "+ 6 months", "+ 1 year", "+ 2 years" },
    };
    static const char *const ids[WHEN_AHEAD] = { "first", "second", "third" };
    struct ui_option options[WHEN_AHEAD];
    const char *kept[WHEN_AHEAD];
    for (size_t i = 0; i < WHEN_AHEAD; i++) {
        char iso[CALDATE_TEXT];
        caldate_iso(iso, days[far][i]);
        /* Back by a day is back by the end of its lessons. */
        kept[i] = ui_text_f(app->ui, "%s%s", iso, moment ? "T16:00:00" : "");
        options[i] = (struct ui_option){ .id = ids[i],
                                         .label = words[far][i],
                                         .selected = str_eq(check_value(s, at), kept[i]) };
    }
    int tapped = ui_segments(app->ui, r, "quick", options, WHEN_AHEAD);
    if (tapped >= 0)
        check_put(app, s, f->name, kept[tapped]);
}

static void when_quick(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    const char *value = check_value(s, at);
    char today[CALDATE_TEXT], before[CALDATE_TEXT];
    if (when_ahead(f)) {
        when_quick_ahead(app, s, at, r);
        return;
    }
    if (f->type != FIELD_DATE) {
        struct ui_option now = { .id = "now", .label = "Now" };
        if (ui_segments(ui, r, "quick", &now, 1) != 0)
            return;
        check_put(app, s, f->name,
                  f->type == FIELD_TIME ? ui_text_f(ui, "%.5s", s->now + strlen("2026-11-23T"))
                                        : s->now);
        return;
    }
    caldate_iso(today, app->today);
    caldate_iso(before, app->today - 1);
    struct ui_option options[] = {
        { .id = "today", .label = "Today", .selected = str_eq(value, today) },
        { .id = "yesterday", .label = "Yesterday", .selected = str_eq(value, before) },
    };
    int tapped = ui_segments(ui, r, "quick", options, COUNT_OF(options));
    if (tapped >= 0)
        when_day(app, s, at, app->today - tapped);
}

static void when_field(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    char text[WHEN_TEXT];
    struct ui_field field = {
        .id = "value",
        .label = s->state.fields[at].label,
        .placeholder = f->type == FIELD_DATE   ? "dd/mm/yyyy"
                       : f->type == FIELD_TIME ? "hh:mm"
                                               : "dd/mm/yyyy hh:mm",
        .keyboard = KEYBOARD_DATE,
        .bad = s->state.fields[at].fault != NULL,
    };
    /* Nobody's typing is written over: what was typed stands as long as the form keeps the day that it means. */
    const char *kept = check_value(s, at);
    bool typing = str_eq(s->when_row, f->name) && s->values[at] != NULL &&
                  str_eq(kept, when_kept(app, f, s->when_typed, false));
    const char *shown = typing ? s->when_typed : when_words(app, kept);
    bool entered = false;
    (void)str_copy(text, sizeof text, shown);
    bool changed = ui_field(ui, r, &field, text, sizeof text, &entered);
    if (!changed && !entered)
        return;
    /* The first key takes the place of a date that nobody typed. */
    size_t given = s->values[at] == NULL ? strlen(shown) : 0;
    const char *typed = changed && given > 0 && strlen(text) > given && str_starts(text, shown)
                            ? text + given
                            : text;
    const char *wanted = when_kept(app, f, typed, entered);
    if (changed) {
        (void)str_copy(s->when_row, sizeof s->when_row, f->name);
        (void)str_copy(s->when_typed, sizeof s->when_typed, typed);
    }
    /* Enter ends the typing: a year of two digits stands in full then. */
    if (entered)
        s->when_row[0] = '\0';
    if (changed || !str_eq(wanted, kept))
        check_put(app, s, f->name, wanted);
}

void check_when(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    struct when_parts p = when_parts(app, f, r.w);
    int gap = ui_gap(ui);
    struct rect quick;
    if (p.stacked) {
        quick = ui_cut_top(&r, (r.h - gap) / 2);
        (void)ui_cut_top(&r, gap);
    } else {
        quick = ui_cut_left(&r, p.count * p.quick + (p.count - 1) * gap);
        (void)ui_cut_left(&r, gap);
    }
    when_quick(app, s, at, quick);
    if (p.step > 0) {
        int32_t day = app->today;
        bool some = caldate_parse(check_value(s, at), &day);
        struct rect less = ui_cut_left(&r, p.step);
        struct rect more = ui_cut_right(&r, p.step);
        ui_card(ui, less, CARD_PLAIN);
        ui_card(ui, more, CARD_PLAIN);
        if (ui_button(ui, less, "less", "A day earlier", ICON_LEFT, UI_ICON))
            when_day(app, s, at, some ? day - 1 : app->today - 1);
        if (ui_button(ui, more, "more", "A day later", ICON_RIGHT, UI_ICON))
            when_day(app, s, at, some ? day + 1 : app->today + 1);
        r = ui_inset(r, gap, 0);
    }
    when_field(app, s, at, r);
}

/* ---- the timer ---- */

int check_timer_width(struct app *app)
{
    int w = ui_text_width(app->ui, "Start 00:00", SIZE_BODY, FONT_SEMIBOLD) + ui_mm(app->ui, 12);
    int most = ui_mm(app->ui, app->opt.large ? 54 : check_small(app) ? 30 : 44);
    return w < most ? w : most;
}

/* The timer that runs for the row now, NULL when none does. */
static const struct timer *timer_running(struct app *app, const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    if (f->timer_s <= 0)
        return NULL;
    const struct timer *t = timers_find(&app->timers, s->item.id, s->base->id, f->name);
    return t == NULL || t->done ? NULL : t;
}

bool check_timer_runs(struct app *app, const struct check_state *s, size_t at)
{
    return timer_running(app, s, at) != NULL;
}

int check_clock_height(struct app *app)
{
    return ui_mm_y(app->ui, app->opt.large ? 42 : check_small(app) ? 27 : 36);
}

static void timer_stop(struct app *app, struct check_state *s, size_t at, const struct timer *t)
{
    const struct form_field *f = &s->form.fields[at];
    char value[TIMERS_TEXT];
    timer_value(value, f->unit, timer_run_s(t, app->now));
    app_timer_stop(app, s->item.id, s->base->id, f->name);
    check_put(app, s, f->name, value);
}

void check_clock(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct timer *t = timer_running(app, s, at);
    char left[TIMERS_TEXT], run[TIMERS_TEXT], whole[TIMERS_TEXT];
    if (t == NULL)
        return;
    timer_words(left, timer_left_s(t, app->now));
    timer_words(run, timer_run_s(t, app->now));
    timer_words(whole, t->seconds);
    struct rect ring = ui_cut_left(&r, r.h);
    (void)ui_cut_left(&r, 2 * ui_gap(ui));
    ui_ring(ui, ring, "clock", left, "to go", timer_run_s(t, app->now), t->seconds);
    struct rect stop = ui_cut_bottom(&r, page_target(app));
    int most = ui_mm(ui, app->opt.large ? 70 : 50);
    stop.w = stop.w < most ? stop.w : most;
    (void)ui_cut_bottom(&r, ui_gap(ui));
    const char *brief = ui_text_f(ui, "%s of %s", run, whole);
    const char *words = ui_text_f(ui, "%s. It goes on while you do something else.", brief);
    bool fits = ui_para_height(ui, r.w, words, SIZE_BODY, FONT_REGULAR) <= r.h;
    if (fits || ui_para_height(ui, r.w, brief, SIZE_BODY, FONT_REGULAR) <= r.h)
        (void)ui_para(ui, r, "run", fits ? words : brief, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    if (ui_button(ui, stop, "timer", ui_text_f(ui, "Stop %s", left), ICON_TIMER, UI_PLAIN))
        timer_stop(app, s, at, t);
}

void check_timer(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    bool again = timers_find(&app->timers, s->item.id, s->base->id, f->name) != NULL;
    char words[TIMERS_TEXT];
    timer_words(words, f->timer_s);
    if (!ui_button(ui, r, "timer", ui_text_f(ui, again ? "Again %s" : "Start %s", words),
                   ICON_TIMER, UI_PLAIN))
        return;
    if (!app_timer_start(app, &s->item, s->base, f))
        return;
    check_put(app, s, f->name, "");
    /* The clock is taller than the field was: all of it comes into view. */
    (void)str_copy(s->reveal, sizeof s->reveal, f->name);
    s->reveal_tries = 0;
}
