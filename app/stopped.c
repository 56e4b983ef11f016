#include "app/app.h"

/* A new recall or stop notice covers the screen once: at home, whoever is there, and never over what somebody is doing. */

#include "app/screens/parts.h"
#include "platform/base/log.h"

/* Notices come by another thread, which makes the version move; and a date may begin or end one. */
enum { STOP_LOOK_MS = 30000 };

/* A made-up one is told only where something here is one of those that it names. */
static bool stop_to_show(const struct notice *n)
{
    return !n->seen && (!n->stop.example || n->item_count > 0);
}

/* What was registered since, or whose plate was read: the hub counts by what was said last. */
static void stop_say_again(struct app *app, const struct notice *n)
{
    const struct stop_about about = { n->stop.key, n->stop.revision };
    struct why why;
    if (store_stop_seen(&app->store, app->now, "", &about, n->ids, n->item_count, &why) != ERR_OK)
        log_line(LOG_WARN, "notices: %s", why.text);
    else
        app_changed(app);
}

void app_stop_step(struct app *app)
{
    struct arena_mark mark;
    struct notice *rows = NULL;
    struct why why;
    size_t count = 0;
    if (app->router.depth != 1 || app->stop_skipped ||
        (app->stop_version == app->version && app->now.mono_ms - app->stop_ms < STOP_LOOK_MS))
        return;
    app->stop_version = app->version;
    app->stop_ms = app->now.mono_ms;
    mark = arena_mark(&app->scratch);
    if (query_notices(&app->store, app->content, parts_when(app), &app->scratch, &rows, &count,
                      &why) != ERR_OK) {
        log_line(LOG_WARN, "notices: %s", why.text);
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].moved)
            stop_say_again(app, &rows[i]);
        if (!stop_to_show(&rows[i]))
            continue;
        router_push(app, "recall_cover", &(struct route){ .doc = rows[i].stop.key });
        break;
    }
    arena_rewind(&app->scratch, mark);
}
