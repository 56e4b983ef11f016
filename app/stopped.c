#include "app/app.h"

/* A new recall or stop notice covers the screen once: at home, whoever is there, and never over what somebody is doing. A form
   that somebody left lying open does not hold it back for ever: after SESSION_HOME_MS the notice comes over it, and the form
   is below it as it was. */

#include "app/screens/recall.h"
#include "platform/base/log.h"
#include "platform/base/str.h"

/* Notices come by another thread, which makes the version move; and a date may begin or end one. */
enum { STOP_LOOK_MS = 30000 };

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

/* What holds something back here comes first, one by one. Of the rest one is told by itself, and several on one page. */
static void stop_cover(struct app *app, const struct notice *rows, size_t count)
{
    const struct notice *first = NULL;
    size_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].moved)
            stop_say_again(app, &rows[i]);
        if (!recall_to_show(&rows[i]))
            continue;
        if (first == NULL || (first->item_count == 0 && rows[i].item_count > 0))
            first = &rows[i];
        rest += rows[i].item_count == 0 ? 1 : 0;
    }
    if (first == NULL)
        return;
    if (first->item_count == 0 && rest > 1)
        router_push(app, "recall_news", &(struct route){ .doc = NULL });
    else
        router_push(app, "recall_cover", &(struct route){ .doc = first->stop.key });
}

/* Whether a notice may come now. What nobody has touched for as long as any other page stays is not what somebody is doing. */
static bool stop_may_cover(struct app *app)
{
    const struct screen *top = router_top(app)->screen;
    if (app->router.depth == 1)
        return true;
    return top->stays && !str_starts(top->id, "recall_") && !session_in(&app->session) &&
           app->now.mono_ms - app->session.touched_ms >= SESSION_HOME_MS;
}

void app_stop_step(struct app *app)
{
    struct arena_mark mark;
    struct notice *rows = NULL;
    struct why why;
    size_t count = 0;
    if (!stop_may_cover(app) || app->stop_skipped ||
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
    stop_cover(app, rows, count);
    arena_rewind(&app->scratch, mark);
}
