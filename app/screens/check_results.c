/* What a form works out, as one card: a group with the appearance `results`. Its first row is the verdict in words, large
   and in the colour of the gravest row; the figures stand beneath it, and what each rests on at a tap. */
#include <math.h>
#include <string.h>

#include "app/screens/check.h"
#include "app/ui/chart.h"
#include "platform/base/str.h"

enum { RESULTS_WORDS_MIN = 22 /* a value so long is a sentence, and has its own line */ };

bool check_is_results(const struct form_field *f)
{
    return f->type == FIELD_BEGIN_GROUP && f->appearance != NULL &&
           form_has_word(f->appearance, "results");
}

size_t check_results_end(const struct check_state *s, size_t begin)
{
    int depth = 0;
    for (size_t i = begin; i < s->form.field_count; i++) {
        enum field_type type = s->form.fields[i].type;
        if (type == FIELD_BEGIN_GROUP)
            depth++;
        else if (type == FIELD_END_GROUP && --depth == 0)
            return i;
    }
    return s->form.field_count - 1;
}

static bool results_says(const struct check_state *s, size_t at)
{
    const struct field_state *state = &s->state.fields[at];
    const struct form_field *f = &s->form.fields[at];
    /* A row without a label has its own name in its place, and is nothing to read. */
    return f->type == FIELD_CALCULATE && state->relevant && !str_eq(f->label, f->name) &&
           state->value != NULL && state->value[0] != '\0';
}

/* A number as people read it: three figures, and whole ones above a hundred. The record keeps all of them. */
static const char *results_value(struct app *app, const struct check_state *s, size_t at)
{
    struct ui *ui = app->ui;
    const char *unit = s->form.fields[at].unit;
    const char *value = s->state.fields[at].value;
    double number = 0;
    if (str_to_f64(value, &number))
        value = fabs(number) < 100        ? ui_chart_number(ui, number)
                : number == floor(number) ? ui_text_f(ui, "%.0f", number)
                                          : ui_text_f(ui, "%.1f", number);
    return ui_text_f(ui, "%s%s%s", value, unit[0] == '\0' ? "" : " ", unit);
}

/* ---- what the card says ---- */

struct results {
    size_t begin, end, verdict; /* verdict: the first row; end when it says nothing yet */
    enum ui_tone tone;
    enum ui_card card;
    const char *fault; /* NULL none */
    bool open,
        counted; /* counted: the first row is a figure among the others, and the verdicts say the word */
    int pad, inner, columns, cell_w, icon;
};

static void results_tone(const struct check_state *s, struct results *r)
{
    bool pass = false;
    bool advise = false;
    bool fail = false;
    for (size_t i = r->begin + 1; i < r->end; i++) {
        if (!s->state.fields[i].relevant)
            continue;
        pass = pass || s->state.fields[i].verdict == VERDICT_PASS;
        advise = advise || s->state.fields[i].verdict == VERDICT_ADVISE;
        fail = fail || s->state.fields[i].verdict == VERDICT_FAIL;
        if (r->fault == NULL)
            r->fault = s->state.fields[i].fault;
    }
    bool bad = fail || r->fault != NULL;
    r->tone = bad ? TONE_BAD : advise ? TONE_DUE : pass ? TONE_GOOD : TONE_INFO;
    r->card = bad ? CARD_BAD : advise ? CARD_DUE : pass ? CARD_GOOD : CARD_PLAIN;
}

static struct results results_of(struct app *app, const struct check_state *s, size_t begin,
                                 int width)
{
    struct ui *ui = app->ui;
    struct results r = { .begin = begin, .end = check_results_end(s, begin) };
    int least = ui_mm(ui, app->opt.large ? 62 : check_small(app) ? 34 : 42);
    r.verdict = r.begin + 1 < r.end && results_says(s, r.begin + 1) ? r.begin + 1 : r.end;
    r.open = str_eq(s->open_key, s->form.fields[begin].name);
    r.pad = ui_gap(ui);
    r.inner = width - 2 * r.pad;
    r.icon = ui_mm_y(ui, check_small(app) ? 9 : 11);
    r.columns = (r.inner + r.pad) / (least + r.pad);
    r.columns = r.columns < 1 ? 1 : r.columns;
    r.cell_w = (r.inner - (r.columns - 1) * r.pad) / r.columns;
    results_tone(s, &r);
    double number = 0;
    r.counted = r.verdict < r.end && str_to_f64(s->state.fields[r.verdict].value, &number);
    return r;
}

static const char *results_word(const struct check_state *s, const struct results *r)
{
    if (r->verdict == r->end)
        return "No result yet";
    if (!r->counted)
        return s->state.fields[r->verdict].value;
    switch (r->card) {
    case CARD_BAD:
        return "Outside the limits";
    case CARD_DUE:
        return "Look at it again";
    case CARD_GOOD:
        return "Within the limits";
    default:
        return "No limit is laid down";
    }
}

/* The row after the verdict, or the first where that is a figure. */
static size_t results_from(const struct results *r)
{
    return r->begin + (r->counted ? 1 : 2);
}

static bool results_is_sentence(const struct check_state *s, size_t at)
{
    return strlen(s->state.fields[at].value) > RESULTS_WORDS_MIN;
}

/* ---- laid out; drawn when s may be drawn into, else only measured ---- */

static int results_head(struct app *app, struct check_state *s, const struct results *r,
                        struct rect at, bool draw)
{
    struct ui *ui = app->ui;
    const char *title = s->state.fields[r->begin].label;
    const char *word = results_word(s, r);
    int mark = ui_mm(ui, 8);
    int w = r->inner - r->icon - r->pad - mark;
    enum ui_size size = ui_text_width(ui, word, SIZE_BIG, FONT_BOLD) <= w ? SIZE_BIG : SIZE_TITLE;
    int words = ui_para_height(ui, w, title, SIZE_SMALL, FONT_REGULAR) +
                ui_para_height(ui, w, word, size, FONT_BOLD);
    int least = ui_mm_y(ui, 12.2);
    int h = words > r->icon ? words : r->icon;
    h = h > least ? h : least;
    if (!draw)
        return h;
    at.h = h;
    if (ui_touch(ui, at, "about", ui_text_f(ui, "About: %s", title)))
        (void)str_copy(s->open_key, sizeof s->open_key,
                       r->open ? "" : s->form.fields[r->begin].name);
    struct rect icon = ui_cut_left(&at, r->icon);
    struct rect info = ui_cut_right(&at, mark);
    int side = ui_mm_y(ui, 4.6);
    uint32_t sign = r->tone == TONE_BAD    ? ICON_ALERT
                    : r->tone == TONE_GOOD ? ICON_CHECK
                    : r->tone == TONE_DUE  ? ICON_ALERT
                                           : ICON_INFO;
    (void)ui_cut_left(&at, r->pad);
    ui_icon(ui, (struct rect){ icon.x, icon.y + (icon.h - r->icon) / 2, r->icon, r->icon }, sign,
            r->tone);
    ui_icon(ui, (struct rect){ info.x + info.w - side, info.y + (info.h - side) / 2, side, side },
            r->open ? ICON_UP : ICON_INFO, TONE_ACCENT);
    (void)ui_cut_top(&at, (h - words) / 2);
    int used = ui_para(ui, at, "title", title, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_top(&at, used);
    (void)ui_para(ui, at, "verdict", word, size, FONT_BOLD, r->tone);
    return h;
}

static int results_para(struct app *app, struct rect at, const char *id, const char *text,
                        enum draw_font font, enum ui_tone tone, bool draw)
{
    if (text == NULL || text[0] == '\0')
        return 0;
    int h = ui_para_height(app->ui, at.w, text, SIZE_BODY, font);
    if (draw)
        (void)ui_para(app->ui, at, id, text, SIZE_BODY, font, tone);
    return h + ui_mm_y(app->ui, 1.2);
}

static int results_cell_height(struct app *app, const struct check_state *s, size_t at, int width)
{
    struct ui *ui = app->ui;
    const char *limit = s->state.fields[at].limit;
    int h = ui_para_height(ui, width, s->state.fields[at].label, SIZE_SMALL, FONT_REGULAR) +
            ui_para_height(ui, width, results_value(app, s, at), SIZE_TITLE, FONT_BOLD);
    return h + (limit == NULL || limit[0] == '\0'
                    ? 0
                    : ui_para_height(ui, width, limit, SIZE_SMALL, FONT_REGULAR));
}

static void results_cell(struct app *app, const struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct field_state *state = &s->state.fields[at];
    const char *value = results_value(app, s, at);
    enum ui_tone tone = state->verdict == VERDICT_FAIL     ? TONE_BAD
                        : state->verdict == VERDICT_ADVISE ? TONE_DUE
                                                           : TONE_PLAIN;
    ui_push(ui, s->form.fields[at].name, ROLE_ROW, ui_text_f(ui, "%s: %s", state->label, value), r);
    int used = ui_para(ui, r, "label", state->label, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_top(&r, used);
    used = ui_para(ui, r, "value", value, SIZE_TITLE, FONT_BOLD, tone);
    (void)ui_cut_top(&r, used);
    if (state->limit != NULL && state->limit[0] != '\0')
        (void)ui_para(ui, r, "limit", state->limit, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    ui_pop(ui);
}

/* The figures, side by side, each line as high as its highest. */
static int results_cells(struct app *app, const struct check_state *s, const struct results *r,
                         struct rect at, bool draw)
{
    int y = 0;
    int line = 0;
    int column = 0;
    for (int round = 0; round < 2; round++) {
        /* First how high the lines are together; a line's own height is needed before it is drawn only for what follows. */
        if (round == 1 && !draw)
            break;
        y = line = column = 0;
        for (size_t i = results_from(r); i < r->end; i++) {
            if (!results_says(s, i) || results_is_sentence(s, i))
                continue;
            if (column == r->columns) {
                y += line + r->pad / 2;
                line = column = 0;
            }
            int h = results_cell_height(app, s, i, r->cell_w);
            line = h > line ? h : line;
            if (round == 1)
                results_cell(
                    app, s, i,
                    (struct rect){ at.x + column * (r->cell_w + r->pad), at.y + y, r->cell_w, h });
            column++;
        }
    }
    return y + line;
}

/* What each figure rests on, for who asks. */
static int results_about(struct app *app, const struct check_state *s, const struct results *r,
                         struct rect at, bool draw)
{
    struct ui *ui = app->ui;
    int y = 0;
    for (size_t i = r->begin + 1; r->open && i < r->end; i++) {
        const struct form_field *f = &s->form.fields[i];
        const char *hint = s->state.fields[i].hint;
        if (!results_says(s, i) || (f->source[0] == '\0' && hint[0] == '\0'))
            continue;
        bool unsure = str_eq(f->confidence, "verify");
        const char *text =
            ui_text_f(ui, "%s: %s%s%s%s%s%s", f->label, hint, hint[0] == '\0' ? "" : " ", f->source,
                      f->edition[0] == '\0' ? "" : ", ", f->edition,
                      unsure ? ". Not verified: ask before you rely on it." : "");
        struct rect line = { at.x, at.y + y, at.w, at.h - y };
        int h = ui_para_height(ui, at.w, text, SIZE_SMALL, FONT_REGULAR);
        if (draw)
            (void)ui_para(ui, line, ui_text_f(ui, "about-%s", f->name), text, SIZE_SMALL,
                          FONT_REGULAR, TONE_INFO);
        y += h;
    }
    return y == 0 ? 0 : y + ui_mm_y(ui, 1.2);
}

static int results_lay(struct app *app, struct check_state *s, const struct results *r,
                       struct rect at, bool draw)
{
    struct ui *ui = app->ui;
    int top = at.y;
    int rule = ui_mm_y(ui, 1.5);
    at.y += results_head(app, s, r, at, draw) + rule;
    at.y += results_para(app, at, "fault", r->fault, FONT_SEMIBOLD, TONE_BAD, draw);
    for (size_t i = results_from(r); i < r->end; i++)
        if (results_says(s, i) && results_is_sentence(s, i))
            at.y += results_para(app, at, s->form.fields[i].name, s->state.fields[i].value,
                                 FONT_REGULAR, TONE_PLAIN, draw);
    if (draw)
        ui_line(ui, (struct rect){ at.x, at.y, at.w, 1 });
    at.y += rule;
    at.y += results_cells(app, s, r, at, draw) + rule;
    at.y += results_about(app, s, r, at, draw);
    return at.y - top;
}

int check_results_height(struct app *app, struct check_state *s, size_t begin, int width)
{
    struct results r = results_of(app, s, begin, width);
    if (r.verdict == r.end && r.fault == NULL)
        return 0;
    return results_lay(app, s, &r, (struct rect){ 0, 0, r.inner, 0 }, false) + 2 * r.pad;
}

void check_results(struct app *app, struct check_state *s, size_t begin, struct rect at)
{
    struct ui *ui = app->ui;
    struct results r = results_of(app, s, begin, at.w);
    const char *label = ui_text_f(ui, "%s: %s", s->state.fields[begin].label, results_word(s, &r));
    ui_push(ui, s->form.fields[begin].name, ROLE_GROUP, label, at);
    ui_card(ui, at, r.card);
    (void)results_lay(app, s, &r, ui_inset(at, r.pad, r.pad), true);
    ui_pop(ui);
}
