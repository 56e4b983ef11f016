/* Why does this differ? An employer's form stands in the place of the nation's: whose it is, why, and each thing that it says
   otherwise. */
#include "app/screens/differs.h"

#include "app/domain/override.h"
#include "platform/base/str.h"

const char *differs_whose(struct app *app, const char *form)
{
    const struct form_brief *f = content_form_brief(app->content, form);
    if (f == NULL || f->issuer[0] == '\0')
        return "";
    return f->verdict[0] == '\0'
               ? ui_text_f(app->ui, "%s's own form", f->issuer)
               : ui_text_f(app->ui, "%s's form, %s the national one", f->issuer, f->verdict);
}

bool differs_row(struct app *app, struct ui_scroll *list, const char *form)
{
    const char *whose = differs_whose(app, form);
    const struct form_brief *f = content_form_brief(app->content, form);
    if (whose[0] == '\0' || f->verdict[0] == '\0')
        return false;
    struct ui_tile tile = { .id = ui_text_f(app->ui, "differs_%s", form),
                            .title = "Why does this differ?",
                            .words = ui_text_f(app->ui, "%s: %s.", f->title, whose),
                            .icon = ICON_HELP };
    if (!parts_row(app, list, &tile))
        return false;
    router_push(app, "differs", &(struct route){ .form = form });
    return true;
}

static void differs_list(struct app *app, struct ui_scroll *list, const char *form)
{
    struct ui *ui = app->ui;
    struct form_differs *rows = NULL;
    size_t count = 0;
    struct why why;
    enum err rc = content_form_differs(app->content, form, ui_arena(ui), &rows, &count, &why);
    if (rc != ERR_OK || count == 0) {
        parts_words(app, list, "none",
                    rc == ERR_OK ? "It says the same as the national one."
                                 : "What differs could not be read.",
                    TONE_MUTED);
        return;
    }
    parts_head(app, list, "head", "What is different");
    for (size_t i = 0; i < count; i++)
        parts_words(app, list, ui_text_f(ui, "row%zu", i), ui_text_f(ui, "• %s.", rows[i].words),
                    rows[i].kind == OVERRIDE_WORDS ? TONE_MUTED : TONE_PLAIN);
}

static void differs_frame(struct app *app, void *state)
{
    (void)state;
    const struct route *route = &router_top(app)->route;
    const struct form_brief *f = content_form_brief(app->content, route->form);
    struct rect page = page_begin(app, "Why does this differ?");
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    if (f == NULL) {
        parts_words(app, &list, "gone", "This form is not in the content any more.", TONE_MUTED);
        ui_scroll_end(app->ui, &list);
        return;
    }
    parts_head(app, &list, "form", f->title);
    parts_words(app, &list, "whose",
                ui_text_f(app->ui, "%s. It stands in the national one's place at this school.",
                          differs_whose(app, route->form)),
                TONE_PLAIN);
    parts_words(app, &list, "reason",
                f->differs[0] != '\0' ? ui_text_f(app->ui, "The reason: %s", f->differs)
                                      : "Its issuer gave no reason.",
                TONE_PLAIN);
    differs_list(app, &list, route->form);
    parts_words(app, &list, "rule",
                "An employer may ask for more than the law or a written scheme does, and never for "
                "less: this kiosk would not have taken such a form.",
                TONE_MUTED);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_differs = { .id = "differs", .frame = differs_frame };
