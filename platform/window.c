#include "platform/window.h"

#include <SDL_image.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "platform/base/clock.h"
#include "platform/damage.h"
#include "platform/display.h"
#include "platform/font.h"
#include "platform/render.h"

enum { WINDOW_W = 1280, WINDOW_H = 800, WINDOW_SIDE_MAX = RENDER_SIDE_MAX };

struct window {
    struct display *display; /* NULL: in memory */
    struct surface memory;
    struct font_set *fonts;
    struct render *render;
    struct damage *damage;
    struct draw_measure measure;
    int wake_fd;
    bool quit;
    bool caught; /* our signal handlers stand */
    struct sigaction old_term, old_int;
};

/* A signal handler is given nothing of ours to find the window by, so this one static stands
   against the rule. It is the eventfd to write to; 0 while no window is open. */
static volatile sig_atomic_t window_signal_fd;
static volatile sig_atomic_t window_signalled;

static void window_signal(int number)
{
    int saved = errno;
    uint64_t one = 1;
    (void)number;
    window_signalled = 1;
    if (window_signal_fd > 0)
        (void)!write(window_signal_fd, &one, sizeof(one));
    errno = saved;
}

static void window_catch(struct window *w)
{
    struct sigaction act = { .sa_handler = window_signal };
    (void)sigemptyset(&act.sa_mask);
    window_signalled = 0;
    window_signal_fd = w->wake_fd;
    (void)sigaction(SIGTERM, &act, &w->old_term);
    (void)sigaction(SIGINT, &act, &w->old_int);
    w->caught = true;
}

static int window_font_width(void *ctx, enum draw_font font, int size_px, const char *text,
                             size_t len)
{
    return font_width(ctx, font, size_px, text, len);
}

static struct draw_metrics window_font_metrics(void *ctx, enum draw_font font, int size_px)
{
    return font_metrics(ctx, font, size_px);
}

static enum err window_memory(struct window *w, const struct window_options *o, struct why *why)
{
    bool own = o->w <= 0 || o->h <= 0;
    int wide = own ? WINDOW_W : o->w, high = own ? WINDOW_H : o->h;
    w->memory =
        (struct surface){ calloc((size_t)wide * (size_t)high, sizeof(uint32_t)), wide, high, wide };
    if (!w->memory.px)
        return why_set(why, ERR_NOMEM, 0, "picture of %d x %d", wide, high);
    return ERR_OK;
}

enum err window_open(const struct window_options *o, struct window **out, struct why *why)
{
    if (o->w > WINDOW_SIDE_MAX || o->h > WINDOW_SIDE_MAX)
        return why_set(why, ERR_LIMIT, 0, "window of %d x %d: at most %d a side", o->w, o->h,
                       WINDOW_SIDE_MAX);
    struct window *w = calloc(1, sizeof(*w));
    if (!w)
        return why_set(why, ERR_NOMEM, 0, "window");

    enum err rc = ERR_OK;
    w->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (w->wake_fd < 0) {
        rc = why_set(why, ERR_IO, errno, "window: eventfd");
        goto out;
    }
    rc = font_set_new(&w->fonts, why);
    if (rc != ERR_OK)
        goto out;
    rc = render_new(w->fonts, o->assets, &w->render, why);
    if (rc != ERR_OK)
        goto out;
    w->damage = damage_new();
    if (!w->damage) {
        rc = why_set(why, ERR_NOMEM, 0, "window");
        goto out;
    }
    rc = o->memory ? window_memory(w, o, why) : display_open(o, &w->display, why);
    if (rc != ERR_OK)
        goto out;
    w->measure = (struct draw_measure){ window_font_width, window_font_metrics, w->fonts };
    window_catch(w);
    *out = w;
    return ERR_OK;
out:
    window_close(w);
    return rc;
}

void window_close(struct window *w)
{
    if (!w)
        return;

    if (w->caught) {
        (void)sigaction(SIGTERM, &w->old_term, NULL);
        (void)sigaction(SIGINT, &w->old_int, NULL);
        window_signal_fd = 0;
    }
    display_close(w->display);
    free(w->memory.px);
    damage_free(w->damage);
    render_free(w->render);
    font_set_free(w->fonts);
    if (w->wake_fd >= 0)
        (void)close(w->wake_fd);
    free(w);
}

static const struct surface *window_surface(const struct window *w)
{
    return w->display ? display_surface(w->display) : &w->memory;
}

int window_width(const struct window *w)
{
    return window_surface(w)->w;
}

int window_height(const struct window *w)
{
    return window_surface(w)->h;
}

bool window_mm(const struct window *w, double *out_w_mm, double *out_h_mm)
{
    return w->display && display_mm(w->display, out_w_mm, out_h_mm);
}

const struct draw_measure *window_measure(struct window *w)
{
    return &w->measure;
}

void window_wake(struct window *w)
{
    uint64_t one = 1;
    (void)!write(w->wake_fd, &one, sizeof(one));
}

/* Takes what is there. Sets *out_stop when the caller must hear of something besides events. */
static size_t window_take(struct window *w, struct input_event *events, size_t max, bool *out_stop)
{
    size_t n = 0;
    uint64_t wakes;
    if (read(w->wake_fd, &wakes, sizeof(wakes)) > 0)
        *out_stop = true;
    if (window_signalled)
        w->quit = true;
    while (w->display && n < max) {
        enum display_got got = display_take(w->display, &events[n]);
        if (got == DISPLAY_NOTHING)
            break;
        if (got == DISPLAY_INPUT)
            events[n++].ms = clock_mono_ms();
        if (got == DISPLAY_QUIT)
            w->quit = true;
        if (got == DISPLAY_RESIZED) {
            damage_forget(w->damage);
            *out_stop = true;
        }
    }
    return n;
}

size_t window_wait(struct window *w, int timeout_ms, struct input_event *events, size_t max,
                   bool *out_quit)
{
    int64_t end = timeout_ms < 0 ? -1 : clock_mono_ms() + timeout_ms;
    for (;;) {
        bool stop = false;
        /* Also after every poll: the toolkit reads its socket into queues of its own, so an empty
           queue and a quiet socket together are what "nothing to do" means. */
        size_t n = window_take(w, events, max, &stop);
        int64_t left = end < 0 ? -1 : end - clock_mono_ms();
        *out_quit = w->quit;
        if (n > 0 || stop || w->quit || (end >= 0 && left <= 0))
            return n;

        struct pollfd fds[DISPLAY_FDS_MAX + 1];
        size_t count = w->display ? display_fds(w->display, fds) : 0;
        fds[count++] = (struct pollfd){ .fd = w->wake_fd, .events = POLLIN };
        int nap = w->display ? display_nap_ms(w->display) : -1;
        if (left >= 0 && (nap < 0 || left < nap))
            nap = left > INT32_MAX ? INT32_MAX : (int)left;
        if (poll(fds, (nfds_t)count, nap) > 0 && w->display)
            display_drain(w->display);
    }
}

size_t window_present(struct window *w, const struct draw_list *list)
{
    const struct surface *to = window_surface(w);
    struct rect rects[DAMAGE_RECTS_MAX];
    size_t drawn = 0;
    assert(list->count <= DRAW_CMDS_MAX);
    size_t count =
        damage_find(w->damage, list, (struct rect){ 0, 0, to->w, to->h }, &w->measure, rects);
    for (size_t i = 0; i < count; i++) {
        render_list(w->render, to, list, rects[i]);
        drawn += rect_area(rects[i]);
    }
    if (count == 0)
        return 0;

    if (w->display)
        display_show(w->display, rects, count);
    damage_keep(w->damage, list);
    return drawn;
}

enum err window_shot(struct window *w, const char *path, struct why *why)
{
    const struct surface *s = window_surface(w);
    SDL_Surface *picture = SDL_CreateRGBSurfaceWithFormatFrom(
        s->px, s->w, s->h, 32, s->stride * (int)sizeof(uint32_t), SDL_PIXELFORMAT_RGB888);
    if (!picture)
        return why_set(why, ERR_NOMEM, 0, "picture: %s", SDL_GetError());

    int failed = IMG_SavePNG(picture, path);
    SDL_FreeSurface(picture);
    return failed ? why_set(why, ERR_IO, 0, "write %s: %s", path, SDL_GetError()) : ERR_OK;
}
