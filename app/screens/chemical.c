/* A chemical at a strength: the two are asked for together, and what is shown is what holds at that strength, how it was
   chosen, and how sure it is. */
#include "app/screens/chemical.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "app/screens/affects.h"
#include "app/screens/ask.h"
#include "app/screens/doc_open.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

enum { CHEMICAL_BYTES = 16 * 1024 * 1024 };

/* The help card for labels of an earlier law. */
static const char chemical_old_card[] = "orange-squares";

static const char *const chemical_units[CHEM_SCALES] = { "mol/l", "%", "vol" };

/* Takes a strength that was chosen; conc NAN with words. */
static void chemical_choose(struct chemical_state *s, double conc, const char *unit)
{
    s->conc = conc;
    (void)str_copy(s->unit, sizeof s->unit, unit);
    if (isnan(conc))
        (void)str_copy(s->asked, sizeof s->asked, unit);
    else
        (void)str_format(s->asked, sizeof s->asked, "%.6g %s", conc, unit);
    s->asking = false;
}

void chemical_open(struct app *app, const char *doc, double conc, const char *unit)
{
    const char *text =
        isnan(conc) ? "" : ui_text_f(app->ui, "%.6g %s", conc, unit != NULL ? unit : "mol/l");
    router_push(app, "chemical", &(struct route){ .doc = doc, .text = text });
}

static bool chemical_has_scale(const struct chemical *c, enum chem_scale scale)
{
    for (size_t i = 0; i < c->band_count; i++)
        if (!isnan(c->bands[i].in[scale].from))
            return true;
    return false;
}

static void chemical_enter(struct app *app, void *state)
{
    struct chemical_state *s = state;
    const struct route *route = &router_top(app)->route;
    const char *text = route->text != NULL ? route->text : "";
    char unit[CHEM_UNIT_MAX];
    double conc = NAN;
    arena_init(&s->arena, CHEMICAL_BYTES);
    arena_init(&s->used_arena, CHEMICAL_BYTES);
    enum err rc = content_doc(app->content, route->doc, &s->arena, &s->doc, &s->why);
    if (rc == ERR_OK)
        rc = chemical_from_doc(&s->arena, &s->doc, &s->chemical, &s->why);
    s->failed = rc != ERR_OK;
    if (s->failed)
        return;
    if (!chemical_has_scale(&s->chemical, CHEM_MOL_L) &&
        chemical_has_scale(&s->chemical, CHEM_PERCENT))
        s->scale = CHEM_PERCENT;
    if (chemical_strength_read(text, &conc, unit))
        chemical_choose(s, conc, unit);
    else if (s->chemical.band_count == 1)
        chemical_choose(s, NAN, s->chemical.bands[0].strength);
    else
        s->asking = true;
}

static void chemical_leave(struct app *app, void *state)
{
    struct chemical_state *s = state;
    (void)app;
    arena_done(&s->arena);
    arena_done(&s->used_arena);
}

/* ---- asking ---- */

static struct ui_tile chemical_band_tile(struct app *app, const void *rows, size_t at)
{
    const struct chem_band *band = (const struct chem_band *)rows + at;
    return (struct ui_tile){
        .id = band->row[0] != '\0' ? band->row : ui_text_f(app->ui, "band%zu", at),
        .title = band->strength,
        .words = page_cramped(app) ? NULL : chemical_brief(app, band),
        .icon = ICON_FLASK,
    };
}

static int chemical_scales(struct app *app, struct rect r, const struct chemical_state *s)
{
    struct ui_option options[CHEM_SCALES];
    int of[CHEM_SCALES];
    size_t count = 0;
    for (int i = 0; i < CHEM_SCALES; i++) {
        if (i != CHEM_MOL_L && !chemical_has_scale(&s->chemical, (enum chem_scale)i))
            continue;
        of[count] = i;
        options[count++] = (struct ui_option){ .id = i == CHEM_MOL_L     ? "mol"
                                                     : i == CHEM_PERCENT ? "percent"
                                                                         : "vol",
                                               .label = chemical_units[i],
                                               .selected = (int)s->scale == i };
    }
    int tapped = ui_segments(app->ui, r, "unit", options, count);
    return tapped < 0 ? PARTS_NONE : of[tapped];
}

/* A number that was typed: shown at once, unless it is none. */
static void chemical_typed(struct chemical_state *s)
{
    char whole[sizeof s->text + 8];
    char unit[CHEM_UNIT_MAX];
    double conc = NAN;
    bool fits = str_format(whole, sizeof whole, "%s %s", s->text, chemical_units[s->scale]);
    s->typed_bad = !fits || !chemical_strength_read(whole, &conc, unit) || isnan(conc);
    if (!s->typed_bad)
        chemical_choose(s, conc, unit);
}

/* The number, its unit, and «Show». */
static void chemical_number(struct app *app, struct rect *page, struct chemical_state *s,
                            bool stacked)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool entered = false;
    struct ui_field field = { .id = "strength",
                              .label = "Strength",
                              .placeholder = "Strength",
                              .keyboard = KEYBOARD_PLAIN,
                              .bad = s->typed_bad };
    int least = page_primary(app);
    struct rect row = ui_cut_top(page, ui_field_height(ui) > least ? ui_field_height(ui) : least);
    (void)ui_cut_top(page, gap);
    struct rect show = ui_cut_right(&row, ui_mm(ui, app->opt.large ? 42 : 28));
    (void)ui_cut_right(&row, gap);
    struct rect units;
    if (stacked) {
        units = ui_cut_top(page, ui_field_height(ui));
        (void)ui_cut_top(page, gap);
    } else {
        units = ui_cut_right(&row, (row.w - gap) * 55 / 100);
        (void)ui_cut_right(&row, gap);
    }
    if (ui_field(ui, row, &field, s->text, sizeof s->text, &entered))
        s->typed_bad = false;
    int scale = chemical_scales(app, units, s);
    if (scale >= 0)
        s->scale = (enum chem_scale)scale;
    bool ready = s->text[0] != '\0';
    if (!ready)
        (void)ui_button_off(ui, show, "show", "Show", ICON_NONE,
                            "Type the strength, or pick a row below.");
    else if (ui_button(ui, show, "show", "Show", ICON_NONE, UI_PRIMARY) || entered)
        chemical_typed(s);
}

/* The strength is asked for: a number, or a row of the table. Where the table has no solution there is no number to ask for. */
static void chemical_ask(struct app *app, struct rect page, struct chemical_state *s)
{
    struct ui *ui = app->ui;
    bool stacked = ui_portrait(ui) || app->opt.large;
    bool number = false;
    for (int i = 0; i < CHEM_SCALES; i++)
        number = number || chemical_has_scale(&s->chemical, (enum chem_scale)i);
    if (number)
        chemical_number(app, &page, s, stacked);
    if (page.h < page_target(app))
        return;
    int tapped = parts_tiles(app, page, "bands", s->chemical.bands, s->chemical.band_count,
                             stacked || ui_small(ui) ? 1 : 2, chemical_band_tile);
    if (tapped >= 0)
        chemical_choose(s, NAN, s->chemical.bands[tapped].strength);
}

/* ---- the answer ---- */

static void chemical_card(struct app *app, struct ui_scroll *list, const char *id,
                          const char *words, uint32_t icon, enum ui_card card, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int mark = ui_line_height(ui, SIZE_BODY);
    int width = list->view.w - 2 * gap - mark - ui_mm(ui, 2);
    int h = ui_para_height(ui, width, words, SIZE_BODY, FONT_SEMIBOLD);
    struct rect r = ui_scroll_row(list, h + ui_mm_y(ui, 3));
    ui_scroll_space(list, gap);
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, id, ROLE_GROUP, words, r);
    ui_card(ui, r, card);
    r = ui_inset(r, gap, ui_mm_y(ui, 1.5));
    struct rect left = ui_cut_left(&r, mark);
    left.h = mark;
    ui_icon(ui, left, icon, tone);
    (void)ui_cut_left(&r, ui_mm(ui, 2));
    (void)ui_para(ui, r, "words", words, SIZE_BODY, FONT_SEMIBOLD,
                  card == CARD_LATE ? TONE_ON_DARK : TONE_PLAIN);
    ui_pop(ui);
}

/* As it was asked for; a form by the words of its row: what was asked may have been «pure». */
static const char *chemical_title(struct app *app, const struct chemical_state *s,
                                  const struct chem_at *at)
{
    bool row = isnan(s->conc) && chemical_known(at);
    char *text = ui_text_f(app->ui, "%s",
                           row                   ? at->band->strength
                           : s->asked[0] != '\0' ? s->asked
                                                 : "Strength not known");
    text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}

struct chemical_buttons {
    bool other, ask;
    int other_w, ask_w;
};

/* The ways on: to another strength, and to SSERC. */
static void chemical_go(struct app *app, struct rect r, struct chemical_state *s,
                        const struct chemical_buttons *b)
{
    struct ui *ui = app->ui;
    struct rect ask = b->ask ? ui_cut_right(&r, b->other ? b->ask_w : r.w) : (struct rect){ 0 };
    if (b->ask && b->other)
        (void)ui_cut_right(&r, ui_gap(ui));
    if (b->other && ui_button(ui, r, "other", "Other strength", ICON_NONE, UI_PLAIN))
        s->asking = true;
    if (b->ask && ui_button(ui, ask, "ask", "Ask SSERC", ICON_NONE, UI_PLAIN))
        ask_doc(app, s->chemical.id, s->asked);
}

static int chemical_button_w(struct app *app, const char *words)
{
    return ui_text_width(app->ui, words, SIZE_BODY, FONT_SEMIBOLD) + ui_mm(app->ui, 8);
}

static int chemical_buttons_w(struct app *app, const struct chemical_buttons *b)
{
    int gap = ui_gap(app->ui);
    return (b->other ? b->other_w + gap : 0) + (b->ask ? b->ask_w : -gap);
}

/* The ways on below the strength, where they do not fit beside it. */
static bool chemical_below(struct app *app, const struct chemical_buttons *b, int width)
{
    return ui_portrait(app->ui) || chemical_buttons_w(app, b) > width * 62 / 100;
}

/* In large letters on a small or narrow panel they would stand where the hazards have to. */
static bool chemical_ways_last(struct app *app)
{
    return app->opt.large && (ui_portrait(app->ui) || ui_small(app->ui));
}

/* The strength in large letters, with the ways on beside it where there is room. */
static void chemical_head(struct app *app, struct ui_scroll *list, struct chemical_state *s,
                          const struct chem_at *at, const struct chemical_buttons *b)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int buttons = chemical_buttons_w(app, b);
    const char *title = chemical_title(app, s, at);
    const char *formula = chemical_formula(ui_arena(ui), at->band->formula);
    bool beside = buttons > 0 && !chemical_below(app, b, list->view.w);
    int width = beside ? list->view.w - buttons - gap : list->view.w;
    int title_h = ui_para_height(ui, width, title, SIZE_TITLE, FONT_BOLD);
    int formula_h =
        formula[0] == '\0' ? 0 : ui_para_height(ui, width, formula, SIZE_BODY, FONT_REGULAR);
    int h = title_h + formula_h;
    h = h < page_target(app) && beside ? page_target(app) : h;
    struct rect r = ui_scroll_row(list, h);
    struct rect words = { r.x, r.y, width, title_h };
    ui_push(ui, "asked", ROLE_HEADING, title, words);
    (void)ui_para(ui, words, "words", title, SIZE_TITLE, FONT_BOLD, TONE_PLAIN);
    ui_pop(ui);
    if (formula_h > 0)
        (void)ui_para(ui, (struct rect){ r.x, r.y + title_h, width, formula_h }, "formula", formula,
                      SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    ui_scroll_space(list, ui_mm_y(ui, 2));
    if (beside)
        chemical_go(app, (struct rect){ r.x + r.w - buttons, r.y, buttons, page_target(app) }, s,
                    b);
}

/* The ways on in rows of their own: one, or one each where they are too long for it. */
static void chemical_ways(struct app *app, struct ui_scroll *list, struct chemical_state *s,
                          struct chemical_buttons b)
{
    int gap = ui_gap(app->ui);
    int buttons = chemical_buttons_w(app, &b);
    if (buttons <= 0 || !chemical_below(app, &b, list->view.w))
        return;
    if (b.other && buttons > list->view.w) {
        struct chemical_buttons one = b;
        one.ask = false;
        chemical_go(app, ui_scroll_row(list, page_target(app)), s, &one);
        ui_scroll_space(list, gap);
        b.other = false;
    }
    chemical_go(app, ui_scroll_row(list, page_target(app)), s, &b);
    ui_scroll_space(list, gap);
}

/* How the row was chosen, where it was not simply found; and that a row without a class is no row without a hazard. */
static void chemical_how(struct app *app, struct ui_scroll *list, const struct chemical_state *s,
                         const struct chem_at *at)
{
    const char *how = chemical_how_words(ui_arena(app->ui), &s->chemical, at, s->asked);
    bool known = chemical_known(at);
    if (how[0] != '\0')
        chemical_card(app, list, "how", how, known ? ICON_INFO : ICON_ALERT,
                      known ? CARD_INFO : CARD_LATE, known ? TONE_INFO : TONE_ON_DARK);
    if (at->band->h_code_count == 0 && known)
        chemical_card(app, list, "no_label", chemical_says(at), ICON_INFO, CARD_INFO, TONE_INFO);
}

static const char *chemical_sure(const char *confidence)
{
    if (str_eq(confidence, "sure"))
        return "Sure: agrees with the European list, or has no class";
    if (str_eq(confidence, "likely"))
        return "Likely: by the general rule for mixtures, or as suppliers label it";
    return "To be verified: sources differ, or a value was estimated";
}

static void chemical_facts(struct app *app, struct ui_scroll *list, const struct chem_band *b)
{
    if (b->note[0] != '\0')
        parts_line(app, list, "note", "Mind", b->note, TONE_PLAIN);
    parts_line(app, list, "storage", "Storage", b->storage, TONE_PLAIN);
    parts_line(app, list, "disposal", "Disposal", b->disposal, TONE_PLAIN);
    if (b->wel[0] != '\0')
        parts_line(app, list, "wel", "Workplace limit in air",
                   ui_text_f(app->ui, "%s (likely: not held against EH40)", b->wel), TONE_PLAIN);
    if (b->cas[0] != '\0')
        parts_line(app, list, "cas", "CAS number", b->cas, TONE_PLAIN);
    parts_line(app, list, "row", "Row of the table", b->strength, TONE_PLAIN);
    parts_line(app, list, "basis", "Where its limits are from", b->limit_basis, TONE_PLAIN);
    parts_line(app, list, "sure", "How sure the hazards are", chemical_sure(b->confidence),
               TONE_PLAIN);
    parts_line(app, list, "list", "Not checked",
               "The British list that binds suppliers. Where the bottle's label says more, the "
               "label holds.",
               TONE_PLAIN);
    ui_scroll_space(list, ui_gap(app->ui));
}

static void chemical_read_used(struct app *app, struct chemical_state *s)
{
    if (!screen_stale(app, &s->seen))
        return;
    arena_reset(&s->used_arena);
    s->used = NULL;
    s->used_count = 0;
    if (content_docs(app->content, "assessment", "chemicals", s->chemical.id, &s->used_arena,
                     &s->used, &s->used_count, NULL) != ERR_OK)
        s->used_count = 0;
    struct doc d;
    s->old_card = content_doc(app->content, chemical_old_card, &s->used_arena, &d, NULL) == ERR_OK;
}

static void chemical_used(struct app *app, struct ui_scroll *list, const struct chemical_state *s)
{
    if (s->used_count == 0)
        return;
    parts_head(app, list, "used_title", "Used in these risk assessments");
    ui_scroll_space(list, ui_mm_y(app->ui, 1));
    for (size_t i = 0; i < s->used_count; i++) {
        struct ui_tile tile = { .id = ui_text_f(app->ui, "used-%s", s->used[i].id),
                                .title = s->used[i].title,
                                .words = s->used[i].stages,
                                .icon = ICON_DOCUMENT };
        if (parts_row(app, list, &tile))
            doc_open(app, s->used[i].id);
    }
}

static void chemical_rows(struct app *app, struct ui_scroll *list, struct chemical_state *s,
                          const struct chem_at *at)
{
    if (s->chemical.band_count < 2)
        return;
    parts_head(app, list, "rows_title", "All strengths of the table");
    ui_scroll_space(list, ui_mm_y(app->ui, 1));
    for (size_t i = 0; i < s->chemical.band_count; i++) {
        struct ui_tile tile = chemical_band_tile(app, s->chemical.bands, i);
        bool here = &s->chemical.bands[i] == at->band;
        /* No tick: on a row without a class it would look like «safe». */
        tile.card = here ? CARD_INFO : CARD_PLAIN;
        tile.right = here ? "shown" : NULL;
        if (parts_row(app, list, &tile)) {
            chemical_choose(s, NAN, s->chemical.bands[i].strength);
            ui_scroll_to(app->ui, "/chemical/answer", 0);
        }
    }
}

/* Who issued it; the document itself says what changed, why it differs from another layer's, and goes along on a phone. */
static void chemical_issuer(struct app *app, struct ui_scroll *list, const struct chemical_state *s)
{
    struct ui *ui = app->ui;
    bool example = str_eq(s->doc.example, "yes");
    const char *changed = s->doc.revision > 1 ? s->doc.what_changed : "";
    struct ui_tile tile = { .id = "document",
                            .title = "The document",
                            .words = changed[0] != '\0'
                                         ? ui_text_f(ui, "What changed: %s", changed)
                                         : "Who issued it, how sure it is, on your phone",
                            .icon = ICON_BOOK };
    if (parts_row(app, list, &tile))
        router_push(app, "reader", &(struct route){ .doc = s->chemical.id });
    parts_words(app, list, "issuer",
                ui_text_f(ui, "%s%s · revision %d, %s",
                          example ? "Example: not adopted by any employer · " : "", s->doc.issuer,
                          s->doc.revision, page_day(app, s->doc.revised_day)),
                TONE_MUTED);
}

/* Who has such a bottle in the hand is looking at this page; where the content says nothing about them, neither does it. */
static void chemical_old_label(struct app *app, struct ui_scroll *list,
                               const struct chemical_state *s)
{
    struct ui_tile tile = { .id = "old_label",
                            .title = "Old orange label?",
                            .words = "What an orange square on the bottle meant",
                            .icon = ICON_ALERT };
    if (s->old_card && parts_row(app, list, &tile))
        doc_open(app, chemical_old_card);
}

static void chemical_answer(struct app *app, struct rect page, struct chemical_state *s)
{
    struct ui *ui = app->ui;
    struct chem_at at = chemical_band(&s->chemical, s->conc, s->unit);
    chemical_read_used(app, s);
    struct ui_scroll list = parts_scroll(app, page, "answer");
    struct chemical_buttons ways = { .other = s->chemical.band_count > 1,
                                     .ask = screen_by_id("ask") != NULL,
                                     .other_w = chemical_button_w(app, "Other strength"),
                                     .ask_w = chemical_button_w(app, "Ask SSERC") };
    (void)recall_doc(app, &list, s->chemical.id, s->doc.overrides);
    chemical_head(app, &list, s, &at, &ways);
    if (!chemical_ways_last(app))
        chemical_ways(app, &list, s, ways);
    chemical_how(app, &list, s, &at);
    chemical_face(app, &list, &at);
    if (chemical_ways_last(app))
        chemical_ways(app, &list, s, ways);
    const char *ref = ui_text_f(ui, "chem:%s", s->chemical.id);
    (void)answers_draw(app, &list, s->chemical.id);
    (void)affects_draw(app, &list, ref);
    chemical_facts(app, &list, at.band);
    chemical_used(app, &list, s);
    (void)affects_helps(app, &list, ref);
    chemical_rows(app, &list, s, &at);
    chemical_old_label(app, &list, s);
    chemical_issuer(app, &list, s);
    ui_scroll_end(ui, &list);
}

static void chemical_frame(struct app *app, void *state)
{
    struct chemical_state *s = state;
    struct rect page = page_begin(app, s->failed ? "Chemical" : s->chemical.name);
    if (!s->failed && s->doc.withdrawn[0] != '\0') {
        /* By whatever way it was reached, a bottle's label or an assessment's chip: the reader says first why it is
           withdrawn and what holds instead. */
        router_replace(app, "reader", &(struct route){ .doc = s->doc.id });
        return;
    }
    if (s->failed)
        page_fault(app, page, "This chemical could not be opened", &s->why);
    else if (s->asking)
        chemical_ask(app, page, s);
    else
        chemical_answer(app, page, s);
}

const struct screen screen_chemical = {
    .id = "chemical",
    .state_size = sizeof(struct chemical_state),
    .enter = chemical_enter,
    .frame = chemical_frame,
    .leave = chemical_leave,
};
