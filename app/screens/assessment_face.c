/* How the first screen's blocks lie on a panel: each tries them large, then smaller, until all of them stand on it. Where
   even small signs have no room for all hazards, the size that shows most of them is taken. */
#include <string.h>

#include "app/screens/assessment_blocks.h"
#include "platform/base/attr.h"

/* How the blocks are set: what gives up first is the size of words, then of signs. */
struct face_fit {
    enum ui_size strip, words, who;
    double side_mm;
    int lines; /* of the words below signs */
};

static void face_do(struct app *app, const struct face *f, const struct face_tap *tap)
{
    const struct face_group *g = tap->group < 0 ? NULL : &f->groups[tap->group];
    struct route route = f->route;
    route.text = g != NULL && g->doc == NULL ? g->part : tap->part;
    if (g != NULL && g->doc != NULL)
        router_push(app, "chemical", &(struct route){ .doc = g->doc, .text = g->text });
    else if (route.text != NULL)
        router_push(app, "steps", &route);
}

/* The bar and the foot need less paper beside them than a page gives: so much goes to the face at either end, except below a
   band that takes a tap. */
static struct rect face_widened(struct rect page, const struct face *f, int spare)
{
    if (!f->banded) {
        page.y -= spare;
        page.h += spare;
    }
    page.h += spare;
    return page;
}

/* ---- a 7-inch panel lying down ---- */

/* Do-nots and who may do it, with what to do if it goes wrong on their right; signs across; the buttons below. */
struct face_small {
    struct face_fit fit;
    int left_w, issued, strip, acts, top;
    struct face_flow flow;
    size_t to;
};

/* Returns whether what must stand does; then out->to tells how many of the signs' groups do. */
static bool face_small_try(struct app *app, struct rect page, const struct face *f,
                           const struct face_fit *fit, int share, struct face_small *out)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    *out = (struct face_small){ .fit = *fit, .left_w = page.w * share / 100 };
    struct rect left = { 0, 0, out->left_w, 0 };
    struct rect right = { 0, 0, page.w - out->left_w - gap, 0 };
    out->acts = page_target(app);
    out->issued = face_issued(app, page, f, false) + ui_mm_y(ui, 0.6);
    out->strip = face_strip(app, left, f, fit->strip, false) + ui_mm_y(ui, 0.8);
    int told = face_told(app, left, f, true, SIZE_SMALL, NULL);
    int alarm = face_alarm(app, right, f, fit->words, false);
    /* What takes a tap stands apart from the signs, which do so too. */
    int alert = f->alert_count > 0 ? page_target(app) + gap : 0;
    int words = out->strip + told + ui_mm_y(ui, 1.2);
    words = words > out->strip + alert ? words : out->strip + alert;
    out->top = words > alarm + gap ? words : alarm + gap;
    int room = page.h - out->issued - out->top - gap - out->acts;
    if (room < 0)
        return false;
    out->flow = face_flow(app, f, ui_mm(ui, fit->side_mm), fit->lines, page.w);
    out->to = face_flow_most(app, &out->flow, 0, room);
    return out->to > 0 || f->group_count == 0;
}

static void face_small_draw(struct app *app, struct rect page, const struct face *f,
                            const struct face_small *s, struct face_tap *tap)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    size_t left = f->group_count - s->to;
    (void)face_issued(app, ui_cut_top(&page, s->issued), f, true);
    (void)face_actions(app, ui_cut_bottom(&page, s->acts), f, (int)f->action_count, true, tap);
    (void)ui_cut_bottom(&page, gap);
    int used = face_flow_height(app, &s->flow, 0, s->to, left);
    /* What is left over is for the first steps, where it is enough for one; else for the upper half. */
    int spare = page.h - s->top - (used > 0 ? used + gap : 0);
    int more = spare < ui_mm_y(ui, 18) ? 0 : spare;
    struct rect top = ui_cut_top(&page, s->top);
    (void)ui_cut_bottom(&top, gap);
    struct rect todo = ui_cut_bottom(&page, more);
    face_card(app, todo, &f->todo, tap);
    face_flow_draw(app, page, &s->flow, 0, s->to, left, tap);
    struct rect words = ui_cut_left(&top, s->left_w);
    (void)ui_cut_left(&top, gap);
    (void)face_alarm(app, top, f, s->fit.words, true);
    (void)face_strip(app, ui_cut_top(&words, s->strip), f, s->fit.strip, true);
    (void)face_told(app, words, f, true, SIZE_SMALL, tap);
}

static bool face_small(struct app *app, struct rect page, const struct face *f,
                       struct face_tap *tap)
{
    enum { LAST = 2 }; /* of the fits: small do-nots, only where nothing else stands at all */
    static const struct face_fit fits[] = {
        { SIZE_BODY, SIZE_BODY, SIZE_SMALL, 16, 2 },  { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 16, 2 },
        { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 14, 2 }, { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 12, 2 },
        { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 10, 2 }, { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 9, 2 },
        { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 10, 1 }, { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 8.4, 1 },
        { SIZE_SMALL, SIZE_SMALL, SIZE_SMALL, 9, 2 }, { SIZE_SMALL, SIZE_SMALL, SIZE_SMALL, 8, 1 },
    };
    static const int shares[] = { 62, 66, 58, 70, 54 };
    struct ui *ui = app->ui;
    struct face_small best = { 0 };
    bool found = false;
    /* The bar and the foot need no more than 1.5 mm of paper beside them. */
    int spare = ui_gap(ui) - ui_mm_y(ui, 1.5);
    page = face_widened(page, f, spare);
    for (size_t i = f->group_count == 0 ? 1 : 0;
         i < COUNT_OF(fits) && !(found && i + LAST >= COUNT_OF(fits)); i++)
        for (size_t k = 0; k < COUNT_OF(shares); k++) {
            struct face_small one;
            if (found && best.to == f->group_count)
                break;
            if (!face_small_try(app, page, f, &fits[i], shares[k], &one) ||
                (found && one.to <= best.to))
                continue;
            best = one;
            found = true;
        }
    if (found)
        face_small_draw(app, page, f, &best, tap);
    return found;
}

/* ---- a 10-inch panel lying down ---- */

/* The steps in a card of their own, scrolling by itself. */
static void face_steps(struct app *app, struct rect r, const struct face *f)
{
    struct ui *ui = app->ui;
    struct ui_scroll list = parts_scroll(app, r, "details");
    f->steps(app, &list, f->state);
    ui_scroll_end(ui, &list);
}

/* Emergency, buttons, and what is to be got ready. */
static void face_wide_right(struct app *app, struct rect r, const struct face *f,
                            struct face_tap *tap)
{
    int gap = ui_gap(app->ui);
    int wrong = face_alarm(app, r, f, SIZE_BODY, false) + ui_line_height(app->ui, SIZE_SMALL);
    (void)face_alarm(app, ui_cut_top(&r, wrong), f, SIZE_BODY, true);
    (void)ui_cut_top(&r, gap);
    int acts = face_actions_two(app, r, f, tap);
    (void)ui_cut_top(&r, acts + gap);
    face_card(app, r, &f->ready, tap);
}

struct face_wide {
    struct face_fit fit;
    int strip, told, signs;
    struct face_flow flow;
    size_t to;
};

static bool face_wide_try(struct app *app, struct rect left, const struct face *f,
                          const struct face_fit *fit, int steps, struct face_wide *out)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    *out = (struct face_wide){ .fit = *fit };
    out->strip = face_strip(app, left, f, fit->strip, false) + face_space(app);
    out->told = face_told(app, left, f, false, fit->who, NULL) +
                (f->alert_count > 0 ? gap : face_space(app));
    out->flow = face_flow(app, f, ui_mm(ui, fit->side_mm), fit->lines, left.w);
    int room = left.h - out->strip - out->told - gap - steps;
    out->to = face_flow_most(app, &out->flow, 0, room);
    if (room < 0 || (out->to == 0 && f->group_count > 0))
        return false;
    out->signs = face_flow_height(app, &out->flow, 0, out->to, f->group_count - out->to);
    return true;
}

static bool face_wide(struct app *app, struct rect page, const struct face *f, struct face_tap *tap)
{
    static const struct face_fit fits[] = {
        { SIZE_TITLE, SIZE_BODY, SIZE_BODY, 16, 2 },
        { SIZE_BODY, SIZE_BODY, SIZE_BODY, 14, 2 },
        { SIZE_BODY, SIZE_BODY, SIZE_BODY, 12, 2 },
        { SIZE_BODY, SIZE_BODY, SIZE_SMALL, 11, 2 },
    };
    int gap = ui_gap(app->ui);
    struct face_wide best = { 0 };
    bool found = false;
    struct rect top = ui_cut_top(&page, face_head(app, page, f, false));
    (void)ui_cut_top(&page, face_space(app));
    struct rect right = page;
    struct rect left = ui_cut_left(&right, (page.w - gap) * 60 / 100);
    (void)ui_cut_left(&right, gap);
    for (size_t i = 0; i < 2 * COUNT_OF(fits) && !(found && best.to == f->group_count); i++) {
        struct face_wide one;
        /* Smaller signs rather than few steps; where that is not enough, fewer steps. */
        int steps = ui_mm_y(app->ui, i < COUNT_OF(fits) ? 48 : 34);
        if (!face_wide_try(app, left, f, &fits[i % COUNT_OF(fits)], steps, &one) ||
            (found && one.to <= best.to))
            continue;
        best = one;
        found = true;
    }
    if (!found)
        return false;
    (void)face_head(app, top, f, true);
    (void)face_strip(app, ui_cut_top(&left, best.strip), f, best.fit.strip, true);
    (void)face_told(app, ui_cut_top(&left, best.told), f, false, best.fit.who, tap);
    face_flow_draw(app, left, &best.flow, 0, best.to, f->group_count - best.to, tap);
    (void)ui_cut_top(&left, best.signs > 0 ? best.signs + gap : 0);
    face_steps(app, left, f);
    face_wide_right(app, right, f, tap);
    return true;
}

/* ---- a tall narrow panel ---- */

enum { FACE_TALL_ACTS = 4 };

struct face_tall {
    struct face_fit fit;
    int strip, alarm, told;
    int below; /* what takes a tap stands apart from its neighbours that do */
    struct face_flow flow;
    size_t to;
};

static bool face_tall_try(struct app *app, struct rect page, const struct face *f,
                          const struct face_fit *fit, struct face_tall *out)
{
    int space = face_space(app);
    *out = (struct face_tall){ .fit = *fit };
    out->strip = face_strip(app, page, f, fit->strip, false) + space;
    out->below = f->alert_count > 0 ? ui_gap(app->ui) : space;
    out->alarm = face_alarm(app, page, f, fit->words, false) + out->below;
    out->told = face_told(app, page, f, false, fit->who, NULL) + out->below;
    out->flow = face_flow(app, f, ui_mm(app->ui, fit->side_mm), fit->lines, page.w);
    int room = page.h - out->strip - out->alarm - out->told;
    out->to = face_flow_most(app, &out->flow, 0, room);
    return room >= 0 && (out->to > 0 || f->group_count == 0);
}

/* Level and mode, then the issuer. The foot has room for four buttons: the last of five stands on the right of these. */
static int face_tall_head(struct app *app, struct rect page, const struct face *f, bool draw)
{
    struct rect badges = page;
    bool beside = f->action_count > FACE_TALL_ACTS;
    if (!beside)
        return face_head(app, page, f, draw);
    (void)ui_cut_right(&badges, ui_mm(app->ui, 15.2) + ui_gap(app->ui));
    int badges_h = face_badges(app, badges, f, false);
    int top = badges_h > page_target(app) ? badges_h : page_target(app);
    badges.y += (top - badges_h) / 2;
    if (draw)
        (void)face_badges(app, badges, f, true);
    top += ui_mm_y(app->ui, 0.6);
    (void)ui_cut_top(&page, top);
    return top + face_issued(app, page, f, draw);
}

static void face_tall_acts(struct app *app, struct rect top, struct rect foot, const struct face *f,
                           struct face_tap *tap)
{
    struct ui_act acts[FACE_TALL_ACTS + 1];
    size_t count = f->action_count < COUNT_OF(acts) ? f->action_count : COUNT_OF(acts);
    int abreast = (int)count < FACE_TALL_ACTS ? (int)count : FACE_TALL_ACTS;
    top.h = page_target(app);
    for (size_t i = 0; i < count; i++)
        acts[i] = (struct ui_act){ .r = i < FACE_TALL_ACTS
                                            ? ui_col(foot, (int)i, abreast, ui_gap(app->ui))
                                            : top,
                                   .id = f->actions[i].id,
                                   .label = f->actions[i].brief,
                                   .icon = f->actions[i].icon };
    int tapped = ui_buttons(app->ui, acts, count);
    if (tapped >= 0)
        tap->action = tapped;
}

static void face_tall_draw(struct app *app, struct rect page, const struct face *f,
                           const struct face_tall *s, struct face_tap *tap)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    size_t left = f->group_count - s->to;
    int signs = face_flow_height(app, &s->flow, 0, s->to, left);
    int spare = page.h - s->strip - s->alarm - s->told - signs;
    int title = ui_line_height(ui, SIZE_SMALL);
    (void)face_strip(app, ui_cut_top(&page, s->strip), f, s->fit.strip, true);
    struct rect card = ui_cut_top(&page, s->alarm + (spare >= title ? title : 0));
    card.h -= s->below;
    (void)face_alarm(app, card, f, s->fit.words, true);
    (void)face_told(app, ui_cut_top(&page, s->told), f, false, s->fit.who, tap);
    face_flow_draw(app, page, &s->flow, 0, s->to, left, tap);
    (void)ui_cut_top(&page, signs > 0 ? signs + gap : 0);
    face_card(app, page, &f->todo, tap);
}

static bool face_tall(struct app *app, struct rect page, const struct face *f, struct face_tap *tap)
{
    enum { LAST = 1 }; /* of the fits: small do-nots, only where nothing else stands at all */
    static const struct face_fit fits[] = {
        { SIZE_BODY, SIZE_BODY, SIZE_BODY, 16, 2 },    { SIZE_BODY, SIZE_SMALL, SIZE_BODY, 14, 2 },
        { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 12, 2 },  { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 12, 1 },
        { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 10, 2 },  { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 10, 1 },
        { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 9.4, 2 }, { SIZE_BODY, SIZE_SMALL, SIZE_SMALL, 9, 1 },
        { SIZE_SMALL, SIZE_SMALL, SIZE_SMALL, 9, 2 },
    };
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int space = face_space(app);
    int spare = gap - ui_mm_y(ui, 1.5);
    struct face_tall best = { 0 };
    bool found = false;
    page = face_widened(page, f, spare);
    struct rect head = ui_cut_top(&page, face_tall_head(app, page, f, false));
    (void)ui_cut_top(&page, space);
    struct rect acts = ui_cut_bottom(&page, page_target(app));
    (void)ui_cut_bottom(&page, gap);
    for (size_t i = 0; i < COUNT_OF(fits) && !(found && best.to == f->group_count); i++) {
        struct face_tall one;
        if ((found && i + LAST >= COUNT_OF(fits)) || !face_tall_try(app, page, f, &fits[i], &one) ||
            (found && one.to <= best.to))
            continue;
        best = one;
        found = true;
    }
    if (!found)
        return false;
    (void)face_tall_head(app, head, f, true);
    face_tall_acts(app, ui_cut_right(&head, ui_mm(ui, 15.2)), acts, f, tap);
    face_tall_draw(app, page, f, &best, tap);
    return true;
}

/* ---- too much for the panel, or large letters: all of it in one list ---- */

static void face_scroll(struct app *app, struct rect page, const struct face *f,
                        struct face_tap *tap)
{
    struct ui *ui = app->ui;
    int space = face_space(app);
    struct ui_scroll list = ui_scroll_begin(ui, page, "page");
    struct rect measure = { 0, 0, list.view.w, list.view.h };
    int columns = face_columns(app, list.view.w);
    struct rect r = ui_scroll_row(&list, face_strip(app, measure, f, SIZE_BODY, false));
    (void)face_strip(app, r, f, SIZE_BODY, true);
    ui_scroll_space(&list, space);
    r = ui_scroll_row(&list, face_alarm(app, measure, f, SIZE_BODY, false));
    (void)face_alarm(app, r, f, SIZE_BODY, true);
    ui_scroll_space(&list, space);
    r = ui_scroll_row(&list, face_head(app, measure, f, false));
    (void)face_head(app, r, f, true);
    ui_scroll_space(&list, space);
    r = ui_scroll_row(&list, face_told(app, measure, f, false, SIZE_BODY, NULL));
    (void)face_told(app, r, f, false, SIZE_BODY, tap);
    ui_scroll_space(&list, f->alert_count > 0 ? ui_gap(ui) : space);
    struct face_flow flow = face_flow(app, f, ui_mm(ui, 16), 2, list.view.w);
    r = ui_scroll_row(&list, face_flow_height(app, &flow, 0, f->group_count, 0));
    face_flow_draw(app, r, &flow, 0, f->group_count, 0, tap);
    ui_scroll_space(&list, ui_gap(ui));
    /* Large letters stand two abreast and have room for all of their words. */
    bool brief = !app->opt.large;
    r = ui_scroll_row(&list, face_actions(app, measure, f, columns, brief, NULL));
    (void)face_actions(app, r, f, columns, brief, tap);
    ui_scroll_space(&list, ui_gap(ui));
    f->details(app, &list, f->state);
    ui_scroll_end(ui, &list);
}

/* What a small panel gives up for an alert: the mode stands with who may do it, the state of a copy is the alert, and who
   signed it has one line. */
static struct face face_brief(struct app *app, const struct face *f, int width)
{
    struct face out = *f;
    bool staged = strstr(f->mode, " · ") != NULL || f->who[0] == '\0';
    if (staged)
        out.who = ui_text_f(app->ui, "%s. %s", f->mode, f->who);
    out.mode = "";
    int example = ui_text_width(app->ui, f->example, SIZE_SMALL, FONT_SEMIBOLD);
    width -= example == 0 ? 0 : example + ui_mm(app->ui, 2);
    out.issued = page_cut(app, f->issued, width, 1, SIZE_SMALL, FONT_REGULAR);
    if (f->state_words == NULL)
        return out;
    out.state_words = NULL;
    if (out.alert_count == FACE_ALERTS_MAX)
        out.alert_count--;
    memmove(out.alerts + 1, f->alerts, out.alert_count * sizeof *f->alerts);
    out.alerts[0] = (struct face_alert){ .id = "state",
                                         .words = f->state_words,
                                         .brief = f->state_words,
                                         .part = FACE_PART_TODO,
                                         .tone = TONE_BAD,
                                         .solid = true };
    out.alert_count++;
    return out;
}

static bool face_try(struct app *app, struct rect page, const struct face *f, struct face_tap *tap)
{
    if (app->opt.large)
        return false;
    if (ui_portrait(app->ui))
        return face_tall(app, page, f, tap);
    if (!ui_small(app->ui))
        return face_wide(app, page, f, tap);
    if (face_small(app, page, f, tap))
        return true;
    struct face brief = face_brief(app, f, page.w);
    return face_small(app, page, &brief, tap);
}

int face_draw(struct app *app, struct rect page, const struct face *f)
{
    struct face_tap tap = { FACE_NONE, FACE_NONE, NULL };
    if (!face_try(app, page, f, &tap))
        face_scroll(app, page, f, &tap);
    face_do(app, f, &tap);
    return tap.action;
}
