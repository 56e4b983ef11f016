/* A sheet is ready: to a printer, to a stick, or kept here. It says what was done and never that paper came out. */
#include "app/screens/parts.h"
#include "platform/base/str.h"
#include "platform/printer.h"

struct print_state {
    struct arena arena;
    const char *const *printers;
    size_t printer_count;
    struct app_sticks sticks;
    char person[40]; /* whose sheet it is */
};

static void print_enter(struct app *app, void *state)
{
    struct print_state *s = state;
    (void)str_copy(s->person, sizeof s->person, app->session.person);
    arena_init(&s->arena, 1024 * 1024);
    if (printer_list(&s->arena, &s->printers, &s->printer_count, NULL) != ERR_OK)
        s->printer_count = 0;
    app_sticks(&s->arena, &s->sticks);
}

static void print_leave(struct app *app, void *state)
{
    struct print_state *s = state;
    if (app->print.own)
        app_print_drop(app);
    arena_done(&s->arena);
}

static void print_send(struct app *app, const char *printer)
{
    struct why why = { 0 };
    if (printer_send(printer, app->print.title, app->print.file, &why) == ERR_OK)
        app_toast(app, TONE_GOOD, "Handed to the printer %s", printer);
    else
        app_toast(app, TONE_BAD, "Not printed: %s", why.text);
}

static void print_copy(struct app *app, const char *name, const char *folder)
{
    struct why why = { 0 };
    if (app_print_copy(app, folder, &why) == ERR_OK)
        app_toast(app, TONE_GOOD, "Copied to the stick %s", name);
    else
        app_toast(app, TONE_BAD, "Not copied: %s", why.text);
}

static void print_ways(struct app *app, const struct print_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->printer_count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "printer-%zu", i),
                                .title = ui_text_f(ui, "Print on %s", s->printers[i]),
                                .icon = ICON_PRINT };
        if (parts_row(app, list, &tile))
            print_send(app, s->printers[i]);
    }
    for (size_t i = 0; i < s->sticks.count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "stick-%zu", i),
                                .title = ui_text_f(ui, "Copy to the stick %s", s->sticks.names[i]),
                                .icon = ICON_USB };
        if (parts_row(app, list, &tile))
            print_copy(app, s->sticks.names[i], s->sticks.paths[i]);
    }
    if (s->printer_count == 0)
        parts_words(app, list, "none",
                    s->sticks.count > 0
                        ? "No printer is set up on this kiosk."
                        : "No printer is set up on this kiosk. Plug in a stick and come back to "
                          "this page, or ask whoever looks after the kiosk to set up a printer.",
                    TONE_MUTED);
}

static void print_frame(struct app *app, void *state)
{
    struct print_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Print");
    if (app->print.own && !str_eq(s->person, app->session.person)) {
        /* Another badge was held up: what lies ready is not theirs. */
        router_pop(app);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "ways");
    parts_head(app, &list, "title", app->print.title);
    parts_words(app, &list, "ready",
                ui_text_f(ui, "The sheet is ready: %d page%s of A4. It is kept on this kiosk%s.",
                          app->print.pages, app->print.pages == 1 ? "" : "s",
                          app->print.own ? " until you leave this page" : ""),
                TONE_PLAIN);
    print_ways(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_print = {
    .id = "print",
    .state_size = sizeof(struct print_state),
    .enter = print_enter,
    .frame = print_frame,
    .leave = print_leave,
};
