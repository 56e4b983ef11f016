#include <math.h>

#include "app/ui/inner.h"

static const double body_cap_mm = 3.0;
static const double body_cap_large_mm = 6.1;
static const double small_cap_mm = 2.4;
static const double small_cap_large_mm = 4.9;
static const double inter_cap_em = 0.727; /* cap height of Inter over its em */

int ui_mm(const struct ui *ui, double mm)
{
    return (int)ceil(mm * ui->frame.scale.px_per_mm_x - 1e-6);
}

int ui_mm_y(const struct ui *ui, double mm)
{
    return (int)ceil(mm * ui->frame.scale.px_per_mm_y - 1e-6);
}

/* 3 mm in both directions: the panels' pixels are not quite square. */
int ui_gap(const struct ui *ui)
{
    return imax(ui_mm(ui, 3), ui_mm_y(ui, 3));
}

struct rect ui_page(const struct ui *ui)
{
    struct rect r = { 0, 0, ui->frame.w, ui->frame.h };

    if (ui->board.shown)
        r.h -= ui->board.r.h;
    r.h = imax(0, r.h - ui->toast_h);
    return r;
}

bool ui_portrait(const struct ui *ui)
{
    return ui->frame.h > ui->frame.w;
}

bool ui_small(const struct ui *ui)
{
    static const double diagonal_mm = 200;

    return hypot(ui->frame.w / ui->frame.scale.px_per_mm_x,
                 ui->frame.h / ui->frame.scale.px_per_mm_y) < diagonal_mm;
}

int layout_px(const struct ui_scale *scale, enum ui_size size)
{
    bool large = scale->large;
    double em_mm = (large ? body_cap_large_mm : body_cap_mm) / inter_cap_em;
    double px = scale->px_per_mm_y;

    switch (size) {
    case SIZE_BODY:
        return (int)lround(em_mm * px);
    case SIZE_SMALL:
        return (int)ceil((large ? small_cap_large_mm : small_cap_mm) / inter_cap_em * px);
    case SIZE_TITLE:
        return (int)lround(em_mm * px * (large ? 1.05 : 1.16));
    case SIZE_BIG:
        return (int)lround(em_mm * px * (large ? 1.6 : 1.65));
    case SIZE_HUGE:
        return (int)lround(em_mm * px * (large ? 2.2 : 3.2));
    }
    return 0;
}

int ui_px(const struct ui *ui, enum ui_size size)
{
    return layout_px(&ui->frame.scale, size);
}

static int cut_clamp(int amount, int room)
{
    return amount < 0 ? 0 : imin(amount, imax(room, 0));
}

struct rect ui_cut_top(struct rect *r, int h)
{
    struct rect cut = { r->x, r->y, r->w, cut_clamp(h, r->h) };

    r->y += cut.h;
    r->h -= cut.h;
    return cut;
}

struct rect ui_cut_bottom(struct rect *r, int h)
{
    int take = cut_clamp(h, r->h);
    struct rect cut = { r->x, r->y + r->h - take, r->w, take };

    r->h -= take;
    return cut;
}

struct rect ui_cut_left(struct rect *r, int w)
{
    struct rect cut = { r->x, r->y, cut_clamp(w, r->w), r->h };

    r->x += cut.w;
    r->w -= cut.w;
    return cut;
}

struct rect ui_cut_right(struct rect *r, int w)
{
    int take = cut_clamp(w, r->w);
    struct rect cut = { r->x + r->w - take, r->y, take, r->h };

    r->w -= take;
    return cut;
}

struct rect ui_inset(struct rect r, int dx, int dy)
{
    return (struct rect){ r.x + dx, r.y + dy, imax(0, r.w - 2 * dx), imax(0, r.h - 2 * dy) };
}

/* Columns share the odd pixels, so that the last one ends exactly at the right edge. */
struct rect ui_col(struct rect r, int index, int count, int gap)
{
    int room = imax(0, r.w - gap * (count - 1));
    int from = room * index / count;
    int to = room * (index + 1) / count;

    return (struct rect){ r.x + from + gap * index, r.y, to - from, r.h };
}

struct rect ui_row(struct rect r, int index, int count, int gap)
{
    int room = imax(0, r.h - gap * (count - 1));
    int from = room * index / count;
    int to = room * (index + 1) / count;

    return (struct rect){ r.x, r.y + from + gap * index, r.w, to - from };
}
