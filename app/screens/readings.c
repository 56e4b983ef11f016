/* The readings of an item over time, each with the limit that it was judged by, and where the trend leads. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/trend.h"
#include "app/screens/parts.h"
#include "app/ui/chart.h"
#include "platform/base/str.h"

enum { READINGS_SERIES_MAX = 40 };

struct readings_series {
    const char *label, *unit, *form;
    const struct reading *last;
    struct chart_point *points;
    struct trend_point *trend;
    size_t count;
};
struct readings_state {
    uint64_t seen;
    bool failed;
    struct why why;
    struct arena arena;
    struct item item;
    struct readings_series series[READINGS_SERIES_MAX];
    size_t count;
};

/* "v#2" is the second copy of "v" in a repeat: all copies make one series, as they are readings of one thing. */
static size_t readings_stem(const char *field)
{
    return strcspn(field, "#");
}

static bool readings_same(const struct reading *a, const struct reading *b)
{
    size_t n = readings_stem(a->field);
    return str_eq(a->form, b->form) && n == readings_stem(b->field) &&
           strncmp(a->field, b->field, n) == 0;
}

static void readings_add(struct readings_series *series, const struct reading *r)
{
    struct chart_point p = {
        .day = r->day,
        .value = r->value,
        .bad = (r->has_high && r->value > r->high) || (r->has_low && r->value < r->low),
        .has_low = r->has_low,
        .low = r->low,
        .has_high = r->has_high,
        .high = r->high,
    };
    series->trend[series->count] = (struct trend_point){ r->day, r->value };
    series->points[series->count++] = p;
    series->last = r;
    series->label = r->label;
    series->unit = r->unit;
    series->form = r->form;
}

static void readings_sort(struct readings_state *s, const struct reading *rows, size_t count)
{
    s->count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < s->count && !readings_same(s->series[k].last, &rows[i]))
            k++;
        if (k == READINGS_SERIES_MAX)
            continue;
        struct readings_series *series = &s->series[k];
        if (k == s->count) {
            *series = (struct readings_series){
                .points = arena_array(&s->arena, count - i, sizeof *series->points),
                .trend = arena_array(&s->arena, count - i, sizeof *series->trend)
            };
            if (series->points == NULL || series->trend == NULL)
                return;
            s->count++;
        }
        readings_add(series, &rows[i]);
    }
}

static void readings_read(struct app *app, struct readings_state *s)
{
    struct reading *rows = NULL;
    size_t count = 0;
    const char *id = router_top(app)->route.item;
    arena_begin(&s->arena, 32 * 1024 * 1024);
    enum err rc = query_item(&app->store, id, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK)
        rc = query_readings(&app->store, id, "", "", &s->arena, &rows, &count, &s->why);
    s->failed = rc != ERR_OK;
    if (!s->failed)
        readings_sort(s, rows, count);
}

static void readings_leave(struct app *app, void *state)
{
    (void)app;
    struct readings_state *s = state;
    arena_done(&s->arena);
}

/* "at most 0.1 ohm", "at least 1 Mohm", "20 to 30 °C", "no limit". */
static const char *readings_limit(struct app *app, const struct reading *r)
{
    struct ui *ui = app->ui;
    const char *gap = r->unit[0] == '\0' ? "" : " ";
    if (r->has_low && r->has_high)
        return ui_text_f(ui, "limits %s to %s%s%s", ui_chart_number(ui, r->low),
                         ui_chart_number(ui, r->high), gap, r->unit);
    if (r->has_high)
        return ui_text_f(ui, "at most %s%s%s", ui_chart_number(ui, r->high), gap, r->unit);
    if (r->has_low)
        return ui_text_f(ui, "at least %s%s%s", ui_chart_number(ui, r->low), gap, r->unit);
    return "no limit was set for it";
}

/* Where the trend leads: the nearer of the two limits, "" when it does not say. Fills the chart's dotted line. */
static const char *readings_trend(struct app *app, const struct readings_series *series,
                                  struct ui_chart *chart)
{
    const struct reading *last = series->last;
    int32_t day = CALDATE_NONE;
    double limit = 0;
    if (last->has_high) {
        day = trend_crossing(series->trend, series->count, last->high, true);
        limit = last->high;
    }
    if (last->has_low) {
        int32_t low = trend_crossing(series->trend, series->count, last->low, false);
        if (low != CALDATE_NONE && (day == CALDATE_NONE || low < day)) {
            day = low;
            limit = last->low;
        }
    }
    struct trend line = trend_fit(series->trend, series->count);
    if (day == CALDATE_NONE || !line.known)
        return "";
    chart->has_trend = true;
    chart->trend_day = line.last_day;
    chart->trend_value = line.origin + line.slope * (line.last_day - line.day_0);
    chart->trend_to = day;
    chart->trend_to_value = limit;
    const char *words = trend_words(ui_arena(app->ui), day, app->today);
    return words == NULL ? "" : words;
}

static const char *readings_month(struct app *app, int32_t day)
{
    struct caldate d = caldate_from_day(day);
    return ui_text_f(app->ui, "%s %d", caldate_month_short(d.month), d.year);
}

static const char *readings_sentence(struct app *app, const struct readings_series *series,
                                     const char *trend)
{
    struct ui *ui = app->ui;
    const struct reading *last = series->last;
    const char *unit = series->unit[0] == '\0' ? "" : ui_text_f(ui, " %s", series->unit);
    return ui_text_f(ui, "%s: %s%s %s, %s; %zu readings since %s%s%s", series->label, last->text,
                     unit, page_day(app, last->day), readings_limit(app, last), series->count,
                     readings_month(app, series->points[0].day), trend[0] == '\0' ? "" : "; ",
                     trend);
}

static void readings_card(struct app *app, struct ui_scroll *list,
                          const struct readings_series *series, size_t at, int room)
{
    struct ui *ui = app->ui;
    const struct reading *last = series->last;
    int pad = ui_gap(ui);
    int w = list->view.w - 2 * pad;
    const struct form_brief *form = content_form_brief(app->content, series->form);
    const char *title = ui_text_f(ui, "%s%s%s", series->label, form == NULL ? "" : " · ",
                                  form == NULL ? "" : form->title);
    const char *unit = series->unit[0] == '\0' ? "" : ui_text_f(ui, " %s", series->unit);
    const char *now = ui_text_f(ui, "%s%s · %s · %s", last->text, unit, page_day(app, last->day),
                                readings_limit(app, last));
    struct ui_chart chart = { .id = "chart",
                              .points = series->points,
                              .count = series->count,
                              .from = readings_month(app, series->points[0].day) };
    const char *trend = readings_trend(app, series, &chart);
    chart.to = readings_month(app, chart.has_trend ? chart.trend_to : last->day);
    chart.label = readings_sentence(app, series, trend);
    const char *lead = trend[0] == '\0' ? "" : ui_text_f(ui, "By its trend it %s.", trend);
    if (strncmp(trend, "by ", 3) == 0)
        lead = trend;
    int title_h = ui_para_height(ui, w, title, SIZE_BODY, FONT_BOLD);
    int now_h = ui_para_height(ui, w, now, SIZE_BODY, FONT_SEMIBOLD);
    int lead_h = lead[0] == '\0' ? 0 : ui_para_height(ui, w, lead, SIZE_BODY, FONT_SEMIBOLD);
    int words = title_h + now_h + lead_h + 3 * ui_mm_y(ui, 2);
    int plot = room - words;
    int least = ui_mm_y(ui, 34);
    int most = ui_mm_y(ui, 60);
    plot = plot < least ? least : plot > most ? most : plot;
    struct rect r = ui_scroll_row(list, words + plot);
    ui_scroll_space(list, pad);
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, ui_text_f(ui, "series%zu", at), ROLE_GROUP, series->label, r);
    ui_card(ui, r, CARD_PLAIN);
    r = ui_inset(r, pad, ui_mm_y(ui, 2));
    (void)ui_para(ui, ui_cut_top(&r, title_h), "title", title, SIZE_BODY, FONT_BOLD, TONE_PLAIN);
    (void)ui_para(ui, ui_cut_top(&r, now_h), "now", now, SIZE_BODY, FONT_SEMIBOLD,
                  chart.points[chart.count - 1].bad ? TONE_BAD : TONE_PLAIN);
    if (lead_h > 0)
        (void)ui_para(ui, ui_cut_top(&r, lead_h), "trend", lead, SIZE_BODY, FONT_SEMIBOLD,
                      TONE_DUE);
    (void)ui_cut_top(&r, ui_mm_y(ui, 1));
    ui_chart(ui, r, &chart);
    ui_pop(ui);
}

static void readings_frame(struct app *app, void *state)
{
    struct readings_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        readings_read(app, s);
    struct rect page =
        page_begin(app, s->failed ? "Readings" : ui_text_f(ui, "Readings · %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "The readings could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_GAUGE, "No reading is recorded yet",
                   "Numbers that a check asks for will be drawn here over time.");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "series");
    for (size_t i = 0; i < s->count; i++)
        readings_card(app, &list, &s->series[i], i, page.h);
    ui_scroll_end(ui, &list);
}

const struct screen screen_readings = {
    .id = "readings",
    .state_size = sizeof(struct readings_state),
    .frame = readings_frame,
    .leave = readings_leave,
};
