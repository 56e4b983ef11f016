/* A check that was begun with a form which a newer edition took away: its answers were given and are no record, so that they are
   told as they stand, and go only when somebody throws them away. Nothing here can be signed. */
#include "app/screens/check.h"

#include "app/screens/parts.h"
#include "platform/base/str.h"

static void gone_throw(struct app *app, struct check_state *s, const struct draft *draft)
{
    struct why why;
    if (!s->throwing) {
        s->throwing = true;
        return;
    }
    if (store_draft_drop(&app->store, draft->item, draft->form, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "The answers are still there: %s", why.text);
        return;
    }
    app_toast(app, TONE_INFO, "The answers are thrown away");
    app_changed(app);
    router_pop(app);
}

/* By the names that the form's author gave the rows: their questions went with it. */
static void gone_answers(struct app *app, struct ui_scroll *list, const struct draft *draft)
{
    for (size_t i = 0; i < draft->count; i++)
        if (draft->values[i][0] != '\0' && !str_starts(draft->fields[i], "timer:"))
            parts_line(app, list, ui_text_f(app->ui, "answer%zu", i), draft->fields[i],
                       draft->values[i], TONE_PLAIN);
}

static void gone_page(struct app *app, struct check_state *s, struct rect page,
                      const struct draft *draft)
{
    struct ui *ui = app->ui;
    const char *who =
        draft->person[0] == '\0' ? "" : ui_text_f(ui, " by %s", page_person(app, draft->person));
    struct ui_scroll list = ui_scroll_begin(ui, page, "gone");
    parts_head(app, &list, "what", "This check is no longer used here");
    parts_words(app, &list, "means",
                ui_text_f(ui,
                          "Newer guidance came without the form «%s». These answers, saved %s%s, "
                          "were never signed: they are no record.",
                          draft->form, page_time(app, draft->saved_ms), who),
                TONE_PLAIN);
    parts_words(app, &list, "do",
                "Go back and start the check that is due now. Answer it by looking, not from here.",
                TONE_PLAIN);
    gone_answers(app, &list, draft);
    ui_scroll_space(&list, 2 * ui_gap(ui));
    if (ui_button(ui, ui_scroll_row(&list, page_target(app)), "throw",
                  s->throwing ? "Tap again: they go for good" : "Throw these answers away",
                  s->throwing ? ICON_ALERT : ICON_CROSS, UI_DESTRUCTIVE))
        gone_throw(app, s, draft);
    ui_scroll_end(ui, &list);
}

void check_fault(struct app *app, struct check_state *s, struct rect page)
{
    const struct route *route = &router_top(app)->route;
    struct draft draft;
    bool found = false;
    if (route->event != NULL || content_none(app->content) ||
        content_form_brief(app->content, route->form) != NULL ||
        store_draft_get(&app->store, route->item, route->form, ui_arena(app->ui), &draft, &found,
                        NULL) != ERR_OK ||
        !found) {
        page_fault(app, page, "This check could not be opened", &s->why);
        return;
    }
    gone_page(app, s, page, &draft);
}
