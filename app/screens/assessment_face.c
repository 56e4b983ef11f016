/* How the first screen's blocks lie on a panel: each tries them large, then smaller, until all of them stand on it. */
#include "app/screens/assessment_blocks.h"
#include "platform/base/attr.h"

struct face_tap {
    int action, group; /* FACE_NONE */
};

/* What changes everything and who may do it, then the signs. */
static int face_told(struct app *app, struct rect r, const struct face *f,
                     const struct face_fit *fit, bool draw)
{
    int space = face_space(app) / 2;
    struct rect at = r;
    int h = face_alerts(app, at, f, fit->who, draw);
    (void)ui_cut_top(&at, h > 0 ? h + space : 0);
    h = face_who(app, at, f, fit->who, draw);
    return at.y - r.y + h;
}

static int face_left(struct app *app, struct rect r, const struct face *f,
                     const struct face_fit *fit, struct face_tap *tap)
{
    bool draw = tap != NULL;
    struct rect at = r;
    int h = face_told(app, at, f, fit, draw);
    (void)ui_cut_top(&at, h > 0 ? h + face_space(app) : 0);
    h = face_signs(app, at, f, fit->side, fit->most, draw ? &tap->group : NULL);
    return at.y - r.y + h;
}

/* ---- a 7-inch panel lying down ---- */

/* Level and mode with who may do it beside them. */
static int face_line(struct app *app, struct rect r, const struct face *f, bool draw)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int badge_h = face_badges(app, r, f, false);
    int badges_w = face_badges_width(app, f);
    struct rect who = { r.x + badges_w + gap, r.y, r.w - badges_w - gap, r.h };
    int who_h = face_who(app, who, f, SIZE_SMALL, false);
    int h = who_h > badge_h ? who_h : badge_h;
    if (!draw)
        return h;
    (void)face_badges(app, (struct rect){ r.x, r.y + (h - badge_h) / 2, r.w, badge_h }, f, true);
    who.y += (h - who_h) / 2;
    (void)face_who(app, who, f, SIZE_SMALL, true);
    return h;
}

/* Heights of its rows, from the top; the last takes what is left. */
struct face_rows {
    int issued, strip, told, acts, signs, alarm;
    int right_w, need;
};

static struct face_rows face_small_rows(struct app *app, struct rect page, const struct face *f,
                                        const struct face_fit *fit, int right_w)
{
    int space = ui_mm_y(app->ui, 0.6);
    struct rect left = { 0, 0, page.w - right_w - ui_gap(app->ui), 0 };
    struct face_rows r = {
        .issued = face_issued(app, page, f, false) + space,
        .strip = face_strip(app, page, f, fit->strip, false) + space,
        .told =
            face_alerts(app, page, f, SIZE_SMALL, false) + face_line(app, page, f, false) + space,
        .acts = page_target(app),
        .right_w = right_w,
    };
    r.signs = face_signs(app, left, f, fit->side, fit->most, NULL) + ui_mm_y(app->ui, 3);
    r.alarm = face_alarm(app, (struct rect){ 0, 0, right_w, 0 }, f, fit->words, false);
    int bottom = r.signs + r.acts > r.alarm ? r.signs + r.acts : r.alarm;
    r.need = r.issued + r.strip + r.told + bottom;
    return r;
}

static void face_small_draw(struct app *app, struct rect page, const struct face *f,
                            const struct face_fit *fit, const struct face_rows *rows,
                            struct face_tap *tap)
{
    int gap = ui_gap(app->ui);
    (void)face_issued(app, ui_cut_top(&page, rows->issued), f, true);
    (void)face_strip(app, ui_cut_top(&page, rows->strip), f, fit->strip, true);
    struct rect told = ui_cut_top(&page, rows->told);
    (void)ui_cut_top(&told, face_alerts(app, told, f, SIZE_SMALL, true));
    (void)face_line(app, told, f, true);
    struct rect right = ui_cut_right(&page, rows->right_w);
    (void)ui_cut_right(&page, gap);
    (void)face_alarm(app, right, f, fit->words, true);
    struct rect acts = ui_cut_bottom(&page, rows->acts);
    (void)face_signs(app, page, f, fit->side, fit->most, &tap->group);
    for (int i = 0; i < (int)f->action_count; i++)
        if (face_act(app, ui_col(acts, i, (int)f->action_count, gap), &f->actions[i], true))
            tap->action = i;
}

/* Do-nots across, then the signs on the left and what to do if it goes wrong on the right. */
static bool face_small(struct app *app, struct rect page, const struct face *f,
                       struct face_tap *tap)
{
    static const struct {
        enum ui_size strip, words;
        double side_mm;
        size_t most;
    } fits[] = {
        { SIZE_TITLE, SIZE_BODY, 16, 9 },   { SIZE_BODY, SIZE_BODY, 16, 9 },
        { SIZE_BODY, SIZE_BODY, 14, 3 },    { SIZE_BODY, SIZE_SMALL, 14, 3 },
        { SIZE_BODY, SIZE_SMALL, 12.4, 3 }, { SIZE_BODY, SIZE_SMALL, 12.4, 2 },
        { SIZE_BODY, SIZE_SMALL, 11, 3 },   { SIZE_BODY, SIZE_SMALL, 11, 2 },
        { SIZE_BODY, SIZE_SMALL, 9.4, 3 },  { SIZE_BODY, SIZE_SMALL, 9.4, 2 },
        { SIZE_BODY, SIZE_SMALL, 9.4, 1 },  { SIZE_SMALL, SIZE_SMALL, 9.4, 2 },
        { SIZE_SMALL, SIZE_SMALL, 9.4, 1 },
    };
    static const int shares[] = { 36, 30, 40, 45 };
    struct ui *ui = app->ui;
    /* The bar and the foot need no more than 1.5 mm of paper beside them. */
    int spare = ui_gap(ui) - ui_mm_y(ui, 1.5);
    int acts_w = (int)f->action_count * (ui_mm(ui, 15.2) + ui_gap(ui)) - ui_gap(ui);
    page.y -= spare;
    page.h += 2 * spare;
    for (size_t i = 0; i < COUNT_OF(fits); i++)
        for (size_t k = 0; k < COUNT_OF(shares); k++) {
            struct face_fit fit = { fits[i].strip, fits[i].words, SIZE_SMALL,
                                    ui_mm(ui, fits[i].side_mm), fits[i].most };
            struct face_rows rows = face_small_rows(app, page, f, &fit, page.w * shares[k] / 100);
            if (rows.need > page.h || page.w - rows.right_w - ui_gap(ui) < acts_w)
                continue;
            face_small_draw(app, page, f, &fit, &rows, tap);
            return true;
        }
    return false;
}

/* The rest in a card of its own, scrolling by itself. */
static void face_details(struct app *app, struct rect r, const struct face *f)
{
    struct ui *ui = app->ui;
    ui_card(ui, r, CARD_PLAIN);
    struct ui_scroll list = ui_scroll_begin(ui, ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2)), "details");
    f->details(app, &list, f->state);
    ui_scroll_end(ui, &list);
}

/* A 10-inch panel lying down: the steps have room below. */
static bool face_wide(struct app *app, struct rect page, const struct face *f, struct face_tap *tap)
{
    static const struct {
        enum ui_size strip, words;
        double side_mm;
        size_t most;
    } fits[] = { { SIZE_TITLE, SIZE_BODY, 16, FACE_GROUPS_MAX },
                 { SIZE_BODY, SIZE_BODY, 14, FACE_WORST },
                 { SIZE_BODY, SIZE_BODY, 12, FACE_WORST },
                 { SIZE_BODY, SIZE_SMALL, 12, FACE_WORST },
                 { SIZE_BODY, SIZE_SMALL, 11, 2 } };
    enum { STEPS_MM = 28 };
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect right = page;
    struct rect left = ui_cut_left(&right, (page.w - gap) * 60 / 100);
    (void)ui_cut_left(&right, gap);
    int wrong = face_alarm(app, right, f, SIZE_BODY, false);
    int acts = face_actions(app, right, f, 2, false, NULL);
    if (wrong + gap + acts > right.h)
        return false;
    for (size_t i = 0; i < COUNT_OF(fits); i++) {
        struct face_fit fit = { fits[i].strip, fits[i].words, fits[i].words,
                                ui_mm(ui, fits[i].side_mm), fits[i].most };
        int head = face_head(app, left, f, false) + gap;
        int strip = face_strip(app, left, f, fit.strip, false) + gap;
        int rest = face_left(app, left, f, &fit, NULL) + gap;
        if (head + strip + rest + ui_mm_y(ui, STEPS_MM) > left.h)
            continue;
        (void)face_head(app, ui_cut_top(&left, head), f, true);
        (void)face_strip(app, ui_cut_top(&left, strip), f, fit.strip, true);
        (void)face_left(app, ui_cut_top(&left, rest), f, &fit, tap);
        face_details(app, left, f);
        (void)face_alarm(app, ui_cut_top(&right, wrong), f, SIZE_BODY, true);
        (void)ui_cut_top(&right, gap);
        (void)face_actions(app, right, f, 2, false, &tap->action);
        return true;
    }
    return false;
}

/* A tall narrow panel. */
static bool face_tall(struct app *app, struct rect page, const struct face *f, struct face_tap *tap)
{
    static const struct {
        enum ui_size words, who;
        double side_mm;
    } fits[] = { { SIZE_BODY, SIZE_BODY, 16 },
                 { SIZE_SMALL, SIZE_BODY, 14 },
                 { SIZE_SMALL, SIZE_SMALL, 12 },
                 { SIZE_SMALL, SIZE_SMALL, 10 },
                 { SIZE_SMALL, SIZE_SMALL, 9.4 } };
    struct ui *ui = app->ui;
    int space = face_space(app);
    int columns = face_columns(app, page.w);
    int spare = ui_gap(ui) - ui_mm_y(ui, 1.5);
    page.y -= spare;
    page.h += 2 * spare;
    for (size_t i = 0; i < COUNT_OF(fits); i++) {
        struct face_fit fit = { SIZE_BODY, fits[i].words, fits[i].who, ui_mm(ui, fits[i].side_mm),
                                FACE_WORST };
        int head = face_head(app, page, f, false) + space;
        int strip = face_strip(app, page, f, fit.strip, false) + space;
        int alarm = face_alarm(app, page, f, fit.words, false) + space;
        int acts = face_actions(app, page, f, columns, true, NULL);
        int left = face_left(app, page, f, &fit, NULL);
        if (head + strip + alarm + left + ui_gap(ui) + acts > page.h)
            continue;
        struct rect r = page;
        (void)face_head(app, ui_cut_top(&r, head), f, true);
        (void)face_strip(app, ui_cut_top(&r, strip), f, fit.strip, true);
        struct rect card = ui_cut_top(&r, alarm);
        card.h -= space;
        (void)face_alarm(app, card, f, fit.words, true);
        (void)face_actions(app, ui_cut_bottom(&r, acts), f, columns, true, &tap->action);
        (void)face_left(app, r, f, &fit, tap);
        return true;
    }
    return false;
}

/* Too much for the panel, or large letters: all of it in one list. */
static void face_scroll(struct app *app, struct rect page, const struct face *f,
                        struct face_tap *tap)
{
    struct ui *ui = app->ui;
    int space = face_space(app);
    struct ui_scroll list = ui_scroll_begin(ui, page, "page");
    struct rect measure = { 0, 0, list.view.w, list.view.h };
    struct face_fit fit = { SIZE_BODY, SIZE_BODY, SIZE_BODY, ui_mm(ui, 16), FACE_GROUPS_MAX };
    int columns = face_columns(app, list.view.w);
    struct rect r = ui_scroll_row(&list, face_strip(app, measure, f, fit.strip, false));
    (void)face_strip(app, r, f, fit.strip, true);
    ui_scroll_space(&list, space);
    r = ui_scroll_row(&list, face_alarm(app, measure, f, fit.words, false));
    (void)face_alarm(app, r, f, fit.words, true);
    ui_scroll_space(&list, space);
    r = ui_scroll_row(&list, face_head(app, measure, f, false));
    (void)face_head(app, r, f, true);
    ui_scroll_space(&list, space);
    r = ui_scroll_row(&list, face_left(app, measure, f, &fit, NULL));
    (void)face_left(app, r, f, &fit, tap);
    ui_scroll_space(&list, ui_gap(ui));
    /* Large letters stand two abreast and have room for all of their words. */
    bool brief = !app->opt.large;
    r = ui_scroll_row(&list, face_actions(app, measure, f, columns, brief, NULL));
    (void)face_actions(app, r, f, columns, brief, &tap->action);
    ui_scroll_space(&list, ui_gap(ui));
    f->details(app, &list, f->state);
    ui_scroll_end(ui, &list);
}

static bool face_try(struct app *app, struct rect page, const struct face *f, struct face_tap *tap)
{
    if (ui_portrait(app->ui))
        return face_tall(app, page, f, tap);
    return ui_small(app->ui) ? face_small(app, page, f, tap) : face_wide(app, page, f, tap);
}

int face_draw(struct app *app, struct rect page, const struct face *f)
{
    struct face_tap tap = { FACE_NONE, FACE_NONE };
    if (app->opt.large || !face_try(app, page, f, &tap)) {
        struct face one = face_one_alert(app, f, page.w);
        if (app->opt.large || !face_try(app, page, &one, &tap))
            face_scroll(app, page, f, &tap);
    }
    if (tap.group >= 0)
        router_push(
            app, "chemical",
            &(struct route){ .doc = f->groups[tap.group].doc, .text = f->groups[tap.group].text });
    return tap.action;
}
