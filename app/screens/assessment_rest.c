/* What stands behind the first screen of an assessment: steps, getting ready, emergency, hazards and controls. */
#include <string.h>

#include "app/domain/emergency.h"
#include "app/screens/affects.h"
#include "app/screens/assessment_sheet.h"
#include "app/screens/incident.h"
#include "app/screens/matrix.h"
#include "platform/base/str.h"

void sheet_space(struct app *app, struct ui_scroll *list)
{
    ui_scroll_space(list, ui_gap(app->ui));
}

void sheet_list(struct app *app, struct ui_scroll *list, const struct sheet *s, const char *key,
                const char *title, bool numbered)
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
    sheet_space(app, list);
}

void sheet_alert_brief(struct face *f, const char *id, const char *part, const char *words,
                       const char *brief, enum ui_tone tone)
{
    if (f->alert_count < FACE_ALERTS_MAX && words[0] != '\0')
        f->alerts[f->alert_count++] = (struct face_alert){
            .id = id, .words = words, .brief = brief, .part = part, .tone = tone
        };
}

void sheet_alert(struct face *f, const char *id, const char *part, const char *words,
                 enum ui_tone tone)
{
    sheet_alert_brief(f, id, part, words, words, tone);
}

void sheet_title(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    if (!page_title_whole(app, s->doc.title))
        parts_head(app, list, "title", s->doc.title);
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
    sheet_space(app, list);
}

void sheet_steps(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    rest_stops(app, list, s);
    sheet_list(app, list, s, "step", "What to do", true);
    sheet_list(app, list, s, "consider", "For this class", false);
    if (s->has_model)
        (void)affects_helps(app, list, s->doc.id);
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
        sheet_list(app, list, s, "hazard", "What can hurt", false);
        return;
    }
    parts_head(app, list, "hazards_title", "What can hurt, whom, and how");
    for (size_t i = 0; i < count; i++) {
        const struct assessment_hazard *h = &s->model.hazards[i];
        parts_line(app, list, ui_text_f(ui, "hazard%zu", i), h->what,
                   ui_text_f(ui, "%s%s%s", h->who, h->who[0] == '\0' ? "" : ": ", h->how),
                   TONE_PLAIN);
    }
    sheet_space(app, list);
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
    sheet_space(app, list);
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
    sheet_space(app, list);
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
    sheet_space(app, list);
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
