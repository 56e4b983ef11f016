/* What stands behind the first screen of an assessment: steps, getting ready, emergency, hazards and controls. */
#include <string.h>

#include "app/domain/emergency.h"
#include "app/domain/hazard_code.h"
#include "app/domain/sign.h"
#include "app/screens/affects.h"
#include "app/screens/assessment_sheet.h"
#include "app/screens/doc_open.h"
#include "app/screens/incident.h"
#include "app/screens/matrix.h"
#include "platform/base/str.h"

static void rest_space(struct app *app, struct ui_scroll *list)
{
    ui_scroll_space(list, ui_gap(app->ui));
}

/* A numbered list of one key; nothing when there is none. */
static void rest_list(struct app *app, struct ui_scroll *list, const struct sheet *s,
                      const char *key, const char *title, bool numbered)
{
    size_t count = sheet_count(s, key);
    if (count == 0)
        return;
    parts_head(app, list, ui_text_f(app->ui, "%s_title", key), title);
    for (size_t i = 0; i < count; i++) {
        const struct adapt_line *line = sheet_line(s, key, i);
        face_step(app, list, ui_text_f(app->ui, "%s%zu", key, i), numbered ? (int)i + 1 : 0,
                  line->text, "");
    }
    rest_space(app, list);
}

/* ---- what to do ---- */

static void rest_stops(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = sheet_count(s, "control");
    size_t stops = sheet_count(s, "stop_point");
    if (stops == 0)
        return;
    parts_head(app, list, "stops_title",
               stops == 1 ? "Stop-point: before anything else"
                          : "Stop-points: before anything else");
    for (size_t i = 0; i < count; i++) {
        const struct adapt_line *line = sheet_line(s, "control", i);
        const char *why = sheet_stop(s, line);
        if (why[0] != '\0')
            face_step(app, list, ui_text_f(ui, "stop%zu", i), 0, line->text, why);
    }
    rest_space(app, list);
}

void sheet_steps(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    rest_stops(app, list, s);
    rest_list(app, list, s, "step", "What to do", true);
    rest_list(app, list, s, "consider", "For this class", false);
}

/* ---- get ready ---- */

static void rest_quantities(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = s->has_model ? s->model.quantity_count : 0;
    if (sheet_count(s, "quantity") == 0)
        return;
    parts_head(app, list, "quantities_title", "For each group");
    /* As two columns while they are the model's own; a copy that changed them shows its lines. */
    if (count != sheet_count(s, "quantity"))
        count = 0;
    for (size_t i = 0; i < count; i++) {
        const char *at = ui_text_f(ui, "quantity/%zu", i + 1);
        const struct assessment_quantity *q = &s->model.quantities[i];
        const struct adapt_line *line = adapt_line_of(s->lines, at);
        if (line == NULL || strstr(line->text, q->each) == NULL)
            count = 0;
    }
    for (size_t i = 0; i < count; i++)
        parts_line(app, list, ui_text_f(ui, "quantity%zu", i), s->model.quantities[i].what,
                   s->model.quantities[i].each, TONE_PLAIN);
    for (size_t i = 0; count == 0 && i < sheet_count(s, "quantity"); i++)
        face_step(app, list, ui_text_f(ui, "quantity%zu", i), 0, sheet_line(s, "quantity", i)->text,
                  "");
    rest_space(app, list);
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

/* Who may prepare it. Returns whether the checklist is locked: nobody at this school may. */
static bool rest_needs(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    if (s->needs[0] == '\0')
        return false;
    if (s->holders > 0) {
        parts_words(app, list, "needs",
                    ui_text_f(ui, "Preparation by %s: %zu at this school (%s)", s->needs,
                              s->holders, s->holder_names),
                    TONE_PLAIN);
        return false;
    }
    struct ui_tile tile = { .id = "locked",
                            .title = ui_text_f(ui, "Locked: it needs %s", s->needs),
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
    rest_list(app, list, s, "prep", minutes, true);
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
            .title = kind == NULL || k->have == 1 ? k->name : kind->plural,
            .words = k->words[0] != '\0'  ? k->words
                     : k->kind[0] == '\0' ? "Not a thing of the register: look for yourself"
                                          : ui_text_f(ui, "%zu on the register", k->have),
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
    size_t count = c->found ? c->at.band->pictogram_count : 0;
    const char *volume =
        c->volume[0] == '\0' ? "" : ui_text_f(ui, " · %s for each group", c->volume);
    const char *title = ui_text_f(ui, "%s%s%s%s", c->name, c->plain ? "" : ", ",
                                  c->plain ? "" : c->strength, volume);
    bool narrow = ui_portrait(ui) || app->opt.large;
    int signs_w = (int)count * (side + ui_mm(ui, 1));
    struct rect measure = { 0, 0, list->view.w - 2 * gap - (narrow ? 0 : signs_w), 0 };
    const char *says = c->says;
    if (c->found && c->at.band->h_code_count > 0) {
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
    rest_space(app, list);
    ui_push(ui, id, ROLE_ROW, title, r);
    if (!ui_scroll_visible(list, r)) {
        (void)ui_touch(ui, r, "open", title);
        ui_pop(ui);
        return;
    }
    ui_card(ui, r, CARD_PLAIN);
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
    (void)ui_para(ui, r, "says", says, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
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

void sheet_ready(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    rest_quantities(app, list, s);
    rest_prep(app, list, s, ticked);
    rest_kits(app, list, s);
    rest_chemicals(app, list, s);
    rest_list(app, list, s, "disposal", "Clearing up", false);
}

/* ---- emergency ---- */

void sheet_emergency(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = s->has_model ? s->model.emergency_count : 0;
    parts_head(app, list, "emergency_title", "If it goes wrong");
    parts_words(app, list, "emergency_words", sheet_text(s, "if_wrong"), TONE_PLAIN);
    for (size_t i = 0; i < count; i++) {
        const struct assessment_emergency *e = &s->model.emergency[i];
        const struct emergency *page = emergency_by_id(e->action);
        struct ui_tile tile = { .id = ui_text_f(ui, "emergency%zu", i),
                                .title = e->see,
                                .words = ui_text_f(ui, "%s %s", e->act, e->then),
                                .icon = page == NULL ? ICON_ALERT : page->icon,
                                .card = CARD_BAD };
        if (parts_row(app, list, &tile))
            router_push(app, "emergency",
                        page == NULL ? NULL : &(struct route){ .text = page->id });
    }
    for (size_t i = 0; count == 0 && i < sheet_count(s, "emergency"); i++)
        face_step(app, list, ui_text_f(ui, "emergency%zu", i), 0,
                  sheet_line(s, "emergency", i)->text, "");
    struct ui_tile all = { .id = "emergency_all",
                           .title = "All emergency actions",
                           .icon = ICON_ALERT,
                           .card = CARD_BAD_SOLID };
    if (parts_row(app, list, &all))
        router_push(app, "emergency", NULL);
}

/* ---- hazards and controls ---- */

static void rest_hazards(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = s->has_model ? s->model.hazard_count : 0;
    if (count != sheet_count(s, "hazard")) {
        rest_list(app, list, s, "hazard", "What can hurt", false);
        return;
    }
    parts_head(app, list, "hazards_title", "What can hurt, whom, and how");
    for (size_t i = 0; i < count; i++) {
        const struct assessment_hazard *h = &s->model.hazards[i];
        parts_line(app, list, ui_text_f(ui, "hazard%zu", i), h->what,
                   ui_text_f(ui, "%s%s%s", h->who, h->who[0] == '\0' ? "" : ": ", h->how),
                   TONE_PLAIN);
    }
    rest_space(app, list);
}

static const char *rest_control_type(const struct sheet *s, const struct adapt_line *line)
{
    char path[ADAPT_PATH_MAX];
    for (size_t i = 0; s->has_model && i < s->model.control_count; i++)
        if (str_format(path, sizeof path, "control/%zu", i + 1) && str_eq(path, line->path))
            return assessment_control_words(s->model.controls[i].type);
    return "Added";
}

static void rest_controls(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t count = sheet_count(s, "control");
    parts_head(app, list, "controls_title", "What keeps it safe enough");
    for (size_t i = 0; i < count; i++) {
        const struct adapt_line *line = sheet_line(s, "control", i);
        const char *why = sheet_stop(s, line);
        face_step(app, list, ui_text_f(ui, "control%zu", i), 0,
                  ui_text_f(ui, "%s: %s", rest_control_type(s, line), line->text),
                  why[0] == '\0' ? "" : ui_text_f(ui, "Stop-point. %s", why));
    }
    rest_space(app, list);
}

static void rest_rooms(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    const char *all = "";
    size_t count = sheet_count(s, "room");
    for (size_t i = 0; i < count; i++)
        all = ui_text_f(app->ui, "%s%s%s", all, i == 0 ? "" : ", ",
                        assessment_words(sheet_tail(sheet_line(s, "room", i))));
    if (count > 0)
        parts_line(app, list, "rooms", "The room needs", all, TONE_PLAIN);
    if (s->has_model && s->model.room_missing[0] != '\0')
        parts_line(app, list, "room_missing", "Where one is missing", s->model.room_missing,
                   TONE_PLAIN);
    const char *groups = sheet_text(s, "groups");
    if (groups[0] != '\0')
        parts_line(app, list, "groups", "Groups at most", groups, TONE_PLAIN);
    rest_space(app, list);
}

static void rest_review(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    const struct doc *d = &s->doc;
    if (!s->has_model)
        return;
    parts_head(app, list, "review_title", "When to look at it again");
    if (d->review_on != CALDATE_NONE)
        parts_line(app, list, "review_on", "Review by", page_day(app, d->review_on),
                   d->review_on < app->today ? TONE_BAD : TONE_PLAIN);
    const struct doc_node *triggers = doc_get(d, "review_triggers");
    for (size_t i = 0; i < doc_node_count(triggers); i++)
        face_step(app, list, ui_text_f(ui, "trigger%zu", i), 0, doc_node_at(triggers, i), "");
    for (size_t i = 0; i < s->trigger_count; i++)
        if (s->triggers[i].kind != REVIEW_INCIDENT)
            face_step(app, list, ui_text_f(ui, "changed%zu", i), 0, s->triggers[i].words,
                      "Since it was last looked at");
    rest_space(app, list);
    incident_draw(app, list, s);
    struct ui_tile tile = { .id = "document",
                            .title = "The whole document",
                            .words = "Why, sources, what changed, who wrote and checked it",
                            .icon = ICON_DOCUMENT };
    if (parts_row(app, list, &tile))
        router_push(app, "reader", &(struct route){ .doc = d->id });
}

void sheet_hazards(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    if (s->has_model)
        (void)affects_draw(app, list, s->doc.id);
    incident_standing(app, list, s);
    rest_hazards(app, list, s);
    rest_controls(app, list, s);
    matrix_draw(app, list, s);
    rest_rooms(app, list, s);
    rest_review(app, list, s);
}

void sheet_rest(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked)
{
    sheet_steps(app, list, s);
    sheet_ready(app, list, s, ticked);
    sheet_emergency(app, list, s);
    sheet_hazards(app, list, s);
}

/* ---- what differs ---- */

static enum ui_tone rest_effect_tone(enum adapt_effect effect)
{
    switch (effect) {
    case ADAPT_LOOSENS:
        return TONE_BAD;
    case ADAPT_METHOD:
        return TONE_DUE;
    case ADAPT_NOTHING:
    case ADAPT_NOTE:
    case ADAPT_TIGHTENS:
        return TONE_INFO;
    }
    return TONE_BAD;
}

void sheet_difference(struct app *app, struct ui_scroll *list, const struct adapt_change *changes,
                      size_t count)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < count; i++) {
        const struct adapt_change *c = &changes[i];
        enum ui_tone tone = rest_effect_tone(c->effect);
        const char *path = adapt_path_words(ui_arena(ui), c->path);
        const char *words = adapt_change_words(ui_arena(ui), c);
        const char *text = ui_text_f(ui, "%s: %s", path, words);
        const char *effect = adapt_effect_words(c->effect);
        int badge_h = ui_badge_height(ui);
        int h = ui_para_height(ui, list->view.w, text, SIZE_BODY, FONT_REGULAR);
        struct rect r = ui_scroll_row(list, h + badge_h + ui_mm_y(ui, 3));
        if (!ui_scroll_visible(list, r))
            continue;
        ui_push(ui, ui_text_f(ui, "change%zu", i), ROLE_ROW, text, r);
        ui_line(ui, (struct rect){ r.x, r.y + r.h - 1, r.w, 1 });
        r = ui_inset(r, 0, ui_mm_y(ui, 1));
        (void)ui_para(ui, ui_cut_top(&r, h), "words", text, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
        (void)ui_cut_top(&r, ui_mm_y(ui, 0.5));
        int w = ui_badge_width(ui, effect, tone);
        r.w = w < r.w ? w : r.w;
        r.h = badge_h;
        (void)ui_badge(ui, r, "effect", effect, tone);
        ui_pop(ui);
    }
}
