#include "app/screens/check_form.h"

#include <string.h>

#include "platform/base/str.h"

enum { OPTIONS_MAX = 64 };

bool check_form_is_pass_fail(const struct form_field *f)
{
    if (f->type != FIELD_SELECT_ONE || f->choices == NULL)
        return false;
    bool fail = false;
    for (size_t i = 0; i < f->choices->count; i++) {
        const char *name = f->choices->rows[i].name;
        if (!str_eq(name, "pass") && !str_eq(name, "fail") && !str_eq(name, "na"))
            return false;
        fail = fail || str_eq(name, "fail");
    }
    return fail;
}

void check_form_answer(struct app *app, struct check_state *s, size_t field, const char *value)
{
    struct why why;
    (void)str_copy(s->texts[field], FORM_ANSWER_MAX + 1, value);
    s->values[field] = value[0] == '\0' ? NULL : s->texts[field];
    s->dirty = true;
    enum err rc =
        store_draft_put(&app->store, app->now, app->session.person, s->item.id, s->form->id,
                        s->form->version, s->form->fields[field].name, value, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "This answer is on the screen but not saved yet: %s", why.text);
}

/* Whether a space-separated answer holds the choice. */
static bool rows_holds(const char *value, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = value; at != NULL && *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, name, len) == 0)
            return true;
        at += word;
        at += strspn(at, " ");
    }
    return false;
}

/* The answer with the choice put in or taken out. */
static void rows_toggle(struct app *app, struct check_state *s, size_t field, const char *name)
{
    const char *value = s->texts[field];
    char next[FORM_ANSWER_MAX + 1] = "";
    size_t used = 0;
    bool had = rows_holds(value, name);
    for (size_t i = 0; i < s->form->fields[field].choices->count; i++) {
        const char *choice = s->form->fields[field].choices->rows[i].name;
        bool in = str_eq(choice, name) ? !had : rows_holds(value, choice);
        if (in && str_format(next + used, sizeof next - used, "%s%s", used == 0 ? "" : " ", choice))
            used = strlen(next);
    }
    check_form_answer(app, s, field, next);
}

static void rows_tapped(struct app *app, struct check_state *s, size_t field, size_t choice)
{
    const struct form_field *f = &s->form->fields[field];
    const char *name = f->choices->rows[choice].name;
    if (f->type == FIELD_SELECT_MULTIPLE)
        rows_toggle(app, s, field, name);
    else
        check_form_answer(app, s, field, str_eq(s->texts[field], name) ? "" : name);
}

/* ---- sizes ---- */

static int rows_pad(struct app *app)
{
    return ui_mm_y(app->ui, 2);
}

static int rows_option_width(struct app *app, const char *label, bool icon)
{
    int w = ui_text_width(app->ui, label, SIZE_BODY, FONT_SEMIBOLD) + ui_mm(app->ui, icon ? 11 : 5);
    int least = ui_mm(app->ui, 15.2);
    return w > least ? w : least;
}

/* How many equal options stand side by side in so much room. */
static int rows_across(struct app *app, const struct form_field *f, int width)
{
    bool icon = check_form_is_pass_fail(f);
    int widest = 1;
    for (size_t i = 0; i < f->choices->count; i++) {
        int w = rows_option_width(app, f->choices->rows[i].label, icon);
        widest = w > widest ? w : widest;
    }
    int gap = ui_gap(app->ui);
    int across = (width + gap) / (widest + gap);
    int count = (int)f->choices->count;
    return across < 1 ? 1 : across > count ? count : across;
}

static bool rows_beside(struct app *app, const struct form_field *f)
{
    return check_form_is_pass_fail(f) && !ui_portrait(app->ui);
}

static int rows_answers_width(struct app *app, const struct form_field *f, int width)
{
    if (!rows_beside(app, f))
        return width;
    int w = 0;
    for (size_t i = 0; i < f->choices->count; i++)
        w = rows_option_width(app, f->choices->rows[i].label, true) > w
                ? rows_option_width(app, f->choices->rows[i].label, true)
                : w;
    int count = (int)f->choices->count;
    return w * count + ui_gap(app->ui) * (count - 1);
}

static bool rows_typed(const struct form_field *f)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_DATE:
    case FIELD_TIME:
    case FIELD_BARCODE:
        return !f->read_only;
    default:
        return false;
    }
}

static int rows_answers_height(struct app *app, const struct form_field *f, int width)
{
    if (rows_typed(f))
        return ui_field_height(app->ui);
    if (f->type == FIELD_ACKNOWLEDGE)
        return page_target(app);
    if ((f->type != FIELD_SELECT_ONE && f->type != FIELD_SELECT_MULTIPLE) || f->choices == NULL)
        return 0;
    int across = rows_across(app, f, width);
    int lines = ((int)f->choices->count + across - 1) / across;
    return lines * page_target(app) + (lines - 1) * ui_gap(app->ui);
}

/* ---- words of a row ---- */

static const char *rows_label(struct app *app, const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form->fields[at];
    const char *value = s->state.fields[at].value;
    bool shown = f->type == FIELD_CALCULATE || f->read_only;
    if (shown && value != NULL)
        return ui_text_f(app->ui, "%s: %s%s%s", f->label, value, f->unit[0] == '\0' ? "" : " ",
                         f->unit);
    return f->label;
}

static const char *rows_limits(struct app *app, const struct form_field *f)
{
    const char *unsure = str_eq(f->confidence, "verify") ? " (to be verified)" : "";
    const char *gap = f->unit[0] == '\0' ? "" : " ";
    if (f->has_low && f->has_high)
        return ui_text_f(app->ui, "From %g to %g%s%s%s", f->low, f->high, gap, f->unit, unsure);
    if (f->has_low)
        return ui_text_f(app->ui, "At least %g%s%s%s", f->low, gap, f->unit, unsure);
    if (f->has_high)
        return ui_text_f(app->ui, "At most %g%s%s%s", f->high, gap, f->unit, unsure);
    return "";
}

/* The small words under the label: hint, limits. */
static const char *rows_hint(struct app *app, const struct form_field *f)
{
    const char *limits = rows_limits(app, f);
    if (limits[0] == '\0')
        return f->hint;
    return f->hint[0] == '\0' ? limits : ui_text_f(app->ui, "%s %s.", f->hint, limits);
}

static const char *rows_fault(const struct check_state *s, size_t at)
{
    return s->state.fields[at].fault;
}

/* ---- a row ---- */

struct row_sizes {
    int words_w, words_h, answers_w, answers_h, height;
};

static struct row_sizes rows_measure(struct app *app, const struct check_state *s, size_t at,
                                     int width)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form->fields[at];
    int pad = rows_pad(app);
    int inner = width - 2 * ui_gap(ui);
    struct row_sizes z = { .answers_w = rows_answers_width(app, f, inner) };
    bool beside = rows_beside(app, f);
    z.words_w = beside ? inner - z.answers_w - ui_gap(ui) : inner;
    z.words_h = ui_para_height(ui, z.words_w, rows_label(app, s, at), SIZE_BODY, FONT_SEMIBOLD);
    const char *hint = rows_hint(app, f);
    if (hint[0] != '\0')
        z.words_h += ui_para_height(ui, z.words_w, hint, SIZE_SMALL, FONT_REGULAR);
    if (rows_fault(s, at) != NULL)
        z.words_h += ui_para_height(ui, z.words_w, rows_fault(s, at), SIZE_BODY, FONT_SEMIBOLD);
    z.answers_h = rows_answers_height(app, f, z.answers_w);
    int both = z.words_h > z.answers_h ? z.words_h : z.answers_h;
    z.height = 2 * pad + (beside ? both : z.words_h + (z.answers_h > 0 ? z.answers_h + pad : 0));
    return z;
}

static enum ui_card rows_card(const struct check_state *s, size_t at)
{
    const struct field_state *f = &s->state.fields[at];
    if (f->fault != NULL || f->verdict == VERDICT_FAIL)
        return CARD_BAD;
    return f->verdict == VERDICT_ADVISE ? CARD_DUE : CARD_PLAIN;
}

static void rows_words(struct app *app, const struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const char *hint = rows_hint(app, &s->form->fields[at]);
    int used =
        ui_para(ui, r, "label", rows_label(app, s, at), SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    (void)ui_cut_top(&r, used);
    if (hint[0] != '\0') {
        used = ui_para(ui, r, "hint", hint, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
        (void)ui_cut_top(&r, used);
    }
    if (rows_fault(s, at) != NULL)
        (void)ui_para(ui, r, "fault", rows_fault(s, at), SIZE_BODY, FONT_SEMIBOLD, TONE_BAD);
}

static void rows_options(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form->fields[at];
    struct ui_option options[OPTIONS_MAX];
    bool judged = check_form_is_pass_fail(f);
    int across = rows_across(app, f, r.w);
    int gap = ui_gap(app->ui);
    size_t count = f->choices->count < OPTIONS_MAX ? f->choices->count : OPTIONS_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct form_choice *c = &f->choices->rows[i];
        enum ui_tone tone = TONE_PLAIN;
        if (judged && str_eq(c->name, "pass"))
            tone = TONE_GOOD;
        if (judged && str_eq(c->name, "fail"))
            tone = TONE_BAD;
        options[i] = (struct ui_option){
            .id = c->name,
            .label = c->label,
            .tone = tone,
            .selected = rows_holds(s->texts[at], c->name),
        };
    }
    for (size_t from = 0; from < count; from += (size_t)across) {
        size_t n = count - from < (size_t)across ? count - from : (size_t)across;
        struct rect line = ui_cut_top(&r, page_target(app));
        (void)ui_cut_top(&r, gap);
        /* A last line with fewer options keeps the columns of the others. */
        line.w = (line.w + gap) * (int)n / across - gap;
        int tapped =
            ui_segments(app->ui, line, ui_text_f(app->ui, "options%zu", from), options + from, n);
        if (tapped >= 0)
            rows_tapped(app, s, at, from + (size_t)tapped);
    }
}

static void rows_field(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form->fields[at];
    bool number = f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL;
    struct ui_field field = {
        .id = "value",
        .label = f->label,
        .placeholder = number ? "Tap to enter the reading" : "Tap to write",
        .unit = f->unit[0] == '\0' ? NULL : f->unit,
        .keyboard = number                     ? KEYBOARD_NUMBER
                    : f->type == FIELD_DATE    ? KEYBOARD_DATE
                    : f->type == FIELD_BARCODE ? KEYBOARD_CODE
                                               : KEYBOARD_TEXT,
        .bad = s->state.fields[at].fault != NULL,
    };
    char text[FORM_ANSWER_MAX + 1];
    (void)str_copy(text, sizeof text, s->texts[at]);
    if (ui_field(app->ui, r, &field, text, number ? 24 : 501, NULL))
        check_form_answer(app, s, at, text);
}

static void rows_answers(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form->fields[at];
    if (rows_typed(f)) {
        rows_field(app, s, at, r);
    } else if (f->type == FIELD_ACKNOWLEDGE) {
        struct ui_option ok = { .id = "ok",
                                .label = "Yes, done",
                                .tone = TONE_GOOD,
                                .selected = str_eq(s->texts[at], "OK") };
        if (ui_segments(app->ui, r, "options", &ok, 1) == 0)
            check_form_answer(app, s, at, ok.selected ? "" : "OK");
    } else if (f->choices != NULL) {
        rows_options(app, s, at, r);
    }
}

static void rows_one(struct app *app, struct check_state *s, size_t at, struct rect r,
                     const struct row_sizes *z)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form->fields[at];
    ui_push(ui, f->name, ROLE_ROW, f->label, r);
    ui_card(ui, r, rows_card(s, at));
    struct rect inner = ui_inset(r, ui_gap(ui), rows_pad(app));
    if (rows_beside(app, f)) {
        struct rect answers = ui_cut_right(&inner, z->answers_w);
        (void)ui_cut_right(&inner, ui_gap(ui));
        struct rect words = { inner.x, inner.y + (inner.h - z->words_h) / 2, inner.w, z->words_h };
        rows_words(app, s, at, words);
        answers.y += (answers.h - z->answers_h) / 2;
        answers.h = z->answers_h;
        rows_answers(app, s, at, answers);
    } else {
        rows_words(app, s, at, ui_cut_top(&inner, z->words_h));
        (void)ui_cut_top(&inner, rows_pad(app));
        if (z->answers_h > 0)
            rows_answers(app, s, at, inner);
    }
    ui_pop(ui);
}

static bool rows_shown(const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form->fields[at];
    if (!s->state.fields[at].relevant || f->type == FIELD_HIDDEN || f->type == FIELD_END_GROUP)
        return false;
    if (f->type == FIELD_CALCULATE)
        return f->label[0] != '\0' && s->state.fields[at].value != NULL;
    return f->label[0] != '\0';
}

void check_form_rows(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    struct ui_scroll list = ui_scroll_begin(ui, r, "rows");
    for (size_t i = 0; i < s->form->field_count; i++) {
        if (!rows_shown(s, i))
            continue;
        struct row_sizes z = rows_measure(app, s, i, list.view.w);
        struct rect row = ui_scroll_row(&list, z.height);
        rows_one(app, s, i, row, &z);
        ui_scroll_space(&list, ui_gap(ui));
    }
    ui_scroll_end(ui, &list);
}
