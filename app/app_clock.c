/* The kiosk's clock: opened from what is recorded, and what it learns is recorded. */
#include "app/app.h"

#include "app/domain/caldate.h"
#include "app/store/times.h"
#include "platform/base/log.h"

enum err app_clock_open(struct app *app, struct why *why)
{
    struct clock_options o = { .now = app->opt.now, .machine_now = app->opt.machine_now };
    enum err rc = store_time_told(&app->store, &o.told, why);
    /* A time given by hand is for trying things out and may lie before the last record; the log itself still
       never stamps a line earlier than its last one. */
    if (rc == ERR_OK && o.now == NULL)
        rc = store_latest_ms(&app->store, &o.floor_ms, why);
    return rc == ERR_OK ? clock_new(&o, &app->clock, why) : rc;
}

/* Once for each time that it learns, and once where it is trusted from the start: an earlier process may have left lines
   of this run of the machine without their time. What cannot be recorded now waits in the store for the next start. */
static void app_clock_learn(struct app *app)
{
    struct clock_learnt learnt = { .boot = 0 };
    struct why why;
    bool recorded = false;
    bool has = clock_take_learnt(app->clock, &learnt);
    if (app->now.trust < CLOCK_NTP || (app->told && !has))
        return;
    app->told = true;
    if (store_learn_time(&app->store, app->now, has ? &learnt : NULL, &recorded, &why) != ERR_OK)
        log_line(LOG_WARN, "clock: %s", why.text);
    if (recorded)
        app_changed(app);
}

void app_clock_read(struct app *app)
{
    app->now = clock_read(app->clock);
    app->today = caldate_london(app->now.wall_ms, &app->minutes);
    app_clock_learn(app);
}
