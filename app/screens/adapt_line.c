/* The lines of a copy that is being made, by kind; and one of them, to be changed, taken out, moved, or put back as the
   model has it. What each change does is told on the page it is made on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/sign.h"
#include "app/screens/adapt.h"
#include "platform/base/str.h"

/* What may be changed, in the order of the list; add: a line of it may be added by hand. */
static const struct line_kind {
    const char *key, *title, *add;
} line_kinds[] = {
    { "do_not", "Do not", "Add a do-not" },
    { "control", "Controls", "Add a control" },
    { "chemical", "Strengths and volumes", NULL },
    { "mode", "Who does it", NULL },
    { "ppe", "To wear", "Add something to wear" },
    { "step", "Steps", "Add a step" },
    { "prep", "Prep room", "Add a step of preparing" },
    { "hazard", "What can hurt", "Add a hazard" },
    { "emergency", "In an emergency", NULL },
    { "disposal", "Clearing up", NULL },
    { "room", "The room needs", NULL },
    { "equipment", "Equipment", NULL },
};

static const struct adapt_change *line_change(const struct adapt_work *s, const char *path)
{
    for (size_t i = 0; i < s->change_count; i++)
        if (str_eq(s->changes[i].path, path))
            return &s->changes[i];
    return NULL;
}

/* Some lines hold an id: what a person reads of it. */
static const char *line_words(struct app *app, const struct adapt_line *line)
{
    const struct kind *kind =
        str_eq(line->key, "equipment") ? content_kind(app->content, sheet_tail(line)) : NULL;
    if (kind != NULL)
        return kind->name;
    enum assessment_mode mode;
    if (str_eq(line->key, "ppe") || str_eq(line->key, "sign"))
        return sign_words(sheet_tail(line));
    if (str_eq(line->key, "room"))
        return assessment_words(sheet_tail(line));
    if (str_eq(line->key, "mode") && assessment_mode_read(line->text, &mode))
        return assessment_mode_words(mode);
    return line->text;
}

static void line_tile(struct app *app, struct ui_scroll *list, const struct adapt_work *s,
                      const struct adapt_line *line, size_t at)
{
    struct ui *ui = app->ui;
    const struct adapt_change *change = line_change(s, line->path);
    bool named = str_eq(line->key, "chemical");
    struct ui_tile tile = {
        .id = ui_text_f(ui, "line%zu", at),
        .title = named ? adapt_path_words(ui_arena(ui), line->path) : line_words(app, line),
        .words = named ? line->text : NULL,
        .badge = change == NULL ? NULL : adapt_effect_words(change->effect),
        .badge_tone = change != NULL && change->effect >= ADAPT_METHOD ? TONE_BAD : TONE_INFO,
    };
    if (parts_row(app, list, &tile))
        router_push(app, "adapt_line", &(struct route){ .text = line->path });
}

static void line_add(struct app *app, struct ui_scroll *list, const struct line_kind *kind)
{
    struct ui_tile tile = { .id = ui_text_f(app->ui, "add-%s", kind->key),
                            .title = kind->add,
                            .icon = ICON_ADD };
    if (parts_row(app, list, &tile))
        router_push(app, "adapt_line", &(struct route){ .text2 = kind->key });
}

static void lines_list(struct app *app, struct rect r, struct adapt_work *s)
{
    struct ui_scroll list = ui_scroll_begin(app->ui, r, "list");
    for (size_t k = 0; k < COUNT_OF(line_kinds); k++) {
        size_t n = 0;
        for (size_t i = 0; i < s->x.mine.count; i++) {
            if (!str_eq(s->x.mine.line[i].key, line_kinds[k].key))
                continue;
            if (n++ == 0)
                parts_head(app, &list, ui_text_f(app->ui, "head%zu", k), line_kinds[k].title);
            line_tile(app, &list, s, &s->x.mine.line[i], i);
        }
        if (line_kinds[k].add != NULL)
            line_add(app, &list, &line_kinds[k]);
    }
    ui_scroll_end(app->ui, &list);
}

static void lines_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct adapt_work *s = adapt_below(app);
    struct rect page = page_begin(app, "Change or add a line");
    if (s == NULL || s->failed) {
        page_empty(app, page, ICON_PENCIL, "Nothing is being adapted", "Go back and begin again.");
        return;
    }
    int gap = ui_gap(ui);
    if (!app->opt.large) {
        bool below = ui_portrait(ui);
        struct rect panel = below ? ui_cut_bottom(&page, page.h * 30 / 100)
                                  : ui_cut_right(&page, page.w * 40 / 100);
        (void)(below ? ui_cut_bottom(&page, gap) : ui_cut_right(&page, gap));
        adapt_panel(app, panel, s);
    }
    lines_list(app, page, s);
}

const struct screen screen_adapt_lines = { .id = "adapt_lines", .frame = lines_frame };

/* ---- one line ---- */

struct line_state {
    bool open;
    char text[ADAPT_TYPED_MAX + 1];
};

static const char *line_path(struct app *app)
{
    const char *path = router_top(app)->route.text;
    return path == NULL ? "" : path;
}

static bool line_has_amount(const struct adapt_line *line)
{
    return line != NULL && !isnan(line->amount);
}

static void line_enter(struct app *app, void *state)
{
    struct line_state *l = state;
    struct adapt_work *s = adapt_below(app);
    const struct adapt_line *line = s == NULL ? NULL : adapt_line_of(s->x.mine, line_path(app));
    if (line_has_amount(line))
        (void)str_format(l->text, sizeof l->text, "%g", line->amount);
    else if (line != NULL)
        (void)str_copy(l->text, sizeof l->text, line->text);
}

static void line_done(struct app *app, struct adapt_work *s, enum err rc, const struct why *why)
{
    adapt_changed(app, s, rc, why);
    if (rc == ERR_OK)
        router_pop(app);
}

static void line_keep(struct app *app, struct adapt_work *s, struct line_state *l,
                      const struct adapt_line *line)
{
    struct why why;
    const char *key = router_top(app)->route.text2;
    enum err rc;
    if (line == NULL) {
        rc = adapt_add(&s->arena, &s->x, key, l->text, NULL, &why);
    } else if (line_has_amount(line)) {
        char *end = NULL;
        double amount = strtod(l->text, &end);
        rc = end == l->text || *end != '\0'
                 ? why_set(&why, ERR_INPUT, 0, "Write a number, as 0.5")
                 : adapt_amount(&s->arena, &s->x, line->path, amount, &why);
    } else {
        rc = adapt_text(&s->arena, &s->x, line->path, l->text, &why);
    }
    line_done(app, s, rc, &why);
}

static void line_modes(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    struct why why;
    for (int i = ASSESSMENT_PUPILS; i <= ASSESSMENT_STAFF; i++) {
        enum assessment_mode mode = (enum assessment_mode)i;
        const struct adapt_line *line = adapt_line_of(s->x.mine, "mode");
        bool on = line != NULL && str_eq(line->text, assessment_mode_id(mode));
        struct ui_tile tile = { .id = assessment_mode_id(mode),
                                .title = assessment_mode_words(mode),
                                .icon = ICON_PEOPLE,
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        if (parts_row(app, list, &tile))
            line_done(app, s, adapt_mode(&s->arena, &s->x, mode, &why), &why);
    }
}

/* Signs of what is worn that the copy has not. */
static void line_wear(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    struct why why;
    size_t count = 0;
    const struct sign *signs = sign_all(&count);
    for (size_t i = 0; i < count; i++) {
        char path[ADAPT_PATH_MAX];
        if (signs[i].kind != SIGN_MANDATORY ||
            !str_format(path, sizeof path, "ppe/%s", signs[i].id) ||
            adapt_line_of(s->x.mine, path) != NULL)
            continue;
        struct ui_tile tile = { .id = signs[i].id, .title = signs[i].words, .icon = ICON_ADD };
        if (parts_row(app, list, &tile))
            line_done(app, s, adapt_add_path(&s->arena, &s->x, path, signs[i].words, &why), &why);
    }
}

static void line_act(struct app *app, struct ui_scroll *list, const char *id, const char *title,
                     const char *words, uint32_t icon, bool *tapped)
{
    struct ui_tile tile = { .id = id, .title = title, .words = words, .icon = icon };
    *tapped = parts_row(app, list, &tile);
}

static void line_acts(struct app *app, struct ui_scroll *list, struct adapt_work *s,
                      const struct adapt_line *line)
{
    struct why why;
    bool tapped;
    const struct adapt_line *model = adapt_line_of(s->x.base, line->path);
    if (str_eq(line->key, "step") || str_eq(line->key, "prep")) {
        line_act(app, list, "up", "Earlier", NULL, ICON_UP, &tapped);
        if (tapped)
            adapt_changed(app, s, adapt_move(&s->arena, &s->x, line->path, -1, &why), &why);
        line_act(app, list, "down", "Later", NULL, ICON_DOWN, &tapped);
        if (tapped)
            adapt_changed(app, s, adapt_move(&s->arena, &s->x, line->path, 1, &why), &why);
    }
    if (model != NULL && line_change(s, line->path) != NULL) {
        line_act(app, list, "reset", "As the model has it", line_words(app, model), ICON_UNDO,
                 &tapped);
        if (tapped)
            line_done(app, s, adapt_reset(&s->arena, &s->x, line->path, &why), &why);
    }
    if (str_eq(line->key, "mode"))
        return;
    line_act(app, list, "remove", "Take this line out",
             model == NULL ? NULL : "The model has it: another person has to approve that",
             ICON_SKIP, &tapped);
    if (tapped)
        line_done(app, s, adapt_remove(&s->arena, &s->x, line->path, &why), &why);
}

static void line_body(struct app *app, struct rect page, struct adapt_work *s, struct line_state *l,
                      const struct adapt_line *line)
{
    struct ui *ui = app->ui;
    const char *key = router_top(app)->route.text2;
    bool mode = line != NULL && str_eq(line->key, "mode");
    bool wear = line == NULL && str_eq(key, "ppe");
    bool fixed = line != NULL && (str_eq(line->key, "ppe") || str_eq(line->key, "room") ||
                                  str_eq(line->key, "equipment"));
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    if (mode) {
        line_modes(app, &list, s);
    } else if (wear) {
        line_wear(app, &list, s);
    } else if (!fixed) {
        const char *label =
            line_has_amount(line) ? ui_text_f(ui, "How much, in %s", line->unit) : "The line";
        (void)parts_field(app, &list, "text", label,
                          line_has_amount(line) ? KEYBOARD_NUMBER : KEYBOARD_TEXT, l->text,
                          sizeof l->text);
    }
    if (line != NULL)
        line_acts(app, &list, s, line);
    ui_scroll_end(ui, &list);
}

static const char *line_title(struct app *app, const struct adapt_line *line)
{
    const char *key = router_top(app)->route.text2;
    if (line != NULL)
        return adapt_path_words(ui_arena(app->ui), line->path);
    for (size_t i = 0; i < COUNT_OF(line_kinds); i++)
        if (key != NULL && str_eq(line_kinds[i].key, key) && line_kinds[i].add != NULL)
            return line_kinds[i].add;
    return "A line";
}

static void line_frame(struct app *app, void *state)
{
    struct line_state *l = state;
    struct adapt_work *s = adapt_below(app);
    const struct adapt_line *line = s == NULL ? NULL : adapt_line_of(s->x.mine, line_path(app));
    const char *key = router_top(app)->route.text2;
    struct rect page = page_begin(app, line_title(app, line));
    if (s == NULL || (line == NULL && key == NULL)) {
        page_empty(app, page, ICON_PENCIL, "That line is not there any more",
                   "Go back to the list of lines.");
        return;
    }
    bool typed = line == NULL ? !str_eq(key, "ppe")
                              : !str_eq(line->key, "mode") && !str_eq(line->key, "ppe") &&
                                    !str_eq(line->key, "room") && !str_eq(line->key, "equipment");
    if (typed && parts_foot(app, &page, "keep", line == NULL ? "Add it" : "Keep it", ICON_CHECK,
                            l->text[0] == '\0' ? "Write the line first" : NULL))
        line_keep(app, s, l, line);
    line_body(app, page, s, l, line);
}

const struct screen screen_adapt_line = {
    .id = "adapt_line",
    .state_size = sizeof(struct line_state),
    .enter = line_enter,
    .frame = line_frame,
    .stays = true,
};
