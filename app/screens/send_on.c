/* A file that belongs to a record, onto a stick or to a printer. It says what was done and never that paper came out. */
#include "app/screens/shown.h"
#include "app/screens/ways.h"
#include "platform/base/str.h"
#include "platform/printer.h"

struct send_state {
    struct file_info info;
    struct ways ways;
};

static void send_enter(struct app *app, void *state)
{
    struct send_state *s = state;
    const struct files files = app_attached(app);
    if (files_info(&files, router_top(app)->route.text, &s->info, NULL) != ERR_OK)
        s->info.state = FILES_NONE;
    /* A table is for a computer: printed as it is, nobody can read it. */
    ways_begin(&s->ways, s->info.type != FILES_CSV);
}

static void send_leave(struct app *app, void *state)
{
    (void)app;
    struct send_state *s = state;
    ways_end(&s->ways);
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
    enum err rc = app_copy_file(app, router_top(app)->route.text, send_name(app), folder, &why);
    ways_copied(app, rc, name, &why);
}

static void send_print(struct app *app, const char *printer)
{
    const struct files files = app_attached(app);
    char path[FS_PATH_MAX];
    struct why why = { 0 };
    enum err rc = files_path(&files, router_top(app)->route.text, path, &why);
    if (rc == ERR_OK)
        rc = printer_send(printer, send_name(app), "", path, &why);
    ways_printed(app, rc, printer, &why);
}

static void send_frame(struct app *app, void *state)
{
    struct send_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Send it on");
    struct ui_scroll list = ui_scroll_begin(ui, page, "ways");
    const char *title = router_top(app)->route.text2;
    parts_head(app, &list, "title", title == NULL ? "" : title);
    const char *printer = ways_printer(app, &s->ways, &list);
    if (printer != NULL)
        send_print(app, printer);
    int stick = ways_stick(app, &s->ways, &list);
    if (stick != PARTS_NONE)
        send_copy(app, s->ways.sticks.names[stick], s->ways.sticks.paths[stick]);
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
