/* What an assessment wants to be got ready: quantities, the prep room's part, equipment; as a page and as the cards of the
   first screen. */
#include <string.h>

#include "app/domain/competence.h"
#include "app/screens/assessment_sheet.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

/* How many stand in two columns: the model's own, all or none; a copy that changed them shows its lines. */
static size_t ready_quantities_count(const struct sheet *s)
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

static void ready_quantities(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = ready_quantities_count(s);
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

/* ---- who may prepare it ---- */

static bool holders_lapsed(const struct grant *g, const struct competence_needs *needs,
                           int32_t today)
{
    for (size_t i = 0; i < needs->count; i++)
        if (str_eq(g->code, needs->codes[i]))
            return g->until != CALDATE_NONE && g->until < today;
    return false;
}

static enum err holders_read_lapsed(struct app *app, struct arena *a,
                                    const struct competence_needs *needs, struct sheet *s,
                                    struct why *why)
{
    struct person *people = NULL;
    size_t count = 0;
    enum err rc = query_people(&app->store, a, &people, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct grant *grants = NULL;
        size_t n = 0;
        bool lapsed = false;
        rc = query_grants(&app->store, people[i].id, a, &grants, &n, why);
        for (size_t k = 0; rc == ERR_OK && k < n; k++)
            lapsed = lapsed || holders_lapsed(&grants[k], needs, app->today);
        s->lapsed += lapsed ? 1 : 0;
    }
    return rc;
}

/* Somebody who holds two of the codes is one person, and two people may have one name. */
static void holders_add(struct arena *a, const struct person *p, struct sheet *s, const char **ids)
{
    const char *id = arena_printf(a, " %s ", p->id);
    if (id == NULL || strstr(*ids, id) != NULL)
        return;
    const char *names =
        arena_printf(a, "%s%s%s", s->holder_names, s->holders == 0 ? "" : ", ", p->name);
    const char *more = arena_printf(a, "%s%s", *ids, id);
    s->holders++;
    s->holder_names = names == NULL ? s->holder_names : names;
    *ids = more == NULL ? *ids : more;
}

enum err sheet_read_holders(struct app *app, struct arena *a, struct sheet *s, struct why *why)
{
    struct competence_needs needs;
    const char *ids = "";
    enum err rc = ERR_OK;
    s->needs_code = sheet_text(s, "needs");
    s->needs = s->holder_names = "";
    s->holders = s->lapsed = 0;
    if (s->needs_code[0] == '\0' || !competence_parse(s->needs_code, &needs) || needs.count == 0)
        return ERR_OK;
    const char *words = competence_someone(a, s->needs_code);
    s->needs = words == NULL ? s->needs_code : words;
    for (size_t i = 0; rc == ERR_OK && i < needs.count; i++) {
        struct person *people = NULL;
        size_t count = 0;
        rc = query_holders(&app->store, needs.codes[i], app->today, a, &people, &count, why);
        for (size_t k = 0; rc == ERR_OK && k < count; k++)
            holders_add(a, &people[k], s, &ids);
    }
    return rc == ERR_OK ? holders_read_lapsed(app, a, &needs, s, why) : rc;
}

/* A course that gives the competence, where the content knows one. */
static const char *ready_course(struct app *app, const char *code)
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

/* Nobody at this school may prepare it. */
static bool sheet_is_locked(const struct sheet *s)
{
    return s->needs[0] != '\0' && s->holders == 0;
}

static const char *ready_locked(struct app *app, const struct sheet *s)
{
    return ui_text_f(app->ui, "Locked: it needs %s", s->needs);
}

/* Who may prepare it. Returns whether the checklist is locked: nobody at this school may. */
static bool ready_needs(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    if (s->needs[0] == '\0')
        return false;
    /* They are told; who has it in date prepares. */
    if (s->lapsed > 0)
        parts_words(
            app, list, "lapsed",
            ui_text_f(ui, "Training past its refresh day: %zu. They renew it first.", s->lapsed),
            TONE_DUE);
    if (!sheet_is_locked(s)) {
        parts_words(app, list, "needs",
                    ui_text_f(ui, "Preparation by %s: %zu at this school (%s)", s->needs,
                              s->holders, s->holder_names),
                    TONE_PLAIN);
        return false;
    }
    struct ui_tile tile = { .id = "locked",
                            .title = ready_locked(app, s),
                            .words = "Nobody at this school is recorded as one. Tap for the course",
                            .icon = ICON_LOCK,
                            .card = CARD_BAD };
    if (parts_row(app, list, &tile)) {
        const char *course = ready_course(app, s->needs_code);
        if (course != NULL)
            doc_open(app, course);
        else
            router_push(app, "board_list", &(struct route){ .text = "course" });
    }
    return true;
}

static bool ready_tick(struct app *app, struct ui_scroll *list, const char *id, const char *title,
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
static size_t ready_stop_count(const struct sheet *s, const bool *ticked, size_t *out_left)
{
    size_t count = 0;
    *out_left = 0;
    for (size_t i = 0; i < sheet_count(s, "control") && count < SHEET_STOPS_MAX; i++)
        if (sheet_stop(s, sheet_line(s, "control", i))[0] != '\0')
            *out_left += ticked[count++] ? 0 : 1;
    return count;
}

/* Each stop-point is ticked by hand before the sheet counts as confirmed. */
static void ready_ticks(struct app *app, struct ui_scroll *list, const struct sheet *s,
                        bool *ticked)
{
    struct ui *ui = app->ui;
    size_t at = 0, left = 0;
    size_t count = ready_stop_count(s, ticked, &left);
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
        (void)ready_tick(app, list, ui_text_f(ui, "tick%zu", at), line->text, why, &ticked[at]);
        at++;
    }
}

static void ready_prep(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    struct ui *ui = app->ui;
    bool locked = ready_needs(app, list, s);
    const char *minutes = s->has_model && s->model.prep_minutes > 0
                              ? ui_text_f(ui, "Prep room, about %d minutes", s->model.prep_minutes)
                              : "Prep room";
    if (locked)
        return;
    ready_ticks(app, list, s, ticked);
    sheet_list(app, list, s, "prep", minutes, true);
}

static const char *ready_kit_title(struct app *app, const struct sheet_kit *k)
{
    const struct kind *kind = content_kind(app->content, k->kind);
    return kind == NULL || k->have <= 1 ? k->name : kind->plural;
}

static const char *ready_kit_state(struct app *app, const struct sheet_kit *k)
{
    if (k->words[0] != '\0')
        return k->words;
    return k->kind[0] == '\0' ? "" : ui_text_f(app->ui, "%zu on the register", k->have);
}

static void ready_kits(struct app *app, struct ui_scroll *list, const struct sheet *s)
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
            .title = ready_kit_title(app, k),
            .words = k->kind[0] == '\0' ? "Not a thing of the register: look for yourself"
                                        : ready_kit_state(app, k),
            .icon = kind == NULL || kind->icon == 0 ? ICON_TAG : kind->icon,
            .badge = k->stopped > 0 ? "Do not use" : NULL,
            .badge_tone = TONE_BAD,
            .card = k->tone == TONE_BAD ? CARD_BAD : CARD_PLAIN,
        };
        if (parts_row(app, list, &tile) && k->open != NULL)
            router_push(app, "item", &(struct route){ .item = k->open });
    }
}

int sheet_ready(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    ready_quantities(app, list, s);
    ready_prep(app, list, s, ticked);
    ready_kits(app, list, s);
    int chemicals = list->y - list->top;
    sheet_chemicals(app, list, s);
    sheet_list(app, list, s, "disposal", "Clearing up", false);
    return chemicals;
}

/* ---- the same as a card of the first screen ---- */

enum { CARD_ROWS_MAX = 48 };

static void card_add(struct face_card *card, struct face_row *rows, struct face_row row)
{
    if (card->count < CARD_ROWS_MAX && row.words[0] != '\0')
        rows[card->count++] = row;
}

static void card_quantities(const struct sheet *s, struct face_card *card, struct face_row *rows)
{
    size_t count = ready_quantities_count(s);
    for (size_t i = 0; i < count; i++)
        card_add(card, rows,
                 (struct face_row){ .words = s->model.quantities[i].what,
                                    .value = s->model.quantities[i].each });
    for (size_t i = 0; count == 0 && i < sheet_count(s, "quantity"); i++)
        card_add(card, rows,
                 (struct face_row){ .words = sheet_line(s, "quantity", i)->text, .value = "" });
}

/* What hinders first, then quantities, equipment and what the prep room does. */
struct face_card sheet_card_ready(struct app *app, const struct sheet *s)
{
    struct ui *ui = app->ui;
    struct face_card card = { .id = "ready", .title = "Get ready", .part = FACE_PART_READY };
    struct face_row *rows = arena_array(ui_arena(ui), CARD_ROWS_MAX, sizeof *rows);
    if (rows == NULL)
        return card;
    card.rows = rows;
    if (s->has_model && s->model.prep_minutes > 0)
        card.title = ui_text_f(ui, "Get ready · about %d minutes", s->model.prep_minutes);
    if (sheet_is_locked(s))
        card_add(&card, rows,
                 (struct face_row){ .words = ready_locked(app, s), .value = "", .tone = TONE_BAD });
    card_quantities(s, &card, rows);
    for (size_t i = 0; i < s->kit_count; i++)
        card_add(&card, rows,
                 (struct face_row){ .words = ready_kit_title(app, &s->kits[i]),
                                    .value = ready_kit_state(app, &s->kits[i]),
                                    .tone = s->kits[i].tone == TONE_BAD ? TONE_BAD : TONE_PLAIN });
    for (size_t i = 0; !sheet_is_locked(s) && i < sheet_count(s, "prep"); i++)
        card_add(&card, rows,
                 (struct face_row){
                     .words = sheet_line(s, "prep", i)->text, .value = "", .number = (int)i + 1 });
    return card;
}

/* Stop-points before the steps. */
struct face_card sheet_card_todo(struct app *app, const struct sheet *s)
{
    struct face_card card = { .id = "todo", .title = "What to do", .part = FACE_PART_TODO };
    struct face_row *rows = arena_array(ui_arena(app->ui), CARD_ROWS_MAX, sizeof *rows);
    if (rows == NULL)
        return card;
    card.rows = rows;
    for (size_t i = 0; i < sheet_count(s, "control"); i++) {
        const struct adapt_line *line = sheet_line(s, "control", i);
        if (sheet_stop(s, line)[0] != '\0')
            card_add(&card, rows,
                     (struct face_row){ .words = line->text, .value = "", .tone = TONE_BAD });
    }
    for (size_t i = 0; i < sheet_count(s, "step"); i++)
        card_add(&card, rows,
                 (struct face_row){
                     .words = sheet_line(s, "step", i)->text, .value = "", .number = (int)i + 1 });
    return card;
}
