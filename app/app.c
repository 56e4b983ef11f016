#include "app/app.h"

#include <stdlib.h>

#include "app/domain/caldate.h"
#include "app/keys.h"
#include "app/publish.h"
#include "app/records.h"
#include "app/store/content_seed.h"
#include "app/wipe.h"
#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"

enum {
    APP_SETTLE_MAX =
        6 /* frames in a row without new input: a screen that goes on asking is a fault */
};

/* ---- what other threads call ---- */

static void app_wake(void *ctx)
{
    struct app *app = ctx;
    if (app->window != NULL)
        window_wake(app->window);
}

static void app_on_frame(void *ctx, const struct camera_frame *frame)
{
    struct app *app = ctx;
    scanner_frame(app->scanner, frame);
}

static void app_on_picture(void *ctx)
{
    struct app *app = ctx;
    atomic_store(&app->picture_changed, true);
    app_wake(app);
}

/* ---- opening ---- */

static enum err app_open_window(struct app *app, const char *assets, struct why *why)
{
    const struct options *o = &app->opt;
    /* Nothing changes the environment. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    bool display = getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL;
    struct window_options w = {
        .title = "Canny",
        .w = o->w,
        .h = o->h,
        .fullscreen = o->fullscreen,
        .memory = o->drive != NULL && !display,
        .assets = assets,
    };
    enum err rc = window_open(&w, &app->window, why);
    if (rc != ERR_OK)
        return rc;
    double w_mm = 0;
    double h_mm = 0;
    (void)window_mm(app->window, &w_mm, &h_mm);
    app->panel = panel_of(window_width(app->window), window_height(app->window), o->w_mm, o->h_mm,
                          w_mm, h_mm);
    app->ui = ui_new(window_measure(app->window));
    return app->ui == NULL ? why_set(why, ERR_NOMEM, 0, "screen: no memory") : ERR_OK;
}

static enum err app_open_camera(struct app *app, struct why *why)
{
    app->preview = malloc(APP_PREVIEW_MAX);
    if (app->preview == NULL)
        return why_set(why, ERR_NOMEM, 0, "camera: no memory");
    enum err rc = scanner_new(app_wake, app, &app->scanner, why);
    if (rc != ERR_OK)
        return rc;
    struct camera_options o = {
        .source = app->opt.camera,
        .w = app->opt.camera_w,
        .h = app->opt.camera_h,
        .on_frame = app_on_frame,
        .on_change = app_on_picture,
        .ctx = app,
    };
    return camera_open(&o, &app->camera, why);
}

static void app_read_letters(struct app *app)
{
    const char *large = "";
    if (!app->opt.large && store_get(&app->store, "large", &app->scratch, &large, NULL) == ERR_OK)
        app->opt.large = str_eq(large, "yes");
}

enum err app_open(struct app *app, const struct options *o, struct why *why)
{
    *app = (struct app){ .opt = *o, .version = 1 };
    arena_init(&app->scratch, (size_t)16 * 1024 * 1024);
    arena_init(&app->facts_arena, (size_t)1024 * 1024);
    router_init(&app->router);
    wedge_init(&app->wedge);
    char assets[FS_PATH_MAX] = "";
    enum err rc = app_assets(o, assets, why);
    if (rc == ERR_OK)
        rc = app_open_window(app, assets, why);
    if (rc == ERR_OK)
        rc = records_open(app, why);
    if (rc == ERR_OK)
        rc = app_open_camera(app, why);
    if (rc != ERR_OK) {
        app_close(app);
        return rc;
    }
    records_changed(app);
    app_read_letters(app);
    app_clock_read(app);
    app_print_drop(app);
    router_push(app, "home", NULL);
    if (wipe_told(app->opt.data))
        router_push(app, "wiped", NULL);
    (void)router_settle(app);
    return ERR_OK;
}

void app_close(struct app *app)
{
    camera_close(app->camera);
    scanner_free(app->scanner);
    router_done(app);
    records_close(app);
    ui_free(app->ui);
    window_close(app->window);
    free(app->preview);
    app_photos_done(app);
    arena_done(&app->print.arena);
    paper_end();
    arena_done(&app->facts_arena);
    arena_done(&app->scratch);
    *app = (struct app){ .quit = true };
}

static bool app_scans(struct app *app)
{
    static const size_t limit = SCANNER_QUEUE_MAX;
    bool any = false;
    struct scan_symbol *symbol = arena_alloc(&app->scratch, sizeof *symbol);
    for (size_t i = 0; symbol != NULL && i < limit && scanner_take(app->scanner, symbol); i++) {
        app_enter_code(app, symbol->payload, symbol->len, symbol->symbology);
        any = true;
    }
    return any;
}

/* ---- a frame ---- */

static void app_take_picture(struct app *app)
{
    int w = 0;
    int h = 0;
    uint64_t serial = 0;
    if (!camera_preview(app->camera, app->preview, APP_PREVIEW_MAX, APP_PREVIEW_W, &w, &h, &serial))
        return;
    app->luma = (struct draw_luma){
        .pixels = app->preview,
        .w = w,
        .h = h,
        .stride = w,
        .serial = serial,
        .mirror = false,
    };
}

/* Somebody looked something up and went away: the next one finds the kiosk where it starts. */
static bool app_left_alone(struct app *app)
{
    return !session_in(&app->session) && app->router.depth > 1 && !router_top(app)->screen->stays;
}

/* Answers that the disk refused go to it as soon as it takes them, also when nobody types. */
static void app_save_again(struct app *app)
{
    struct why why;
    if (!app->store.unsaved) {
        app->unsaved_ms = 0;
    } else if (app->unsaved_ms == 0) {
        app->unsaved_ms = app->now.mono_ms + APP_UNSAVED_MS;
    } else if (app->now.mono_ms >= app->unsaved_ms) {
        app->unsaved_ms = app->now.mono_ms + APP_UNSAVED_MS;
        if (store_drafts_save(&app->store, &why) == ERR_OK)
            app_toast(app, TONE_GOOD, "Your answers are saved now");
    }
}

/* What time has ended: a session without touches, a message that was shown long enough. */
static void app_lapse(struct app *app)
{
    if (session_countdown(&app->session, app->now.mono_ms) == 0) {
        app_sign_out(app);
        app_toast(app, TONE_INFO, "Signed out. What you had begun is kept.");
    }
    if (app_left_alone(app) && app->now.mono_ms - app->session.touched_ms >= SESSION_HOME_MS) {
        app->session.lists = (struct session_lists){ .by_date = false };
        (void)typed_home(app);
    }
    if (app->toast.until_ms != 0 && app->now.mono_ms >= app->toast.until_ms)
        app->toast = (struct toast){ .until_ms = 0 };
    app_timers_step(app);
    app_save_again(app);
}

struct ui_scale app_scale(const struct app *app)
{
    return (struct ui_scale){
        .px_per_mm_x = app->panel.w / app->panel.w_mm,
        .px_per_mm_y = app->panel.h / app->panel.h_mm,
        .large = app->opt.large,
    };
}

/* The name of the field that is being typed into, of the last frame: its strings go when the next one begins. */
static void app_read_asked(struct app *app)
{
    const char *focused = ui_focused(app->ui);
    app->asked[0] = '\0';
    for (size_t i = 0; focused != NULL && app->tree != NULL && i < app->tree->count; i++)
        if (app->tree->nodes[i].role == ROLE_FIELD && str_eq(app->tree->nodes[i].path, focused))
            (void)str_copy(app->asked, sizeof app->asked, app->tree->nodes[i].label);
}

/* Marks the screen on top where a read has failed since the last look: whatever its caller made of it, what is shown may lack
   something. Home is never left; it is read anew whenever something changes. */
static void app_mark_unread(struct app *app)
{
    struct router_entry *top = router_top(app);
    const unsigned failed = app->store.db.unread + content_unread(app->content);

    if (failed > app->unread) {
        top->unread = true;
        app->unread_version = app->version;
    }
    app->unread = failed;
}

static void app_draw(struct app *app, const struct input_event *events, size_t count)
{
    struct ui_frame frame = {
        .w = window_width(app->window),
        .h = window_height(app->window),
        .scale = app_scale(app),
        .ms = app->now.mono_ms,
        .events = events,
        .event_count = count,
        .screen = router_top(app)->screen->id,
    };
    struct router_entry *top = router_top(app);
    app_mark_unread(app);
    if (app->router.depth == 1 && app->version != app->unread_version)
        top->unread = false;
    app_read_asked(app);
    ui_begin(app->ui, &frame);
    top->screen->frame(app, top->state);
    const struct draw_list *list = NULL;
    ui_end(app->ui, &list, &app->tree);
    (void)window_present(app->window, list);
    app_mark_unread(app);
}

/* The touch that answers «Still there?» keeps the person signed in and reaches no widget. Returns how many events are
   left. */
static size_t app_answer(struct app *app, const struct input_event *events, size_t count,
                         struct input_event *left)
{
    size_t n = 0;
    for (size_t i = 0; i < count && n < INPUT_EVENTS_MAX; i++) {
        enum input_kind kind = events[i].kind;
        if (kind == INPUT_PRESS && session_countdown(&app->session, app->now.mono_ms) > 0)
            app->answering = true;
        if (kind != INPUT_MOVE)
            app->session.touched_ms = app->now.mono_ms;
        bool pointer = kind == INPUT_PRESS || kind == INPUT_MOVE || kind == INPUT_RELEASE ||
                       kind == INPUT_CANCEL;
        if (!app->answering || !pointer)
            left[n++] = events[i];
        if (kind == INPUT_RELEASE || kind == INPUT_CANCEL)
            app->answering = false;
    }
    return n;
}

struct app_seen {
    uint64_t version;
    int64_t toast_ms;
    unsigned unread;
};

static struct app_seen app_seen(const struct app *app)
{
    return (struct app_seen){ .version = app->version,
                              .toast_ms = app->toast.until_ms,
                              .unread = app->unread };
}

void app_frame(struct app *app, const struct input_event *events, size_t count)
{
    wipe_step(app);
    if (app->quit)
        return;
    app_clock_read(app);
    app->busy = false;
    arena_reset(&app->scratch);
    if (atomic_exchange(&app->store_changed, false)) {
        app->version++;
        records_changed(app);
    }
    publish_step(app);
    if (atomic_exchange(&app->picture_changed, false))
        app_take_picture(app);
    /* Before anything is drawn: the frame on the screen is home's own, which borrows nothing from the content. */
    app_content_step(app);
    struct input_event left[INPUT_EVENTS_MAX];
    size_t left_count = app_answer(app, events, count, left);
    struct keys keys = { .count = 0 };
    keys_sort(app, left, left_count, &keys);
    (void)app_scans(app);
    app_lapse(app);
    carry_step(app);
    (void)router_settle(app);
    /* What a screen did while it drew (a message, a change of the store, a way taken) is shown at once, not when something
       else happens to ask for a frame. */
    struct app_seen seen = app_seen(app);
    app_draw(app, keys.events, keys.count);
    for (int i = 0; i < APP_SETTLE_MAX; i++) {
        struct app_seen now = app_seen(app);
        bool moved = router_settle(app) || ui_again(app->ui);
        app_stop_step(app);
        moved = router_settle(app) || moved;
        if (!moved && now.version == seen.version && now.toast_ms == seen.toast_ms &&
            now.unread == seen.unread)
            break;
        seen = now;
        app_draw(app, NULL, 0);
    }
    app_content_drawn(app);
}

/* ---- the loop ---- */

static int64_t app_sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When the next frame is due although nothing happens: the minute, a countdown, a message that goes away. */
static int64_t app_due_ms(struct app *app)
{
    struct clock_now now = clock_read(app->clock);
    if (app->busy || app_content_waits(app))
        return 0;
    int64_t due = now.mono_ms + 60000 - now.wall_ms % 60000;
    due = app_sooner(due, session_due_ms(&app->session, now.mono_ms));
    due = app_sooner(due, wedge_due_ms(&app->wedge));
    due = app_sooner(due, timers_due_ms(&app->timers, now));
    if (app_left_alone(app))
        due = app_sooner(due, app->session.touched_ms + SESSION_HOME_MS);
    if (app->toast.until_ms != 0)
        due = app_sooner(due, app->toast.until_ms);
    if (app->unsaved_ms != 0)
        due = app_sooner(due, app->unsaved_ms);
    if (ui_wake_ms(app->ui) != 0)
        due = app_sooner(due, ui_wake_ms(app->ui));
    if (router_top(app)->screen->wants_ticks)
        due = app_sooner(due, now.mono_ms + 1000);
    return due - now.mono_ms;
}

/* A picture that no screen shows is no reason to draw. */
static bool app_nothing_new(struct app *app, size_t events, int64_t left_ms)
{
    if (events > 0 || left_ms <= 0 || atomic_load(&app->store_changed) ||
        atomic_load(&app->carry.changed))
        return false;
    return !(atomic_load(&app->picture_changed) && router_top(app)->screen->wants_camera) &&
           !scanner_waiting(app->scanner);
}

void app_step(struct app *app, int timeout_ms)
{
    struct input_event events[INPUT_EVENTS_MAX];
    int64_t start = clock_mono_ms();
    int64_t due = app_due_ms(app);
    int64_t wait = due < 0 ? 0 : due;
    if (timeout_ms >= 0 && timeout_ms < wait)
        wait = timeout_ms;
    bool quit = false;
    size_t count = window_wait(app->window, (int)wait, events, INPUT_EVENTS_MAX, &quit);
    if (quit)
        app->quit = true;
    int64_t left = due - (clock_mono_ms() - start);
    if (!app_nothing_new(app, count, left))
        app_frame(app, events, count);
}

void app_start(struct app *app)
{
    app_frame(app, NULL, 0);
    struct why why;
    if (content_seed_pins(app->content, &app->store, &why) != ERR_OK)
        log_line(LOG_WARN, "PINs of the example school: %s", why.text);
    app->version++; /* people may have a PIN now */
}

void app_run(struct app *app)
{
    app_start(app);
    while (!app->quit)
        app_step(app, -1);
}
