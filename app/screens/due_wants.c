/* How the list of checks due is wanted: the tabs, the departments, the order. */
#include "app/screens/due.h"

#include "platform/base/str.h"

/* Room for the chips beside the list. */
bool due_roomy(const struct app *app)
{
    return !ui_small(app->ui) && !ui_portrait(app->ui) && !app->opt.large;
}

/* In large letters even the tabs leave no room for the list on a small or narrow panel: one line stands for them all. */
bool due_tight(const struct app *app)
{
    return app->opt.large && (ui_small(app->ui) || ui_portrait(app->ui));
}

static const char *const due_names[] = { "Due now", "This half-term", "Overdue", "Before summer" };
static const char *const due_short_names[] = { "Now", "Half-term", "Late", "Summer" };

/* Where the chips would leave no room for the list they wait behind a button, which tells the choice: beside the tabs; in
   large letters as a row of the list, or in the one line that stands for all (due_line). */
void due_which(struct app *app, struct due_state *s, struct rect r)
{
    const struct session_lists *lists = &app->session.lists;
    const char *label = lists->departments == 0 ? "All" : "Mine";
    for (unsigned d = 0; d < DEPARTMENTS; d++)
        if (lists->departments == 1u << d)
            label = department_name((enum department)d, !app->opt.large);
    /* The bar's title tells the department. */
    if (due_tight(app))
        label = due_short_names[s->list];
    if (ui_button(app->ui, r, "which", label, ICON_FILTER, UI_PLAIN))
        s->choosing = !s->choosing;
}

void due_tabs(struct app *app, struct due_state *s, struct rect r)
{
    static const char *const ids[] = { "now", "half_term", "overdue", "summer" };
    struct ui *ui = app->ui;
    bool narrow = !due_roomy(app);
    int columns = app->opt.large || ui_portrait(ui) ? 2 : DUE_TABS;
    int gap = ui_gap(ui);
    if (narrow && !app->opt.large) {
        due_which(app, s, ui_cut_right(&r, ui_mm(ui, ui_portrait(ui) ? 17 : 19)));
        (void)ui_cut_right(&r, gap);
    }
    for (int i = 0; i < DUE_TABS; i++) {
        const char *name = narrow ? due_short_names[i] : due_names[i];
        struct ui_option option = {
            .id = "tab",
            .label = app->opt.large ? name : ui_text_f(ui, "%s %zu", name, s->counts[i]),
            .selected = (int)s->list == i,
        };
        struct rect cell =
            ui_col(ui_row(r, i / columns, DUE_TABS / columns, gap), i % columns, columns, gap);
        if (ui_segments(ui, cell, ids[i], &option, 1) != 0)
            continue;
        s->list = (enum due_list)i;
        s->choosing = s->choosing && !due_tight(app);
    }
}

int due_tabs_height(struct app *app)
{
    bool tall = ui_portrait(app->ui) || app->opt.large;
    return tall ? 2 * page_target(app) + ui_gap(app->ui) : page_target(app);
}

/* The line that stands for them: which list it is, and what will not wait; a line each where they are narrow. */
int due_line_height(struct app *app, const struct due_state *s)
{
    bool two = ui_portrait(app->ui) && (s->stops > 0 || alarms_any(&s->alarms));
    return two ? 2 * page_target(app) + ui_gap(app->ui) : page_target(app);
}

void due_line(struct app *app, struct due_state *s, struct rect r)
{
    int gap = ui_gap(app->ui);
    if (s->stops == 0 && !alarms_any(&s->alarms)) {
        due_which(app, s, r);
        return;
    }
    bool tall = ui_portrait(app->ui);
    struct rect which =
        tall ? ui_cut_top(&r, page_target(app)) : ui_cut_left(&r, (r.w - gap) * 42 / 100);
    (void)(tall ? ui_cut_top(&r, gap) : ui_cut_left(&r, gap));
    /* One of the two is unfolded at a time. */
    bool choosing = s->choosing;
    bool telling = s->telling;
    due_which(app, s, which);
    alarms_chip(app, r, &s->alarms, s->stops, &s->telling);
    s->telling = s->telling && (choosing || !s->choosing);
    s->choosing = s->choosing && (telling || !s->telling);
}

/* ---- how it is wanted ---- */

enum { DUE_CHIPS_MAX = DEPARTMENTS + 3 };
struct due_chips {
    struct ui_option options[DUE_CHIPS_MAX];
    unsigned sets[DUE_CHIPS_MAX];
    size_t count;
};

static void due_chip(struct due_chips *c, const char *id, const char *label, unsigned set,
                     bool selected)
{
    c->options[c->count] = (struct ui_option){ id, label, TONE_ACCENT, selected };
    c->sets[c->count++] = set;
}

/* All departments, what is mine, each that something here is of; last the order. */
static struct due_chips due_chips_of(struct app *app, const struct due_state *s)
{
    struct due_chips c = { .count = 0 };
    const struct session_lists *lists = &app->session.lists;
    bool narrow = !due_roomy(app) || s->places.school_count > 1;
    bool one = (s->mine & (s->mine - 1)) == 0; /* that one stands there by its name */
    due_chip(&c, "all", "All", 0, lists->departments == 0);
    if (!one)
        due_chip(&c, "mine", "Mine", s->mine, lists->departments == s->mine);
    for (unsigned d = 0; d < DEPARTMENTS; d++)
        if ((s->departments | lists->departments) & 1u << d)
            due_chip(&c, department_id((enum department)d),
                     department_name((enum department)d, narrow), 1u << d,
                     lists->departments == 1u << d);
    due_chip(&c, "by_date", narrow ? "By date" : "By date, then danger", 0, lists->by_date);
    return c;
}

/* One tap each; as many abreast as have room for their words. */
void due_wants(struct app *app, struct due_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    struct session_lists *lists = &app->session.lists;
    struct due_chips c = due_chips_of(app, s);
    int gap = ui_gap(ui);
    /* On a large panel the school stands on the same line, so that the list begins higher. */
    bool schools = s->places.school_count > 1;
    int beside = schools && due_roomy(app) ? list->view.w * 24 / 100 : 0;
    size_t most =
        (size_t)((list->view.w - beside + gap) / (ui_mm(ui, app->opt.large ? 27 : 17) + gap));
    size_t lines = (c.count + most - 1) / most;
    size_t abreast = (c.count + lines - 1) / lines;
    for (size_t from = 0; from < c.count; from += abreast) {
        size_t n = c.count - from < abreast ? c.count - from : abreast;
        struct rect line = ui_scroll_row(list, page_target(app));
        if (beside > 0 && from == 0)
            places_button(app, ui_cut_right(&line, beside), s->work.school);
        line.w -= beside > 0 ? gap + (from == 0 ? 0 : beside) : 0;
        int tapped =
            ui_segments(ui, line, ui_text_f(ui, "wants%zu", from / abreast), &c.options[from], n);
        ui_scroll_space(list, gap);
        if (tapped < 0)
            continue;
        size_t at = from + (size_t)tapped;
        if (at + 1 == c.count)
            lists->by_date = !lists->by_date;
        else
            lists->departments = c.sets[at];
        s->choosing = false;
        due_numbers(app, s);
        app->version++;
    }
}
