/* Joining a hub: by the code that IT gives, scanned as a QR or typed. */
#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/str.h"

struct join_state {
    bool ready, asked, told;
    char hub[256], code[40], key[65], name[64];
};

static void join_fill(struct app *app, struct join_state *s)
{
    const struct route *route = &router_top(app)->route;
    const char *hub = route->text2 != NULL   ? route->text2
                      : app->opt.hub != NULL ? app->opt.hub
                                             : "";
    (void)str_copy(s->hub, sizeof s->hub, hub);
    (void)str_copy(s->code, sizeof s->code, route->text == NULL ? "" : route->text);
    (void)str_copy(s->key, sizeof s->key, route->event == NULL ? "" : route->event);
    (void)str_copy(s->name, sizeof s->name, app->room[0] == '\0' ? "Kiosk" : app->room);
    s->ready = true;
}

static void join_foot(struct app *app, struct join_state *s, struct rect r, bool busy)
{
    struct ui *ui = app->ui;
    if (busy)
        (void)ui_button_off(ui, r, "go", "Joining…", ICON_SYNC,
                            "The hub is being asked. This takes a few seconds.");
    else if (s->hub[0] == '\0' || s->code[0] == '\0')
        (void)ui_button_off(ui, r, "go", "Join this hub", ICON_LINK,
                            "The hub's address and the code are both needed.");
    else if (ui_button(ui, r, "go", "Join this hub", ICON_LINK, UI_PRIMARY)) {
        s->asked = true;
        s->told = false;
        worker_enrol(app->worker, s->hub, s->code, s->key, s->name);
    }
}

static void join_result(struct app *app, struct join_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    struct why why = { .sys = 0 };
    enum worker_enrolled result = worker_enrol_result(app->worker, &why);
    if (!s->asked || result != WORKER_ENROL_FAILED)
        return;
    if (!s->told)
        app_toast(app, TONE_BAD, "Not joined: %s", why.text);
    s->told = true;
    const char *words = ui_text_f(ui, "Not joined: %s", why.text);
    int h = ui_para_height(ui, list->view.w - 2 * ui_gap(ui), words, SIZE_BODY, FONT_SEMIBOLD) +
            2 * ui_gap(ui);
    struct rect r = ui_scroll_row(list, h);
    ui_card(ui, r, CARD_BAD);
    (void)ui_para(ui, ui_inset(r, ui_gap(ui), ui_gap(ui)), "fault", words, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_BAD);
    ui_scroll_space(list, ui_gap(ui));
}

static void join_frame(struct app *app, void *state)
{
    struct join_state *s = state;
    struct ui *ui = app->ui;
    if (!s->ready)
        join_fill(app, s);
    enum worker_enrolled result = worker_enrol_result(app->worker, NULL);
    struct rect page = page_begin(app, "Join a hub");
    if (s->asked && result == WORKER_ENROL_DONE) {
        s->asked = false;
        app_toast(app, TONE_GOOD, "Joined. Records are sent by themselves from now on.");
        app_changed(app);
        router_home(app);
        router_push(app, "sync", NULL);
    }
    if (!ui_keyboard_open(ui)) {
        join_foot(app, s, ui_cut_bottom(&page, page_primary(app)),
                  s->asked && result == WORKER_ENROL_BUSY);
        (void)ui_cut_bottom(&page, ui_gap(ui));
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "fields");
    join_result(app, s, &list);
    const char *words =
        "Scan the code that IT shows you, or type it. What was recorded here so far goes along.";
    int h = ui_para_height(ui, list.view.w, words, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_scroll_row(&list, h), "words", words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
    ui_scroll_space(&list, ui_gap(ui));
    (void)parts_field(app, &list, "code", "Code", KEYBOARD_CODE, s->code, sizeof s->code);
    (void)parts_field(app, &list, "hub", "Address of the hub", KEYBOARD_TEXT, s->hub,
                      sizeof s->hub);
    (void)parts_field(app, &list, "name", "This kiosk is called", KEYBOARD_TEXT, s->name,
                      sizeof s->name);
    struct ui_tile network = { .id = "network",
                               .title = "Network and proxy",
                               .words = "Where the school's network wants a proxy",
                               .icon = ICON_LINK };
    if (parts_row(app, &list, &network))
        router_push(app, "network", NULL);
    ui_scroll_end(ui, &list);
}

const struct screen screen_join = {
    .id = "join",
    .state_size = sizeof(struct join_state),
    .frame = join_frame,
    .stays = true,
};
