#include "app/screens/ways.h"

#include "platform/printer.h"

enum { WAYS_ARENA_MAX = 1024 * 1024 };

static void ways_look(struct ways *w)
{
    arena_reset(&w->stick_arena);
    app_sticks(&w->stick_arena, &w->sticks);
}

void ways_begin(struct ways *w, bool printers)
{
    arena_init(&w->arena, WAYS_ARENA_MAX);
    arena_init(&w->stick_arena, WAYS_ARENA_MAX);
    if (!printers || printer_list(&w->arena, &w->printers, &w->printer_count, NULL) != ERR_OK)
        w->printer_count = 0;
    ways_look(w);
}

void ways_end(struct ways *w)
{
    arena_done(&w->arena);
    arena_done(&w->stick_arena);
}

const char *ways_printer(struct app *app, const struct ways *w, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const char *tapped = NULL;
    for (size_t i = 0; i < w->printer_count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "printer-%zu", i),
                                .title = ui_text_f(ui, "Print on %s", w->printers[i]),
                                .icon = ICON_PRINT };
        if (parts_row(app, list, &tile))
            tapped = w->printers[i];
    }
    return tapped;
}

int ways_stick(struct app *app, struct ways *w, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    int tapped = PARTS_NONE;
    struct ui_tile look = { .id = "look",
                            .title = "Copy to a stick",
                            .words = "Plug it in, then tap here.",
                            .icon = ICON_USB };
    for (size_t i = 0; i < w->sticks.count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "stick-%zu", i),
                                .title = ui_text_f(ui, "Copy to the stick %s", w->sticks.names[i]),
                                .icon = ICON_USB };
        if (parts_row(app, list, &tile))
            tapped = (int)i;
    }
    if (w->sticks.count > 0 || !parts_row(app, list, &look))
        return tapped;
    ways_look(w);
    if (w->sticks.count == 0)
        app_toast(app, TONE_INFO, "No stick yet. Leave it in for a moment, then tap again.");
    return PARTS_NONE;
}

void ways_printed(struct app *app, enum err rc, const char *printer, const struct why *why)
{
    if (rc == ERR_OK)
        app_toast(app, TONE_GOOD, "Handed to the printer %s", printer);
    else
        app_toast(app, TONE_BAD, "Not printed: %s", why->text);
}

void ways_copied(struct app *app, enum err rc, const char *stick, const struct why *why)
{
    if (rc == ERR_OK)
        app_toast(app, TONE_GOOD, "Copied to the stick %s", stick);
    else
        app_toast(app, TONE_BAD, "Not copied: %s", why->text);
}
