#include "app/screens/places.h"

#include <string.h>

#include "platform/base/str.h"

struct places_tally {
    const char *name;
    size_t items;
};

static size_t places_count(struct places_tally *rows, const struct item *items, size_t count)
{
    size_t rooms = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < rooms && !str_eq(rows[k].name, items[i].room))
            k++;
        if (items[i].room[0] == '\0' || k == PLACES_MAX)
            continue;
        if (k == rooms)
            rows[rooms++] = (struct places_tally){ items[i].room, 0 };
        rows[k].items++;
    }
    return rooms;
}

void places_read(struct app *app, struct arena *a, struct places *out)
{
    struct places_tally rows[PLACES_MAX];
    struct item *items = NULL;
    size_t count = 0;
    *out = (struct places){ .room_count = 0 };
    if (query_items(&app->store, "", a, &items, &count, NULL) == ERR_OK)
        out->room_count = places_count(rows, items, count);
    for (size_t i = 0; i < out->room_count; i++) {
        size_t best = i;
        for (size_t k = i + 1; k < out->room_count; k++)
            best = rows[k].items > rows[best].items ? k : best;
        struct places_tally most = rows[best];
        memmove(&rows[i + 1], &rows[i], (best - i) * sizeof rows[0]);
        rows[i] = most;
        out->rooms[i] = most.name;
    }
    if (query_schools(&app->store, a, &out->schools, &out->school_count, NULL) != ERR_OK)
        out->school_count = 0;
}

const char *places_school(struct app *app, struct arena *a)
{
    const char *school = "";
    if (store_get(&app->store, "lists.school", a, &school, NULL) != ERR_OK)
        return "";
    return school;
}

bool places_listed(const char *chosen, const char *school)
{
    return chosen[0] == '\0' || school[0] == '\0' || str_eq(chosen, school);
}

void places_button(struct app *app, struct rect r, const char *chosen)
{
    const char *words = chosen[0] == '\0' ? "All schools" : chosen;
    struct ui_tile tile = { .id = "school", .title = words, .icon = ICON_SCHOOL };
    if (ui_tile(app->ui, r, &tile))
        router_push(app, "schools", NULL);
}

bool places_picks(struct app *app, struct ui_scroll *list, const char *id, const char *const *names,
                  size_t count, char *text, size_t size)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int columns = ui_portrait(ui) || app->opt.large ? 1 : 2;
    int width = (list->view.w - gap * (columns - 1)) / columns;
    bool tapped = false;
    for (size_t i = 0; i < count; i += (size_t)columns) {
        int h = page_target(app);
        struct ui_tile tiles[2];
        size_t n = 0;
        for (; n < (size_t)columns && i + n < count; n++) {
            bool on = str_eq(names[i + n], text);
            tiles[n] = (struct ui_tile){ .id = ui_text_f(ui, "%s%zu", id, i + n),
                                         .title = names[i + n],
                                         .card = on ? CARD_SELECTED : CARD_PLAIN };
            int need = ui_tile_height(ui, width, &tiles[n]);
            h = need > h ? need : h;
        }
        struct rect row = ui_scroll_row(list, h);
        for (size_t k = 0; k < n; k++) {
            if (!ui_tile(ui, ui_col(row, (int)k, columns, gap), &tiles[k]))
                continue;
            (void)str_copy(text, size, names[i + k]);
            tapped = true;
        }
        ui_scroll_space(list, gap);
    }
    return tapped;
}

/* ---- which school the lists are about ---- */

static void schools_choose(struct app *app, const char *name)
{
    struct why why;
    if (store_set(&app->store, "lists.school", name, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "The choice could not be kept: %s", why.text);
    app_changed(app);
    router_pop(app);
}

static void schools_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct places places;
    places_read(app, &app->scratch, &places);
    const char *chosen = places_school(app, &app->scratch);
    struct rect page = page_begin(app, "Which school?");
    struct ui_scroll list = ui_scroll_begin(ui, page, "schools");
    struct ui_tile all = { .id = "all",
                           .title = "All schools",
                           .icon = ICON_SCHOOL,
                           .card = chosen[0] == '\0' ? CARD_SELECTED : CARD_PLAIN };
    if (parts_row(app, &list, &all))
        schools_choose(app, "");
    for (size_t i = 0; i < places.school_count; i++) {
        bool on = str_eq(chosen, places.schools[i]);
        struct ui_tile tile = { .id = ui_text_f(ui, "school%zu", i),
                                .title = ui_text_f(ui, "%s", places.schools[i]),
                                .icon = ICON_SCHOOL,
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        if (parts_row(app, &list, &tile))
            schools_choose(app, places.schools[i]);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_schools = { .id = "schools", .frame = schools_frame };
