/* A label that nothing is recorded under: what is it on? And a label that two items carry. */
#include "app/screens/parts.h"
#include "platform/base/str.h"

static void unknown_head(struct app *app, struct rect *page, const char *title, const char *words)
{
    struct ui *ui = app->ui;
    int side = ui_mm_y(ui, 13);
    int text_w = page->w - side - ui_gap(ui);
    int h = ui_para_height(ui, text_w, title, SIZE_TITLE, FONT_BOLD) +
            ui_para_height(ui, text_w, words, SIZE_BODY, FONT_REGULAR);
    struct rect head = ui_cut_top(page, h > side ? h : side);
    struct rect icon = ui_cut_left(&head, side);
    icon.h = side;
    ui_card(ui, icon, CARD_PLAIN);
    ui_icon(ui, ui_inset(icon, side / 6, side / 6), ICON_QR, TONE_PLAIN);
    (void)ui_cut_left(&head, ui_gap(ui));
    int used = ui_para(ui, head, "what", title, SIZE_TITLE, FONT_BOLD, TONE_PLAIN);
    (void)ui_cut_top(&head, used);
    (void)ui_para(ui, head, "words", words, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_top(page, ui_gap(ui));
}

static void unknown_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    const struct route *route = &router_top(app)->route;
    struct rect page = page_begin(app, "Label scanned");
    unknown_head(app, &page, ui_text_f(ui, "New label %s", route->text2),
                 "Nothing is recorded under it. What is it on?");
    /* In large letters a small or narrow panel has room for what each does, and not for more. */
    bool brief = app->opt.large && (ui_small(ui) || ui_portrait(ui));
    const struct ui_tile tiles[] = {
        { .id = "register",
          .title = brief ? "Register it" : "Register new equipment",
          .words = brief ? NULL : "Its kind, its name, its place",
          .icon = ICON_ADD,
          .card = CARD_ACCENT,
          .tall = true },
        { .id = "link",
          .title = "Link to an item",
          .words = brief ? NULL : "Replaces its old or lost label",
          .icon = ICON_LINK,
          .tall = true },
        { .id = "not_ours",
          .title = "Not ours",
          .words = brief ? NULL : "Nothing will be recorded",
          .icon = ICON_HELP,
          .tall = true },
    };
    bool portrait = ui_portrait(ui);
    int tall = app->opt.large ? page.h : ui_mm_y(ui, portrait ? 110 : 52);
    page.h = page.h < tall ? page.h : tall;
    for (size_t i = 0; i < COUNT_OF(tiles); i++) {
        struct rect cell =
            portrait ? ui_row(page, (int)i, 3, ui_gap(ui)) : ui_col(page, (int)i, 3, ui_gap(ui));
        if (!ui_tile(ui, cell, &tiles[i]))
            continue;
        if (i == 2)
            router_home(app);
        else
            router_push(app, i == 0 ? "kinds" : tiles[i].id,
                        &(struct route){ .text = route->text });
    }
}

const struct screen screen_unknown = { .id = "unknown", .frame = unknown_frame };

/* ---- two items under one label ---- */

static struct ui_tile clash_tile(struct app *app, const void *rows, size_t at)
{
    const struct item *i = (const struct item *)rows + at;
    const char *gap = i->detail[0] == '\0' ? "" : " · ";
    return (struct ui_tile){ .id = i->id,
                             .title = i->name,
                             .words =
                                 ui_text_f(app->ui, "%s%s%s", i->detail, gap, page_place(app, i)),
                             .icon = ICON_TAG };
}

static void clash_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    const struct route *route = &router_top(app)->route;
    struct rect page = page_begin(app, "Two items, one label");
    unknown_head(app, &page, ui_text_f(ui, "Label %s is on more than one item", route->text2),
                 "They were registered while the kiosks could not talk. Choose the one in your "
                 "hand, then give the other "
                 "one a new label.");
    struct item *items = NULL;
    size_t count = 0;
    struct why why;
    if (query_label(&app->store, route->text, ui_arena(ui), &items, &count, &why) != ERR_OK) {
        page_fault(app, page, "The label could not be looked up", &why);
        return;
    }
    int tapped = parts_tiles(app, page, "items", items, count, 1, clash_tile);
    if (tapped >= 0)
        router_push(app, "item", &(struct route){ .item = items[tapped].id });
}

const struct screen screen_clash = { .id = "clash", .frame = clash_frame };
