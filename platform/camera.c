#include "platform/camera.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "platform/camera_driver.h"
#include "platform/camera_look.h"
#include "platform/picture.h"

enum {
    CAMERA_W = 640,
    CAMERA_H = 480,
    CAMERA_RETRY_MS = 1000,
    CAMERA_RETRY_MAX_MS = 10000,
    CAMERA_CLOSE_S = 5,
    CAMERA_SHOWN_SIDE_MAX = 1280, /* the copy kept for showing */
    CAMERA_SHOW_MS = 50,          /* at most this often */
};

static const struct camera_driver *const camera_drivers[] = { &camera_v4l2, &camera_pipe,
                                                              &camera_files };

struct camera {
    const struct camera_driver *driver; /* NULL: none */
    char *source;                       /* copy; the wish's argument points into it */
    struct camera_wish wish;
    struct camera_options options;
    int64_t retry_ms;
    int wake_fd;

    pthread_t thread;
    bool running;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ended_cond;
    bool stop, ended, abandoned;
    enum camera_state state;
    struct why why;
    char held[FS_PATH_MAX]; /* empty: the driver's own frames */
    unsigned wanted;        /* counts changes of held */
    uint8_t *shown;
    size_t shown_size;
    int shown_w, shown_h;
    uint64_t serial;
    int snap_side; /* a frame is wanted for keeping, at most so large; 0: none is */
    uint8_t *snap; /* the frame that was wanted, until it is fetched */
    int snap_w, snap_h;
    pthread_cond_t snap_cond;

    /* The thread's own. */
    unsigned opened; /* what `wanted` was when the source was opened */
    uint64_t frames;
    uint8_t look[LOOK_W * LOOK_H]; /* the shown picture, small */
    bool looked;
    int64_t shown_ms;
};

bool camera_nap(int wake_fd, int64_t ms)
{
    struct pollfd p = { .fd = wake_fd, .events = POLLIN };
    return poll(&p, 1, ms < 0 ? 0 : (int)ms) > 0;
}

/* Whether the owner still listens: not after a close that could not wait. */
static bool camera_listened(struct camera *c)
{
    (void)pthread_mutex_lock(&c->lock);
    bool listened = !c->stop;
    (void)pthread_mutex_unlock(&c->lock);
    return listened;
}

static void camera_tell(struct camera *c)
{
    if (c->options.on_change && camera_listened(c))
        c->options.on_change(c->options.ctx);
}

static void camera_set_state(struct camera *c, enum camera_state state, const struct why *why)
{
    (void)pthread_mutex_lock(&c->lock);
    bool changed = c->state != state || (why && strcmp(c->why.text, why->text) != 0);
    c->state = state;
    c->why = why ? *why : (struct why){ 0 };
    (void)pthread_mutex_unlock(&c->lock);
    if (changed)
        camera_tell(c);
}

/* Copies the frame as the picture to show, smaller where it is very large. */
static bool camera_keep(struct camera *c, const struct camera_frame *f)
{
    int side = f->w > f->h ? f->w : f->h;
    int factor = (side + CAMERA_SHOWN_SIDE_MAX - 1) / CAMERA_SHOWN_SIDE_MAX;
    int w = f->w / factor, h = f->h / factor;
    if (w < 1 || h < 1)
        return false;

    (void)pthread_mutex_lock(&c->lock);
    size_t size = (size_t)w * (size_t)h;
    if (size > c->shown_size) {
        free(c->shown);
        c->shown = malloc(size);
        c->shown_size = c->shown ? size : 0;
    }
    bool kept = c->shown != NULL;
    if (kept) {
        picture_divide(f->luma, f->w, f->h, f->stride, c->shown, factor);
        c->shown_w = w;
        c->shown_h = h;
        c->serial++;
    } else {
        c->shown_w = c->shown_h = 0;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return kept;
}

static void camera_blank(struct camera *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->shown_w = c->shown_h = 0;
    c->serial++;
    (void)pthread_mutex_unlock(&c->lock);
}

/* Copies the frame that somebody waits for. */
static void camera_give(struct camera *c, const struct camera_frame *f)
{
    (void)pthread_mutex_lock(&c->lock);
    if (c->snap_side > 0 && c->snap == NULL) {
        int side = f->w > f->h ? f->w : f->h;
        bool large = side > c->snap_side;
        int w = large ? (int)((int64_t)f->w * c->snap_side / side) : f->w;
        int h = large ? (int)((int64_t)f->h * c->snap_side / side) : f->h;
        w = w < 1 ? 1 : w;
        h = h < 1 ? 1 : h;
        c->snap = malloc((size_t)w * (size_t)h);
        c->snap_w = w;
        c->snap_h = h;
        if (c->snap)
            picture_shrink(f->luma, f->w, f->h, f->stride, c->snap, w, h);
        (void)pthread_cond_signal(&c->snap_cond);
    }
    (void)pthread_mutex_unlock(&c->lock);
}

static void camera_publish(struct camera *c, struct camera_frame *f)
{
    uint8_t look[LOOK_W * LOOK_H];
    f->number = ++c->frames;
    camera_give(c, f);
    bool other_size = !c->looked;
    bool due = f->ms - c->shown_ms >= CAMERA_SHOW_MS;
    bool tell = false;
    if ((other_size || due) && (camera_differs(f, c->look, look) || other_size)) {
        memcpy(c->look, look, sizeof(look));
        c->shown_ms = f->ms;
        c->looked = true;
        tell = camera_keep(c, f);
    }
    /* Scanning takes its time: the picture is there before. */
    if (tell)
        camera_tell(c);
    if (c->options.on_frame && camera_listened(c))
        c->options.on_frame(c->options.ctx, f);
}

/* What is to be done now: copies the held picture's name. False when it is time to stop. */
static bool camera_wanted(struct camera *c, char held[FS_PATH_MAX])
{
    uint64_t wakes;
    (void)!read(c->wake_fd, &wakes, sizeof(wakes));
    (void)pthread_mutex_lock(&c->lock);
    bool go = !c->stop;
    memcpy(held, c->held, FS_PATH_MAX);
    c->opened = c->wanted;
    (void)pthread_mutex_unlock(&c->lock);
    return go;
}

static bool camera_unchanged(struct camera *c)
{
    uint64_t wakes;
    (void)!read(c->wake_fd, &wakes, sizeof(wakes));
    (void)pthread_mutex_lock(&c->lock);
    bool same = !c->stop && c->opened == c->wanted;
    (void)pthread_mutex_unlock(&c->lock);
    return same;
}

/* One opening of one source, until it is lost or something else is wanted. Returns whether a frame
   came. */
static bool camera_serve(struct camera *c, const struct camera_driver *driver,
                         const struct camera_wish *wish)
{
    void *self = NULL;
    struct why why = { 0 };
    bool live = false;
    c->looked = false;
    if (driver->open(wish, &self, &why) != ERR_OK) {
        camera_set_state(c, CAMERA_LOST, &why);
        return false;
    }
    for (;;) {
        struct camera_frame frame = { 0 };
        enum grab got = driver->grab(self, c->wake_fd, &frame, &why);
        if (got == GRAB_LOST) {
            camera_set_state(c, CAMERA_LOST, &why);
            break;
        }
        if (got == GRAB_WOKEN && !camera_unchanged(c))
            break;
        if (got != GRAB_FRAME)
            continue;
        if (!live)
            camera_set_state(c, CAMERA_LIVE, NULL);
        live = true;
        camera_publish(c, &frame);
    }
    driver->close(self);
    return live;
}

static void camera_free(struct camera *c)
{
    (void)pthread_mutex_destroy(&c->lock);
    (void)pthread_cond_destroy(&c->ended_cond);
    (void)pthread_cond_destroy(&c->snap_cond);
    if (c->wake_fd >= 0)
        (void)close(c->wake_fd);
    free(c->shown);
    free(c->snap);
    free(c->source);
    free(c);
}

static void camera_loop(struct camera *c)
{
    char held[FS_PATH_MAX];
    int64_t retry_ms = c->retry_ms;
    while (camera_wanted(c, held)) {
        struct camera_wish held_wish = { .argument = held };
        if (held[0] == '\0' && !c->driver) {
            camera_blank(c);
            camera_set_state(c, CAMERA_OFF, NULL);
            struct pollfd p = { .fd = c->wake_fd, .events = POLLIN };
            (void)poll(&p, 1, -1);
            continue;
        }
        bool live = held[0] != '\0' ? camera_serve(c, &camera_held, &held_wish)
                                    : camera_serve(c, c->driver, &c->wish);
        if (live)
            retry_ms = c->retry_ms;
        if (!camera_unchanged(c))
            continue;
        /* Lost: once more after a while, which a wake cuts short. */
        (void)camera_nap(c->wake_fd, retry_ms);
        retry_ms = retry_ms * 2 < CAMERA_RETRY_MAX_MS ? retry_ms * 2 : CAMERA_RETRY_MAX_MS;
    }
}

static void *camera_main(void *arg)
{
    struct camera *c = arg;
    /* Seen beside the thread's figures in /proc: what looking for labels costs. */
    (void)prctl(PR_SET_NAME, "camera", 0, 0, 0);
    camera_loop(c);
    picture_thread_done();
    (void)pthread_mutex_lock(&c->lock);
    c->ended = true;
    bool abandoned = c->abandoned;
    (void)pthread_cond_signal(&c->ended_cond);
    (void)pthread_mutex_unlock(&c->lock);
    if (abandoned)
        camera_free(c); /* nobody waits for us any more */
    return NULL;
}

static enum err camera_start(struct camera *c, struct why *why)
{
    int sys = pthread_create(&c->thread, NULL, camera_main, c);
    if (sys != 0)
        return why_set(why, ERR_NOMEM, sys, "camera thread");

    c->running = true;
    return ERR_OK;
}

static enum err camera_find_driver(struct camera *c, struct why *why)
{
    if (str_eq(c->source, "none"))
        return ERR_OK;

    for (size_t i = 0; i < COUNT_OF(camera_drivers); i++) {
        const char *prefix = camera_drivers[i]->prefix;
        /* camera_open refused a missing one. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        if (str_starts(c->source, prefix) && c->source[strlen(prefix)] != '\0') {
            c->driver = camera_drivers[i];
            c->wish.argument = c->source + strlen(prefix);
            return ERR_OK;
        }
    }
    return why_set(why, ERR_INPUT, 0,
                   "camera %s: give v4l2:DEVICE, pipe:COMMAND, files:FOLDER or none", c->source);
}

enum err camera_open(const struct camera_options *o, struct camera **out, struct why *why)
{
    bool own = o->w == 0 && o->h == 0;
    if (!own && (o->w <= 0 || o->h <= 0 || o->w > CAMERA_SIDE_MAX || o->h > CAMERA_SIDE_MAX))
        return why_set(why, ERR_INPUT, 0, "camera size %d x %d: 1 to %d", o->w, o->h,
                       CAMERA_SIDE_MAX);
    struct camera *c = calloc(1, sizeof(*c));
    if (!c)
        return why_set(why, ERR_NOMEM, 0, "camera");

    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_cond_init(&c->ended_cond, &monotonic);
    (void)pthread_cond_init(&c->snap_cond, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    c->options = *o;
    c->wish = (struct camera_wish){ .w = own ? CAMERA_W : o->w, .h = own ? CAMERA_H : o->h };
    c->retry_ms = o->retry_ms > 0 ? o->retry_ms : CAMERA_RETRY_MS;
    c->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    c->source = strdup(o->source ? o->source : "none");
    enum err rc = ERR_OK;
    if (c->wake_fd < 0 || !c->source)
        rc = why_set(why, ERR_NOMEM, errno, "camera");
    if (rc == ERR_OK)
        rc = camera_find_driver(c, why);
    c->state = c->driver ? CAMERA_STARTING : CAMERA_OFF;
    if (rc == ERR_OK && c->driver)
        rc = camera_start(c, why);
    if (rc != ERR_OK) {
        camera_free(c);
        return rc;
    }
    *out = c;
    return ERR_OK;
}

static void camera_wake(struct camera *c)
{
    uint64_t one = 1;
    (void)!write(c->wake_fd, &one, sizeof(one));
}

void camera_close(struct camera *c)
{
    if (!c)
        return;
    if (!c->running) {
        camera_free(c);
        return;
    }

    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += CAMERA_CLOSE_S;
    (void)pthread_mutex_lock(&c->lock);
    c->stop = true;
    camera_wake(c);
    int waited = 0;
    while (!c->ended && waited == 0)
        waited = pthread_cond_timedwait(&c->ended_cond, &c->lock, &until);
    /* A driver that hangs in the kernel must not hang us: its thread keeps the struct and frees it
       if it ever comes back. The lock decides which of us does. */
    bool ended = c->ended;
    c->abandoned = !ended;
    pthread_t thread = c->thread;
    (void)pthread_mutex_unlock(&c->lock);
    if (ended) {
        (void)pthread_join(thread, NULL);
        camera_free(c);
    } else {
        (void)pthread_detach(thread);
    }
}

enum camera_state camera_status(struct camera *c, struct why *out_why)
{
    (void)pthread_mutex_lock(&c->lock);
    enum camera_state state = c->state;
    if (out_why)
        *out_why = c->why;
    (void)pthread_mutex_unlock(&c->lock);
    return state;
}

/* Reads the picture once here, so that the caller hears what is wrong with it. */
static enum err camera_try(const char *path, struct why *why)
{
    struct arena scratch;
    struct camera_frame frame;
    arena_init(&scratch, (size_t)CAMERA_SIDE_MAX * CAMERA_SIDE_MAX + 65536);
    enum err rc = camera_read_picture(&scratch, path, &frame, why);
    arena_done(&scratch);
    return rc;
}

enum err camera_hold(struct camera *c, const char *path, struct why *why)
{
    if (path && (path[0] == '\0' || strlen(path) >= FS_PATH_MAX))
        return why_set(why, ERR_INPUT, 0, "picture: its name is empty or too long");
    enum err rc = path ? camera_try(path, why) : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    if (!path && !c->running)
        return ERR_OK;

    (void)pthread_mutex_lock(&c->lock);
    (void)str_copy(c->held, sizeof(c->held), path ? path : "");
    c->wanted++;
    (void)pthread_mutex_unlock(&c->lock);
    camera_wake(c);
    return c->running ? ERR_OK : camera_start(c, why);
}

bool camera_preview(struct camera *c, uint8_t *out, size_t max, int max_w, int *out_w, int *out_h,
                    uint64_t *out_serial)
{
    (void)pthread_mutex_lock(&c->lock);
    int w = c->shown_w, h = c->shown_h, factor = 1;
    while (w > 0 && factor <= w &&
           (w / factor > max_w || (size_t)(w / factor) * (size_t)(h / factor) > max))
        factor++;
    bool there = w > 0 && w / factor > 0 && h / factor > 0 && max > 0;
    if (there) {
        picture_divide(c->shown, w, h, w, out, factor);
        *out_w = w / factor;
        *out_h = h / factor;
        *out_serial = c->serial;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return there;
}

enum err camera_snap(struct camera *c, struct arena *a, int side_max, int wait_ms,
                     struct camera_frame *out, struct why *why)
{
    struct timespec until;
    enum err rc = ERR_OK;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    (void)pthread_mutex_lock(&c->lock);
    c->snap_side = side_max;
    int waited = 0;
    while (c->state == CAMERA_LIVE && !c->snap && waited == 0)
        waited = pthread_cond_timedwait(&c->snap_cond, &c->lock, &until);
    size_t size = (size_t)c->snap_w * (size_t)c->snap_h;
    uint8_t *copy = c->snap ? arena_alloc(a, size) : NULL;
    if (!c->snap)
        rc = why_set(why, ERR_NOT_FOUND, 0, "the camera shows nothing");
    else if (!copy)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for the picture");
    if (rc == ERR_OK) {
        memcpy(copy, c->snap, size);
        *out = (struct camera_frame){
            .luma = copy, .w = c->snap_w, .h = c->snap_h, .stride = c->snap_w
        };
    }
    free(c->snap);
    c->snap = NULL;
    c->snap_side = 0;
    (void)pthread_mutex_unlock(&c->lock);
    return rc;
}
