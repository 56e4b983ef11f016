/* The parts of «Adapt for my class». */
#include <math.h>
#include <string.h>

#include "app/screens/adapt.h"
#include "platform/base/str.h"

/* ---- choices in lines of so many ---- */

struct adapt_choice {
    const char *id, *words;
    bool on;
};

/* Side by side, as many as have room; returns the place of the one tapped, PARTS_NONE otherwise. */
static int adapt_choices(struct app *app, struct ui_scroll *list, const char *id,
                         const struct adapt_choice *choices, size_t count, double least_mm)
{
    enum { ABREAST_MAX = 8 };
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    /* Words need more room in large letters than the names of stages do. */
    double larger = !app->opt.large ? 1 : least_mm > 20 ? 3 : 2;
    int least = ui_mm(ui, larger * least_mm);
    int abreast = (list->view.w + gap) / (least + gap);
    int tapped = PARTS_NONE;
    abreast = abreast < 1 ? 1 : abreast > ABREAST_MAX ? ABREAST_MAX : abreast;
    for (size_t from = 0; from < count; from += (size_t)abreast) {
        struct ui_option options[ABREAST_MAX];
        size_t n = count - from < (size_t)abreast ? count - from : (size_t)abreast;
        struct rect row = ui_scroll_row(list, page_target(app));
        row.w = (row.w + gap) * (int)n / abreast - gap;
        for (size_t i = 0; i < n; i++)
            options[i] = (struct ui_option){ choices[from + i].id, choices[from + i].words,
                                             TONE_ACCENT, choices[from + i].on };
        int at = ui_segments(ui, row, ui_text_f(ui, "%s%zu", id, from), options, n);
        tapped = at >= 0 ? (int)from + at : tapped;
        ui_scroll_space(list, gap);
    }
    return tapped;
}

/* ---- what differs ---- */

const char *adapt_summary(struct app *app, const struct adapt_work *s)
{
    size_t n = s->change_count;
    if (n == 0 && s->effect <= ADAPT_NOTE)
        return "No difference from the model yet";
    return ui_text_f(app->ui, n == 1 ? "%zu change: %s" : "%zu changes: %s", n,
                     adapt_effect_words(s->effect));
}

void adapt_panel(struct app *app, struct rect r, const struct adapt_work *s)
{
    struct ui *ui = app->ui;
    bool another = adapt_needs_approval(s->effect);
    ui_push(ui, "difference", ROLE_GROUP, "Difference from the model", r);
    ui_card(ui, r, another ? CARD_DUE : CARD_PLAIN);
    struct ui_scroll list =
        ui_scroll_begin(ui, ui_inset(r, ui_gap(ui) * 3 / 4, ui_mm_y(ui, 1.5)), "changes");
    parts_head(app, &list, "title", "Difference from the model");
    parts_words(app, &list, "summary", adapt_summary(app, s), another ? TONE_BAD : TONE_MUTED);
    sheet_difference(app, &list, s->changes, s->change_count);
    if (another)
        parts_words(app, &list, "another",
                    "Another person who may approve has to sign it too. Until then it is a draft.",
                    TONE_PLAIN);
    ui_scroll_end(ui, &list);
    ui_pop(ui);
}

/* ---- stage and groups ---- */

/* What the stage itself makes of the model: who may do it, and each concentration. */
static const char *adapt_at_stage(struct app *app, const struct adapt_work *s)
{
    struct ui *ui = app->ui;
    const char *text = ui_text_f(ui, "At %s: %s", s->x.stage,
                                 assessment_mode_words(assessment_mode_for(&s->model, s->x.stage)));
    for (size_t i = 0; i < s->x.base.count; i++) {
        const struct adapt_line *line = &s->x.base.line[i];
        if (str_eq(line->key, "chemical") && str_eq(sheet_tail(line), "conc"))
            text = ui_text_f(ui, "%s. %s: %s", text, adapt_path_words(ui_arena(ui), line->path),
                             line->text);
    }
    return text;
}

void adapt_stage_part(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    enum { STAGES_MAX = 12 };
    struct adapt_choice choices[STAGES_MAX];
    size_t count = 0;
    struct why why;
    const struct assessment_word *stages = assessment_stages(&count);
    parts_head(app, list, "stage_title", "Which stage?");
    for (size_t i = 0; i < count && i < STAGES_MAX; i++)
        choices[i] =
            (struct adapt_choice){ stages[i].id, stages[i].id, str_eq(s->x.stage, stages[i].id) };
    int at =
        adapt_choices(app, list, "stages", choices, count < STAGES_MAX ? count : STAGES_MAX, 15.2);
    if (at >= 0)
        adapt_changed(app, s, adapt_rebase(&s->arena, &s->model, stages[at].id, &s->x, &why), &why);
    if (s->x.stage[0] == '\0')
        return;
    parts_words(app, list, "at_stage", adapt_at_stage(app, s), TONE_MUTED);
    if (!assessment_for_stage(&s->model, s->x.stage))
        parts_words(app, list, "not_for",
                    "The model was written for older classes: a demonstration takes its place.",
                    TONE_BAD);
}

static void adapt_groups_row(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct why why;
    int now = s->x.groups > 0 ? s->x.groups : s->model.groups;
    const char *words = now == 0 ? "Groups: not said"
                        : s->model.groups > 0
                            ? ui_text_f(ui, "%d groups (at most %d)", now, s->model.groups)
                            : ui_text_f(ui, "%d groups", now);
    int side = ui_mm(ui, 15.2);
    int h = ui_para_height(ui, list->view.w - 2 * (side + gap), words, SIZE_BODY, FONT_SEMIBOLD);
    struct rect row = ui_scroll_row(list, h > page_target(app) ? h : page_target(app));
    ui_scroll_space(list, gap);
    if (ui_button(ui, ui_cut_left(&row, side), "fewer", "Fewer groups", ICON_MINUS, UI_ICON) &&
        now > 1)
        adapt_changed(app, s, adapt_groups(&s->arena, &s->x, now - 1, &why), &why);
    (void)ui_cut_left(&row, gap);
    struct rect more = ui_cut_right(&row, side);
    (void)ui_cut_right(&row, gap);
    struct rect words_r = row;
    words_r.y += h < row.h ? (row.h - h) / 2 : 0;
    words_r.h = h < row.h ? h : row.h;
    (void)ui_para(ui, words_r, "groups", words, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    if (ui_button(ui, more, "more_groups", "More groups", ICON_PLUS, UI_ICON) &&
        now < ASSESSMENT_GROUPS_MAX)
        adapt_changed(app, s, adapt_groups(&s->arena, &s->x, now + 1, &why), &why);
}

void adapt_class_part(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    struct ui *ui = app->ui;
    if (parts_field(app, list, "class", "Which class? As 3B1, no names of people", KEYBOARD_CODE,
                    s->class_name, sizeof s->class_name))
        adapt_changed(app, s, ERR_OK, NULL);
    if (s->class_name[0] == '\0' && s->x.stage[0] != '\0') {
        struct ui_tile any = { .id = "any",
                               .title = ui_text_f(ui, "Any %s class of mine", s->x.stage),
                               .icon = ICON_PEOPLE };
        if (parts_row(app, list, &any)) {
            (void)str_format(s->class_name, sizeof s->class_name, "Any %s", s->x.stage);
            adapt_changed(app, s, ERR_OK, NULL);
        }
    }
    adapt_groups_row(app, list, s);
}

/* ---- considerations ---- */

void adapt_ticks_part(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    enum { TICKS_MAX = 24 };
    struct adapt_choice choices[TICKS_MAX];
    size_t count = 0;
    struct why why;
    const struct assessment_word *ticks = assessment_ticks(&count);
    count = count < TICKS_MAX ? count : TICKS_MAX;
    parts_head(app, list, "ticks_title",
               s->model.prep ? "Think of" : "In this class is somebody with, or there is");
    for (size_t i = 0; i < count; i++)
        choices[i] =
            (struct adapt_choice){ ticks[i].id, ticks[i].words, adapt_ticked(&s->x, ticks[i].id) };
    int at = adapt_choices(app, list, "ticks", choices, count, 27);
    if (at >= 0)
        adapt_changed(app, s,
                      adapt_tick(&s->arena, &s->model, &s->x, ticks[at].id, !choices[at].on, &why),
                      &why);
}

/* ---- the room ---- */

static bool adapt_room_of(struct adapt_work *s, size_t at, const char **out)
{
    for (size_t i = 0; i < s->x.mine.count; i++)
        if (str_eq(s->x.mine.line[i].key, "room") && at-- == 0) {
            *out = sheet_tail(&s->x.mine.line[i]);
            return true;
        }
    return false;
}

void adapt_room_part(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    enum { ROOMS_MAX = 12 };
    struct adapt_choice choices[ROOMS_MAX];
    const char *features[ROOMS_MAX];
    size_t count = 0;
    size_t has = 0;
    struct why why;
    while (count < ROOMS_MAX && adapt_room_of(s, count, &features[count])) {
        const char *f = features[count];
        choices[count] = (struct adapt_choice){ f, assessment_words(f), adapt_has_room(&s->x, f) };
        has += choices[count++].on ? 1 : 0;
    }
    if (count == 0)
        return;
    parts_head(app, list, "room_title", "What the room has: tap each that is there");
    int at = adapt_choices(app, list, "rooms", choices, count, 27);
    if (at >= 0)
        adapt_changed(app, s, adapt_room(&s->arena, &s->x, features[at], !choices[at].on, &why),
                      &why);
    if (count > 1 && has == 0) {
        struct ui_tile all = { .id = "room_all",
                               .title = "It has all of these",
                               .icon = ICON_CHECK };
        if (!parts_row(app, list, &all))
            return;
        for (size_t i = 0; i < count; i++)
            adapt_changed(app, s, adapt_room(&s->arena, &s->x, features[i], true, &why), &why);
        return;
    }
    if (has > 0 && has < count)
        parts_words(app, list, "not_here",
                    ui_text_f(app->ui, "Not here: %s is missing. %s",
                              assessment_words(adapt_room_missing(&s->x)), s->model.room_missing),
                    TONE_BAD);
}

/* ---- until when ---- */

void adapt_until_part(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    struct ui *ui = app->ui;
    const struct {
        const char *id, *words;
        int days;
    } quick[] = { { "today", "Today only", 0 }, { "weeks", "4 weeks", 28 } };
    struct adapt_choice choices[COUNT_OF(quick) + 1];
    char iso[CALDATE_TEXT];
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(quick); i++) {
        caldate_iso(iso, app->today + quick[i].days);
        choices[i] = (struct adapt_choice){ quick[i].id, quick[i].words, str_eq(iso, s->until) };
        any = any || choices[i].on;
    }
    int32_t day = s->x.until;
    choices[COUNT_OF(quick)] = (struct adapt_choice){
        "summer",
        any || day == CALDATE_NONE ? "School year" : ui_text_f(ui, "To %s", page_day(app, day)),
        !any
    };
    parts_head(app, list, "until_title", "Valid until");
    int at = adapt_choices(app, list, "until", choices, COUNT_OF(choices), 27);
    if (at < 0)
        return;
    struct caldate d = caldate_from_day(app->today);
    if (at < (int)COUNT_OF(quick))
        caldate_iso(s->until, app->today + quick[at].days);
    else
        (void)str_format(s->until, sizeof s->until, "%04d-06-30",
                         d.month > 6 ? d.year + 1 : d.year);
    adapt_changed(app, s, ERR_OK, NULL);
}

/* ---- the lines themselves ---- */

void adapt_more_part(struct app *app, struct ui_scroll *list)
{
    struct ui_tile tile = {
        .id = "lines",
        .title = "Change or add a line",
        .words = "Do-nots, controls, strengths, who does it, steps, eye protection",
        .icon = ICON_PENCIL,
    };
    if (parts_row(app, list, &tile))
        router_push(app, "adapt_lines", NULL);
}

void adapt_said_part(struct app *app, struct ui_scroll *list, struct adapt_work *s)
{
    for (size_t i = 0; i < s->suggestion_count; i++)
        parts_words(app, list, ui_text_f(app->ui, "suggestion%zu", i),
                    ui_text_f(app->ui,
                              "Accepted suggestion of %s: «%s». Change the line it is "
                              "about; it is signed with this copy.",
                              s->suggestions[i].author_name, s->suggestions[i].text),
                    TONE_INFO);
}
