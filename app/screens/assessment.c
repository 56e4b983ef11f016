/* A risk assessment: what matters first on one screen, the rest a tap away. */
#include <string.h>

#include "app/screens/ask.h"
#include "app/screens/assessment_print.h"
#include "app/screens/handoff.h"
#include "app/screens/recall.h"
#include "app/screens/versions.h"
#include "platform/base/str.h"

struct assessment_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct sheet sheet;
    struct adaptation_row *copies;
    size_t copy_count, usable;
    struct suggested *suggestions;
    size_t suggestion_count;
    bool ticked[SHEET_STOPS_MAX];
    /* The page of steps: which part, and of which copy. */
    int tab;
    bool begun, to_chemicals;
    bool copy;
    struct adaptation_row row;
    struct adapt_change *changes;
    size_t change_count, versions;
};

static void assessment_leave(struct app *app, void *state)
{
    (void)app;
    struct assessment_state *s = state;
    arena_done(&s->arena);
}

static enum err assessment_read_all(struct app *app, struct assessment_state *s)
{
    const struct route *route = &router_top(app)->route;
    /* The steps of a copy for a class, as it was signed. */
    if (route->event != NULL && route->event[0] != '\0') {
        s->copy = true;
        enum err rc = query_adaptation(&app->store, app->content, route->event, app->today,
                                       &s->arena, &s->row, &s->why);
        if (rc == ERR_OK)
            rc = sheet_read_copy(app, &s->arena, &s->row.adaptation, &s->sheet, &s->why);
        if (rc == ERR_OK)
            rc = adapt_diff(&s->arena, s->row.adaptation.base, s->row.adaptation.mine, &s->changes,
                            &s->change_count, &s->why);
        s->versions = rc == ERR_OK ? versions_count(app, s->row.id) : 0;
        return rc;
    }
    enum err rc = sheet_read(app, &s->arena, route->doc, &s->sheet, &s->why);
    struct adaptation_ask ask = { .doc = route->doc, .today = app->today };
    if (rc == ERR_OK)
        rc = query_adaptations(&app->store, app->content, &ask, &s->arena, &s->copies,
                               &s->copy_count, &s->why);
    if (rc == ERR_OK)
        rc = query_suggestions(&app->store, route->doc, true, &s->arena, &s->suggestions,
                               &s->suggestion_count, &s->why);
    s->usable = 0;
    for (size_t i = 0; rc == ERR_OK && i < s->copy_count; i++)
        s->usable += adapt_state_usable(s->copies[i].state) ? 1 : 0;
    return rc;
}

static void assessment_refresh(struct app *app, struct assessment_state *s)
{
    bool stale = screen_stale(app, &s->seen);
    if (!parts_moved(app, &s->when, false) && !stale)
        return;
    arena_begin(&s->arena, (size_t)48 * 1024 * 1024);
    s->failed = assessment_read_all(app, s) != ERR_OK;
}

/* ---- the first screen ---- */

static void assessment_steps(struct app *app, struct ui_scroll *list, void *state)
{
    struct assessment_state *s = state;
    sheet_title(app, list, &s->sheet);
    (void)answers_draw(app, list, s->sheet.doc.id);
    sheet_steps(app, list, &s->sheet);
}

static void assessment_details(struct app *app, struct ui_scroll *list, void *state)
{
    struct assessment_state *s = state;
    sheet_title(app, list, &s->sheet);
    (void)answers_draw(app, list, s->sheet.doc.id);
    sheet_rest(app, list, &s->sheet, s->ticked);
}

static const char *assessment_issued(struct app *app, const struct doc *d)
{
    const char *by = d->issuer[0] == '\0' ? "" : ui_text_f(app->ui, "%s · ", d->issuer);
    const char *day = d->revised_day == CALDATE_NONE
                          ? ""
                          : ui_text_f(app->ui, " · %s", page_day(app, d->revised_day));
    return ui_text_f(app->ui, "%srevision %d%s", by, d->revision, day);
}

static void assessment_alerts(struct app *app, const struct assessment_state *s, struct face *f)
{
    const struct doc *d = &s->sheet.doc;
    struct ui *ui = app->ui;
    if (d->review_on != CALDATE_NONE && d->review_on < app->today)
        sheet_alert(f, "review", FACE_PART_HAZARDS,
                    ui_text_f(ui, "Review was due %s", page_day(app, d->review_on)), TONE_DUE);
    size_t changed = 0;
    const char *what = "";
    bool incident = false;
    for (size_t i = 0; i < s->sheet.trigger_count; i++) {
        const struct review_trigger *t = &s->sheet.triggers[i];
        /* A copy that is behind the model is for its own page to say. */
        if (t->kind == REVIEW_DATE || t->kind == REVIEW_MODEL)
            continue;
        incident = t->kind == REVIEW_INCIDENT;
        what = t->words;
        changed++;
    }
    const char *many = ui_text_f(ui,
                                 changed == 1 ? "Look at it again: %zu thing changed since"
                                              : "Look at it again: %zu things changed since",
                                 changed);
    /* One line on every panel: what went wrong must not push the signs off the first screen. */
    if (changed == 1 && incident && s->sheet.incident_count > 0)
        sheet_alert(
            f, "changed", FACE_PART_HAZARDS,
            ui_text_f(ui, "Look at it again: %s", incident_words(s->sheet.incidents[0].kind)),
            TONE_DUE);
    else if (changed > 0)
        sheet_alert_brief(f, "changed", FACE_PART_HAZARDS,
                          changed == 1 ? ui_text_f(ui, "Look at it again: %s", what) : many, many,
                          TONE_DUE);
}

enum { ACT_STEPS, ACT_ADAPT, ACT_PHONE, ACT_ASK, ACT_PRINT, ACTS };

static void assessment_actions(const struct assessment_state *s, struct face_action out[ACTS])
{
    const struct face_action all[ACTS] = {
        { "steps", "Steps and the rest", "Steps", ICON_CHECKLIST },
        { "adapt", s->sheet.model.prep ? "Adapt for our room" : "Adapt for my class", "Adapt",
          ICON_PENCIL },
        { "phone", "Take it on my phone", "Phone", ICON_QR },
        { "ask", "Ask or suggest", "Ask", ICON_ASK },
        { "print", "Print", "Print", ICON_PRINT },
    };
    memcpy(out, all, sizeof all);
}

/* What a phone takes along: the title, the revision and the do-nots, short enough for one code. */
static const char *assessment_text(struct app *app, const struct sheet *s)
{
    const char *text = ui_text_f(app->ui, "%s, revision %d.", s->doc.title, s->doc.revision);
    for (size_t i = 0; i < sheet_count(s, "do_not"); i++)
        text = ui_text_f(app->ui, "%s %s.", text, sheet_line(s, "do_not", i)->text);
    return ui_text_f(app->ui, "%s %s", text, sheet_text(s, "if_wrong"));
}

static void assessment_act(struct app *app, const struct assessment_state *s, int act)
{
    const struct doc *d = &s->sheet.doc;
    const char *link = doc_text(d, "link");
    switch (act) {
    case ACT_STEPS:
        router_push(app, "steps", &(struct route){ .doc = d->id });
        break;
    case ACT_ADAPT:
        if (s->copy_count == 0 && recall_refuses(app, "Not adapted", d->id, d->overrides))
            break;
        router_push(app, s->copy_count > 0 ? "adaptations" : "adapt",
                    &(struct route){ .doc = d->id });
        break;
    case ACT_PHONE:
        if (recall_refuses(app, "Not handed over", d->id, d->overrides))
            break;
        handoff_open(app, link[0] != '\0' ? HANDOFF_LINK : HANDOFF_TEXT, d->title,
                     link[0] != '\0' ? link : assessment_text(app, &s->sheet));
        break;
    case ACT_ASK:
        router_push(app, "suggestions", &(struct route){ .doc = d->id });
        break;
    case ACT_PRINT:
        sheet_print(app, &(struct sheet_print){ .sheet = &s->sheet,
                                                .ticked = s->ticked,
                                                .tick_count = SHEET_STOPS_MAX });
        break;
    default:
        break;
    }
}

static void assessment_frame(struct app *app, void *state)
{
    struct assessment_state *s = state;
    struct face_action actions[ACTS];
    assessment_refresh(app, s);
    struct rect page = page_begin(app, s->failed ? "Risk assessment" : s->sheet.doc.title);
    if (s->failed) {
        page_fault(app, page, "This risk assessment could not be read", &s->why);
        return;
    }
    bool banded = recall_band(app, &page, s->sheet.doc.id, s->sheet.doc.overrides);
    struct face f = { .steps = assessment_steps,
                      .details = assessment_details,
                      .state = s,
                      .actions = actions,
                      .action_count = ACTS,
                      .route = { .doc = s->sheet.doc.id },
                      .banded = banded };
    sheet_face(app, &s->sheet, &f);
    f.issued = assessment_issued(app, &s->sheet.doc);
    assessment_alerts(app, s, &f);
    assessment_actions(s, actions);
    int tapped = face_draw(app, page, &f);
    if (tapped >= 0)
        assessment_act(app, s, tapped);
}

const struct screen screen_assessment = {
    .id = "assessment",
    .state_size = sizeof(struct assessment_state),
    .frame = assessment_frame,
    .leave = assessment_leave,
};

/* ---- the rest, a part at a time ---- */

enum { TAB_TODO, TAB_READY, TAB_WRONG, TAB_HAZARDS, TABS };

/* Four abreast; two and two where large letters meet a narrow or a small panel. On the small one they scroll with the part,
   as they would leave it three lines. */
static int steps_tabs_abreast(const struct app *app)
{
    return app->opt.large && (ui_portrait(app->ui) || ui_small(app->ui)) ? 2 : TABS;
}

static int steps_tabs_height(struct app *app)
{
    return TABS / steps_tabs_abreast(app) * (page_target(app) + ui_gap(app->ui));
}

static bool steps_tabs_scroll(const struct app *app)
{
    return app->opt.large && ui_small(app->ui) && !ui_portrait(app->ui);
}

static void steps_tabs(struct app *app, struct rect r, struct assessment_state *s)
{
    static const char *const ids[TABS] = { "todo", "ready", "wrong", "hazards" };
    static const char *const labels[TABS] = { "What to do", "Get ready", "If wrong", "Hazards" };
    static const char *const rows[] = { "tabs", "tabs2" };
    int abreast = steps_tabs_abreast(app);
    int tapped = -1;
    for (int from = 0; from < TABS; from += abreast) {
        struct ui_option options[TABS];
        for (int i = 0; i < abreast; i++)
            options[i] = (struct ui_option){ ids[from + i], labels[from + i], TONE_ACCENT,
                                             s->tab == from + i };
        int at = ui_segments(app->ui, ui_cut_top(&r, page_target(app)), rows[from / abreast],
                             options, (size_t)abreast);
        tapped = at >= 0 ? from + at : tapped;
        (void)ui_cut_top(&r, ui_gap(app->ui));
    }
    if (tapped < 0)
        return;
    s->tab = tapped;
    ui_scroll_to(app->ui, "/steps/part", steps_tabs_scroll(app) ? steps_tabs_height(app) : 0);
}

/* Where somebody came from a card, an alert or «+2 more», that part stands open. */
static void steps_begin(struct app *app, struct assessment_state *s)
{
    static const struct {
        const char *part;
        int tab;
    } parts[] = { { FACE_PART_TODO, TAB_TODO },
                  { FACE_PART_READY, TAB_READY },
                  { FACE_PART_CHEMICALS, TAB_READY },
                  { FACE_PART_HAZARDS, TAB_HAZARDS } };
    const char *part = router_top(app)->route.text;
    if (s->begun)
        return;
    s->begun = true;
    for (size_t i = 0; part != NULL && i < COUNT_OF(parts); i++)
        if (str_eq(parts[i].part, part))
            s->tab = parts[i].tab;
    s->to_chemicals = part != NULL && str_eq(part, FACE_PART_CHEMICALS);
}

static void steps_difference(struct app *app, struct ui_scroll *list,
                             const struct assessment_state *s)
{
    if (!s->copy)
        return;
    parts_head(app, list, "difference", "Difference from the model");
    if (s->change_count == 0)
        parts_words(app, list, "same", "None", TONE_MUTED);
    sheet_difference(app, list, s->changes, s->change_count);
    ui_scroll_space(list, ui_gap(app->ui));
    versions_tile(app, list, s->row.id, s->versions);
}

/* The prep sheet says which stop-points were ticked here, and of the others that they were not. */
static void steps_print(struct app *app, struct ui_scroll *list, const struct assessment_state *s)
{
    struct ui_tile tile = { .id = "print", .title = "Print the prep sheet", .icon = ICON_PRINT };
    bool locked = s->sheet.needs[0] != '\0' && s->sheet.holders == 0;
    if (locked || !parts_row(app, list, &tile))
        return;
    sheet_print(app,
                &(struct sheet_print){ .sheet = &s->sheet,
                                       .copy = s->copy ? &s->row.adaptation : NULL,
                                       .copy_id = s->copy ? s->row.id : NULL,
                                       .signed_ms = s->copy ? s->row.signed_ms : 0,
                                       .changes = s->changes,
                                       .change_count = s->change_count,
                                       .state = s->copy ? adapt_state_words(s->row.state) : NULL,
                                       .draft = s->copy && !adapt_state_usable(s->row.state),
                                       .ticked = s->ticked,
                                       .tick_count = SHEET_STOPS_MAX });
}

static void steps_ready(struct app *app, struct ui_scroll *list, struct assessment_state *s)
{
    int chemicals = sheet_ready(app, list, &s->sheet, s->ticked);
    steps_print(app, list, s);
    if (s->to_chemicals) {
        /* From the next frame on, which this asks for. */
        ui_scroll_to(app->ui, "/steps/part", chemicals);
        app->version++;
    }
    s->to_chemicals = false;
}

static void steps_part(struct app *app, struct ui_scroll *list, struct assessment_state *s)
{
    switch (s->tab) {
    case TAB_TODO:
        sheet_title(app, list, &s->sheet);
        steps_difference(app, list, s);
        (void)answers_draw(app, list, s->sheet.doc.id);
        sheet_steps(app, list, &s->sheet);
        break;
    case TAB_READY:
        steps_ready(app, list, s);
        break;
    case TAB_WRONG:
        sheet_emergency(app, list, &s->sheet);
        break;
    default:
        sheet_hazards(app, list, &s->sheet);
        break;
    }
}

static void steps_frame(struct app *app, void *state)
{
    struct assessment_state *s = state;
    struct ui *ui = app->ui;
    assessment_refresh(app, s);
    const char *title = s->failed ? "Risk assessment" : s->sheet.doc.title;
    struct rect page = page_begin(app, title);
    if (s->failed) {
        page_fault(app, page, "This risk assessment could not be read", &s->why);
        return;
    }
    steps_begin(app, s);
    (void)recall_band(app, &page, s->sheet.doc.id, s->sheet.doc.overrides);
    bool scroll = steps_tabs_scroll(app);
    if (!scroll) {
        steps_tabs(app, ui_cut_top(&page, steps_tabs_height(app)), s);
        ui_card(ui, page, CARD_PLAIN);
        page = ui_inset(page, ui_gap(ui), ui_mm_y(ui, 2));
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "part");
    if (scroll)
        steps_tabs(app, ui_scroll_row(&list, steps_tabs_height(app)), s);
    steps_part(app, &list, s);
    ui_scroll_end(ui, &list);
}

const struct screen screen_steps = {
    .id = "steps",
    .state_size = sizeof(struct assessment_state),
    .frame = steps_frame,
    .leave = assessment_leave,
};
