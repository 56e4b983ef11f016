/* The substances of an assessment at the strength used, as rows of a scrolling list. */
#include <string.h>

#include "app/domain/hazard_code.h"
#include "app/domain/sign.h"
#include "app/screens/assessment_sheet.h"

/* What its label says and, in words, how it harms: «Danger: burns skin, …». */
static const char *chemicals_tells(struct app *app, const struct sheet_chemical *c)
{
    const char *harm = "";
    if (!c->found || c->withdrawn)
        return c->says;
    for (size_t i = 0; i < c->at.band->h_code_count; i++) {
        const char *words = hazard_code_words(c->at.band->h_codes[i]);
        if (words != NULL && strstr(harm, words) == NULL)
            harm = ui_text_f(app->ui, "%s%s%s", harm, harm[0] == '\0' ? "" : ", ", words);
    }
    return c->at.band->h_code_count == 0 ? c->says : ui_text_f(app->ui, "%s: %s", c->says, harm);
}

static const char *chemicals_title(struct app *app, const struct sheet_chemical *c)
{
    const char *volume =
        c->volume[0] == '\0' ? "" : ui_text_f(app->ui, " · %s for each group", c->volume);
    return ui_text_f(app->ui, "%s%s%s%s", c->name, c->plain ? "" : ", ",
                     c->plain ? "" : c->strength, volume);
}

/* The row of a substance: its pictograms stand on the right of the words, above them where letters have little room. */
struct chemical_row {
    const char *title, *says;
    size_t signs;
    bool above;
    int side, signs_w, text_w, title_h, height; /* px; height: within the card */
};

static int chemicals_gap(struct app *app)
{
    return ui_mm(app->ui, 1);
}

static struct chemical_row chemicals_lay(struct app *app, const struct sheet_chemical *c, int width)
{
    struct ui *ui = app->ui;
    struct chemical_row row = {
        .title = chemicals_title(app, c),
        .says = chemicals_tells(app, c),
        .signs = c->found && !c->withdrawn ? c->at.band->pictogram_count : 0,
        .above = ui_portrait(ui) || app->opt.large,
        .side = ui_mm(ui, 13),
    };
    row.signs_w = (int)row.signs * (row.side + chemicals_gap(app));
    row.text_w = width - (row.above ? 0 : row.signs_w);
    row.title_h = ui_para_height(ui, row.text_w, row.title, SIZE_BODY, FONT_SEMIBOLD);
    row.height = row.title_h + ui_para_height(ui, row.text_w, row.says, SIZE_BODY, FONT_REGULAR);
    if (row.above && row.signs > 0)
        row.height += row.side + ui_gap(ui) / 2;
    else if (row.signs > 0 && row.height < row.side)
        row.height = row.side;
    return row;
}

static void chemicals_signs(struct app *app, struct rect r, const struct sheet_chemical *c,
                            const struct chemical_row *row)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < row->signs; i++) {
        const char *code = c->at.band->pictograms[i];
        struct rect at = ui_cut_left(&r, row->side);
        (void)ui_cut_left(&r, chemicals_gap(app));
        at.h = row->side;
        ui_svg(ui, at, ui_text_f(ui, "sign%zu", i), sign_words(code),
               ui_text_f(ui, "signs/%s.svg", code));
    }
}

static void chemicals_draw(struct app *app, struct rect r, const struct sheet_chemical *c,
                           const struct chemical_row *row)
{
    struct ui *ui = app->ui;
    bool bad = c->withdrawn || !c->found;
    struct rect signs;
    ui_card(ui, r, bad ? CARD_BAD : CARD_PLAIN);
    if (c->found && ui_touch(ui, r, "open", row->title))
        router_push(app, "chemical", &(struct route){ .doc = c->id, .text = c->strength });
    r = ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2));
    if (row->above) {
        signs = ui_cut_top(&r, row->signs > 0 ? row->side : 0);
        (void)ui_cut_top(&r, row->signs > 0 ? ui_gap(ui) / 2 : 0);
    } else {
        signs = ui_cut_right(&r, row->signs_w);
    }
    chemicals_signs(app, signs, c, row);
    r.w = row->text_w;
    (void)ui_para(ui, ui_cut_top(&r, row->title_h), "title", row->title, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    (void)ui_para(ui, r, "says", row->says, SIZE_BODY, FONT_REGULAR, bad ? TONE_BAD : TONE_MUTED);
}

/* A substance at its strength: pictograms, its name, what its label says. A tap opens its page at that strength. */
static void chemicals_row(struct app *app, struct ui_scroll *list, const struct sheet_chemical *c,
                          const char *id)
{
    struct ui *ui = app->ui;
    struct chemical_row row = chemicals_lay(app, c, list->view.w - 2 * ui_gap(ui));
    struct rect r = ui_scroll_row(list, row.height + 2 * ui_mm_y(ui, 2));
    sheet_space(app, list);
    ui_push(ui, id, ROLE_ROW, row.title, r);
    if (ui_scroll_visible(list, r))
        chemicals_draw(app, r, c, &row);
    else
        (void)ui_touch(ui, r, "open", row.title);
    ui_pop(ui);
}

void sheet_chemicals(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    if (s->chemical_count == 0)
        return;
    parts_head(app, list, "chemicals_title", "Chemicals, at the strength used");
    for (size_t i = 0; i < s->chemical_count; i++)
        chemicals_row(app, list, &s->chemicals[i], ui_text_f(app->ui, "chemical_row%zu", i));
}
