/* Many of one kind: label after label is scanned, and each becomes an item like the one shown, with the next number in its
   name. Nothing else is asked. */
#include <string.h>

#include "app/screens/change.h"
#include "app/screens/places.h"
#include "platform/base/str.h"

enum { MANY_SHOWN = 200 };

struct many_state {
    bool failed, begun;
    struct why why;
    struct arena arena;
    struct item like; /* route.item; only the kind without one */
    struct places places;
    char base[96], room[96], shelf[48], typed[LABEL_MAX + 1];
    unsigned next;
    char labels[MANY_SHOWN][LABEL_MAX + 1];
    char names[MANY_SHOWN][112];
    size_t count;
};

static void many_enter(struct app *app, void *state)
{
    struct many_state *s = state;
    const struct route *route = &router_top(app)->route;
    arena_init(&s->arena, 8 * 1024 * 1024);
    places_read(app, &s->arena, &s->places);
    if (route->item != NULL) {
        s->failed = query_item(&app->store, route->item, &s->arena, &s->like, &s->why) != ERR_OK;
    } else {
        const struct kind *kind = content_kind(app->content, route->form);
        s->like = (struct item){ .id = "",
                                 .kind = route->form,
                                 .name = kind == NULL ? route->form : kind->name,
                                 .detail = "",
                                 .room = app->room,
                                 .shelf = "",
                                 .maker = "",
                                 .model = "",
                                 .school = places_school(app, &s->arena) };
    }
    if (s->failed)
        return;
    s->next = change_next_number(app, s->like.name, s->base, sizeof s->base);
    (void)str_copy(s->room, sizeof s->room, s->like.room);
    (void)str_copy(s->shelf, sizeof s->shelf, s->like.shelf);
}

static void many_leave(struct app *app, void *state)
{
    (void)app;
    struct many_state *s = state;
    arena_done(&s->arena);
}

static void many_record(struct app *app, struct many_state *s, const char *label)
{
    char name[112];
    char id[KEYS_RANDOM_ID];
    struct why why;
    (void)str_copy(name, sizeof name, ui_text_f(app->ui, "%s %u", s->base, s->next));
    struct item_draft draft = {
        .label = label,
        .kind = s->like.kind,
        .name = name,
        .detail = s->like.detail,
        .room = s->room,
        .shelf = s->shelf,
        .maker = s->like.maker,
        .model = s->like.model,
        .school = s->like.school,
        /* Not the serial number and not the facts: those are each thing's own. */
    };
    if (store_register_item(&app->store, app->now, app->session.person, &draft, id, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: %s is %s", label, name);
    app_changed(app);
    s->begun = true;
    s->next++;
    if (s->count == MANY_SHOWN)
        return;
    (void)str_copy(s->labels[s->count], sizeof s->labels[0], label);
    (void)str_copy(s->names[s->count++], sizeof s->names[0], name);
}

static bool many_scan(struct app *app, void *state, const struct thing *thing)
{
    struct many_state *s = state;
    struct item *items = NULL;
    size_t count = 0;
    struct why why;
    if (s->failed || thing->kind != THING_LABEL)
        return false;
    if (query_label(&app->store, thing->code, &app->scratch, &items, &count, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "The label could not be looked up: %s", why.text);
    else if (count > 0)
        app_toast(app, TONE_INFO, "%s is on %s already", thing->shown, items[0].name);
    else if (!session_in(&app->session))
        app_toast(app, TONE_INFO, "Hold up your badge first, then the labels");
    else
        many_record(app, s, thing->code);
    return true;
}

static void many_rows(struct app *app, const struct many_state *s, struct ui_scroll *list)
{
    for (size_t i = s->count; i > 0; i--)
        parts_line(app, list, ui_text_f(app->ui, "done%zu", i - 1), s->names[i - 1],
                   s->labels[i - 1], TONE_PLAIN);
}

static void many_frame(struct app *app, void *state)
{
    struct many_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Many of one kind");
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    bool in = session_in(&app->session);
    if (!in) {
        if (parts_foot(app, &page, "sign_in", "Sign in", ICON_LOGIN, NULL))
            router_push(app, "sign_in", &(struct route){ .text = "New equipment" });
    } else if (parts_foot(app, &page, "done", ui_text_f(ui, "Done (%zu)", s->count), ICON_CHECK,
                          NULL)) {
        router_pop(app);
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "many");
    struct ui_tile next = { .id = "next",
                            .title = in ? ui_text_f(ui, "Next: %s %u", s->base, s->next)
                                        : "Sign in, then scan label after label",
                            .words = "Scan a label that is on nothing yet",
                            .icon = ICON_QR_SCAN,
                            .card = CARD_INFO };
    if (parts_row(app, &list, &next))
        app_toast(app, TONE_INFO, "Hold the next label up to the camera, or type it below");
    bool entered = false;
    struct ui_field label = { .id = "label",
                              .label = "Label",
                              .placeholder = "Or type the label",
                              .keyboard = KEYBOARD_CODE,
                              .icon = ICON_TAG };
    (void)ui_field(ui, ui_scroll_row(&list, ui_field_height(ui)), &label, s->typed, sizeof s->typed,
                   &entered);
    ui_scroll_space(&list, ui_gap(ui));
    if (entered && s->typed[0] != '\0') {
        app_enter_code(app, s->typed, strlen(s->typed), SYM_NONE);
        s->typed[0] = '\0';
    }
    many_rows(app, s, &list);
    ui_scroll_space(&list, ui_gap(ui));
    (void)parts_field(app, &list, "name", "Called, with a number after it", KEYBOARD_TEXT, s->base,
                      sizeof s->base);
    (void)parts_field(app, &list, "shelf", "Shelf or cupboard", KEYBOARD_TEXT, s->shelf,
                      sizeof s->shelf);
    (void)parts_field(app, &list, "room", "Room", KEYBOARD_TEXT, s->room, sizeof s->room);
    (void)places_picks(app, &list, "room", s->places.rooms, s->places.room_count, s->room,
                       sizeof s->room);
    ui_scroll_end(ui, &list);
}

const struct screen screen_many = {
    .id = "many",
    .state_size = sizeof(struct many_state),
    .enter = many_enter,
    .frame = many_frame,
    .leave = many_leave,
    .scan = many_scan,
    .stays = true,
};
