/* A copy that somebody began and has not signed: what it changes so far; go on with it, or throw it away. What was
   thrown away can be put back while the page stands. */
#include "app/screens/assessment_sheet.h"
#include "platform/base/str.h"

struct draft_state {
    uint64_t seen;
    bool failed, found, gone;
    struct why why;
    struct arena arena;
    struct adaptation_saved saved;
    struct adapt_change *changes;
    size_t change_count;
};

static void draft_leave(struct app *app, void *state)
{
    (void)app;
    struct draft_state *s = state;
    arena_done(&s->arena);
}

static void draft_read(struct app *app, struct draft_state *s)
{
    /* What was thrown away stays in memory: it is what «Put it back» writes. */
    if (s->gone)
        return;
    arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
    s->found = false;
    enum err rc = ERR_OK;
    if (session_in(&app->session))
        rc =
            store_adaptation_draft_get(&app->store, app->session.person, router_top(app)->route.doc,
                                       &s->arena, &s->saved, &s->found, &s->why);
    if (rc == ERR_OK && s->found)
        rc = adapt_diff(&s->arena, s->saved.adaptation.base, s->saved.adaptation.mine, &s->changes,
                        &s->change_count, &s->why);
    s->failed = rc != ERR_OK;
}

static void draft_drop(struct app *app, struct draft_state *s)
{
    struct why why;
    if (store_adaptation_draft_drop(&app->store, app->session.person, s->saved.doc, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not thrown away: %s", why.text);
        return;
    }
    s->gone = true;
    app_changed(app);
}

static void draft_put_back(struct app *app, struct draft_state *s)
{
    struct why why;
    if (store_adaptation_draft_put(&app->store, app->now, app->session.person, s->saved.id,
                                   &s->saved.adaptation, &why) != ERR_OK) {
        app_toast(app, TONE_BAD,
                  app->store.unsaved ? "Put back, and not saved yet: %s" : "Not put back: %s",
                  why.text);
        if (!app->store.unsaved)
            return;
    }
    s->gone = false;
    app_changed(app);
}

static void draft_body(struct app *app, struct rect page, const struct draft_state *s)
{
    struct ui *ui = app->ui;
    const struct adaptation *x = &s->saved.adaptation;
    struct ui_scroll list = parts_scroll(app, page, "text");
    parts_words(app, &list, "what",
                ui_text_f(ui, "%s%s%s. %s", x->class_name, x->class_name[0] == '\0' ? "" : ", ",
                          x->title,
                          s->gone ? "Thrown away. Nothing of it was ever in force."
                                  : ui_text_f(ui, "Begun, not signed; last touched %s.",
                                              page_time(app, s->saved.saved_ms))),
                s->gone ? TONE_DUE : TONE_PLAIN);
    parts_head(app, &list, "difference", "Difference from the model so far");
    if (s->change_count == 0)
        parts_words(app, &list, "same", "None yet", TONE_MUTED);
    sheet_difference(app, &list, s->changes, s->change_count);
    if (x->note[0] != '\0')
        parts_line(app, &list, "note", "Note", x->note, TONE_PLAIN);
    ui_scroll_end(ui, &list);
}

/* What destroys stands well away from what goes on. */
static void draft_foot(struct app *app, struct rect foot, struct draft_state *s)
{
    struct ui *ui = app->ui;
    int apart = ui_mm(ui, 8);
    struct rect left = { foot.x, foot.y, (foot.w - apart) / 2, foot.h };
    struct rect right = { foot.x + left.w + apart, foot.y, left.w, foot.h };
    if (s->gone) {
        if (ui_button(ui, left, "back_again", "Put it back", ICON_HISTORY, UI_PLAIN))
            draft_put_back(app, s);
        if (ui_button(ui, right, "done", "Done", ICON_CHECK, UI_PRIMARY))
            router_pop(app);
        return;
    }
    if (ui_button(ui, left, "drop", "Throw it away", ICON_CROSS, UI_DESTRUCTIVE))
        draft_drop(app, s);
    if (ui_button(ui, right, "go", "Go on with it", ICON_PENCIL, UI_PRIMARY))
        router_replace(app, "adapt", &(struct route){ .doc = s->saved.doc });
}

static void draft_frame(struct app *app, void *state)
{
    struct draft_state *s = state;
    if (screen_stale(app, &s->seen))
        draft_read(app, s);
    struct rect page = page_begin(app, "Begun, not signed");
    if (s->failed) {
        page_fault(app, page, "What was begun could not be read", &s->why);
        return;
    }
    if (!s->found || !session_in(&app->session)) {
        page_empty(app, page, ICON_PENCIL, "Nothing begun here",
                   "A copy that is begun is its author's until it is signed.");
        return;
    }
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    /* A long list has its page buttons at its foot: they keep away from what destroys as well. */
    (void)ui_cut_bottom(&page, ui_mm(app->ui, 6.5));
    draft_body(app, page, s);
    draft_foot(app, foot, s);
}

const struct screen screen_draft = {
    .id = "draft",
    .state_size = sizeof(struct draft_state),
    .frame = draft_frame,
    .leave = draft_leave,
};
