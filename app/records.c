#include "app/records.h"

#include "app/app.h"
#include "app/publish.h"
#include "app/store/content_seed.h"
#include "app/store/project.h"
#include "app/upgrade.h"
#include "app/wipe.h"
#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/content.h"
#include "sync/client/stick.h"

/* ---- what the worker's thread calls ---- */

static void records_on_sync(void *ctx)
{
    struct app *app = ctx;
    atomic_store(&app->store_changed, true);
    if (app->window != NULL)
        window_wake(app->window);
}

static enum err records_ingest(void *ctx, struct db *db, struct clock_now now,
                               const struct event_line *lines, size_t count, size_t *out_new,
                               struct why *why)
{
    (void)ctx;
    return store_ingest_db(db, now, lines, count, out_new, why);
}

static const void *records_read(struct arena *a, const struct event *e)
{
    return project_read(a, e);
}

static enum err records_fork(void *ctx, struct db *db, struct clock_now now,
                             const struct evlog_fork *f, struct why *why)
{
    (void)ctx;
    return store_fork_db(db, now, f, why);
}

/* ---- opening ---- */

/* An example school that does not fit its own content is no reason for a kiosk not to start; a disk that cannot be written
   is one. */
static enum err records_seed(struct app *app, struct why *why)
{
    size_t seeded = 0;
    enum err rc = content_seed_records(app->content, &app->store, app->clock, &seeded, why);
    if (rc == ERR_OK || rc == ERR_IO || rc == ERR_FULL || rc == ERR_DENIED || rc == ERR_NOMEM)
        return rc == ERR_OK ? rc : why_in(why, rc, "example school");
    log_line(LOG_WARN, "content: example school left out: %s", why->text);
    return ERR_OK;
}

static enum err records_open_store(struct app *app, struct why *why)
{
    struct upgrade upgrade = { .app = app };
    const struct project_told told = { .tell = upgrade_tell, .ctx = &upgrade };
    enum err rc = store_claim(app->opt.data, &app->claim, why);
    if (rc == ERR_OK)
        rc = wipe_finish(app->opt.data, why);
    if (rc == ERR_OK)
        rc = store_open_told(&app->store, app->opt.data, &told, why);
    if (rc == ERR_OK)
        rc = worker_setup(&app->store.db, why);
    if (rc == ERR_OK)
        rc = stick_setup(&app->store.db, why);
    if (rc == ERR_OK)
        rc = app_clock_open(app, why);
    if (rc == ERR_OK)
        rc = publish_open(app, why);
    if (rc == ERR_OK)
        rc = app_open_content(app, why);
    if (rc == ERR_OK)
        rc = records_seed(app, why);
    if (rc == ERR_OK)
        publish_seeded(app);
    return rc;
}

static enum err records_open_worker(struct app *app, struct why *why)
{
    /* Certificates that the authority's IT drops beside the records: a proxy that inspects TLS has its own. */
    char ca[FS_PATH_MAX];
    enum err rc = fs_join(ca, app->opt.data, "ca", why);
    if (rc != ERR_OK)
        return rc;
    struct worker_options o = {
        .data_dir = app->opt.data,
        .self = app->store.self,
        .clock = app->clock,
        .ingest = records_ingest,
        .read = records_read,
        .fork = records_fork,
        .changed = records_on_sync,
        .ctx = app,
        .ca_dir = ca,
        .version = "0.1.0",
        .content = app->publish,
        .content_folder = app->opt.content != NULL && content_folder_is(app->opt.content)
                              ? app->opt.content
                              : NULL,
    };
    rc = worker_start(&o, &app->worker, why);
    if (rc == ERR_OK && app->opt.hub != NULL && app->opt.join != NULL)
        worker_enrol(app->worker, app->opt.hub, app->opt.join, "", "Kiosk");
    return rc;
}

enum err records_open(struct app *app, struct why *why)
{
    enum err rc = records_open_store(app, why);
    if (rc == ERR_OK)
        rc = records_open_worker(app, why);
    return rc == ERR_OK ? carry_open(app, why) : rc;
}

void records_close(struct app *app)
{
    carry_close(app);
    worker_stop(app->worker);
    app->worker = NULL;
    publish_close(app);
    content_close(app->content);
    app->content = NULL;
    store_close(&app->store);
    fs_unlock(&app->claim);
    clock_free(app->clock);
    app->clock = NULL;
}

/* A new card stands where the one stood that it replaces, unless somebody has said otherwise. */
static void records_take_room(struct app *app)
{
    const char *room = "";
    struct why why;
    if (app->room[0] != '\0')
        return;
    if (query_replaced_room(&app->store, &app->scratch, &room, &why) != ERR_OK)
        log_line(LOG_WARN, "where the kiosk stands: %s", why.text);
    else if (room[0] != '\0' && store_set(&app->store, "room", room, &why) == ERR_OK)
        (void)str_copy(app->room, sizeof app->room, room);
}

/* A name was erased somewhere else: what of it is in memory alone goes, and whoever had it is signed in no longer. */
static void records_forget(struct app *app)
{
    struct why why;
    bool erased = false;
    if (store_drafts_forget(&app->store, &why) != ERR_OK)
        log_line(LOG_WARN, "after an erasure: %s", why.text);
    typed_forget(app);
    if (!session_in(&app->session))
        return;
    if (query_erased(&app->store, app->session.person, &erased, &why) != ERR_OK)
        log_line(LOG_WARN, "after an erasure: %s", why.text);
    if (!erased)
        return;
    app_sign_out(app);
    typed_forget(app);
    app_toast(app, TONE_INFO, "Signed out: this name was erased. Records stay, and name nobody.");
}

void records_changed(struct app *app)
{
    const char *text = "";
    char was[KEYS_ID_TEXT];
    struct why why;
    (void)str_copy(was, sizeof was, app->store.self.id);
    if (store_key_again(&app->store, &why) != ERR_OK)
        log_line(LOG_WARN, "the kiosk's key: %s", why.text);
    if (!str_eq(was, app->store.self.id))
        app_toast(app, TONE_INFO,
                  "This card was restored or copied. Its records are kept; it goes on as a new "
                  "kiosk.");
    if (store_get(&app->store, "site.name", &app->scratch, &text, NULL) == ERR_OK)
        (void)str_copy(app->school, sizeof app->school, text);
    text = "";
    if (store_get(&app->store, "room", &app->scratch, &text, NULL) == ERR_OK)
        (void)str_copy(app->room, sizeof app->room, text);
    records_take_room(app);
    records_forget(app);
}
