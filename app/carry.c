#include "app/carry.h"

#include "app/app.h"
#include "app/publish.h"
#include "app/store/site.h"
#include "platform/base/str.h"

/* ---- what the porter asks the store ---- */

static enum err carry_ingest(void *ctx, struct db *db, struct clock_now now,
                             const struct event_line *lines, size_t count, size_t *out_new,
                             struct why *why)
{
    (void)ctx;
    return store_ingest_db(db, now, lines, count, out_new, why);
}

static enum err carry_members(void *ctx, struct db *db, const char *site, struct arena *a,
                              struct stick_member **out, size_t *out_count, struct why *why)
{
    struct site_member *rows = NULL;
    size_t count = 0;
    (void)ctx;
    enum err rc = site_members(db, site, a, STICK_MEMBERS_MAX, &rows, &count, why);
    if (rc != ERR_OK)
        return rc;
    struct stick_member *members = arena_array(a, count + 1, sizeof *members);
    if (members == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the kiosks");
    for (size_t i = 0; i < count; i++)
        members[i] = (struct stick_member){ .id = rows[i].id, .now = rows[i].now };
    *out = members;
    *out_count = count;
    return ERR_OK;
}

static enum err carry_revoked(void *ctx, struct db *db, const char *self, bool *out,
                              struct why *why)
{
    (void)ctx;
    return site_revoked(db, self, out, why);
}

static enum err carry_settled(void *ctx, struct db *db, struct why *why)
{
    struct app *app = ctx;
    bool revoked = false;
    char self[KEYS_ID_TEXT] = "";
    /* From the log: the screens' own copy of the key is theirs. */
    enum err rc = evlog_self(db, self, why);
    if (rc == ERR_OK)
        rc = site_revoked(db, self, &revoked, why);
    if (rc == ERR_OK && revoked && app->worker != NULL)
        worker_revoke(app->worker);
    publish_carried(app, db);
    return rc == ERR_OK ? site_settle(db, why) : rc;
}

static void carry_changed(void *ctx, bool records)
{
    struct app *app = ctx;
    atomic_store(&app->carry.changed, true);
    if (records) {
        atomic_store(&app->store_changed, true);
        /* Lines that came by stick may name the hub, or hold what it has not: it is asked at once. */
        if (app->worker != NULL)
            worker_wake(app->worker);
    }
    if (app->window != NULL)
        window_wake(app->window);
}

/* ---- what is mounted ---- */

static bool carry_holds(const struct stick_mounts *m, const char *path)
{
    for (size_t i = 0; i < m->count; i++)
        if (str_eq(m->path[i], path))
            return true;
    return false;
}

static void carry_seen(void *ctx, const struct stick_mounts *now)
{
    struct app *app = ctx;
    struct stick_mounts *known = &app->carry.known;
    for (size_t i = 0; i < known->count; i++)
        if (!carry_holds(now, known->path[i]))
            porter_unplug(app->carry.porter, known->path[i]);
    for (size_t i = 0; i < now->count; i++)
        if (!carry_holds(known, now->path[i]))
            porter_plug(app->carry.porter, now->path[i]);
    *known = *now;
}

enum err carry_open(struct app *app, struct why *why)
{
    const struct porter_options o = {
        .data_dir = app->opt.data,
        .self = app->store.self,
        .clock = app->clock,
        .ports = { .ingest = carry_ingest,
                   .members = carry_members,
                   .revoked = carry_revoked,
                   .ctx = app },
        .content = app->publish,
        .settled = carry_settled,
        .changed = carry_changed,
        .ctx = app,
    };
    /* A power cut may have come between such a line and what it calls for. */
    enum err rc = carry_settled(app, &app->store.db, why);
    if (rc == ERR_OK)
        rc = porter_start(&o, &app->carry.porter, why);
    /* A script says itself which sticks there are. */
    if (rc == ERR_OK && app->opt.drive == NULL)
        rc = stick_watch_start(STICK_MOUNTS, carry_seen, app, &app->carry.watch, why);
    return rc;
}

void carry_close(struct app *app)
{
    stick_watch_stop(app->carry.watch);
    porter_stop(app->carry.porter);
    app->carry.watch = NULL;
    app->carry.porter = NULL;
}

void carry_plug(struct app *app, const char *dir)
{
    if (app->carry.dir[0] != '\0')
        porter_unplug(app->carry.porter, app->carry.dir);
    (void)str_copy(app->carry.dir, sizeof app->carry.dir, dir);
    if (dir[0] != '\0')
        porter_plug(app->carry.porter, dir);
}

/* ---- the card ---- */

/* It comes by itself, but not over what somebody is writing: then the bar tells of it. */
static void carry_show(struct app *app)
{
    const struct porter_view *v = &app->carry.view;
    const struct screen *top = router_top(app)->screen;
    bool there = str_eq(top->id, "stick");
    if (v->state != PORTER_FOUND || app->carry.shown == v->plugs)
        return;
    app->carry.shown = v->plugs;
    if (there || (v->tally.take + v->tally.give + v->tally.other == 0 && !v->tally.content &&
                  !v->tally.content_give))
        return;
    if (top->stays || str_eq(top->id, "check") || str_eq(top->id, "tray") ||
        ui_keyboard_open(app->ui) || app->router.depth >= ROUTER_DEPTH_MAX)
        app_toast(app, TONE_INFO, "Stick found: finish this first, then see Records");
    else
        router_push(app, "stick", NULL);
}

void carry_step(struct app *app)
{
    if (!atomic_exchange(&app->carry.changed, false))
        return;
    porter_look(app->carry.porter, &app->carry.view);
    carry_show(app);
}
