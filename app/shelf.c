#include "app/app.h"

/* The content that this kiosk reads: the national and the sample documents, and those of its own employer. Which employer
   that is says the constituency; it is chosen on a screen, or comes from another kiosk of the school. */

#include "platform/base/log.h"
#include "platform/base/str.h"

enum err app_assets(const struct options *o, char out[FS_PATH_MAX], struct why *why)
{
    struct fs_stat found;
    if (o->content != NULL && fs_join(out, o->content, "../signs", why) == ERR_OK &&
        fs_stat(out, &found, NULL) == ERR_OK)
        return fs_join(out, o->content, "..", why);
    return fs_join(out, CANNY_ASSETS, ".", why);
}

static void shelf_place(struct app *app, struct content_ask *ask)
{
    ask->constituency = "";
    ask->school = "";
    if (query_constituency(&app->store, &app->scratch, &ask->constituency, NULL) != ERR_OK)
        ask->constituency = "";
    if (store_get(&app->store, "site.name", &app->scratch, &ask->school, NULL) != ERR_OK)
        ask->school = "";
}

static enum err shelf_open(struct app *app, struct content **out, struct why *why)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct content_ask ask = { .data_dir = app->opt.data, .content_dir = app->opt.content };
    const char *const *faults = NULL;
    shelf_place(app, &ask);
    enum err rc = content_open_for(&ask, out, why);
    size_t count = rc == ERR_OK ? content_faults(*out, &faults) : 0;
    for (size_t i = 0; i < count; i++)
        log_line(LOG_WARN, "content: %s", faults[i]);
    arena_rewind(&app->scratch, mark);
    return rc;
}

enum err app_open_content(struct app *app, struct why *why)
{
    return shelf_open(app, &app->content, why);
}

void app_content_step(struct app *app)
{
    struct content_ask ask = { 0 };
    struct content *fresh = NULL;
    struct why why = { 0 };
    if (app->content_seen == app->version || app->router.depth != 1)
        return;
    app->content_seen = app->version;
    struct arena_mark mark = arena_mark(&app->scratch);
    shelf_place(app, &ask);
    bool same = str_eq(ask.constituency, content_constituency(app->content)) &&
                str_eq(ask.school, content_school(app->content));
    arena_rewind(&app->scratch, mark);
    if (same)
        return;
    /* What was there stays when the new one cannot be opened; the next change tries again. */
    if (shelf_open(app, &fresh, &why) != ERR_OK) {
        log_line(LOG_WARN, "content: %s", why.text);
        return;
    }
    content_close(app->content);
    app->content = fresh;
    app_changed(app);
    app->content_seen = app->version;
}
