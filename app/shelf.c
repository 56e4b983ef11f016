#include "app/app.h"

/* The content that this kiosk reads: the national and the sample documents, and those of its own employer. Which employer
   that is says the constituency; it is chosen on a screen, or comes from another kiosk of the school. */

#include "app/store/edition_state.h"
#include "app/store/edition_sum.h"
#include "app/store/stops.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/content.h"

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
    ask->data_dir = app->opt.data;
    ask->content_dir = app->opt.content;
    ask->constituency = "";
    ask->school = "";
    if (query_constituency(&app->store, &app->scratch, &ask->constituency, NULL) != ERR_OK)
        ask->constituency = "";
    if (store_get(&app->store, "site.name", &app->scratch, &ask->school, NULL) != ERR_OK)
        ask->school = "";
}

/* A folder of sources stands in the place of every edition: whoever writes content sees his own. */
static bool shelf_signed(const struct app *app)
{
    return app->opt.content == NULL || content_is_repository(app->opt.content);
}

/* ---- editions ---- */

/* What this program and this place make of the files that are here. What is here stays where that fails. */
enum err app_content_renew(const struct app *app, const char *constituency, const char *school,
                           struct why *why)
{
    char assets[FS_PATH_MAX];
    char help[FS_PATH_MAX];
    struct edition_set place = { .constituency = constituency, .school = school };
    if (!shelf_signed(app))
        return ERR_OK;
    enum err rc = app_assets(&app->opt, assets, why);
    if (rc == ERR_OK)
        rc = fs_join(help, assets, "help", why);
    place.help = help;
    return rc == ERR_OK ? edition_renew(app->opt.data, &place, why) : rc;
}

/* Opens the edition and takes it into use. It is counted before it is opened, so that one at which the kiosk stops is taken
   back at the second start after it. */
static enum err shelf_try(const struct content_ask *ask, const struct edition_name *name,
                          struct content **out, struct why *why)
{
    char path[FS_PATH_MAX];
    struct content *fresh = NULL;
    struct why cause = { 0 };
    enum err rc = edition_try(ask->data_dir, name, why);
    if (rc == ERR_OK)
        rc = edition_path(ask->data_dir, name->hash, path, why);
    if (rc != ERR_OK)
        return rc;
    enum err opened = content_open_file(path, ask->constituency, ask->school, &fresh, &cause);
    if (opened != ERR_OK) {
        log_line(LOG_WARN, "content: %s", cause.text);
        rc = edition_failed(ask->data_dir, name, &cause, why);
        if (rc == ERR_OK && why != NULL)
            *why = cause;
        return rc == ERR_OK ? opened : rc;
    }
    rc = edition_switch(ask->data_dir, name, why);
    if (rc != ERR_OK) {
        content_close(fresh);
        return rc;
    }
    *out = fresh;
    return ERR_OK;
}

/* Where it is not known that the edition holds its sum: reads it through, and sets it aside where it does not. ERR_CONFLICT: it
   was set aside; other errors: it is not to be shown either, whatever is wrong with it. */
static enum err shelf_hold(struct app *app, const struct edition_name *name, struct why *why)
{
    bool fit = false;
    if (app->edition_held)
        return ERR_OK;
    enum err rc = edition_fit(app->opt.data, name, NULL, NULL, &fit, why);
    if (rc == ERR_OK && fit)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = edition_set_aside(app->opt.data, name, why);
    log_line(LOG_WARN, "content: edition %.12s is not what it was when it was made%s%s", name->hash,
             rc == ERR_OK ? "" : "; not set aside: ", rc == ERR_OK || why == NULL ? "" : why->text);
    atomic_store(&app->edition_lost, rc != ERR_OK);
    content_client_mend(app->publish);
    if (app->worker != NULL)
        worker_wake(app->worker);
    return rc == ERR_OK ? why_set(why, ERR_CONFLICT, 0, "an edition was damaged") : rc;
}

/* The edition that is due; one that is damaged, or does not open, is taken back and the next best is tried. ERR_NOT_FOUND: there
   is none. */
static enum err shelf_edition(struct app *app, const struct content_ask *ask, struct content **out,
                              struct why *why)
{
    enum {
        TRIES = 3 * EDITION_OPENS_MAX + 3
    }; /* the one that waits, in use, before; each set aside */
    enum err rc = ERR_NOT_FOUND;
    for (int i = 0; i < TRIES; i++) {
        struct edition_name name;
        rc = edition_pick(ask->data_dir, &name, why);
        if (rc == ERR_OK && name.hash[0] == '\0')
            rc = why_set(why, ERR_NOT_FOUND, 0, "no edition has come to this kiosk yet");
        if (rc != ERR_OK)
            return rc;
        rc = shelf_hold(app, &name, why);
        if (rc == ERR_CONFLICT)
            continue;
        if (rc != ERR_OK)
            return rc;
        rc = shelf_try(ask, &name, out, why);
        if (rc == ERR_OK) {
            app->edition = name;
            app->edition_drawn = false;
            return rc;
        }
    }
    return rc;
}

void app_content_drawn(struct app *app)
{
    if (app->edition_drawn || app->edition.hash[0] == '\0')
        return;
    app->edition_drawn = true;
    edition_stands(app->opt.data, &app->edition);
    /* What was damaged may be made again with this one: the next frame tells so. */
    if (app_content_view(app)->damaged) {
        app_changed(app);
        atomic_store(&app->store_changed, true);
    }
}

/* ---- opening ---- */

static void shelf_tell(const struct content *c)
{
    const char *const *faults = NULL;
    size_t count = content_faults(c, &faults);
    for (size_t i = 0; i < count; i++)
        log_line(LOG_WARN, "content: %s", faults[i]);
}

static bool shelf_lost(struct app *app)
{
    struct edition_name aside;
    edition_aside(app->opt.data, &aside);
    return aside.hash[0] != '\0' || atomic_load(&app->edition_lost);
}

static enum err shelf_open(struct app *app, struct content **out, struct why *why)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct content_ask ask = { 0 };
    enum err rc = ERR_NOT_FOUND;
    shelf_place(app, &ask);
    atomic_store(&app->edition_lost, false);
    if (shelf_signed(app))
        rc = shelf_edition(app, &ask, out, why);
    /* A folder's index; the edition in use, where the disk is full and no other can be tried; and where none opens at least
       what there was before there were any. */
    if (rc != ERR_OK && shelf_signed(app) && shelf_lost(app)) {
        app->edition = (struct edition_name){ .hash = "" };
        rc = content_open_none(ask.constituency, ask.school, out, why);
    } else if (rc != ERR_OK) {
        rc = content_open_for(&ask, out, why);
    }
    app->edition_held = rc == ERR_OK && !atomic_load(&app->edition_lost);
    if (rc == ERR_OK)
        shelf_tell(*out);
    /* A recall among the documents holds though it came by no file of its own. */
    if (rc == ERR_OK && stops_take_content(&app->store.db, *out, why) != ERR_OK)
        log_line(LOG_WARN, "%s", why->text);
    arena_rewind(&app->scratch, mark);
    return rc;
}

/* At the start nobody waits before the screens yet; later the worker makes an edition anew for another place. */
enum err app_open_content(struct app *app, struct why *why)
{
    content_client_renew(app->publish);
    return shelf_open(app, &app->content, why);
}

/* Whether another content is due than the one that is open. */
static bool shelf_due(struct app *app)
{
    struct content_ask ask = { 0 };
    struct edition_name next = { .hash = "" };
    struct arena_mark mark = arena_mark(&app->scratch);
    shelf_place(app, &ask);
    bool same = str_eq(ask.constituency, content_constituency(app->content)) &&
                str_eq(ask.school, content_school(app->content));
    arena_rewind(&app->scratch, mark);
    /* The old one stays while the worker makes the one of another place. */
    if (shelf_signed(app) && app->edition.hash[0] != '\0' && content_client_renewing(app->publish))
        return false;
    if (same && shelf_signed(app))
        edition_next(app->opt.data, &next);
    return !same || next.hash[0] != '\0';
}

/* Whatever is read or checked now may be what is wrong: nobody goes on with it. Answers are saved as they are given. */
static void shelf_doubt(struct app *app)
{
    app->edition_held = false;
    (void)typed_home(app);
    (void)router_settle(app);
    app_toast(app, TONE_LATE,
              "Guidance and forms are being checked again (S-517). Your answers are saved.");
}

/* Home may come to the top in a frame that looked for another content before it did: the next one is to look again. */
bool app_content_waits(const struct app *app)
{
    return app->router.depth == 1 && app->content_seen != app->version;
}

void app_content_step(struct app *app)
{
    struct content *fresh = NULL;
    struct why why = { 0 };
    const bool doubt = atomic_exchange(&app->edition_doubt, false);
    if (doubt)
        shelf_doubt(app);
    if (app->router.depth != 1 || (app->content_seen == app->version && !doubt))
        return;
    app->content_seen = app->version;
    if (!doubt && !shelf_due(app))
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

/* ---- what is new ---- */

static const char shelf_seen[] =
    "content.seen"; /* the edition that was looked at last, by its number here */

/* An edition that was made from nothing counts from 1 again: what comes after it is told, however many were looked at before. */
static void shelf_count_anew(struct app *app)
{
    char text[24];
    if (app->news.serial == 0 || app->news.serial >= app->news_since)
        return;
    (void)str_format(text, sizeof text, "%lld", (long long)app->news.serial);
    if (store_set(&app->store, shelf_seen, text, NULL) == ERR_OK)
        app->news_since = app->news.serial;
}

const struct content_news *app_news(struct app *app)
{
    const char *text = "";
    if (app->news_version == app->version)
        return &app->news;
    struct arena_mark mark = arena_mark(&app->scratch);
    app->news_version = app->version;
    app->news_since = 0;
    if (store_get(&app->store, shelf_seen, &app->scratch, &text, NULL) != ERR_OK ||
        !str_to_i64(text, &app->news_since))
        app->news_since = 0;
    arena_rewind(&app->scratch, mark);
    if (content_news(app->content, app->news_since, &app->news, NULL) != ERR_OK)
        app->news = (struct content_news){ .serial = 0 };
    shelf_count_anew(app);
    return &app->news;
}

void app_news_seen(struct app *app)
{
    char text[24];
    const struct content_news *news = app_news(app);
    if (news->serial <= app->news_since)
        return;
    (void)str_format(text, sizeof text, "%lld", (long long)news->serial);
    /* What cannot be kept is told once more. */
    if (store_set(&app->store, shelf_seen, text, NULL) == ERR_OK)
        app_changed(app);
}
