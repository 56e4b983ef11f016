/* «Ask technician»: what somebody suggests about an assessment or a copy of it, and the answer to it. A suggestion changes
   nothing by itself; both stay on record. */
#include <string.h>

#include "app/screens/assessment_sheet.h"
#include "platform/base/str.h"

/* ---- the list ---- */

struct suggestions_state {
    uint64_t seen;
    bool failed;
    struct why why;
    struct arena arena;
    struct suggested *rows;
    size_t count;
};

static void suggestions_leave(struct app *app, void *state)
{
    (void)app;
    struct suggestions_state *s = state;
    arena_done(&s->arena);
}

static enum ui_tone suggest_tone(enum suggestion_state state)
{
    switch (state) {
    case SUGGESTION_OPEN:
        return TONE_DUE;
    case SUGGESTION_ACCEPTED:
        return TONE_GOOD;
    case SUGGESTION_DECLINED:
        return TONE_OFFLINE;
    }
    return TONE_DUE;
}

static const char *suggest_state_words(enum suggestion_state state)
{
    switch (state) {
    case SUGGESTION_OPEN:
        return "Not answered";
    case SUGGESTION_ACCEPTED:
        return "Accepted";
    case SUGGESTION_DECLINED:
        return "Declined";
    }
    return "";
}

/* Who said what and when, and what became of it. */
static const char *suggest_words(struct app *app, const struct suggested *s)
{
    struct ui *ui = app->ui;
    const char *text = ui_text_f(ui, "%s, %s", s->author_name, page_time(app, s->at_ms));
    if (s->path[0] != '\0')
        text = ui_text_f(ui, "%s · %s", text, adapt_path_words(ui_arena(ui), s->path));
    if (s->answered_by[0] != '\0')
        text = ui_text_f(ui, "%s · %s by %s, %s%s%s", text, suggest_state_words(s->state),
                         s->answered_name, page_time(app, s->answered_ms),
                         s->reason[0] == '\0' ? "" : ": ", s->reason);
    return text;
}

static void suggestions_rows(struct app *app, struct ui_scroll *list,
                             const struct suggestions_state *s)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "row%zu", i),
                                .title = s->rows[i].text,
                                .words = suggest_words(app, &s->rows[i]),
                                .badge = suggest_state_words(s->rows[i].state),
                                .badge_tone = suggest_tone(s->rows[i].state) };
        if (parts_row(app, list, &tile))
            router_push(app, "suggestion",
                        &(struct route){ .doc = s->rows[i].doc, .event = s->rows[i].id });
    }
    if (s->count == 0)
        parts_words(app, list, "nothing", "Nobody has suggested a change.", TONE_MUTED);
}

static void suggestions_frame(struct app *app, void *state)
{
    struct suggestions_state *s = state;
    struct ui *ui = app->ui;
    const char *doc = router_top(app)->route.doc;
    if (screen_stale(app, &s->seen)) {
        arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
        s->failed = query_suggestions(&app->store, doc, false, &s->arena, &s->rows, &s->count,
                                      &s->why) != ERR_OK;
    }
    struct rect page = page_begin(app, doc == NULL ? "Suggestions" : "Ask or suggest");
    if (s->failed) {
        page_fault(app, page, "The suggestions could not be read", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    if (doc != NULL) {
        struct ui_tile suggest = { .id = "suggest",
                                   .title = "Suggest a change",
                                   .words = "To whoever adapts it: teacher or technician",
                                   .icon = ICON_PENCIL };
        struct ui_tile ask = { .id = "ask",
                               .title = "Ask SSERC about it",
                               .words = "Kept here, sent when there is a network",
                               .icon = ICON_ASK };
        if (parts_row(app, &list, &suggest))
            router_push(app, "suggest", &(struct route){ .doc = doc });
        if (parts_row(app, &list, &ask))
            router_push(app, "ask", &(struct route){ .doc = doc });
        parts_head(app, &list, "said", "Suggestions so far");
    }
    suggestions_rows(app, &list, s);
    ui_scroll_end(ui, &list);
}

const struct screen screen_suggestions = {
    .id = "suggestions",
    .state_size = sizeof(struct suggestions_state),
    .frame = suggestions_frame,
    .leave = suggestions_leave,
};

/* ---- writing one ---- */

struct suggest_state {
    bool failed, pending;
    struct why why;
    struct arena arena;
    struct sheet sheet;
    char text[READING_TEXT_MAX + 1], path[ADAPT_PATH_MAX];
};

static void suggest_enter(struct app *app, void *state)
{
    struct suggest_state *s = state;
    arena_init(&s->arena, (size_t)48 * 1024 * 1024);
    s->failed =
        sheet_read(app, &s->arena, router_top(app)->route.doc, &s->sheet, &s->why) != ERR_OK;
}

static void suggest_leave(struct app *app, void *state)
{
    (void)app;
    struct suggest_state *s = state;
    arena_done(&s->arena);
}

static void suggest_record(struct app *app, struct suggest_state *s)
{
    struct why why;
    struct suggestion_draft draft = { .doc = s->sheet.doc.id,
                                      .adaptation = router_top(app)->route.item,
                                      .path = s->path,
                                      .text = s->text };
    if (store_suggest(&app->store, app->now, app->session.person, &draft, NULL, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. What you wrote is still here.", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: whoever adapts it sees what you suggest");
    app_changed(app);
    router_pop(app);
}

static bool suggest_about(struct app *app, struct ui_scroll *list, const char *id,
                          const char *words, bool on)
{
    struct ui_tile tile = { .id = id, .title = words, .card = on ? CARD_SELECTED : CARD_PLAIN };
    return parts_row(app, list, &tile);
}

static void suggest_lines(struct app *app, struct ui_scroll *list, struct suggest_state *s)
{
    static const char *const keys[] = { "do_not", "control", "step", "prep" };
    parts_head(app, list, "about", "About which line?");
    if (suggest_about(app, list, "whole", "All of it", s->path[0] == '\0'))
        s->path[0] = '\0';
    for (size_t k = 0; k < COUNT_OF(keys); k++)
        for (size_t i = 0; i < sheet_count(&s->sheet, keys[k]); i++) {
            const struct adapt_line *line = sheet_line(&s->sheet, keys[k], i);
            if (suggest_about(app, list, line->path, line->text, str_eq(s->path, line->path)))
                (void)str_copy(s->path, sizeof s->path, line->path);
        }
}

static void suggest_frame(struct app *app, void *state)
{
    struct suggest_state *s = state;
    if (!s->failed && parts_signed(app, &s->pending, 0))
        suggest_record(app, s);
    struct rect page = page_begin(app, "Suggest a change");
    if (s->failed) {
        page_fault(app, page, "This risk assessment could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "record", "Sign and suggest it", ICON_PENCIL,
                   s->text[0] == '\0' ? "Write what you suggest first." : NULL) &&
        parts_sign(app, &s->pending, 0, s->sheet.doc.title))
        suggest_record(app, s);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    parts_head(app, &list, "title", s->sheet.doc.title);
    (void)parts_area(app, &list, "text", "What do you suggest? Name nobody", s->text,
                     sizeof s->text);
    suggest_lines(app, &list, s);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_suggest = {
    .id = "suggest",
    .state_size = sizeof(struct suggest_state),
    .enter = suggest_enter,
    .frame = suggest_frame,
    .leave = suggest_leave,
    .stays = true,
};

/* ---- answering one ---- */

struct suggestion_state_ui {
    uint64_t seen;
    bool failed, pending, yes;
    struct why why;
    struct arena arena;
    struct suggested s;
    char reason[READING_TEXT_MAX + 1];
};

static void suggestion_leave(struct app *app, void *state)
{
    (void)app;
    struct suggestion_state_ui *s = state;
    arena_done(&s->arena);
}

static void suggestion_read(struct app *app, struct suggestion_state_ui *s)
{
    struct suggested *all = NULL;
    size_t count = 0;
    const struct route *route = &router_top(app)->route;
    arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
    s->failed = query_suggestions(&app->store, route->doc, false, &s->arena, &all, &count,
                                  &s->why) != ERR_OK;
    for (size_t i = 0; !s->failed && i < count; i++)
        if (str_eq(all[i].id, route->event)) {
            s->s = all[i];
            return;
        }
    if (!s->failed)
        s->failed = why_set(&s->why, ERR_NOT_FOUND, 0, "it is not on this kiosk") != ERR_OK;
}

static void suggestion_answer(struct app *app, struct suggestion_state_ui *s)
{
    struct why why;
    if (store_answer_suggestion(&app->store, app->now, app->session.person, s->s.id, s->yes,
                                s->reason, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD,
              s->yes ? "Accepted: it goes into the copy that you sign next"
                     : "Declined: both stay on record");
    app_changed(app);
    router_pop(app);
}

static void suggestion_ask(struct app *app, struct suggestion_state_ui *s, bool yes)
{
    s->yes = yes;
    if (parts_sign(app, &s->pending, PROOF_PIN, "Answer a suggestion"))
        suggestion_answer(app, s);
}

static void suggestion_feet(struct app *app, struct rect foot, struct suggestion_state_ui *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect no = ui_col(foot, 0, 2, gap);
    if (s->reason[0] == '\0')
        (void)ui_button_off(ui, no, "decline", "Decline", ICON_CROSS, "Write why first.");
    else if (ui_button(ui, no, "decline", "Decline", ICON_CROSS, UI_PLAIN))
        suggestion_ask(app, s, false);
    if (ui_button(ui, ui_col(foot, 1, 2, gap), "accept", "Accept", ICON_CHECK, UI_PRIMARY))
        suggestion_ask(app, s, true);
}

static void suggestion_frame(struct app *app, void *state)
{
    struct suggestion_state_ui *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        suggestion_read(app, s);
    if (!s->failed && parts_signed(app, &s->pending, PROOF_PIN))
        suggestion_answer(app, s);
    struct rect page = page_begin(app, "A suggestion");
    if (s->failed) {
        page_fault(app, page, "This suggestion could not be read", &s->why);
        return;
    }
    bool open = s->s.state == SUGGESTION_OPEN;
    if (open && !ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, page_primary(app));
        (void)ui_cut_bottom(&page, ui_gap(ui));
        suggestion_feet(app, foot, s);
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    parts_head(app, &list, "text", s->s.text);
    parts_words(app, &list, "who", suggest_words(app, &s->s), TONE_MUTED);
    if (open)
        (void)parts_area(app, &list, "reason", "Why, when you decline it", s->reason,
                         sizeof s->reason);
    ui_scroll_end(ui, &list);
}

const struct screen screen_suggestion = {
    .id = "suggestion",
    .state_size = sizeof(struct suggestion_state_ui),
    .frame = suggestion_frame,
    .leave = suggestion_leave,
    .stays = true,
};
