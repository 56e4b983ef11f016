#include "app/ui/chart.h"

#include <math.h>
#include <stdlib.h>

#include "app/ui/inner.h"

/* Where days and values stand on the screen. */
struct chart_plan {
    struct rect plot;
    int32_t from, to;
    double low, high;
    int stroke;
};

const char *ui_chart_number(struct ui *ui, double value)
{
    double size = fabs(value);
    if (size >= 1000 && size < 1e6)
        return ui_text_f(ui, "%.0f", value);
    return ui_text_f(ui, "%.3g", value);
}

static void chart_widen(struct chart_plan *p, double value)
{
    if (!isfinite(value))
        return;
    p->low = value < p->low ? value : p->low;
    p->high = value > p->high ? value : p->high;
}

/* The days and values that must be seen: all readings, the limits, and where the trend leads. */
static struct chart_plan chart_range(const struct ui_chart *c)
{
    struct chart_plan p = { .from = c->points[0].day,
                            .to = c->points[c->count - 1].day,
                            .low = c->points[0].value,
                            .high = c->points[0].value };
    for (size_t i = 0; i < c->count; i++) {
        const struct chart_point *at = &c->points[i];
        chart_widen(&p, at->value);
        if (at->has_low)
            chart_widen(&p, at->low);
        if (at->has_high)
            chart_widen(&p, at->high);
    }
    if (c->has_trend) {
        p.to = c->trend_to > p.to ? c->trend_to : p.to;
        chart_widen(&p, c->trend_to_value);
    }
    double room = (p.high - p.low) * 0.08;
    if (room <= 0)
        room = p.high == 0 ? 1 : fabs(p.high) * 0.1;
    /* The ends of the scale are read, so they are round: a fifth of the span's power of ten. A scale that begins just
       under nothing would show a negative number nobody measured. */
    double step = pow(10, floor(log10(p.high - p.low + room))) / 5;
    double low = p.low >= 0 && p.low - room < 0 ? 0 : floor((p.low - room) / step) * step;
    double high = ceil((p.high + room) / step) * step;
    if (isfinite(low) && isfinite(high) && high > low) {
        p.low = low;
        p.high = high;
    }
    return p;
}

static int chart_x(const struct chart_plan *p, int32_t day)
{
    if (p->to <= p->from)
        return p->plot.x + p->plot.w / 2;
    int64_t along = (int64_t)(day - p->from) * (p->plot.w - 1) / (p->to - p->from);
    return p->plot.x + (int)along;
}

static int chart_y(const struct chart_plan *p, double value)
{
    double part = (value - p->low) / (p->high - p->low);
    part = part < 0 || !isfinite(part) ? 0 : part > 1 ? 1 : part;
    return p->plot.y + p->plot.h - 1 - (int)lround(part * (p->plot.h - 1));
}

static void chart_box(struct ui *ui, int x, int y, int w, int h, color fill, int radius)
{
    frame_box(ui, (struct rect){ x, y, w, h }, fill, DRAW_CLEAR, 0, radius);
}

/* The draw list knows boxes: a slope is a stair of them, one stroke wide; dashed ones leave out some. */
static void chart_slope(struct ui *ui, const struct chart_plan *p, int x0, int y0, int x1, int y1,
                        color ink, int dash)
{
    int step = p->stroke;
    if (x1 <= x0) {
        chart_box(ui, x0 - step / 2, imin(y0, y1), step, imax(step, abs(y1 - y0)), ink, 0);
        return;
    }
    for (int x = x0, at = 0; x < x1; x += step, at++) {
        if (dash > 0 && at / dash % 2 == 1)
            continue;
        int to = imin(x + step, x1);
        int ya = y0 + (int)((int64_t)(y1 - y0) * (x - x0) / (x1 - x0));
        int yb = y0 + (int)((int64_t)(y1 - y0) * (to - x0) / (x1 - x0));
        chart_box(ui, x, imin(ya, yb) - step / 2, step, abs(yb - ya) + step, ink, 0);
    }
}

/* The limit as it stood: level from each reading to the next, the last one to the edge. */
static void chart_limit(struct ui *ui, const struct chart_plan *p, const struct ui_chart *c,
                        bool high)
{
    enum { DASH = 4 };
    int before = 0;
    bool drawn = false;
    for (size_t i = 0; i < c->count; i++) {
        const struct chart_point *at = &c->points[i];
        if (high ? !at->has_high : !at->has_low) {
            drawn = false;
            continue;
        }
        int y = chart_y(p, high ? at->high : at->low);
        int x0 = i == 0 ? p->plot.x : chart_x(p, at->day);
        int x1 = i + 1 < c->count ? chart_x(p, c->points[i + 1].day) : p->plot.x + p->plot.w;
        if (drawn && before != y)
            chart_box(ui, x0, imin(before, y), p->stroke, abs(y - before), THEME_BAD, 0);
        chart_slope(ui, p, x0, y, x1, y, THEME_BAD, DASH);
        before = y;
        drawn = true;
    }
}

static void chart_line(struct ui *ui, const struct chart_plan *p, const struct ui_chart *c)
{
    int dot = imax(6, ui_mm(ui, 2.2));
    for (size_t i = 1; i < c->count; i++)
        chart_slope(ui, p, chart_x(p, c->points[i - 1].day), chart_y(p, c->points[i - 1].value),
                    chart_x(p, c->points[i].day), chart_y(p, c->points[i].value), THEME_ACCENT, 0);
    if (c->has_trend)
        chart_slope(ui, p, chart_x(p, c->trend_day), chart_y(p, c->trend_value),
                    chart_x(p, c->trend_to), chart_y(p, c->trend_to_value), THEME_INK_MUTED, 2);
    for (size_t i = 0; i < c->count; i++) {
        const struct chart_point *at = &c->points[i];
        int x = chart_x(p, at->day) - dot / 2;
        int y = chart_y(p, at->value) - dot / 2;
        chart_box(ui, x, y, dot, dot, at->bad ? THEME_BAD : THEME_ACCENT, at->bad ? 0 : dot / 2);
    }
}

struct chart_tick {
    double value;
    const char *text;
    bool limit;
};

/* What stands at the left edge: the limits in force, then the ends of the scale where they do not run into them. */
static size_t chart_ticks(struct ui *ui, const struct chart_plan *p, const struct ui_chart *c,
                          struct chart_tick *out)
{
    const struct chart_point *last = &c->points[c->count - 1];
    const struct chart_tick wanted[] = {
        { last->high, NULL, last->has_high },
        { last->low, NULL, last->has_low },
        { p->high, NULL, false },
        { p->low, NULL, false },
    };
    int line = ui_line_height(ui, SIZE_SMALL);
    size_t count = 0;
    for (size_t i = 0; i < 4; i++) {
        if (i < 2 && !wanted[i].limit)
            continue;
        bool free = true;
        for (size_t k = 0; k < count; k++)
            free = free && abs(chart_y(p, out[k].value) - chart_y(p, wanted[i].value)) >= line;
        if (!free)
            continue;
        out[count] = wanted[i];
        out[count++].text = ui_chart_number(ui, wanted[i].value);
    }
    return count;
}

static void chart_axes(struct ui *ui, struct chart_plan *p, struct rect r, const struct ui_chart *c)
{
    static const char *const ids[] = { "tick0", "tick1", "tick2", "tick3" };
    struct chart_tick ticks[4];
    int line = ui_line_height(ui, SIZE_SMALL);
    p->plot = r;
    (void)ui_cut_top(&p->plot, line / 2);
    struct rect foot = ui_cut_bottom(&p->plot, line + ui_mm_y(ui, 1));
    (void)ui_cut_bottom(&p->plot, line / 2);
    size_t count = chart_ticks(ui, p, c, ticks);
    int w = 0;
    for (size_t i = 0; i < count; i++) {
        enum draw_font font = ticks[i].limit ? FONT_BOLD : FONT_REGULAR;
        w = imax(w, ui_text_width(ui, ticks[i].text, SIZE_SMALL, font));
    }
    int gap = ui_mm(ui, 1.5);
    p->plot = (struct rect){ r.x + w + gap, p->plot.y, imax(1, r.w - w - gap - ui_mm(ui, 1.5)),
                             imax(1, p->plot.h) };
    for (size_t i = 0; i < count; i++) {
        struct rect at = { r.x, chart_y(p, ticks[i].value) - line / 2, w, line };
        (void)ui_label(ui, at, ids[i], ticks[i].text, SIZE_SMALL,
                       ticks[i].limit ? FONT_BOLD : FONT_REGULAR,
                       ticks[i].limit ? TONE_BAD : TONE_MUTED, ALIGN_RIGHT);
    }
    int axis = imax(1, p->stroke / 2);
    chart_box(ui, p->plot.x - axis, p->plot.y, axis, p->plot.h, THEME_INK_MUTED, 0);
    chart_box(ui, p->plot.x, p->plot.y + p->plot.h, p->plot.w, axis, THEME_INK_MUTED, 0);
    (void)ui_cut_top(&foot, ui_mm_y(ui, 1));
    (void)ui_cut_left(&foot, w + gap);
    bool both = ui_text_width(ui, c->from, SIZE_SMALL, FONT_REGULAR) +
                    ui_text_width(ui, c->to, SIZE_SMALL, FONT_REGULAR) + ui_gap(ui) <=
                foot.w;
    struct rect end =
        ui_cut_right(&foot, imin(foot.w, ui_text_width(ui, c->to, SIZE_SMALL, FONT_REGULAR) + 1));
    (void)ui_label(ui, end, "to", c->to, SIZE_SMALL, FONT_REGULAR, TONE_MUTED, ALIGN_RIGHT);
    if (both && p->to > p->from)
        (void)ui_label(ui, foot, "from", c->from, SIZE_SMALL, FONT_REGULAR, TONE_MUTED, ALIGN_LEFT);
}

void ui_chart(struct ui *ui, struct rect r, const struct ui_chart *chart)
{
    struct ui_chart c = *chart;
    if (c.count > CHART_POINTS_MAX) {
        c.points += c.count - CHART_POINTS_MAX;
        c.count = CHART_POINTS_MAX;
    }
    ui_push(ui, c.id, ROLE_PICTURE, c.label, r);
    if (c.count > 0 && r.h >= ui_mm_y(ui, CHART_ROOM_MM)) {
        struct chart_plan p = chart_range(&c);
        p.stroke = imax(2, ui_mm(ui, 0.5));
        chart_axes(ui, &p, r, &c);
        chart_limit(ui, &p, &c, true);
        chart_limit(ui, &p, &c, false);
        chart_line(ui, &p, &c);
    }
    ui_pop(ui);
}
