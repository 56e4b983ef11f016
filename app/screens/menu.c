/* Everything else: what is not wanted many times a day, one tap behind home. */
#include "app/screens/alarms.h"
#include "platform/base/str.h"

static const struct menu_row {
    const char *id, *title, *words;
    uint32_t icon;
    const char *screen;
    struct route route;
} menu_rows[] = {
    { "equipment", "Equipment", "The register: find, add, move", ICON_TAG, "items", { 0 } },
    { "people", "People", "Who works here and may sign what", ICON_PEOPLE, "people", { 0 } },
    { "records", "Records", "What is saved, sent and waiting", ICON_SYNC, "sync", { 0 } },
    { "training",
      "My training",
      "Courses, certificates, what runs out",
      ICON_SCHOOL,
      "training",
      { 0 } },
    { "cover",
      "No technician today",
      "What anybody may do, and what not",
      ICON_HELP,
      "cover",
      { 0 } },
    { "handover", "Handover", "A sheet for whoever takes over", ICON_PRINT, "handover", { 0 } },
    { "head", "For the head teacher", "Is this school in order?", ICON_CHECKLIST, "head", { 0 } },
    { "kiosk",
      "This kiosk",
      "Letters, calendar, constituency, content",
      ICON_SETTINGS,
      "kiosk",
      { 0 } },
    { "help", "Help", "How this kiosk is used", ICON_BOOK, "find", { .text = "help" } },
};

struct menu_state {
    uint64_t seen;
    struct alarms alarms;
};

static struct ui_tile menu_tile(struct app *app, const void *rows, size_t at)
{
    const struct menu_state *s = rows;
    const struct menu_row *row = &menu_rows[at];
    struct ui_tile tile = {
        .id = row->id, .title = row->title, .words = row->words, .icon = row->icon
    };
    if (str_eq(row->id, "people") && s->alarms.awaiting > 0) {
        tile.badge = ui_text_f(app->ui, "%zu to sign", s->alarms.awaiting);
        tile.badge_tone = TONE_DUE;
    }
    return tile;
}

static void menu_frame(struct app *app, void *state)
{
    struct menu_state *s = state;
    if (screen_stale(app, &s->seen)) {
        struct arena_mark mark = arena_mark(&app->scratch);
        alarms_read(app, &app->scratch, &s->alarms);
        arena_rewind(&app->scratch, mark);
    }
    struct rect page = page_begin(app, "More");
    int columns = ui_portrait(app->ui) || app->opt.large ? 1 : 2;
    int at = parts_tiles(app, page, "rows", s, COUNT_OF(menu_rows), columns, menu_tile);
    /* Whoever goes back from there wants home: this page is a way through. */
    if (at != PARTS_NONE)
        router_replace(app, menu_rows[at].screen, &menu_rows[at].route);
}

const struct screen screen_menu = {
    .id = "menu",
    .state_size = sizeof(struct menu_state),
    .frame = menu_frame,
};
