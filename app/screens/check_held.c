/* A recall or stop notice that comes while a check of the very item lies open: the check says so, keeps its answers, and is not
   signed. What goes out of the school by a check stays here. */
#include "app/screens/check.h"

#include "app/screens/recall.h"
#include "platform/base/str.h"

void check_held_look(struct app *app, struct check_state *s)
{
    struct status status;
    struct why why;
    check_forget(s);
    s->held = NULL;
    /* What was recorded before the notice may still be put right. */
    if (s->loose || s->corrects != NULL)
        return;
    if (parts_status(app, &s->item, &s->learned, &status, &why) != ERR_OK) {
        s->held = "The notices cannot be read";
        return;
    }
    s->stopped = str_eq(s->base->custody, "out") && !status_may_leave(&status);
    s->late = status.use != USE_DO_NOT;
    if (status.stop_count > 0)
        s->held = arena_printf(&s->learned, "%s: %s", recall_word(&status.stops[0].stop),
                               status.stops[0].stop.title);
}

void check_held_band(struct app *app, const struct check_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    if (s->held == NULL)
        return;
    struct ui_tile tile = { .id = "held",
                            .title = ui_text_f(ui, "Do not use. %s", s->held),
                            .icon = ICON_CROSS,
                            .card = CARD_BAD_SOLID };
    int h = ui_tile_height(ui, page->w, &tile);
    int most = page->h / 3;
    h = h > most ? most : h;
    struct rect r = ui_cut_top(page, h < page_target(app) ? page_target(app) : h);
    (void)ui_cut_top(page, ui_gap(ui));
    if (ui_tile(ui, r, &tile))
        router_push(app, "item", &(struct route){ .item = s->item.id });
}
