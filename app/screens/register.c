/* New equipment in four short questions: what kind, what is it called, where is it kept, anything on its plate. */
#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/str.h"

struct register_state {
    char kind[64];
    char name[96], room[96], shelf[48], detail[96];
    bool pending, named,
        roomed; /* named, roomed: the person wrote these, so nothing is put in for them */
};

static void register_record(struct app *app, struct register_state *s)
{
    struct item_draft draft = {
        .label = router_top(app)->route.text,
        .kind = s->kind,
        .name = s->name,
        .detail = s->detail,
        .room = s->room,
        .shelf = s->shelf,
        .maker = "",
        .model = "",
        .serial = "",
    };
    char id[KEYS_RANDOM_ID];
    struct why why;
    if (store_register_item(&app->store, app->now, app->session.person, &draft, id, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. What you typed is still here.", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: %s is on the register", s->name);
    app_changed(app);
    router_home(app);
    router_push(app, "item", &(struct route){ .item = id });
}

static void register_kinds(struct app *app, struct register_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    size_t count = 0;
    const struct kind *kinds = content_kinds(app->content, &count);
    int columns = ui_portrait(ui) || app->opt.large ? 1 : 2;
    int gap = ui_gap(ui);
    for (size_t i = 0; i < count; i += (size_t)columns) {
        struct rect row = ui_scroll_row(list, page_target(app) + ui_mm_y(ui, 2));
        for (size_t k = i; k < count && k < i + (size_t)columns; k++) {
            bool on = str_eq(s->kind, kinds[k].id);
            struct ui_tile tile = { .id = kinds[k].id,
                                    .title = kinds[k].name,
                                    .icon = kinds[k].icon,
                                    .card = on ? CARD_SELECTED : CARD_PLAIN };
            if (!ui_tile(ui, ui_col(row, (int)(k - i), columns, gap), &tile))
                continue;
            (void)str_copy(s->kind, sizeof s->kind, kinds[k].id);
            if (!s->named)
                (void)str_copy(s->name, sizeof s->name, kinds[k].name);
        }
        ui_scroll_space(list, gap);
    }
}

static void register_sign(struct app *app, struct register_state *s)
{
    if (session_in(&app->session)) {
        register_record(app, s);
        return;
    }
    s->pending = true;
    router_push(app, "sign_in", NULL);
}

static void register_frame(struct app *app, void *state)
{
    struct register_state *s = state;
    struct ui *ui = app->ui;
    if (s->pending) {
        s->pending = false;
        if (session_in(&app->session))
            register_record(app, s);
    }
    if (s->room[0] == '\0' && !s->roomed)
        (void)str_copy(s->room, sizeof s->room, app->room);
    struct rect page = page_begin(app, ui_text_f(ui, "Register %s", router_top(app)->route.text));
    if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, page_primary(app));
        (void)ui_cut_bottom(&page, ui_gap(ui));
        bool whole = s->kind[0] != '\0' && s->name[0] != '\0';
        if (!whole)
            (void)ui_button_off(ui, foot, "record", "Record", ICON_SAVE,
                                s->kind[0] == '\0' ? "Choose what kind of equipment it is first."
                                                   : "Give it a name first.");
        else if (ui_button(ui, foot, "record", "Record", ICON_SAVE, UI_PRIMARY))
            register_sign(app, s);
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "questions");
    struct rect head = ui_scroll_row(&list, ui_line_height(ui, SIZE_BODY));
    (void)ui_label(ui, head, "kind_label", "1  What kind is it?", SIZE_BODY, FONT_SEMIBOLD,
                   TONE_PLAIN, ALIGN_LEFT);
    register_kinds(app, s, &list);
    if (parts_field(app, &list, "name", "2  What is it called?", KEYBOARD_TEXT, s->name,
                    sizeof s->name))
        s->named = true;
    if (parts_field(app, &list, "room", "3  Which room is it kept in?", KEYBOARD_TEXT, s->room,
                    sizeof s->room))
        s->roomed = true;
    (void)parts_field(app, &list, "shelf", "Shelf or cupboard", KEYBOARD_TEXT, s->shelf,
                      sizeof s->shelf);
    (void)parts_field(app, &list, "detail", "4  Anything that tells it apart (size, maker, serial)",
                      KEYBOARD_TEXT, s->detail, sizeof s->detail);
    ui_scroll_end(ui, &list);
}

const struct screen screen_register = {
    .id = "register",
    .state_size = sizeof(struct register_state),
    .frame = register_frame,
    .stays = true,
};
