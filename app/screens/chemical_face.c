#include "app/screens/chemical.h"

#include <string.h>

#include "app/domain/sign.h"
#include "platform/base/str.h"

/* A pictogram's red side is 16 mm long, the size that the label law likes; this is the box that holds it on its point. */
enum { FACE_BOX_MM = 23, FACE_COLUMNS_MAX = 3 };

/* The widest word of a sign's name, so that none is broken. */
static int face_widest(struct app *app, const char *text)
{
    struct ui *ui = app->ui;
    int widest = 0;
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        int w = ui_text_width(ui, ui_text_f(ui, "%.*s", (int)len, text), SIZE_SMALL, FONT_SEMIBOLD);
        widest = w > widest ? w : widest;
        text += len + strspn(text + len, " ");
    }
    return widest + 1;
}

struct face_grid {
    int cell_w, cell_h, columns, rows, box;
};

static struct face_grid face_grid(struct app *app, const struct chem_band *b, int width)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct face_grid g = { .box = ui_mm_y(ui, FACE_BOX_MM) };
    g.cell_w = ui_mm(ui, FACE_BOX_MM);
    for (size_t i = 0; i < b->pictogram_count; i++) {
        int w = face_widest(app, sign_words(b->pictograms[i]));
        g.cell_w = w > g.cell_w ? w : g.cell_w;
    }
    for (size_t i = 0; i < b->pictogram_count; i++) {
        int h =
            ui_para_height(ui, g.cell_w, sign_words(b->pictograms[i]), SIZE_SMALL, FONT_SEMIBOLD);
        g.cell_h = h > g.cell_h ? h : g.cell_h;
    }
    g.cell_h += g.box + ui_mm_y(ui, 1);
    g.columns = (width + gap) / (g.cell_w + gap);
    g.columns = g.columns < 1                         ? 1
                : g.columns > (int)b->pictogram_count ? (int)b->pictogram_count
                                                      : g.columns;
    return g;
}

static void face_signs(struct app *app, struct rect r, const struct chem_band *b,
                       const struct face_grid *g)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    for (size_t i = 0; i < b->pictogram_count; i++) {
        const char *id = b->pictograms[i];
        const char *words = sign_words(id);
        struct rect cell = { r.x + (int)i % g->columns * (g->cell_w + gap),
                             r.y + (int)i / g->columns * (g->cell_h + gap), g->cell_w, g->cell_h };
        ui_push(ui, id, ROLE_GROUP, words, cell);
        struct rect box = ui_cut_top(&cell, g->box);
        box.w = box.h < box.w ? box.h : box.w;
        ui_svg(ui, box, "sign", words, ui_text_f(ui, "signs/%s.svg", id));
        (void)ui_cut_top(&cell, ui_mm_y(ui, 1));
        (void)ui_para(ui, cell, "words", words, SIZE_SMALL, FONT_SEMIBOLD, TONE_PLAIN);
        ui_pop(ui);
    }
}

/* The codes by weight, gravest first; at most HAZARD_CODES_MAX. */
static void face_order(const struct chem_band *b, const char *out[HAZARD_CODES_MAX])
{
    for (size_t i = 0; i < b->h_code_count; i++) {
        size_t at = i;
        while (at > 0 && hazard_code_weight(out[at - 1]) < hazard_code_weight(b->h_codes[i])) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = b->h_codes[i];
    }
}

static const char *face_capital(struct app *app, const char *words)
{
    char *text = ui_text_f(app->ui, "%s", words);
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return text;
}

/* The mark of a row that somebody has still to verify, beneath the signal word. */
static int face_verify(struct app *app, struct rect r, const struct chem_band *b, bool draw)
{
    struct ui *ui = app->ui;
    if (!str_eq(b->confidence, "verify"))
        return 0;
    r.h = ui_badge_height(ui);
    if (draw)
        (void)ui_badge(ui, r, "verify", "To be verified", TONE_DUE);
    return r.h + ui_mm_y(ui, 1.2);
}

/* The signal word and what it does, one a line. Returns the height. */
static int face_does(struct app *app, struct rect r, const struct chem_at *at, bool draw)
{
    struct ui *ui = app->ui;
    const struct chem_band *b = at->band;
    const char *codes[HAZARD_CODES_MAX];
    const char *says = chemical_says(at);
    bool word = b->signal != HAZARD_NO_SIGNAL;
    enum ui_size size = word ? SIZE_TITLE : SIZE_BODY;
    int mark = ui_mm(ui, app->opt.large ? 8 : 4);
    int h = 0;
    /* Without a class its own card has said so. */
    if (b->h_code_count > 0 || !chemical_known(at)) {
        h = ui_para_height(ui, r.w, says, size, FONT_BOLD);
        struct rect line = { r.x, r.y, r.w, h };
        if (draw) {
            ui_push(ui, "signal", ROLE_HEADING, says, line);
            (void)ui_para(ui, line, "words", says, size, FONT_BOLD, TONE_PLAIN);
            ui_pop(ui);
        }
        h += ui_mm_y(ui, 1);
    }
    h += face_verify(app, (struct rect){ r.x, r.y + h, r.w, 0 }, b, draw);
    face_order(b, codes);
    for (size_t i = 0; i < b->h_code_count; i++) {
        const char *words = face_capital(app, hazard_code_words(codes[i]));
        struct rect line = { r.x + mark, r.y + h, r.w - mark,
                             ui_para_height(ui, r.w - mark, words, SIZE_BODY, FONT_SEMIBOLD) };
        if (draw) {
            (void)ui_label(ui, (struct rect){ r.x, line.y, mark, ui_line_height(ui, SIZE_BODY) },
                           ui_text_f(ui, "mark%zu", i), "•", SIZE_BODY, FONT_BOLD, TONE_ACCENT,
                           ALIGN_LEFT);
            (void)ui_para(ui, line, ui_text_f(ui, "does%zu", i), words, SIZE_BODY, FONT_SEMIBOLD,
                          TONE_PLAIN);
        }
        h += line.h + ui_mm_y(ui, 0.6);
    }
    return h;
}

/* As many columns of signs as leave the words beside them their room; 0: the words stand below. */
static int face_beside(struct app *app, const struct chem_band *b, const struct face_grid *g,
                       int width)
{
    struct ui *ui = app->ui;
    int words = ui_mm(ui, app->opt.large ? 90 : 52);
    int columns = g->columns < FACE_COLUMNS_MAX ? g->columns : FACE_COLUMNS_MAX;
    if (columns == FACE_COLUMNS_MAX && b->h_code_count > FACE_COLUMNS_MAX && ui_small(ui))
        columns--;
    while (columns > 0 && columns * (g->cell_w + ui_gap(ui)) + ui_gap(ui) + words > width)
        columns--;
    return columns;
}

/* The signs in a row of the list of their own. */
static void face_row(struct app *app, struct ui_scroll *list, const struct chem_band *b,
                     const struct face_grid *g, int height)
{
    if (g->rows == 0)
        return;
    struct rect row = ui_scroll_row(list, height);
    ui_scroll_space(list, ui_gap(app->ui));
    if (ui_scroll_visible(list, row))
        face_signs(app, row, b, g);
}

void chemical_face(struct app *app, struct ui_scroll *list, const struct chem_at *at)
{
    struct ui *ui = app->ui;
    const struct chem_band *b = at->band;
    int gap = ui_gap(ui);
    int width = list->view.w;
    struct face_grid g = face_grid(app, b, width);
    int columns = b->pictogram_count > 0 ? face_beside(app, b, &g, width) : 0;
    if (columns > 0)
        g.columns = columns;
    g.rows = g.columns == 0 ? 0 : ((int)b->pictogram_count + g.columns - 1) / g.columns;
    int signs_h = g.rows * (g.cell_h + gap) - (g.rows > 0 ? gap : 0);
    int does_w = columns > 0 ? width - columns * (g.cell_w + gap) - gap : width;
    int does_h = face_does(app, (struct rect){ 0, 0, does_w, 0 }, at, false);
    /* Below one another the words stand first where the signs take more than a line: what it does is not to be missed. */
    bool after = g.rows > 1;
    if (columns == 0 && !after)
        face_row(app, list, b, &g, signs_h);
    int h = columns > 0 && signs_h > does_h ? signs_h : does_h;
    if (h > 0) {
        struct rect r = ui_scroll_row(list, h);
        ui_scroll_space(list, gap);
        if (ui_scroll_visible(list, r) && columns > 0)
            face_signs(app, r, b, &g);
        if (ui_scroll_visible(list, r))
            (void)face_does(app, (struct rect){ r.x + r.w - does_w, r.y, does_w, does_h }, at,
                            true);
    }
    if (columns == 0 && after)
        face_row(app, list, b, &g, signs_h);
}

const char *chemical_brief(struct app *app, const struct chem_band *band)
{
    const char *codes[HAZARD_CODES_MAX];
    const struct chem_at at = { .band = band, .how = CHEM_IN };
    face_order(band, codes);
    if (band->h_code_count == 0)
        return chemical_says(&at);
    const char *signal = hazard_signal_words(band->signal);
    const char *first = hazard_code_words(codes[0]);
    if (signal[0] == '\0')
        return face_capital(app, first);
    return ui_text_f(app->ui, "%s · %s", signal, first);
}
