/* A file that belongs to a record, onto a stick or to a printer. It says what was done and never that paper came out. */
#include "app/screens/shown.h"
#include "platform/base/str.h"
#include "platform/printer.h"

enum { SEND_ARENA_MAX = 1024 * 1024 };

struct send_state {
    struct arena arena, stick_arena;
    struct file_info info;
    const char *const *printers;
    size_t printer_count;
    struct app_sticks sticks;
};

static void send_look(struct send_state *s)
{
    arena_reset(&s->stick_arena);
    app_sticks(&s->stick_arena, &s->sticks);
}

static void send_enter(struct app *app, void *state)
{
    struct send_state *s = state;
    const struct files files = app_attached(app);
    arena_init(&s->arena, SEND_ARENA_MAX);
    arena_init(&s->stick_arena, SEND_ARENA_MAX);
    if (files_info(&files, router_top(app)->route.text, &s->info, NULL) != ERR_OK)
        s->info.state = FILES_NONE;
    /* A table is for a computer: printed as it is, nobody can read it. */
    if (s->info.type == FILES_CSV ||
        printer_list(&s->arena, &s->printers, &s->printer_count, NULL) != ERR_OK)
        s->printer_count = 0;
    send_look(s);
}

static void send_leave(struct app *app, void *state)
{
    (void)app;
    struct send_state *s = state;
    arena_done(&s->arena);
    arena_done(&s->stick_arena);
}

static const char *send_name(struct app *app)
{
    const struct route *route = &router_top(app)->route;
    return route->doc != NULL && route->doc[0] != '\0' ? route->doc
           : route->text2 != NULL                      ? route->text2
                                                       : "";
}

static void send_copy(struct app *app, const char *name, const char *folder)
{
    struct why why = { 0 };
    if (app_copy_file(app, router_top(app)->route.text, send_name(app), folder, &why) == ERR_OK)
        app_toast(app, TONE_GOOD, "Copied to the stick %s", name);
    else
        app_toast(app, TONE_BAD, "Not copied: %s", why.text);
}

static void send_print(struct app *app, const char *printer)
{
    const struct files files = app_attached(app);
    char path[FS_PATH_MAX];
    struct why why = { 0 };
    enum err rc = files_path(&files, router_top(app)->route.text, path, &why);
    if (rc == ERR_OK)
        rc = printer_send(printer, send_name(app), "", path, &why);
    if (rc == ERR_OK)
        app_toast(app, TONE_GOOD, "Handed to the printer %s", printer);
    else
        app_toast(app, TONE_BAD, "Not printed: %s", why.text);
}

static void send_sticks(struct app *app, struct send_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    struct ui_tile look = { .id = "look",
                            .title = "Copy to a stick",
                            .words = "Plug it in, then tap here.",
                            .icon = ICON_USB };
    for (size_t i = 0; i < s->sticks.count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "stick-%zu", i),
                                .title = ui_text_f(ui, "Copy to the stick %s", s->sticks.names[i]),
                                .icon = ICON_USB };
        if (parts_row(app, list, &tile))
            send_copy(app, s->sticks.names[i], s->sticks.paths[i]);
    }
    if (s->sticks.count > 0 || !parts_row(app, list, &look))
        return;
    send_look(s);
    if (s->sticks.count == 0)
        app_toast(app, TONE_INFO, "No stick yet. Leave it in for a moment, then tap again.");
}

static void send_frame(struct app *app, void *state)
{
    struct send_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Send it on");
    struct ui_scroll list = ui_scroll_begin(ui, page, "ways");
    const char *title = router_top(app)->route.text2;
    parts_head(app, &list, "title", title == NULL ? "" : title);
    for (size_t i = 0; i < s->printer_count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "printer-%zu", i),
                                .title = ui_text_f(ui, "Print on %s", s->printers[i]),
                                .icon = ICON_PRINT };
        if (parts_row(app, &list, &tile))
            send_print(app, s->printers[i]);
    }
    send_sticks(app, s, &list);
    parts_words(app, &list, "kept",
                ui_text_f(ui, "It stays with its record. IT finds it on this kiosk by %.16s…",
                          s->info.hash),
                TONE_MUTED);
    ui_scroll_end(ui, &list);
}

const struct screen screen_send_on = {
    .id = "send_on",
    .state_size = sizeof(struct send_state),
    .enter = send_enter,
    .frame = send_frame,
    .leave = send_leave,
};
