#include "app/screens/change.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/screens/places.h"
#include "platform/base/str.h"

struct item_draft change_draft(const struct item *item)
{
    return (struct item_draft){
        .id = item->id,
        .label = item->label,
        .kind = item->kind,
        .name = item->name,
        .detail = item->detail,
        .room = item->room,
        .shelf = item->shelf,
        .maker = item->maker,
        .model = item->model,
        .serial = item->serial,
        .retired = item->retired,
        .lost = item->lost,
        .replaces = item->event,
        /* School, kit, reason and facts stay NULL: the store keeps what the replaced line says. */
    };
}

bool change_record(struct app *app, const struct item_draft *draft, const char *said)
{
    char id[KEYS_RANDOM_ID];
    struct why why;
    if (store_register_item(&app->store, app->now, app->session.person, draft, id, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. Nothing was changed.", why.text);
        return false;
    }
    app_toast(app, TONE_GOOD, "Recorded: %s", said);
    app_changed(app);
    return true;
}

static size_t change_base_len(const char *name)
{
    size_t len = strlen(name);
    size_t digits = 0;
    while (digits < len && isdigit((unsigned char)name[len - digits - 1]))
        digits++;
    bool number = digits > 0 && digits <= 4 && digits < len && name[len - digits - 1] == ' ';
    return number ? len - digits - 1 : len;
}

unsigned change_next_number(struct app *app, const char *name, char *base, size_t size)
{
    struct item *items = NULL;
    size_t count = 0;
    size_t len = change_base_len(name);
    unsigned highest = 0;
    (void)str_copy(base, size, ui_text_f(app->ui, "%.*s", (int)len, name));
    if (query_items(&app->store, "", &app->scratch, &items, &count, NULL) != ERR_OK)
        return 1;
    for (size_t i = 0; i < count; i++) {
        size_t other = change_base_len(items[i].name);
        if (other != len || strncmp(items[i].name, name, len) != 0)
            continue;
        unsigned n =
            items[i].name[other] == '\0' ? 1 : (unsigned)strtoul(items[i].name + other, NULL, 10);
        highest = n > highest ? n : highest;
    }
    return highest + 1;
}

/* ---- move: where is it kept now? ---- */

struct move_state {
    bool open, failed, pending;
    struct why why;
    struct arena arena;
    struct item item;
    struct places places;
    char room[96], shelf[48], school[96];
};

static void move_enter(struct app *app, void *state)
{
    struct move_state *s = state;
    arena_init(&s->arena, 8 * 1024 * 1024);
    s->failed = query_item(&app->store, router_top(app)->route.item, &s->arena, &s->item,
                           &s->why) != ERR_OK;
    if (s->failed)
        return;
    places_read(app, &s->arena, &s->places);
    (void)str_copy(s->room, sizeof s->room, s->item.room);
    (void)str_copy(s->shelf, sizeof s->shelf, s->item.shelf);
    (void)str_copy(s->school, sizeof s->school, s->item.school);
}

static void move_leave(struct app *app, void *state)
{
    (void)app;
    struct move_state *s = state;
    arena_done(&s->arena);
}

/* The label of a room leads to that room; the label of anything else to where that is kept. */
static bool move_scan(struct app *app, void *state, const struct thing *thing)
{
    struct move_state *s = state;
    struct item *items = NULL;
    size_t count = 0;
    if (s->failed || thing->kind != THING_LABEL)
        return false;
    if (query_label(&app->store, thing->code, &app->scratch, &items, &count, NULL) != ERR_OK ||
        count != 1) {
        app_toast(app, TONE_INFO, "%s is not on the register: choose the room here", thing->shown);
        return true;
    }
    const struct kind *kind = content_kind(app->content, items[0].kind);
    if (str_eq(items[0].id, s->item.id))
        return true;
    bool room = kind != NULL && str_eq(kind->group, "Premises");
    (void)str_copy(s->room, sizeof s->room, room ? items[0].name : items[0].room);
    (void)str_copy(s->shelf, sizeof s->shelf, room ? "" : items[0].shelf);
    app_toast(app, TONE_INFO, room ? "The room is %s" : "Kept where %s is", items[0].name);
    return true;
}

static void move_record(struct app *app, struct move_state *s)
{
    struct item_draft draft = change_draft(&s->item);
    draft.room = s->room;
    draft.shelf = s->shelf;
    draft.school = s->school;
    if (change_record(app, &draft,
                      ui_text_f(app->ui, "%s is kept in %s now", s->item.name,
                                s->room[0] == '\0' ? "no room" : s->room)))
        router_pop(app);
}

static void move_frame(struct app *app, void *state)
{
    struct move_state *s = state;
    struct ui *ui = app->ui;
    if (parts_signed(app, &s->pending, 0))
        move_record(app, s);
    struct rect page = page_begin(app, s->failed ? "Move" : ui_text_f(ui, "Move %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    bool same = str_eq(s->room, s->item.room) && str_eq(s->shelf, s->item.shelf) &&
                str_eq(s->school, s->item.school);
    if (parts_foot(app, &page, "record", "Record the move", ICON_PLACE,
                   same ? "This is where it is kept already." : NULL) &&
        parts_sign(app, &s->pending, 0, "Move"))
        move_record(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "where");
    (void)parts_field(app, &list, "room", "Room: write it, choose it, or scan something kept there",
                      KEYBOARD_TEXT, s->room, sizeof s->room);
    (void)parts_field(app, &list, "shelf", "Shelf or cupboard", KEYBOARD_TEXT, s->shelf,
                      sizeof s->shelf);
    if (places_picks(app, &list, "room", s->places.rooms, s->places.room_count, s->room,
                     sizeof s->room) &&
        !str_eq(s->room, s->item.room))
        s->shelf[0] = '\0';
    if (s->places.school_count > 1) {
        parts_head(app, &list, "schools", "School");
        (void)places_picks(app, &list, "school", s->places.schools, s->places.school_count,
                           s->school, sizeof s->school);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_move = {
    .id = "move",
    .state_size = sizeof(struct move_state),
    .enter = move_enter,
    .frame = move_frame,
    .leave = move_leave,
    .scan = move_scan,
    .stays = true,
};

/* ---- edit: what it is ---- */

struct edit_state {
    bool failed, pending;
    struct why why;
    struct arena arena;
    struct item item;
    char name[96], detail[96], maker[96], model[96], serial[96], school[96];
};

static void edit_enter(struct app *app, void *state)
{
    struct edit_state *s = state;
    arena_init(&s->arena, 1024 * 1024);
    s->failed = query_item(&app->store, router_top(app)->route.item, &s->arena, &s->item,
                           &s->why) != ERR_OK;
    if (s->failed)
        return;
    (void)str_copy(s->name, sizeof s->name, s->item.name);
    (void)str_copy(s->detail, sizeof s->detail, s->item.detail);
    (void)str_copy(s->maker, sizeof s->maker, s->item.maker);
    (void)str_copy(s->model, sizeof s->model, s->item.model);
    (void)str_copy(s->serial, sizeof s->serial, s->item.serial);
    (void)str_copy(s->school, sizeof s->school, s->item.school);
}

static void edit_leave(struct app *app, void *state)
{
    (void)app;
    struct edit_state *s = state;
    arena_done(&s->arena);
}

static void edit_record(struct app *app, struct edit_state *s)
{
    struct item_draft draft = change_draft(&s->item);
    draft.name = s->name;
    draft.detail = s->detail;
    draft.maker = s->maker;
    draft.model = s->model;
    draft.serial = s->serial;
    draft.school = s->school;
    if (change_record(app, &draft, ui_text_f(app->ui, "the particulars of %s", s->name)))
        router_pop(app);
}

static void edit_frame(struct app *app, void *state)
{
    struct edit_state *s = state;
    struct ui *ui = app->ui;
    if (parts_signed(app, &s->pending, 0))
        edit_record(app, s);
    struct rect page = page_begin(app, "Particulars");
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "record", "Record", ICON_SAVE,
                   s->name[0] == '\0' ? "It needs a name." : NULL) &&
        parts_sign(app, &s->pending, 0, "Particulars"))
        edit_record(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "fields");
    (void)parts_field(app, &list, "name", "Name", KEYBOARD_TEXT, s->name, sizeof s->name);
    (void)parts_field(app, &list, "detail", "What tells it apart", KEYBOARD_TEXT, s->detail,
                      sizeof s->detail);
    (void)parts_field(app, &list, "maker", "Maker", KEYBOARD_TEXT, s->maker, sizeof s->maker);
    (void)parts_field(app, &list, "model", "Model", KEYBOARD_TEXT, s->model, sizeof s->model);
    (void)parts_field(app, &list, "serial", "Serial number", KEYBOARD_CODE, s->serial,
                      sizeof s->serial);
    (void)parts_field(app, &list, "school", "School, where you serve several", KEYBOARD_TEXT,
                      s->school, sizeof s->school);
    ui_scroll_end(ui, &list);
}

const struct screen screen_edit = {
    .id = "edit",
    .state_size = sizeof(struct edit_state),
    .enter = edit_enter,
    .frame = edit_frame,
    .leave = edit_leave,
    .stays = true,
};
