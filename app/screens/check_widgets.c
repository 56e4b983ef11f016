/* The answers of a row: choices, readings, steps of a range, copies of a repeat. */
#include <math.h>
#include <string.h>

#include "app/screens/check.h"
#include "platform/base/str.h"

enum { OPTIONS_MAX = 64, RANGE_TILES_MAX = 11, NUMBER_TEXT = 32 };

bool check_small(struct app *app)
{
    return ui_small(app->ui) || app->opt.large;
}

/* Answers stand inside their card: with its padding, neighbours are 3 mm apart and more. */
int check_rows_gap(struct app *app)
{
    return check_small(app) ? ui_mm_y(app->ui, 1.2) : ui_gap(app->ui);
}

/* ---- choices ---- */

static int widget_option_width(struct app *app, const char *label, bool icon)
{
    int w = ui_text_width(app->ui, label, SIZE_BODY, FONT_SEMIBOLD) + ui_mm(app->ui, icon ? 11 : 5);
    int least = ui_mm(app->ui, 15.2);
    return w > least ? w : least;
}

static int widget_widest(struct app *app, const struct form_choice *rows, size_t count, bool icon)
{
    int widest = 1;
    for (size_t i = 0; i < count; i++) {
        int w = widget_option_width(app, rows[i].label, icon);
        widest = w > widest ? w : widest;
    }
    return widest;
}

/* How many equal options stand side by side in so much room. */
static int widget_across(struct app *app, const struct check_state *s, size_t at, int width)
{
    const struct field_state *state = &s->state.fields[at];
    bool icon = check_is_pass_fail(&s->form.fields[at]);
    int widest = widget_widest(app, state->choices, state->choice_count, icon);
    int gap = ui_gap(app->ui);
    int across = (width + gap) / (widest + gap);
    int count = (int)state->choice_count;
    return across < 1 ? 1 : across > count ? count : across;
}

/* Tall letters leave no room for icon and word side by side: the icon stands above. */
static int widget_mark_width(struct app *app, const struct check_state *s, size_t at)
{
    const struct field_state *state = &s->state.fields[at];
    if (!check_small(app) || app->opt.large)
        return widget_widest(app, state->choices, state->choice_count, true);
    int widest = 1;
    for (size_t i = 0; i < state->choice_count; i++) {
        int w = ui_text_width(app->ui, state->choices[i].label, SIZE_BODY, FONT_SEMIBOLD) +
                ui_mm(app->ui, 2.4);
        widest = w > widest ? w : widest;
    }
    int least = ui_mm(app->ui, 16);
    return widest > least ? widest : least;
}

static bool widget_chosen(const struct form_field *f)
{
    return f->type == FIELD_SELECT_ONE || f->type == FIELD_SELECT_MULTIPLE;
}

/* The answer with the choice put in or taken out. */
static void widget_toggle(struct app *app, struct check_state *s, size_t at, const char *name)
{
    const struct field_state *state = &s->state.fields[at];
    char next[FORM_ANSWER_MAX + 1] = "";
    size_t used = 0;
    bool had = form_has_word(check_value(s, at), name);
    for (size_t i = 0; i < state->choice_count; i++) {
        const char *choice = state->choices[i].name;
        bool in = str_eq(choice, name) ? !had : form_has_word(check_value(s, at), choice);
        if (in && str_format(next + used, sizeof next - used, "%s%s", used == 0 ? "" : " ", choice))
            used = strlen(next);
    }
    check_put(app, s, s->form.fields[at].name, next);
}

static void widget_tapped(struct app *app, struct check_state *s, size_t at, size_t choice)
{
    const struct form_field *f = &s->form.fields[at];
    const char *name = s->state.fields[at].choices[choice].name;
    if (f->type == FIELD_SELECT_MULTIPLE)
        widget_toggle(app, s, at, name);
    else
        check_put(app, s, f->name, str_eq(check_value(s, at), name) ? "" : name);
    /* The row behind is the follow-up, whether or not the form asks for it yet. */
    s->reveal[0] = '\0';
    if (check_is_pass_fail(f) && str_eq(name, "fail") && at + 1 < s->form.field_count)
        (void)str_copy(s->reveal, sizeof s->reveal, s->form.fields[at + 1].name);
}

static enum ui_tone widget_tone(const struct form_field *f, const char *name)
{
    if (!check_is_pass_fail(f))
        return TONE_PLAIN;
    return str_eq(name, "pass") ? TONE_GOOD : str_eq(name, "fail") ? TONE_BAD : TONE_PLAIN;
}

int check_options(struct app *app, struct rect r, const char *id, const struct ui_option *options,
                  size_t count, int across)
{
    int gap = ui_gap(app->ui);
    int chosen = -1;
    for (size_t from = 0; from < count; from += (size_t)across) {
        size_t n = count - from < (size_t)across ? count - from : (size_t)across;
        struct rect line = ui_cut_top(&r, page_target(app));
        (void)ui_cut_top(&r, gap);
        line.w = (line.w + gap) * (int)n / across - gap;
        int tapped =
            ui_segments(app->ui, line, ui_text_f(app->ui, "%s%zu", id, from), options + from, n);
        if (tapped >= 0)
            chosen = (int)from + tapped;
    }
    return chosen;
}

static void widget_options(struct app *app, struct check_state *s, size_t at, struct rect r,
                           int across)
{
    const struct field_state *state = &s->state.fields[at];
    struct ui_option options[OPTIONS_MAX];
    size_t count = state->choice_count < OPTIONS_MAX ? state->choice_count : OPTIONS_MAX;
    for (size_t i = 0; i < count; i++)
        options[i] = (struct ui_option){
            .id = state->choices[i].name,
            .label = state->choices[i].label,
            .tone = widget_tone(&s->form.fields[at], state->choices[i].name),
            .selected = form_has_word(check_value(s, at), state->choices[i].name),
        };
    int tapped = check_options(app, r, "options", options, count, across);
    if (tapped >= 0)
        widget_tapped(app, s, at, (size_t)tapped);
}

static void widget_done(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui_option ok = { .id = "ok",
                            .label = "Yes, done",
                            .tone = TONE_GOOD,
                            .selected = str_eq(check_value(s, at), "OK") };
    if (ui_segments(app->ui, r, "options", &ok, 1) == 0)
        check_put(app, s, s->form.fields[at].name, ok.selected ? "" : "OK");
}

/* ---- readings and words ---- */

static bool widget_is_number(const struct form_field *f)
{
    return f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL;
}

static void widget_field(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form.fields[at];
    bool number = widget_is_number(f) || f->type == FIELD_RANGE;
    bool over = strstr(f->appearance, "over") != NULL;
    struct ui_field field = {
        .id = "value",
        .label = s->state.fields[at].label,
        .placeholder = number ? "Reading" : "Tap to write",
        .unit = f->unit[0] == '\0' ? NULL : f->unit,
        .keyboard = !number ? KEYBOARD_TEXT
                    : over  ? KEYBOARD_NUMBER
                            : KEYBOARD_PLAIN,
        .bad = s->state.fields[at].fault != NULL,
    };
    char text[FORM_ANSWER_MAX + 1];
    (void)str_copy(text, sizeof text, check_value(s, at));
    if (ui_field(app->ui, r, &field, text, number ? 24 : 501, NULL))
        check_put(app, s, f->name, number ? check_typed(s, at, text) : text);
}

/* ---- longer texts ---- */

static bool widget_is_long(const struct form_field *f)
{
    return f->type == FIELD_TEXT && strstr(f->appearance, "multiline") != NULL;
}

static void widget_long(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form.fields[at];
    char text[FORM_ANSWER_MAX + 1];
    struct ui_field field = { .id = "value",
                              .label = s->state.fields[at].label,
                              .placeholder = "Tap to write",
                              .bad = s->state.fields[at].fault != NULL };
    (void)str_copy(text, sizeof text, check_value(s, at));
    if (ui_area(app->ui, r, &field, text, sizeof text))
        check_put(app, s, f->name, text);
}

static void widget_number(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    if (check_timer_runs(app, s, at)) {
        check_clock(app, s, at, r);
        return;
    }
    if (s->form.fields[at].timer_s > 0) {
        struct rect timer = ui_cut_right(&r, check_timer_width(app));
        (void)ui_cut_right(&r, ui_gap(app->ui));
        check_timer(app, s, at, timer);
    }
    widget_field(app, s, at, r);
}

/* ---- a range ---- */

static int widget_range_steps(const struct form_field *f)
{
    double steps = f->range_step > 0 ? (f->range_end - f->range_start) / f->range_step : 0;
    return steps > 0 && steps < 10000 ? (int)floor(steps + 1e-9) + 1 : 0;
}

static bool widget_range_tiles(const struct form_field *f)
{
    int steps = widget_range_steps(f);
    return steps > 0 && steps <= RANGE_TILES_MAX;
}

static void widget_range_text(char out[NUMBER_TEXT], const struct form_field *f, int step)
{
    (void)str_format(out, NUMBER_TEXT, "%.10g", f->range_start + step * f->range_step);
}

static void widget_range_tap(struct app *app, struct check_state *s, size_t at, int step)
{
    const struct form_field *f = &s->form.fields[at];
    char text[NUMBER_TEXT];
    int steps = widget_range_steps(f);
    widget_range_text(text, f, step < 0 ? 0 : step >= steps ? steps - 1 : step);
    check_put(app, s, f->name, text);
}

static void widget_range_choose(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form.fields[at];
    struct ui_option options[RANGE_TILES_MAX];
    char text[RANGE_TILES_MAX][NUMBER_TEXT];
    int count = widget_range_steps(f);
    int gap = ui_gap(app->ui);
    int across = (r.w + gap) / (ui_mm(app->ui, 15.2) + gap);
    across = across < 1 ? 1 : across > count ? count : across;
    for (int i = 0; i < count; i++) {
        widget_range_text(text[i], f, i);
        options[i] = (struct ui_option){ .id = text[i],
                                         .label = text[i],
                                         .selected = str_eq(check_value(s, at), text[i]) };
    }
    for (int from = 0; from < count; from += across) {
        int n = count - from < across ? count - from : across;
        struct rect line = ui_cut_top(&r, page_target(app));
        (void)ui_cut_top(&r, gap);
        line.w = (line.w + gap) * n / across - gap;
        int tapped = ui_segments(app->ui, line, ui_text_f(app->ui, "options%d", from),
                                 options + from, (size_t)n);
        if (tapped >= 0)
            widget_range_tap(app, s, at, from + tapped);
    }
}

/* Minus, the number, plus. The first tap on either begins at the lower end. */
static void widget_range_step(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    int side = ui_mm(ui, 16);
    struct rect less = ui_cut_left(&r, side);
    struct rect more = ui_cut_right(&r, side);
    double value = 0;
    bool some = str_to_f64(check_value(s, at), &value) && f->range_step > 0;
    int step = some ? (int)lround((value - f->range_start) / f->range_step) : -1;
    ui_card(ui, less, CARD_PLAIN);
    ui_card(ui, more, CARD_PLAIN);
    if (ui_button(ui, less, "less", "Less", ICON_MINUS, UI_ICON))
        widget_range_tap(app, s, at, step - 1);
    if (ui_button(ui, more, "more", "More", ICON_PLUS, UI_ICON))
        widget_range_tap(app, s, at, step + 1);
    widget_field(app, s, at, ui_inset(r, ui_gap(ui), 0));
}

/* ---- repeats ---- */

/* The begin_repeat that this end closes; -1 when there is none. */
static int widget_repeat_of(const struct check_state *s, size_t end)
{
    int depth = 0;
    for (size_t i = end; i-- > 0;) {
        if (s->form.fields[i].type == FIELD_END_REPEAT)
            depth++;
        else if (s->form.fields[i].type == FIELD_BEGIN_REPEAT && depth-- == 0)
            return (int)i;
    }
    return -1;
}

bool check_repeat_grows(const struct check_state *s, size_t end)
{
    int begin = widget_repeat_of(s, end);
    return begin >= 0 && s->form.fields[begin].repeat_count == NULL &&
           s->state.fields[begin].relevant;
}

/* Takes the last copy away with what was answered in it. */
static void widget_repeat_less(struct app *app, struct check_state *s, size_t begin, size_t end)
{
    const struct form_field *b = &s->form.fields[begin];
    int level = b->copy[0] == 0 ? 0 : 1;
    char count[NUMBER_TEXT];
    for (size_t i = begin + 1; i < end; i++)
        if (s->form.fields[i].copy[level] == b->copies && check_value(s, i)[0] != '\0')
            check_put(app, s, s->form.fields[i].name, "");
    (void)str_format(count, sizeof count, "%d", b->copies - 1);
    check_put(app, s, b->name, count);
    s->removing[0] = '\0';
}

static void widget_repeat(struct app *app, struct check_state *s, size_t end, struct rect r)
{
    struct ui *ui = app->ui;
    int begin = widget_repeat_of(s, end);
    if (begin < 0)
        return;
    const struct form_field *b = &s->form.fields[begin];
    const char *what = s->state.fields[begin].label;
    char count[NUMBER_TEXT];
    struct rect add = ui_col(r, 0, 2, ui_gap(ui));
    (void)str_format(count, sizeof count, "%d", b->copies + 1);
    if (b->copies >= FORM_REPEAT_MAX)
        (void)ui_button_off(ui, add, "add", "Add another", ICON_ADD,
                            ui_text_f(ui, "%d is as many as a form holds", FORM_REPEAT_MAX));
    else if (ui_button(ui, add, "add", "Add another", ICON_ADD, UI_PLAIN))
        check_put(app, s, b->name, count);
    if (b->copies <= 1)
        return;
    /* The answers go with it: the second tap says so before it does. */
    bool armed = str_eq(s->removing, b->name);
    const char *words =
        armed ? ui_text_f(ui, "Tap again: %s %d goes", what, b->copies) : "Remove the last";
    if (!ui_button(ui, ui_col(r, 1, 2, ui_gap(ui)), "remove", words, ICON_MINUS, UI_PLAIN))
        return;
    if (armed)
        widget_repeat_less(app, s, (size_t)begin, end);
    else
        (void)str_copy(s->removing, sizeof s->removing, b->name);
}

/* ---- any row ---- */

static bool widget_scanned(const struct form_field *f)
{
    return f->type == FIELD_BARCODE || f->type == FIELD_IMAGE ||
           (f->type == FIELD_TEXT && strstr(f->appearance, "log") != NULL);
}

static bool widget_when(const struct form_field *f)
{
    return f->type == FIELD_DATE || f->type == FIELD_TIME || f->type == FIELD_DATETIME;
}

static int widget_beside(struct app *app, const struct check_state *s, size_t at, int width)
{
    const struct form_field *f = &s->form.fields[at];
    const struct field_state *state = &s->state.fields[at];
    int gap = ui_gap(app->ui);
    if (ui_portrait(app->ui) || f->read_only || check_timer_runs(app, s, at))
        return 0;
    if (widget_is_number(f)) {
        int w =
            ui_mm(app->ui, check_small(app) ? 44 : 56) + (app->opt.large ? ui_mm(app->ui, 20) : 0);
        return w + (f->timer_s > 0 ? check_timer_width(app) + gap : 0);
    }
    if (f->type == FIELD_ACKNOWLEDGE)
        return widget_option_width(app, "Yes, done", true);
    if (f->type != FIELD_SELECT_ONE || state->choices == NULL || state->choice_count == 0)
        return 0;
    bool judged = check_is_pass_fail(f);
    int one = judged ? widget_mark_width(app, s, at)
                     : widget_widest(app, state->choices, state->choice_count, false);
    int count = (int)state->choice_count;
    int all = one * count + gap * (count - 1);
    return judged || all <= width * 50 / 100 ? all : 0;
}

/* In large letters the words of the question keep a third of the row, or stand above the answers. */
int check_widget_beside(struct app *app, const struct check_state *s, size_t at, int width)
{
    int beside = widget_beside(app, s, at, width);
    int most = width * (check_small(app) ? 66 : 80) / 100;
    return app->opt.large && beside > most ? 0 : beside;
}

int check_widget_height(struct app *app, const struct check_state *s, size_t at, int width)
{
    const struct form_field *f = &s->form.fields[at];
    const struct field_state *state = &s->state.fields[at];
    int gap = ui_gap(app->ui);
    if (f->type == FIELD_END_REPEAT)
        return page_target(app);
    if (f->read_only)
        return 0;
    if (widget_scanned(f))
        return check_scanned_height(app, s, at, width);
    if (widget_when(f))
        return check_when_height(app, f, width);
    if (check_timer_runs(app, s, at))
        return check_clock_height(app);
    if (widget_is_long(f))
        return ui_area_height(app->ui, width, check_value(s, at), FORM_ANSWER_MAX + 1);
    if (f->type == FIELD_TEXT || widget_is_number(f))
        return ui_field_height(app->ui);
    if (f->type == FIELD_ACKNOWLEDGE)
        return page_target(app);
    if (f->type == FIELD_RANGE && !widget_range_tiles(f))
        return ui_field_height(app->ui) > page_target(app) ? ui_field_height(app->ui)
                                                           : page_target(app);
    int across = 1;
    int count = 0;
    if (f->type == FIELD_RANGE) {
        count = widget_range_steps(f);
        across = (width + gap) / (ui_mm(app->ui, 15.2) + gap);
    } else if (widget_chosen(f) && state->choices != NULL) {
        count = (int)state->choice_count;
        across = count > 0 && width < check_widget_beside(app, s, at, width) + 1
                     ? count
                     : widget_across(app, s, at, width);
    }
    across = across < 1 ? 1 : across > count && count > 0 ? count : across;
    int lines = (count + across - 1) / across;
    return lines == 0 ? 0 : lines * page_target(app) + (lines - 1) * gap;
}

void check_widget(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form.fields[at];
    if (f->type == FIELD_END_REPEAT) {
        widget_repeat(app, s, at, r);
    } else if (f->read_only) {
        return;
    } else if (widget_scanned(f)) {
        check_scanned(app, s, at, r);
    } else if (widget_when(f)) {
        check_when(app, s, at, r);
    } else if (widget_is_number(f)) {
        widget_number(app, s, at, r);
    } else if (widget_is_long(f)) {
        widget_long(app, s, at, r);
    } else if (f->type == FIELD_TEXT) {
        widget_field(app, s, at, r);
    } else if (f->type == FIELD_ACKNOWLEDGE) {
        widget_done(app, s, at, r);
    } else if (f->type == FIELD_RANGE) {
        if (widget_range_tiles(f))
            widget_range_choose(app, s, at, r);
        else
            widget_range_step(app, s, at, r);
    } else if (widget_chosen(f) && s->state.fields[at].choices != NULL) {
        int count = (int)s->state.fields[at].choice_count;
        bool beside = r.w == check_widget_beside(app, s, at, r.w);
        if (count > 0)
            widget_options(app, s, at, r, beside ? count : widget_across(app, s, at, r.w));
    }
}
