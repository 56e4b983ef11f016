/* What an assessment wants to be got ready: quantities, the prep room's part, equipment, chemicals; as a page and as the
   cards of the first screen. */
#include <string.h>

#include "app/domain/hazard_code.h"
#include "app/domain/sign.h"
#include "app/screens/assessment_sheet.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

/* How many stand in two columns: the model's own, all or none; a copy that changed them shows its lines. */
static size_t rest_quantities_count(const struct sheet *s)
{
    size_t count = s->has_model ? s->model.quantity_count : 0;
    char at[ADAPT_PATH_MAX];
    if (count != sheet_count(s, "quantity"))
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct assessment_quantity *q = &s->model.quantities[i];
        const struct adapt_line *line =
            str_format(at, sizeof at, "quantity/%zu", i + 1) ? adapt_line_of(s->lines, at) : NULL;
        if (line == NULL || strstr(line->text, q->each) == NULL)
            return 0;
    }
    return count;
}

static void rest_quantities(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = rest_quantities_count(s);
    if (sheet_count(s, "quantity") == 0)
        return;
    parts_head(app, list, "quantities_title", "For each group");
    for (size_t i = 0; i < count; i++)
        parts_line(app, list, ui_text_f(ui, "quantity%zu", i), s->model.quantities[i].what,
                   s->model.quantities[i].each, TONE_PLAIN);
    for (size_t i = 0; count == 0 && i < sheet_count(s, "quantity"); i++)
        face_step(app, list, ui_text_f(ui, "quantity%zu", i), 0, sheet_line(s, "quantity", i)->text,
                  "");
    sheet_space(app, list);
}

/* A course that gives the competence, where the content knows one. */
static const char *rest_course(struct app *app, const char *code)
{
    struct arena *a = ui_arena(app->ui);
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (content_docs(app->content, "course", "", "", a, &heads, &count, NULL) != ERR_OK)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct doc d;
        if (content_doc(app->content, heads[i].id, a, &d, NULL) == ERR_OK &&
            str_eq(doc_text(&d, "competence"), code))
            return heads[i].id;
    }
    return NULL;
}

bool sheet_is_locked(const struct sheet *s)
{
    return s->needs[0] != '\0' && s->holders == 0;
}

static const char *sheet_locked(struct app *app, const struct sheet *s)
{
    return ui_text_f(app->ui, "Locked: it needs %s", s->needs);
}

/* Holders whose training is older than its refresh day: they are told, and who has it in date prepares. */
static size_t rest_lapsed(struct app *app, const struct sheet *s)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct person *people = NULL;
    size_t count = 0;
    size_t lapsed = 0;
    if (query_people(&app->store, &app->scratch, &people, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        struct grant *grants = NULL;
        size_t n = 0;
        if (query_grants(&app->store, people[i].id, &app->scratch, &grants, &n, NULL) != ERR_OK)
            n = 0;
        for (size_t k = 0; k < n; k++)
            lapsed += str_eq(grants[k].code, s->needs_code) && grants[k].until != CALDATE_NONE &&
                      grants[k].until < app->today;
    }
    arena_rewind(&app->scratch, mark);
    return lapsed;
}

/* Who may prepare it. Returns whether the checklist is locked: nobody at this school may. */
static bool rest_needs(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    if (s->needs[0] == '\0')
        return false;
    size_t lapsed = rest_lapsed(app, s);
    if (lapsed > 0)
        parts_words(
            app, list, "lapsed",
            ui_text_f(ui, "Training past its refresh day: %zu. They renew it first.", lapsed),
            TONE_DUE);
    if (!sheet_is_locked(s)) {
        parts_words(app, list, "needs",
                    ui_text_f(ui, "Preparation by %s: %zu at this school (%s)", s->needs,
                              s->holders, s->holder_names),
                    TONE_PLAIN);
        return false;
    }
    struct ui_tile tile = { .id = "locked",
                            .title = sheet_locked(app, s),
                            .words = "Nobody at this school is recorded as one. Tap for the course",
                            .icon = ICON_LOCK,
                            .card = CARD_BAD };
    if (parts_row(app, list, &tile)) {
        const char *course = rest_course(app, s->needs_code);
        if (course != NULL)
            doc_open(app, course);
        else
            router_push(app, "board_list", &(struct route){ .text = "course" });
    }
    return true;
}

static bool rest_tick(struct app *app, struct ui_scroll *list, const char *id, const char *title,
                      const char *words, bool *on)
{
    struct ui_tile tile = { .id = id,
                            .title = title,
                            .words = words[0] == '\0' ? NULL : words,
                            .card = *on ? CARD_SELECTED : CARD_PLAIN };
    if (!parts_row(app, list, &tile))
        return false;
    *on = !*on;
    return true;
}

/* How many stop-points there are, and how many nobody has ticked. */
static size_t rest_stop_count(const struct sheet *s, const bool *ticked, size_t *out_left)
{
    size_t count = 0;
    *out_left = 0;
    for (size_t i = 0; i < sheet_count(s, "control") && count < SHEET_STOPS_MAX; i++)
        if (sheet_stop(s, sheet_line(s, "control", i))[0] != '\0')
            *out_left += ticked[count++] ? 0 : 1;
    return count;
}

/* Each stop-point is ticked by hand before the sheet counts as confirmed. */
static void rest_ticks(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    struct ui *ui = app->ui;
    size_t at = 0, left = 0;
    size_t count = rest_stop_count(s, ticked, &left);
    if (count == 0)
        return;
    parts_head(app, list, "ticks_title", "Tick each stop-point when it is so");
    struct rect r = ui_scroll_row(list, ui_badge_height(ui));
    (void)ui_badge(ui, r, "confirmed",
                   left == 0 ? "Confirmed"
                             : ui_text_f(ui, "NOT CONFIRMED: %zu of %zu to tick", left, count),
                   left == 0 ? TONE_INFO : TONE_BAD);
    ui_scroll_space(list, ui_mm_y(ui, 1));
    for (size_t i = 0; i < sheet_count(s, "control") && at < count; i++) {
        const struct adapt_line *line = sheet_line(s, "control", i);
        const char *why = sheet_stop(s, line);
        if (why[0] == '\0')
            continue;
        (void)rest_tick(app, list, ui_text_f(ui, "tick%zu", at), line->text, why, &ticked[at]);
        at++;
    }
}

static void rest_prep(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    struct ui *ui = app->ui;
    bool locked = rest_needs(app, list, s);
    const char *minutes = s->has_model && s->model.prep_minutes > 0
                              ? ui_text_f(ui, "Prep room, about %d minutes", s->model.prep_minutes)
                              : "Prep room";
    if (locked)
        return;
    rest_ticks(app, list, s, ticked);
    sheet_list(app, list, s, "prep", minutes, true);
}

static const char *sheet_kit_title(struct app *app, const struct sheet_kit *k)
{
    const struct kind *kind = content_kind(app->content, k->kind);
    return kind == NULL || k->have <= 1 ? k->name : kind->plural;
}

static const char *sheet_kit_state(struct app *app, const struct sheet_kit *k)
{
    if (k->words[0] != '\0')
        return k->words;
    return k->kind[0] == '\0' ? "" : ui_text_f(app->ui, "%zu on the register", k->have);
}

static void rest_kits(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    if (s->kit_count == 0)
        return;
    parts_head(app, list, "kits_title", "Equipment");
    for (size_t i = 0; i < s->kit_count; i++) {
        const struct sheet_kit *k = &s->kits[i];
        const struct kind *kind = content_kind(app->content, k->kind);
        struct ui_tile tile = {
            .id = ui_text_f(ui, "kit_row%zu", i),
            .title = sheet_kit_title(app, k),
            .words = k->kind[0] == '\0' ? "Not a thing of the register: look for yourself"
                                        : sheet_kit_state(app, k),
            .icon = kind == NULL || kind->icon == 0 ? ICON_TAG : kind->icon,
            .badge = k->stopped > 0 ? "Do not use" : NULL,
            .badge_tone = TONE_BAD,
            .card = k->tone == TONE_BAD ? CARD_BAD : CARD_PLAIN,
        };
        if (parts_row(app, list, &tile) && k->open != NULL)
            router_push(app, "item", &(struct route){ .item = k->open });
    }
}

/* A substance at its strength: pictograms, its name, what its label says. A tap opens its page at that strength. */
static void rest_chemical(struct app *app, struct ui_scroll *list, const struct sheet_chemical *c,
                          const char *id)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int side = ui_mm(ui, 13);
    size_t count = c->found && !c->withdrawn ? c->at.band->pictogram_count : 0;
    const char *volume =
        c->volume[0] == '\0' ? "" : ui_text_f(ui, " · %s for each group", c->volume);
    const char *title = ui_text_f(ui, "%s%s%s%s", c->name, c->plain ? "" : ", ",
                                  c->plain ? "" : c->strength, volume);
    bool narrow = ui_portrait(ui) || app->opt.large;
    int signs_w = (int)count * (side + ui_mm(ui, 1));
    struct rect measure = { 0, 0, list->view.w - 2 * gap - (narrow ? 0 : signs_w), 0 };
    const char *says = c->says;
    if (c->found && !c->withdrawn && c->at.band->h_code_count > 0) {
        const char *harm = "";
        for (size_t i = 0; i < c->at.band->h_code_count; i++) {
            const char *words = hazard_code_words(c->at.band->h_codes[i]);
            if (words != NULL && strstr(harm, words) == NULL)
                harm = ui_text_f(ui, "%s%s%s", harm, harm[0] == '\0' ? "" : ", ", words);
        }
        says = ui_text_f(ui, "%s: %s", c->says, harm);
    }
    int title_h = ui_para_height(ui, measure.w, title, SIZE_BODY, FONT_SEMIBOLD);
    int says_h = ui_para_height(ui, measure.w, says, SIZE_BODY, FONT_REGULAR);
    int h = title_h + says_h + (narrow && count > 0 ? side + gap / 2 : 0);
    if (!narrow && count > 0 && h < side)
        h = side;
    struct rect r = ui_scroll_row(list, h + 2 * ui_mm_y(ui, 2));
    sheet_space(app, list);
    ui_push(ui, id, ROLE_ROW, title, r);
    if (!ui_scroll_visible(list, r)) {
        (void)ui_touch(ui, r, "open", title);
        ui_pop(ui);
        return;
    }
    ui_card(ui, r, c->withdrawn || !c->found ? CARD_BAD : CARD_PLAIN);
    if (c->found && ui_touch(ui, r, "open", title))
        router_push(app, "chemical", &(struct route){ .doc = c->id, .text = c->strength });
    r = ui_inset(r, gap, ui_mm_y(ui, 2));
    struct rect signs = narrow ? ui_cut_top(&r, count > 0 ? side : 0) : ui_cut_right(&r, signs_w);
    for (size_t i = 0; i < count; i++) {
        const char *code = c->at.band->pictograms[i];
        struct rect at = ui_cut_left(&signs, side);
        (void)ui_cut_left(&signs, ui_mm(ui, 1));
        at.h = side;
        ui_svg(ui, at, ui_text_f(ui, "sign%zu", i), sign_words(code),
               ui_text_f(ui, "signs/%s.svg", code));
    }
    if (narrow && count > 0)
        (void)ui_cut_top(&r, gap / 2);
    r.w = measure.w;
    (void)ui_para(ui, ui_cut_top(&r, title_h), "title", title, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    (void)ui_para(ui, r, "says", says, SIZE_BODY, FONT_REGULAR,
                  c->withdrawn || !c->found ? TONE_BAD : TONE_MUTED);
    ui_pop(ui);
}

static void rest_chemicals(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    if (s->chemical_count == 0)
        return;
    parts_head(app, list, "chemicals_title", "Chemicals, at the strength used");
    for (size_t i = 0; i < s->chemical_count; i++)
        rest_chemical(app, list, &s->chemicals[i], ui_text_f(app->ui, "chemical_row%zu", i));
}

int sheet_ready(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    rest_quantities(app, list, s);
    rest_prep(app, list, s, ticked);
    rest_kits(app, list, s);
    int chemicals = list->y - list->top;
    rest_chemicals(app, list, s);
    sheet_list(app, list, s, "disposal", "Clearing up", false);
    return chemicals;
}

/* ---- the same as a card of the first screen ---- */

enum { READY_ROWS_MAX = 48 };

static void ready_add(struct face_card *card, struct face_row *rows, struct face_row row)
{
    if (card->count < READY_ROWS_MAX && row.words[0] != '\0')
        rows[card->count++] = row;
}

static void ready_quantities(const struct sheet *s, struct face_card *card, struct face_row *rows)
{
    size_t count = rest_quantities_count(s);
    for (size_t i = 0; i < count; i++)
        ready_add(card, rows,
                  (struct face_row){ .words = s->model.quantities[i].what,
                                     .value = s->model.quantities[i].each });
    for (size_t i = 0; count == 0 && i < sheet_count(s, "quantity"); i++)
        ready_add(card, rows,
                  (struct face_row){ .words = sheet_line(s, "quantity", i)->text, .value = "" });
}

/* What hinders first, then quantities, equipment and what the prep room does. */
struct face_card sheet_card_ready(struct app *app, const struct sheet *s)
{
    struct ui *ui = app->ui;
    struct face_card card = { .id = "ready", .title = "Get ready", .part = FACE_PART_READY };
    struct face_row *rows = arena_array(ui_arena(ui), READY_ROWS_MAX, sizeof *rows);
    if (rows == NULL)
        return card;
    card.rows = rows;
    if (s->has_model && s->model.prep_minutes > 0)
        card.title = ui_text_f(ui, "Get ready · about %d minutes", s->model.prep_minutes);
    if (sheet_is_locked(s))
        ready_add(
            &card, rows,
            (struct face_row){ .words = sheet_locked(app, s), .value = "", .tone = TONE_BAD });
    ready_quantities(s, &card, rows);
    for (size_t i = 0; i < s->kit_count; i++)
        ready_add(&card, rows,
                  (struct face_row){ .words = sheet_kit_title(app, &s->kits[i]),
                                     .value = sheet_kit_state(app, &s->kits[i]),
                                     .tone = s->kits[i].tone == TONE_BAD ? TONE_BAD : TONE_PLAIN });
    for (size_t i = 0; !sheet_is_locked(s) && i < sheet_count(s, "prep"); i++)
        ready_add(&card, rows,
                  (struct face_row){
                      .words = sheet_line(s, "prep", i)->text, .value = "", .number = (int)i + 1 });
    return card;
}

/* Stop-points before the steps. */
struct face_card sheet_card_todo(struct app *app, const struct sheet *s)
{
    struct face_card card = { .id = "todo", .title = "What to do", .part = FACE_PART_TODO };
    struct face_row *rows = arena_array(ui_arena(app->ui), READY_ROWS_MAX, sizeof *rows);
    if (rows == NULL)
        return card;
    card.rows = rows;
    for (size_t i = 0; i < sheet_count(s, "control"); i++) {
        const struct adapt_line *line = sheet_line(s, "control", i);
        if (sheet_stop(s, line)[0] != '\0')
            ready_add(&card, rows,
                      (struct face_row){ .words = line->text, .value = "", .tone = TONE_BAD });
    }
    for (size_t i = 0; i < sheet_count(s, "step"); i++)
        ready_add(&card, rows,
                  (struct face_row){
                      .words = sheet_line(s, "step", i)->text, .value = "", .number = (int)i + 1 });
    return card;
}
