/* The signs of an assessment's first screen: groups in lines, as many as there is room for. */
#include "app/domain/sign.h"
#include "app/screens/assessment_blocks.h"

#include <string.h>

/* Lines of groups that take a tap stand as far apart as targets do. */
static int flow_gap_y(struct app *app)
{
    return ui_mm_y(app->ui, 3);
}

/* The widest word: a line narrower than that would break it. */
static int flow_word(struct app *app, const char *words)
{
    struct ui *ui = app->ui;
    int widest = 0;
    for (const char *at = words; *at != '\0';) {
        size_t len = strcspn(at, " ");
        int one = ui_text_width(ui, ui_text_f(ui, "%.*s", (int)len, at), SIZE_SMALL, FONT_SEMIBOLD);
        widest = one > widest ? one : widest;
        at += len + strspn(at + len, " ");
    }
    return widest;
}

static int flow_words_left(struct app *app, const struct face_group *g)
{
    return g->bad && g->count == 0 ? ui_line_height(app->ui, SIZE_SMALL) + ui_mm(app->ui, 1) : 0;
}

/* Lines that a group's words take: without signs as many as those and the words below them are high. */
static int flow_lines(struct app *app, const struct face_group *g, int side, int lines)
{
    enum { LEAST = 3, MOST = 5 };
    int line = ui_line_height(app->ui, SIZE_SMALL);
    if (g->count > 0)
        return lines;
    lines += (side + line - 1) / line;
    return lines < LEAST ? LEAST : lines > MOST ? MOST : lines;
}

/* The width, from `w` on, in which the words stand in so many lines. */
static int flow_width(struct app *app, const char *words, int w, int lines, int max)
{
    int limit = lines * ui_line_height(app->ui, SIZE_SMALL) * (app->opt.large ? 2 : 1);
    while (w < max && ui_para_height(app->ui, w, words, SIZE_SMALL, FONT_SEMIBOLD) > limit)
        w += ui_mm(app->ui, 2);
    return w > max ? max : w;
}

/* As narrow as its signs or, where the words want more, as lets them stand in so many lines. */
static struct face_cell flow_cell(struct app *app, const struct face_group *g, int side, int lines,
                                  int max)
{
    struct ui *ui = app->ui;
    int between = ui_mm(ui, 0.8);
    int lead = flow_words_left(app, g);
    int word = flow_word(app, g->words) + 1;
    int least = g->doc == NULL && g->part == NULL ? 0 : page_target(app);
    int w = g->count == 0 ? ui_mm(ui, 20) : (int)g->count * (side + between) - between;
    w = (w < ui_mm(ui, 15.2) ? ui_mm(ui, 15.2) : w) - lead;
    w = w < word ? word : w;
    w = flow_width(app, g->words, w, flow_lines(app, g, side, lines), max - lead);
    int h = ui_para_height(ui, w, g->words, SIZE_SMALL, FONT_SEMIBOLD);
    h += g->count == 0 ? 0 : side + ui_mm_y(ui, 0.6);
    h = h < least ? least : h;
    struct face_cell c = { w + lead, h, w + lead, h };
    if (g->count > 0)
        return c;
    int low = page_target(app) / ui_line_height(ui, SIZE_SMALL);
    w = flow_width(app, g->words, w, low < 1 ? 1 : low, max - lead);
    h = ui_para_height(ui, w, g->words, SIZE_SMALL, FONT_SEMIBOLD);
    c.low_w = w + lead;
    c.low_h = h < least ? least : h;
    return c;
}

/* How many groups are worn. */
static size_t face_worn(const struct face *f)
{
    size_t n = 0;
    while (n < f->group_count && f->groups[n].wear)
        n++;
    return n;
}

struct face_flow face_flow(struct app *app, const struct face *f, int side, int lines, int width)
{
    struct face_flow flow = { .f = f, .side = side, .width = width };
    for (size_t i = 0; i < f->group_count; i++)
        flow.cells[i] = flow_cell(app, &f->groups[i], side, lines, width);
    return flow;
}

static const char *flow_rest_words(struct app *app, size_t left)
{
    return ui_text_f(app->ui, "+%zu more", left);
}

static struct face_cell flow_rest(struct app *app, size_t left)
{
    int w = ui_text_width(app->ui, flow_rest_words(app, left), SIZE_BODY, FONT_SEMIBOLD) +
            ui_mm(app->ui, 4);
    int least = ui_mm(app->ui, 15.2);
    w = w < least ? least : w;
    return (struct face_cell){ w, page_target(app), w, page_target(app) };
}

struct flow_at {
    int x, y, line_h;
};

/* Where the next cell stands: on the line, or on one below. */
static struct rect flow_place(struct app *app, const struct face_flow *flow, struct face_cell c,
                              struct flow_at *at)
{
    if (at->x > 0 && at->x + c.w > flow->width) {
        at->y += at->line_h + flow_gap_y(app);
        at->x = at->line_h = 0;
        c.w = c.low_w;
        c.h = c.low_h;
    }
    struct rect r = { at->x, at->y, c.w, c.h };
    at->x += c.w + ui_gap(app->ui);
    at->line_h = c.h > at->line_h ? c.h : at->line_h;
    return r;
}

int face_flow_height(struct app *app, const struct face_flow *flow, size_t from, size_t to,
                     size_t left)
{
    struct flow_at at = { 0 };
    for (size_t i = from; i < to; i++)
        (void)flow_place(app, flow, flow->cells[i], &at);
    if (left > 0)
        (void)flow_place(app, flow, flow_rest(app, left), &at);
    return at.y + at.line_h;
}

size_t face_flow_most(struct app *app, const struct face_flow *flow, size_t from, int height)
{
    size_t count = flow->f->group_count;
    size_t worn = face_worn(flow->f);
    for (size_t to = count; to > from && to >= worn; to--)
        if (face_flow_height(app, flow, from, to, count - to) <= height)
            return to;
    return from;
}

static void flow_signs(struct app *app, struct rect r, const struct face_group *g, int side)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < g->count; i++) {
        struct rect at = { r.x + (int)i * (side + ui_mm(ui, 0.8)), r.y, side, side };
        ui_svg(ui, at, ui_text_f(ui, "sign%zu", i), sign_words(g->signs[i]),
               ui_text_f(ui, "signs/%s.svg", g->signs[i]));
    }
}

static bool flow_group(struct app *app, struct rect r, const struct face_group *g, int side)
{
    struct ui *ui = app->ui;
    bool tapped = false;
    struct rect words = r;
    ui_push(ui, g->id, ROLE_GROUP, g->words, r);
    if (g->doc != NULL || g->part != NULL)
        tapped = ui_touch(ui, r, "open", g->words);
    flow_signs(app, r, g, side);
    if (g->count > 0)
        (void)ui_cut_top(&words, side + ui_mm_y(ui, 0.6));
    if (g->bad && g->count == 0) {
        struct rect icon = ui_cut_left(&words, ui_line_height(ui, SIZE_SMALL));
        icon.h = icon.w;
        ui_icon(ui, icon, ICON_CROSS, TONE_BAD);
        (void)ui_cut_left(&words, ui_mm(ui, 1));
    }
    (void)ui_para(ui, words, "words", g->words, SIZE_SMALL, FONT_SEMIBOLD,
                  g->bad ? TONE_BAD : TONE_PLAIN);
    ui_pop(ui);
    return tapped;
}

/* What is left out is the least: its count leads to the chemicals, or to the hazards where none of it is one. */
static const char *flow_rest_part(const struct face *f, size_t from)
{
    for (size_t i = from; i < f->group_count; i++)
        if (f->groups[i].chemical)
            return FACE_PART_CHEMICALS;
    return FACE_PART_HAZARDS;
}

void face_flow_draw(struct app *app, struct rect r, const struct face_flow *flow, size_t from,
                    size_t to, size_t left, struct face_tap *tap)
{
    struct flow_at at = { 0 };
    for (size_t i = from; i < to; i++) {
        struct rect cell = flow_place(app, flow, flow->cells[i], &at);
        cell.x += r.x;
        cell.y += r.y;
        if (flow_group(app, cell, &flow->f->groups[i], flow->side))
            tap->group = (int)i;
    }
    if (left == 0)
        return;
    struct rect cell = flow_place(app, flow, flow_rest(app, left), &at);
    cell.x += r.x;
    cell.y += r.y;
    if (ui_button(app->ui, cell, "rest", flow_rest_words(app, left), ICON_NONE, UI_PLAIN))
        tap->part = flow_rest_part(flow->f, to);
}
