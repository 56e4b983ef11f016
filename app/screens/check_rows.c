/* The rows of a check: words, and the answers beside or below them. How a row is divided is measured once and kept until
   what it says changes; of a long form only what is near the view is drawn. */
#include <string.h>

#include "app/screens/check.h"
#include "app/screens/differs.h"
#include "platform/base/str.h"

enum { ROWS_REVEAL_TRIES = 3 };
enum { ROWS_LINES_MAX = 8, ROWS_ALWAYS = 120, ROWS_SOME = 400 };

struct row_line {
    const char *id, *text;
    enum ui_size size;
    enum draw_font font;
    enum ui_tone tone;
};
struct row_lines {
    struct row_line rows[ROWS_LINES_MAX];
    size_t count;
    bool more; /* a tap on the words unfolds something */
    bool open;
};

static void lines_add(struct row_lines *l, const char *id, const char *text, enum ui_size size,
                      enum ui_tone tone)
{
    if (text == NULL || text[0] == '\0' || l->count == ROWS_LINES_MAX)
        return;
    bool strong = size == SIZE_BODY;
    l->rows[l->count++] = (struct row_line){ .id = id,
                                             .text = text,
                                             .size = size,
                                             .font = strong ? FONT_SEMIBOLD : FONT_REGULAR,
                                             .tone = tone };
}

/* ---- what a row says ---- */

static bool rows_shows_value(const struct form_field *f)
{
    return f->type == FIELD_CALCULATE || f->read_only;
}

static const char *rows_label(struct app *app, const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    const struct field_state *state = &s->state.fields[at];
    if (!rows_shows_value(f) || state->value == NULL)
        return state->label;
    return ui_text_f(app->ui, "%s: %s%s%s", state->label, state->value,
                     f->unit[0] == '\0' ? "" : " ", f->unit);
}

/* A first word in capitals, as a line begins. */
static const char *rows_limit(struct app *app, const struct check_state *s, size_t at)
{
    const char *limit = s->state.fields[at].limit;
    if (limit == NULL || limit[0] == '\0')
        return "";
    bool unsure = str_eq(s->form.fields[at].confidence, "verify");
    char first = limit[0] >= 'a' && limit[0] <= 'z' ? (char)(limit[0] - 'a' + 'A') : limit[0];
    return ui_text_f(app->ui, "%c%s%s", first, limit + 1, unsure ? " · verify" : "");
}

/* Where the limit comes from, for who asks. */
static const char *rows_source(struct app *app, const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    bool own = f->source[0] != '\0';
    const char *source = own ? f->source : s->base->source;
    const char *edition = own ? f->edition : s->base->edition;
    bool unsure = str_eq(f->confidence, "verify");
    if (source == NULL || source[0] == '\0')
        return unsure ? "This limit is not verified: ask before you rely on it." : "";
    return ui_text_f(
        app->ui, "Source: %s%s%s.%s", source, edition == NULL || edition[0] == '\0' ? "" : ", ",
        edition == NULL ? "" : edition, unsure ? " Not verified: ask before you rely on it." : "");
}

static bool rows_is_note(const struct form_field *f)
{
    return f->type == FIELD_NOTE || f->type == FIELD_BEGIN_GROUP;
}

static struct row_lines rows_lines(struct app *app, const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    const struct field_state *state = &s->state.fields[at];
    const char *limit = rows_limit(app, s, at);
    const char *hint = state->hint;
    bool judged = limit[0] != '\0' || f->source[0] != '\0';
    bool tight = (ui_small(app->ui) && !ui_portrait(app->ui)) || app->opt.large;
    bool folds = tight && !rows_is_note(f);
    struct row_lines l = { .open = str_eq(s->open_key, f->name) };
    lines_add(&l, "label", rows_label(app, s, at), SIZE_BODY, TONE_PLAIN);
    lines_add(&l, "limit", limit, SIZE_SMALL,
              str_eq(f->confidence, "verify") ? TONE_DUE : TONE_MUTED);
    if (!folds || l.open)
        lines_add(&l, "hint", hint, SIZE_SMALL, TONE_MUTED);
    if (l.open) {
        lines_add(&l, "guidance", f->guidance_hint, SIZE_SMALL, TONE_MUTED);
        if (judged)
            lines_add(&l, "source", rows_source(app, s, at), SIZE_SMALL, TONE_INFO);
    }
    lines_add(&l, "fault", check_when_fault(app, s, at), SIZE_BODY, TONE_BAD);
    l.more = (folds && hint[0] != '\0') ||
             (f->guidance_hint != NULL && f->guidance_hint[0] != '\0') ||
             (judged && rows_source(app, s, at)[0] != '\0');
    return l;
}

/* ---- measuring ---- */

static int rows_pad(struct app *app)
{
    return ui_mm_y(app->ui, check_small(app) ? 1.2 : 2);
}

static int rows_inset(struct app *app)
{
    return check_small(app) ? ui_mm(app->ui, 2) : ui_gap(app->ui);
}

static int rows_mark_width(struct app *app)
{
    return ui_mm(app->ui, 6);
}

static int rows_words_height(struct app *app, const struct row_lines *l, int width)
{
    int h = 0;
    int words = width - (l->more ? rows_mark_width(app) : 0);
    for (size_t i = 0; i < l->count; i++)
        h += ui_para_height(app->ui, words, l->rows[i].text, l->rows[i].size, l->rows[i].font);
    return h;
}

static uint64_t rows_hash(const struct check_state *s, size_t at, const struct row_lines *l)
{
    uint64_t h = check_hash(0, s->form.fields[at].name);
    for (size_t i = 0; i < l->count; i++)
        h = check_hash(h, l->rows[i].text);
    const struct field_state *state = &s->state.fields[at];
    for (size_t i = 0; i < state->choice_count && state->choices != NULL; i++)
        h = check_hash(h, state->choices[i].label);
    h = check_hash(h, l->more ? "more" : "");
    h = check_hash(h, check_timer_runs(s->app, s, at) ? "clock" : "");
    /* What a scanned row says about its thing, and a list's tally. */
    switch (s->form.fields[at].type) {
    case FIELD_BARCODE:
    case FIELD_IMAGE:
    case FIELD_TEXT:
        h = check_hash(h, check_value(s, at));
        break;
    default:
        break;
    }
    return h == 0 ? 1 : h;
}

static int rows_picture_height(struct app *app, const struct form_field *f)
{
    return f->image != NULL && f->image[0] != '\0' ? ui_mm_y(app->ui, check_small(app) ? 22 : 34)
                                                   : 0;
}

static void rows_measure(struct app *app, const struct check_state *s, size_t at,
                         const struct row_lines *l, struct row_plan *p)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    int pad = rows_pad(app);
    int inner = p->width - 2 * rows_inset(app);
    int beside = check_widget_beside(app, s, at, inner);
    int picture = rows_picture_height(app, f);
    p->beside = beside > 0;
    p->answers_w = p->beside ? beside : inner;
    p->words_w = p->beside ? inner - beside - ui_gap(ui) : inner;
    p->words_h = rows_words_height(app, l, p->words_w) + picture;
    p->answers_h = check_widget_height(app, s, at, p->answers_w);
    int target = ui_mm_y(ui, 12.2);
    int words = l->more && p->words_h < target ? target : p->words_h;
    int both = words > p->answers_h ? words : p->answers_h;
    int between = l->more ? ui_gap(ui) : pad;
    p->height =
        2 * pad + (p->beside ? both : words + (p->answers_h > 0 ? p->answers_h + between : 0));
    if (f->type == FIELD_BEGIN_GROUP || f->type == FIELD_BEGIN_REPEAT)
        p->height = p->words_h + pad;
}

/* Only a row whose judging is new is looked at again, and only one that says something else is measured again. */
static const struct row_plan *rows_plan(struct app *app, struct check_state *s, size_t at,
                                        int width)
{
    struct row_plan *p = &s->plans[at];
    bool open = s->open_key[0] != '\0' && str_eq(s->open_key, s->form.fields[at].name);
    if (p->judged == s->judgement && p->width == width && p->open == open)
        return p;
    struct row_lines lines = rows_lines(app, s, at);
    uint64_t hash = rows_hash(s, at, &lines);
    bool same = p->hash == hash && p->width == width;
    p->judged = s->judgement;
    p->open = open;
    if (same)
        return p;
    p->hash = hash;
    p->width = width;
    rows_measure(app, s, at, &lines, p);
    return p;
}

/* ---- drawing ---- */

static enum ui_card rows_card(const struct check_state *s, size_t at)
{
    const struct field_state *f = &s->state.fields[at];
    int of = s->form.fields[at].reason_of;
    /* What belongs to a fail is framed with it. */
    if (s->form.fields[at].generated && of >= 0 && s->state.fields[of].verdict == VERDICT_FAIL)
        return CARD_BAD;
    if (f->fault != NULL || f->verdict == VERDICT_FAIL)
        return CARD_BAD;
    if (f->missing && str_eq(s->form.fields[at].name, s->wanted))
        return CARD_SELECTED;
    return f->verdict == VERDICT_ADVISE ? CARD_DUE : CARD_PLAIN;
}

/* A picture of the question: a drawing, or a photograph as the camera would see it. */
static void rows_picture(struct app *app, const struct form_field *f, struct rect r)
{
    if (str_ends(f->image, ".svg")) {
        ui_svg(app->ui, r, "image", f->label, app_drawing(app, f->image));
        return;
    }
    const struct draw_luma *photo = app_photo(app, f->image, PHOTO_CONTENT);
    if (photo == NULL)
        return;
    r.w = r.h * photo->w / photo->h < r.w ? r.h * photo->w / photo->h : r.w;
    ui_picture(app->ui, r, "image", f->label, photo);
}

static void rows_words(struct app *app, struct check_state *s, size_t at, struct rect r,
                       const struct row_lines *l)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    if (l->more) {
        struct rect mark = ui_cut_right(&r, rows_mark_width(app));
        int side = ui_mm_y(ui, 4.6);
        ui_icon(ui,
                (struct rect){ mark.x + mark.w - side, mark.y + (mark.h - side) / 2, side, side },
                l->open ? ICON_UP : ICON_INFO, TONE_ACCENT);
    }
    int words_h = rows_words_height(app, l, r.w + (l->more ? rows_mark_width(app) : 0));
    int picture = rows_picture_height(app, f);
    int spare = r.h - words_h - picture;
    (void)ui_cut_top(&r, spare > 0 ? spare / 2 : 0);
    for (size_t i = 0; i < l->count; i++) {
        const struct row_line *line = &l->rows[i];
        int used = ui_para(ui, r, line->id, line->text, line->size, line->font, line->tone);
        (void)ui_cut_top(&r, used);
    }
    if (picture > 0)
        rows_picture(app, f, ui_cut_top(&r, picture));
}

/* The words of a row, which unfold what more there is to say at a tap. */
static void rows_touch(struct app *app, struct check_state *s, size_t at, struct rect r,
                       const struct row_lines *l)
{
    const struct form_field *f = &s->form.fields[at];
    if (l->more &&
        ui_touch(app->ui, r, "about", ui_text_f(app->ui, "About: %s", s->state.fields[at].label)))
        (void)str_copy(s->open_key, sizeof s->open_key, l->open ? "" : f->name);
    rows_words(app, s, at, r, l);
}

static void rows_heading(struct app *app, struct check_state *s, size_t at, struct rect r,
                         const struct row_lines *l)
{
    struct ui *ui = app->ui;
    ui_push(ui, s->form.fields[at].name, ROLE_HEADING, s->state.fields[at].label, r);
    for (size_t i = 0; i < l->count; i++) {
        enum draw_font font = i == 0 ? FONT_BOLD : l->rows[i].font;
        int used =
            ui_para(ui, r, l->rows[i].id, l->rows[i].text, l->rows[i].size, font, l->rows[i].tone);
        (void)ui_cut_top(&r, used);
    }
    ui_pop(ui);
}

static void rows_one(struct app *app, struct check_state *s, size_t at, struct rect r,
                     const struct row_plan *p, const struct row_lines *l)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    int pad = rows_pad(app);
    if (f->type == FIELD_BEGIN_GROUP || f->type == FIELD_BEGIN_REPEAT) {
        rows_heading(app, s, at, r, l);
        return;
    }
    ui_push(ui, f->name, ROLE_ROW, s->state.fields[at].label, r);
    if (f->type != FIELD_END_REPEAT)
        ui_card(ui, r, rows_card(s, at));
    struct rect inner = ui_inset(r, f->type == FIELD_END_REPEAT ? 0 : rows_inset(app), pad);
    if (p->beside) {
        struct rect answers = ui_cut_right(&inner, p->answers_w);
        (void)ui_cut_right(&inner, ui_gap(ui));
        rows_touch(app, s, at, inner, l);
        answers.y += (answers.h - p->answers_h) / 2;
        answers.h = p->answers_h;
        check_widget(app, s, at, answers);
    } else {
        struct rect answers = ui_cut_bottom(&inner, p->answers_h);
        if (p->answers_h > 0)
            (void)ui_cut_bottom(&inner, l->more ? ui_gap(ui) : pad);
        rows_touch(app, s, at, inner, l);
        if (p->answers_h > 0)
            check_widget(app, s, at, answers);
    }
    ui_pop(ui);
}

static bool rows_shown(const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    const struct field_state *state = &s->state.fields[at];
    if (!state->relevant)
        return false;
    switch (f->type) {
    case FIELD_HIDDEN:
    case FIELD_END_GROUP:
        return false;
    case FIELD_END_REPEAT:
        return check_repeat_grows(s, at);
    case FIELD_BEGIN_REPEAT:
        /* Its copies are headed by its name. */
        return state->hint[0] != '\0' || f->copies == 0;
    case FIELD_CALCULATE:
        return f->label[0] != '\0' && state->value != NULL;
    default:
        return state->label[0] != '\0';
    }
}

/* «Why?» of a correction: the first row, and as needed as any. */
static void rows_why(struct app *app, struct check_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    static const char ask[] = "Why is the record corrected?";
    char text[FORM_ANSWER_MAX + 1];
    int pad = rows_pad(app);
    int words =
        ui_para_height(ui, list->view.w - 2 * rows_inset(app), ask, SIZE_BODY, FONT_SEMIBOLD);
    struct rect r = ui_scroll_row(list, 3 * pad + words + ui_field_height(ui));
    ui_scroll_space(list, check_rows_gap(app));
    ui_push(ui, "why", ROLE_ROW, ask, r);
    ui_card(ui, r, CARD_INFO);
    struct rect in = ui_inset(r, rows_inset(app), pad);
    (void)ui_para(ui, ui_cut_top(&in, words), "label", ask, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    (void)ui_cut_top(&in, pad);
    struct ui_field field = { .id = "value",
                              .label = ask,
                              .placeholder = "Tap to write: the old record stays readable" };
    (void)str_copy(text, sizeof text, check_text(s, CHECK_WHY));
    if (ui_field(ui, in, &field, text, 300, NULL))
        check_put(app, s, CHECK_WHY, text);
    ui_pop(ui);
}

/* The list of rows on the screen that shows them: a check's or a letter's. */
static const char *rows_path(struct app *app)
{
    return ui_text_f(app->ui, "/%s/rows", router_top(app)->screen->id);
}

/* What a fail asks next comes into view by itself, right under the failing row. */
static void rows_reveal(struct app *app, struct check_state *s, size_t at,
                        const struct ui_scroll *list, struct rect row)
{
    if (s->reveal[0] == '\0' || s->dirty || app->router.pending_count > 0 ||
        !str_eq(s->form.fields[at].name, s->reveal))
        return;
    int below = row.y + row.h - (list->view.y + list->view.h);
    /* Coming from another screen, the rows get their width, and with it their height, in the second picture only. */
    bool more = below > 0 && s->reveal_tries++ < ROWS_REVEAL_TRIES;
    if (!more) {
        s->reveal[0] = '\0';
        s->reveal_tries = 0;
    }
    if (below > 0)
        ui_scroll_to(app->ui, rows_path(app),
                     ui_scroll_offset(app->ui, rows_path(app)) + below + check_rows_gap(app));
}

/* A row that was asked for goes to the top of the view, a little under its edge. */
static void rows_go(struct app *app, struct check_state *s, size_t at, const struct ui_scroll *list,
                    struct rect row)
{
    if (s->go[0] == '\0' || !str_eq(s->form.fields[at].name, s->go))
        return;
    s->go[0] = '\0';
    ui_scroll_to(app->ui, rows_path(app), row.y - list->top - ui_gap(app->ui));
}

/* Whether a row is drawn: all of a usual form, so that a script finds each by its name; of a long one those some pages around
   the view; of one with hundreds of rows the next page. */
static bool rows_near(const struct check_state *s, const struct ui_scroll *list, struct rect row)
{
    if (s->form.field_count <= ROWS_ALWAYS)
        return true;
    if (s->form.field_count <= ROWS_SOME)
        return ui_scroll_visible(list, row);
    int far = list->view.h;
    return row.y + row.h > list->view.y - far && row.y < list->view.y + list->view.h + far;
}

/* What the form works out stands together as one card, once there is a result. */
static void rows_results(struct app *app, struct check_state *s, size_t at, struct ui_scroll *list)
{
    int h = check_results_height(app, s, at, list->view.w);
    if (h == 0)
        return;
    struct rect row = ui_scroll_row(list, h);
    rows_reveal(app, s, at, list, row);
    rows_go(app, s, at, list, row);
    if (rows_near(s, list, row))
        check_results(app, s, at, row);
    ui_scroll_space(list, check_rows_gap(app));
}

/* Whose form it is, at its head: who knows the nation's by heart is told that another one is before them. Other words for
   the same questions are read in the rows themselves. */
static void rows_differs(struct app *app, const struct check_state *s, struct ui_scroll *list)
{
    const struct form_brief *f = content_form_brief(app->content, s->base->id);
    if (f != NULL && (str_starts(f->verdict, "stricter") || str_starts(f->verdict, "other")))
        (void)differs_row(app, list, f->id);
}

void checking_rows(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    struct ui_scroll list = ui_scroll_begin(ui, r, "rows");
    if (s->corrects != NULL)
        rows_why(app, s, &list);
    rows_differs(app, s, &list);
    for (size_t i = 0; i < s->form.field_count; i++) {
        if (!rows_shown(s, i))
            continue;
        if (check_is_results(&s->form.fields[i])) {
            rows_results(app, s, i, &list);
            i = check_results_end(s, i);
            continue;
        }
        const struct row_plan *p = rows_plan(app, s, i, list.view.w);
        struct rect row = ui_scroll_row(&list, p->height);
        rows_reveal(app, s, i, &list, row);
        rows_go(app, s, i, &list, row);
        if (rows_near(s, &list, row)) {
            struct row_lines lines = rows_lines(app, s, i);
            rows_one(app, s, i, row, p, &lines);
        }
        ui_scroll_space(&list, check_rows_gap(app));
    }
    ui_scroll_end(ui, &list);
}
