/* The register: find an item by its name, place or number; and the same list to put a further label on an item. */
#include <string.h>

#include "app/screens/places.h"
#include "platform/base/str.h"

struct items_state {
    uint64_t seen;
    bool started, searched;
    bool entered; /* Enter was pressed on words that name things here */
    char words[96];
    char last[96];
    struct arena arena;
    struct item *items;
    size_t count, schools;
    const char *school;
};

/* Only what is at the school that the lists are held to. */
static void items_hold(struct app *app, struct items_state *s)
{
    struct places places;
    size_t kept = 0;
    s->school = places_school(app, &s->arena);
    places_read(app, &s->arena, &places);
    s->schools = places.school_count;
    for (size_t i = 0; i < s->count; i++)
        if (places_listed(s->school, s->items[i].school))
            s->items[kept++] = s->items[i];
    s->count = kept;
}

static void items_read(struct app *app, struct items_state *s)
{
    if (!s->started)
        arena_init(&s->arena, 8 * 1024 * 1024);
    s->started = true;
    arena_reset(&s->arena);
    (void)str_copy(s->last, sizeof s->last, s->words);
    struct why why;
    if (query_items(&app->store, s->words, &s->arena, &s->items, &s->count, &why) != ERR_OK) {
        s->count = 0;
        app_toast(app, TONE_BAD, "The register could not be read: %s", why.text);
    }
    items_hold(app, s);
}

static void items_leave(struct app *app, void *state)
{
    (void)app;
    struct items_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile items_tile(struct app *app, const void *rows, size_t at)
{
    const struct item *i = (const struct item *)rows + at;
    return parts_item(app, i);
}

/* Returns the item that was tapped, NULL otherwise. */
static const struct item *items_list(struct app *app, const struct items_state *s, struct rect r)
{
    int tapped = parts_tiles(app, r, "list", s->items, s->count,
                             ui_portrait(app->ui) || app->opt.large || page_cramped(app) ? 1 : 2,
                             items_tile);
    return tapped < 0 ? NULL : &s->items[tapped];
}

/* Draws the page with its search field; the list is read again when the words changed. */
static struct rect items_page(struct app *app, struct items_state *s, const char *title,
                              bool *out_entered)
{
    struct ui_field field = {
        .id = "words",
        .label = "Name, place or number",
        .placeholder = "Name, place or number",
        .keyboard = KEYBOARD_TEXT,
        .icon = ICON_SEARCH,
    };
    struct rect page =
        page_begin_search(app, title, &field, s->words, sizeof s->words, out_entered);
    if (!str_eq(s->words, s->last)) {
        items_read(app, s);
        s->entered = false;
        /* What fits best stands first: a list scrolled before is at its top again. */
        ui_scroll_to(app->ui, ui_text_f(app->ui, "/%s/list", router_top(app)->screen->id), 0);
    }
    return page;
}

/* While nothing is searched for: register one or many, the register of another day, another school. */
static void items_ways(struct app *app, const struct items_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool several = s->schools > 1;
    struct rect row = ui_cut_top(page, page_target(app));
    (void)ui_cut_top(page, gap);
    /* Five in one line are too narrow for their words on all but the widest panel. */
    bool tight = ui_portrait(ui) || app->opt.large;
    int columns = several ? 5 : 4;
    struct rect cell[5];
    if (tight) {
        struct rect second = ui_cut_top(page, page_target(app));
        (void)ui_cut_top(page, gap);
        for (int i = 0; i < columns; i++)
            cell[i] = i < 2 ? ui_col(row, i, 2, gap) : ui_col(second, i - 2, columns - 2, gap);
    } else {
        for (int i = 0; i < columns; i++)
            cell[i] = ui_col(row, i, columns, gap);
    }
    /* A thing without a label is registered first, and labelled when there is one. */
    if (ui_button(ui, cell[0], "one", "Add one", ICON_ADD, UI_PLAIN))
        router_push(app, "kinds", NULL);
    if (ui_button(ui, cell[1], "many", "Add many", ICON_ADD, UI_PLAIN))
        router_push(app, "kinds", &(struct route){ .number = 1 });
    if (ui_button(ui, cell[2], "as_at", "On a date", ICON_CALENDAR, UI_PLAIN))
        router_push(app, "as_at", NULL);
    if (ui_button(ui, cell[3], "import", "Import", ICON_DOCUMENT, UI_PLAIN))
        router_push(app, "import", NULL);
    if (several &&
        ui_button(ui, cell[4], "school", s->school[0] == '\0' ? "All schools" : "One school",
                  ICON_SCHOOL, UI_PLAIN))
        router_push(app, "schools", NULL);
}

/* Words that things here go by, and that are no label of ours: a person who typed a name wants the things, not a new label
   of that name. */
static bool items_named(struct app *app, const struct items_state *s)
{
    struct thing thing;
    struct item *items = NULL;
    size_t count = 0;
    thing_resolve(s->words, strlen(s->words), SYM_NONE, &thing);
    return s->count > 0 && thing.kind == THING_LABEL &&
           query_label(&app->store, thing.code, ui_arena(app->ui), &items, &count, NULL) ==
               ERR_OK &&
           count == 0;
}

static void items_enter(struct app *app, struct items_state *s)
{
    s->entered = items_named(app, s);
    if (s->entered)
        ui_keyboard_hide(app->ui);
    else
        app_enter_code(app, s->words, strlen(s->words), SYM_NONE);
}

static void items_frame(struct app *app, void *state)
{
    struct items_state *s = state;
    if (screen_stale(app, &s->seen))
        items_read(app, s);
    if (!s->searched && router_top(app)->route.number == 1)
        ui_focus(app->ui, "/items/words");
    s->searched = true;
    bool entered = false;
    struct rect page = items_page(app, s, "Equipment", &entered);
    if (entered && s->words[0] != '\0')
        items_enter(app, s);
    if (s->entered && !ui_keyboard_open(app->ui)) {
        struct rect foot = ui_cut_bottom(&page, page_target(app));
        (void)ui_cut_bottom(&page, ui_gap(app->ui));
        if (ui_button(app->ui, foot, "label", "It is a label: look it up", ICON_TAG, UI_PLAIN))
            app_enter_code(app, s->words, strlen(s->words), SYM_NONE);
    }
    if (s->words[0] == '\0' && !ui_keyboard_open(app->ui))
        items_ways(app, s, &page);
    const struct item *tapped = items_list(app, s, page);
    if (tapped != NULL)
        router_push(app, "item", &(struct route){ .item = tapped->id });
    if (s->count == 0) {
        bool typed = s->words[0] != '\0';
        page_empty(app, page, ICON_TAG,
                   typed ? "No item fits these words" : "The register is empty",
                   typed ? "Press Enter to look the number up as a label."
                         : "Show the camera a label to register the first item.");
    }
}

const struct screen screen_items = {
    .id = "items",
    .state_size = sizeof(struct items_state),
    .frame = items_frame,
    .leave = items_leave,
};

/* ---- a further label for an item ---- */

struct link_state {
    struct items_state items;
    bool pending;
    char chosen[40];
};

static void link_leave(struct app *app, void *state)
{
    struct link_state *s = state;
    items_leave(app, &s->items);
}

static void link_record(struct app *app, struct link_state *s)
{
    const char *label = router_top(app)->route.text;
    struct why why;
    if (store_link_label(&app->store, app->now, app->session.person, s->chosen, label, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not linked: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: label %s is on this item now", label);
    app_changed(app);
    router_home(app);
    router_push(app, "item", &(struct route){ .item = s->chosen });
}

static void link_frame(struct app *app, void *state)
{
    struct link_state *s = state;
    if (s->pending) {
        s->pending = false;
        if (session_in(&app->session))
            link_record(app, s);
    }
    if (screen_stale(app, &s->items.seen))
        items_read(app, &s->items);
    bool entered = false;
    const char *label = router_top(app)->route.text;
    struct rect page =
        items_page(app, &s->items, ui_text_f(app->ui, "Which item has label %s?", label), &entered);
    const struct item *tapped = items_list(app, &s->items, page);
    if (tapped == NULL)
        return;
    (void)str_copy(s->chosen, sizeof s->chosen, tapped->id);
    if (session_in(&app->session)) {
        link_record(app, s);
        return;
    }
    s->pending = true;
    router_push(app, "sign_in", NULL);
}

const struct screen screen_link = {
    .id = "link",
    .state_size = sizeof(struct link_state),
    .frame = link_frame,
    .leave = link_leave,
};
