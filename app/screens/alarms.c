#include "app/screens/alarms.h"

#include <string.h>

#include "app/screens/lone.h"
#include "platform/base/str.h"

void alarms_read(struct app *app, struct arena *a, struct alarms *out)
{
    struct custody_row *gone = NULL;
    struct life_row *lives = NULL;
    struct past_check *waiting = NULL;
    size_t count = 0;
    *out = (struct alarms){ .clock = app->now.trust == CLOCK_NONE };
    struct lone lone;
    lone_read(app, &lone);
    out->lone = lone.late;
    if (query_out(&app->store, app->now.wall_ms, a, &gone, &out->out, NULL) != ERR_OK)
        out->out = 0;
    for (size_t i = 0; i < out->out; i++)
        out->late += gone[i].late ? 1 : 0;
    if (query_life(&app->store, app->content, app->today, a, &lives, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        out->alive += lives[i].ended ? 0 : 1;
    if (query_awaiting(&app->store, a, &waiting, &out->awaiting, NULL) != ERR_OK)
        out->awaiting = 0;
}

bool alarms_any(const struct alarms *alarms)
{
    return alarms->clock || alarms->lone || alarms->out + alarms->alive + alarms->awaiting > 0;
}

struct ui_tile alarms_clock(void)
{
    return (struct ui_tile){ .id = "clock_unset",
                             .title = "The clock is not set: no date is sure",
                             .icon = ICON_CLOCK,
                             .card = CARD_LATE };
}

/* What the list tells of before its own rows. */
struct alarm {
    size_t count;
    const char *id, *one, *many, *screen;
    struct route route;
    uint32_t icon;
    enum ui_tone tone;
    const char *badge, *brief;
};
enum { ALARMS = 5 };

static void alarms_fill(struct ui *ui, const struct alarms *alarms, size_t stops,
                        struct alarm out[ALARMS])
{
    const struct alarm rows[ALARMS] = {
        { stops,
          "stops",
          "item is not to be used",
          "items are not to be used",
          "due",
          { .number = 1 },
          ICON_CROSS,
          TONE_BAD,
          "Do not use",
          "out of use" },
        { alarms->out,
          "out",
          "thing is out",
          "things are out",
          "out",
          { .number = 0 },
          ICON_PLACE,
          alarms->late > 0 ? TONE_LATE : TONE_INFO,
          alarms->late > 0 ? ui_text_f(ui, "%zu not back", alarms->late) : "In time",
          alarms->late > 0 ? "out, late" : "out" },
        { alarms->alive,
          "alive",
          "culture is alive",
          "cultures are alive",
          "lab_list",
          { .text = "cultures" },
          ICON_TUBE,
          TONE_DUE,
          "Not destroyed",
          "alive" },
        { alarms->awaiting,
          "awaiting",
          "check waits",
          "checks wait",
          "awaiting",
          { .number = 0 },
          ICON_PEOPLE,
          TONE_DUE,
          "To countersign",
          "to sign" },
        { alarms->lone ? 1 : 0,
          "lone",
          "person working alone has not checked in",
          "",
          "prep",
          { .number = 0 },
          ICON_TIMER,
          TONE_BAD,
          "Check in",
          "alone, late" },
    };

    memcpy(out, rows, sizeof rows);
}

static struct ui_tile alarm_tile(struct ui *ui, const struct alarm *a)
{
    return (struct ui_tile){ .id = a->id,
                             .title = ui_text_f(ui, "%zu %s", a->count,
                                                a->count == 1 ? a->one : a->many),
                             .icon = a->icon,
                             .badge = a->badge,
                             .badge_tone = a->tone,
                             .card = a->tone == TONE_BAD ? CARD_BAD : CARD_DUE };
}

/* Few words, no badge. */
static struct ui_tile alarm_brief(struct ui *ui, const struct alarm *a)
{
    struct ui_tile tile = alarm_tile(ui, a);

    tile.title = ui_text_f(ui, "%zu %s", a->count, a->brief);
    tile.badge = NULL;
    return tile;
}

/* One of a line of them. */
static bool alarm_chip(struct ui *ui, struct rect r, const struct alarm *a)
{
    struct ui_tile tile = alarm_brief(ui, a);

    return ui_tile(ui, r, &tile);
}

static bool alarm_row(struct app *app, struct ui_scroll *list, const struct alarm *a)
{
    struct ui_tile tile = app->opt.large ? alarm_brief(app->ui, a) : alarm_tile(app->ui, a);

    return parts_row(app, list, &tile);
}

void alarms_tiles(struct app *app, struct ui_scroll *list, const struct alarms *alarms,
                  size_t stops)
{
    struct ui *ui = app->ui;
    struct alarm rows[ALARMS];
    size_t some = 0;
    alarms_fill(ui, alarms, stops, rows);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        some += rows[i].count > 0 ? 1 : 0;
    /* On a small panel a row for each would leave none for the list itself: one line of them all. */
    bool one_line = some > 1 && ui_small(ui) && !ui_portrait(ui) && !app->opt.large;
    struct rect line = { 0, 0, 0, 0 };
    int column = 0;
    struct ui_tile unset = alarms_clock();
    if (alarms->clock && parts_row(app, list, &unset))
        router_push(app, "sync", NULL);
    if (one_line)
        line = ui_scroll_row(list, page_target(app));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].count == 0 || screen_by_id(rows[i].screen) == NULL)
            continue;
        bool tapped = one_line
                          ? alarm_chip(ui, ui_col(line, column++, (int)some, ui_gap(ui)), &rows[i])
                          : alarm_row(app, list, &rows[i]);
        if (tapped)
            router_push(app, rows[i].screen, &rows[i].route);
    }
    if (one_line)
        ui_scroll_space(list, ui_gap(ui));
}
