/* New equipment: its kind was chosen; what is it called, where is it kept, anything on its plate. The form that a thing of
   its kind begins its life with is opened afterwards. */
#include <string.h>

#include "app/screens/places.h"
#include "platform/base/str.h"

struct register_state {
    struct arena arena;
    struct places places;
    char name[96], room[96], shelf[48], school[96], detail[96];
    bool pending, more; /* more: others like it are registered next */
};

static void register_enter(struct app *app, void *state)
{
    struct register_state *s = state;
    arena_init(&s->arena, 8 * 1024 * 1024);
    const struct kind *kind = content_kind(app->content, router_top(app)->route.form);
    places_read(app, &s->arena, &s->places);
    (void)str_copy(s->name, sizeof s->name, kind == NULL ? "" : kind->name);
    (void)str_copy(s->room, sizeof s->room, app->room);
    (void)str_copy(s->school, sizeof s->school, places_school(app, &s->arena));
}

static void register_leave(struct app *app, void *state)
{
    (void)app;
    struct register_state *s = state;
    arena_done(&s->arena);
}

/* The birth form of the kind, NULL when it has none. */
static const char *register_birth(struct app *app, const char *kind)
{
    size_t count = 0;
    const struct form_brief *const *forms = content_forms_for(app->content, kind, &count);
    for (size_t i = 0; i < count; i++)
        if (forms[i]->birth)
            return forms[i]->id;
    return NULL;
}

static void register_record(struct app *app, struct register_state *s)
{
    const struct route *route = &router_top(app)->route;
    struct item_draft draft = {
        .label = route->text,
        .kind = route->form,
        .name = s->name,
        .detail = s->detail,
        .room = s->room,
        .shelf = s->shelf,
        .school = s->school,
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
    const char *birth = register_birth(app, route->form);
    router_home(app);
    router_push(app, "item", &(struct route){ .item = id });
    if (s->more)
        router_push(app, "many", &(struct route){ .item = id });
    else if (birth != NULL)
        router_push(app, "check", &(struct route){ .item = id, .form = birth });
}

static void register_foot(struct app *app, struct register_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    if (ui_keyboard_open(ui))
        return;
    int gap = ui_gap(ui);
    struct rect foot = ui_cut_bottom(page, page_primary(app));
    (void)ui_cut_bottom(page, gap);
    struct rect more = ui_cut_left(&foot, (foot.w - gap) * 40 / 100);
    (void)ui_cut_left(&foot, gap);
    bool again = false;
    bool once = false;
    if (s->name[0] == '\0') {
        (void)ui_button_off(ui, more, "more", "And more like it", ICON_ADD,
                            "Give it a name first.");
        (void)ui_button_off(ui, foot, "record", "Record", ICON_SAVE, "Give it a name first.");
    } else {
        again = ui_button(ui, more, "more", "And more like it", ICON_ADD, UI_PLAIN);
        once = ui_button(ui, foot, "record", "Record", ICON_SAVE, UI_PRIMARY);
    }
    if (!again && !once)
        return;
    s->more = again;
    if (parts_sign(app, &s->pending, 0, "New equipment"))
        register_record(app, s);
}

static void register_frame(struct app *app, void *state)
{
    struct register_state *s = state;
    struct ui *ui = app->ui;
    const struct route *route = &router_top(app)->route;
    if (parts_signed(app, &s->pending, 0))
        register_record(app, s);
    bool labelled = route->text != NULL && route->text[0] != '\0';
    struct rect page = page_begin(app, labelled ? ui_text_f(ui, "Register %s", route->text)
                                                : "Register without a label");
    register_foot(app, s, &page);
    struct ui_scroll list = ui_scroll_begin(ui, page, "questions");
    const struct kind *kind = content_kind(app->content, route->form);
    struct ui_tile what = { .id = "kind",
                            .title = kind == NULL ? route->form : kind->name,
                            .words = "Tap to choose another kind",
                            .icon = kind == NULL || kind->icon == 0 ? ICON_TAG : kind->icon,
                            .card = CARD_SELECTED };
    if (parts_row(app, &list, &what))
        router_pop(app);
    (void)parts_field(app, &list, "name", "What is it called?", KEYBOARD_TEXT, s->name,
                      sizeof s->name);
    (void)parts_field(app, &list, "detail", "What tells it apart (size, maker, serial)",
                      KEYBOARD_TEXT, s->detail, sizeof s->detail);
    (void)parts_field(app, &list, "shelf", "Shelf or cupboard", KEYBOARD_TEXT, s->shelf,
                      sizeof s->shelf);
    (void)parts_field(app, &list, "room", "Which room is it kept in? Write it, or choose it",
                      KEYBOARD_TEXT, s->room, sizeof s->room);
    (void)places_picks(app, &list, "room", s->places.rooms, s->places.room_count, s->room,
                       sizeof s->room);
    if (s->places.school_count > 1) {
        parts_head(app, &list, "schools", "Which school is it at?");
        (void)places_picks(app, &list, "school", s->places.schools, s->places.school_count,
                           s->school, sizeof s->school);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_register = {
    .id = "register",
    .state_size = sizeof(struct register_state),
    .enter = register_enter,
    .frame = register_frame,
    .leave = register_leave,
    .stays = true,
};
