#include "app/screens/lone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"

enum { LONE_MINUTES_MAX = 240 };

static const char lone_key[] = "lone";

void lone_read(struct app *app, struct lone *out)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    const char *kept = "";
    char *end = NULL;
    *out = (struct lone){ .on = false };
    if (store_get(&app->store, lone_key, &app->scratch, &kept, NULL) == ERR_OK && kept[0] != '\0') {
        out->by_ms = strtoll(kept, &end, 10);
        out->minutes = (int)strtol(end, NULL, 10);
        out->on = out->by_ms > 0 && out->minutes > 0 && out->minutes <= LONE_MINUTES_MAX;
        out->late = out->on && app->now.wall_ms > out->by_ms;
    }
    arena_rewind(&app->scratch, mark);
}

/* The bar's timer; one that a restart lost is taken up with what is left of it. */
static void lone_timer(struct app *app, int64_t left_ms)
{
    struct timer t = { .seconds = (int)(left_ms / 1000) };
    (void)str_copy(t.item, sizeof t.item, "prep");
    (void)str_copy(t.field, sizeof t.field, lone_key);
    (void)str_copy(t.label, sizeof t.label, "Check in");
    (void)str_copy(t.name, sizeof t.name, "working alone");
    if (left_ms > 0 && !timers_start(&app->timers, &t, app->now))
        app_toast(app, TONE_BAD, "%d timers run already: this one does not show in the bar.",
                  TIMERS_MAX);
}

/* From now, every so many minutes; again: they checked in. False: it is not kept, and the person was told. */
static bool lone_start(struct app *app, int minutes)
{
    struct why why;
    int64_t left_ms = (int64_t)minutes * 60 * 1000;
    char kept[64];
    (void)str_format(kept, sizeof kept, "%lld %d", (long long)(app->now.wall_ms + left_ms),
                     minutes);
    if (store_set(&app->store, lone_key, kept, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "The check-in is not kept: %s", why.text);
        return false;
    }
    lone_timer(app, left_ms);
    app_changed(app);
    return true;
}

static void lone_end(struct app *app)
{
    struct why why;
    if (store_set(&app->store, lone_key, "", &why) != ERR_OK)
        app_toast(app, TONE_BAD, "It could not be ended: %s", why.text);
    timers_drop(&app->timers, "prep", "", lone_key);
    app_changed(app);
}

/* ---- the card ---- */

static void lone_choose(struct app *app, struct ui_scroll *list)
{
    static const int minutes[] = { 15, 30, 60 };
    struct ui *ui = app->ui;
    struct ui_option options[COUNT_OF(minutes)];
    parts_head(app, list, "lone_title", "Working alone today? Check in every");
    for (size_t i = 0; i < COUNT_OF(minutes); i++)
        options[i] = (struct ui_option){ ui_text_f(ui, "lone%d", minutes[i]),
                                         ui_text_f(ui, "%d min", minutes[i]), TONE_ACCENT, false };
    int at =
        ui_segments(ui, ui_scroll_row(list, page_target(app)), "lone", options, COUNT_OF(minutes));
    ui_scroll_space(list, ui_gap(ui));
    if (at >= 0)
        (void)lone_start(app, minutes[at]);
}

void lone_draw(struct app *app, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    struct lone now;
    lone_read(app, &now);
    if (!now.on) {
        lone_choose(app, list);
        return;
    }
    if (!now.late && timers_find(&app->timers, "prep", "", lone_key) == NULL)
        lone_timer(app, now.by_ms - app->now.wall_ms);
    struct ui_tile tile = {
        .id = "check_in",
        .title = now.late ? "Check in now: it is late" : "All is well: check in",
        .words = ui_text_f(ui, "Working alone. Check in by %s, every %d min",
                           page_time(app, now.by_ms), now.minutes),
        .icon = ICON_TIMER,
        .card = now.late ? CARD_BAD_SOLID : CARD_INFO,
    };
    if (parts_row(app, list, &tile) && lone_start(app, now.minutes))
        app_toast(app, TONE_INFO, "Checked in. Next by %s.",
                  page_time(app, app->now.wall_ms + (int64_t)now.minutes * 60 * 1000));
    struct ui_tile end = { .id = "lone_end",
                           .title = "Not alone any more",
                           .words = "Ends the check-in",
                           .icon = ICON_PEOPLE };
    if (parts_row(app, list, &end))
        lone_end(app);
}
