#include "app/screens/alarms.h"

#include <string.h>

#include "app/screens/lone.h"
#include "platform/base/str.h"

static void alarms_recalls(struct app *app, struct arena *a, struct alarms *out)
{
    struct notice *rows = NULL;
    size_t count = 0;
    out->recall = "";
    if (query_notices(&app->store, app->content, parts_when(app), a, &rows, &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].waiting > 0 && out->recalls == 0)
            out->recall = rows[i].stop.key;
        out->recalls += rows[i].waiting;
    }
}

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
    alarms_recalls(app, a, out);
    if (query_awaiting(&app->store, a, &waiting, &out->awaiting, NULL) != ERR_OK)
        out->awaiting = 0;
}

bool alarms_any(const struct alarms *alarms)
{
    return alarms->clock || alarms->lone ||
           alarms->out + alarms->alive + alarms->awaiting + alarms->recalls > 0;
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
enum { ALARMS = 7 };

static void alarms_fill(struct ui *ui, const struct alarms *alarms, size_t stops,
                        struct alarm out[ALARMS])
{
    const struct alarm rows[ALARMS] = {
        { alarms->clock ? 1 : 0,
          "clock_unset",
          "clock is not set: no date is sure",
          "",
          "sync",
          { .number = 0 },
          ICON_CLOCK,
          TONE_LATE,
          NULL,
          "Clock not set" },
        { alarms->lone ? 1 : 0,
          "lone",
          "person working alone has not checked in",
          "",
          "prep",
          { .number = 0 },
          ICON_TIMER,
          TONE_BAD,
          "Check in",
          "Alone, late" },
        { alarms->recalls,
          "recalls",
          "recalled item to answer for",
          "recalled items to answer for",
          "recall",
          { .doc = alarms->recall },
          ICON_ALERT,
          TONE_BAD,
          "Recall",
          "recalled" },
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
    };

    memcpy(out, rows, sizeof rows);
}

static struct ui_tile alarm_tile(struct ui *ui, const struct alarm *a)
{
    if (a->tone == TONE_LATE && a->badge == NULL)
        return alarms_clock();
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
    bool one = a->many[0] == '\0'; /* there is never more than one of it */

    return (struct ui_tile){
        .id = a->id,
        .title = one ? a->brief : ui_text_f(ui, "%zu %s", a->count, a->brief),
        .icon = a->icon,
        .card = a->tone == TONE_BAD    ? CARD_BAD
                : a->tone == TONE_LATE ? CARD_LATE
                                       : CARD_DUE,
    };
}

static void alarm_go(struct app *app, const struct alarm *a)
{
    router_push(app, a->screen, &a->route);
}

/* Those that there are, the worst first. Returns how many. */
static size_t alarms_there(struct app *app, const struct alarms *alarms, size_t stops,
                           struct alarm out[ALARMS])
{
    size_t n = 0;

    alarms_fill(app->ui, alarms, stops, out);
    for (size_t i = 0; i < ALARMS; i++)
        if (out[i].count > 0 && screen_by_id(out[i].screen) != NULL)
            out[n++] = out[i];
    return n;
}

static void alarms_chips(struct app *app, struct ui_scroll *list, const struct alarm *rows,
                         size_t count, size_t columns, size_t most, bool *open)
{
    struct ui *ui = app->ui;
    size_t shown = count <= most || *open ? count : most - 1;
    size_t chips = shown < count ? shown + 1 : count;
    struct rect line = { 0, 0, 0, 0 };

    for (size_t i = 0; i < chips; i++) {
        size_t left = chips - (i - i % columns);
        size_t abreast = left < columns ? left : columns;
        if (i % columns == 0) {
            line = ui_scroll_row(list, page_target(app));
            ui_scroll_space(list, ui_gap(ui));
        }
        struct rect r = ui_col(line, (int)(i % columns), (int)abreast, ui_gap(ui));
        struct ui_tile more = { .id = "alarms_more",
                                .title = ui_text_f(ui, "+%zu more", count - shown),
                                .icon = ICON_MORE,
                                .card = CARD_DUE };
        struct ui_tile tile = i < shown ? alarm_brief(ui, &rows[i]) : more;
        if (!ui_tile(ui, r, &tile))
            continue;
        if (i < shown)
            alarm_go(app, &rows[i]);
        else
            *open = true;
    }
}

static void alarms_rows(struct app *app, struct ui_scroll *list, const struct alarm *rows,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ui_tile tile =
            app->opt.large ? alarm_brief(app->ui, &rows[i]) : alarm_tile(app->ui, &rows[i]);
        if (parts_row(app, list, &tile))
            alarm_go(app, &rows[i]);
    }
}

void alarms_chip(struct app *app, struct rect r, const struct alarms *alarms, size_t stops,
                 bool *open)
{
    enum { BESIDE_MM = 22 }; /* icon and margins */
    struct ui *ui = app->ui;
    struct alarm rows[ALARMS];
    size_t count = alarms_there(app, alarms, stops, rows);

    if (count == 0)
        return;
    struct ui_tile tile = alarm_brief(ui, &rows[0]);
    if (count > 1) {
        tile.id = "alarms";
        tile.title = ui_text_f(ui, "%s +%zu", tile.title, count - 1);
        if (ui_text_width(ui, tile.title, SIZE_BODY, FONT_SEMIBOLD) > r.w - ui_mm(ui, BESIDE_MM))
            tile.title = ui_text_f(ui, "%zu alarms", count);
    }
    if (!ui_tile(ui, r, &tile))
        return;
    if (count == 1)
        alarm_go(app, &rows[0]);
    else
        *open = !*open;
}

void alarms_tiles(struct app *app, struct ui_scroll *list, const struct alarms *alarms,
                  size_t stops, bool *open)
{
    struct ui *ui = app->ui;
    struct alarm all[ALARMS];
    const struct alarm *rows = all;
    size_t count = alarms_there(app, alarms, stops, all);
    bool small = ui_small(ui) && !ui_portrait(ui);

    if (app->opt.large && (small || ui_portrait(ui))) {
        alarms_rows(app, list, rows, count);
        return;
    }
    if (count > 1 && alarms->clock) {
        /* That no date is sure is told in full. */
        alarms_rows(app, list, rows++, 1);
        count--;
    }
    bool two = app->opt.large || ui_portrait(ui); /* abreast */
    if (count <= 1 || (count <= 3 && !two && !small))
        alarms_rows(app, list, rows, count);
    else if (two)
        alarms_chips(app, list, rows, count, 2, 4, open);
    else
        alarms_chips(app, list, rows, count, 3, small ? 3 : 6, open);
}
