#include "platform/display.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "platform/edid.h"
#include "platform/evdev.h"
#include "platform/input_sdl.h"

enum { DISPLAY_NAP_MS = 20 };

struct display {
    SDL_Window *window;
    struct surface surface;
    struct input_state input;
    bool fullscreen;

    /* Without a GPU, as on X11: SDL's window surface, which is drawn into. */
    SDL_Surface *direct;
    /* With one, as on KMSDRM and Wayland: our pixels and a texture that takes what changed. */
    SDL_Renderer *renderer;
    SDL_Texture *texture;

    /* What wakes us: the server's socket, or the input devices. */
    int server_fd;
    struct evdev *evdev;
    void *wayland; /* the library, for its fd */
};

static void display_hints(void)
{
    /* The accelerated window surface would load Mesa and LLVM: 100 MB for nothing. KMSDRM and
       Wayland have no other; there a GLES texture is asked for by name. */
    (void)SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    (void)SDL_SetHint(SDL_HINT_RENDER_DRIVER, "opengles2");
    (void)SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    (void)SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    (void)SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    (void)SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    (void)SDL_SetHint(SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "1");
}

static void display_fds_find(struct display *d)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    SDL_SysWMinfo info;
    d->server_fd = -1;
    SDL_VERSION(&info.version);
    if (str_eq(driver, "KMSDRM")) {
        d->evdev = evdev_open("/dev/input");
        return;
    }
    if (!SDL_GetWindowWMInfo(d->window, &info))
        return;
#ifdef SDL_VIDEO_DRIVER_X11
    if (info.subsystem == SDL_SYSWM_X11)
        d->server_fd = ConnectionNumber(info.info.x11.display);
#endif
#ifdef SDL_VIDEO_DRIVER_WAYLAND
    if (info.subsystem == SDL_SYSWM_WAYLAND) {
        d->wayland = SDL_LoadObject("libwayland-client.so.0");
        int (*get_fd)(struct wl_display *) = NULL;
        void *symbol = d->wayland ? SDL_LoadFunction(d->wayland, "wl_display_get_fd") : NULL;
        memcpy(&get_fd, &symbol, sizeof(get_fd));
        if (get_fd)
            d->server_fd = get_fd(info.info.wl.display);
    }
#endif
}

/* Both formats hold 0xRRGGBB in the low bytes of a native word. */
static bool display_fits(const SDL_Surface *s)
{
    return s && (s->format->format == SDL_PIXELFORMAT_RGB888 ||
                 s->format->format == SDL_PIXELFORMAT_ARGB8888);
}

static enum err display_direct(struct display *d, struct why *why)
{
    d->direct = SDL_GetWindowSurface(d->window);
    if (!display_fits(d->direct))
        return why_set(why, ERR_IO, 0, "display: no 24-bit surface (%s)", SDL_GetError());

    d->surface = (struct surface){ d->direct->pixels, d->direct->w, d->direct->h,
                                   d->direct->pitch / (int)sizeof(uint32_t) };
    return ERR_OK;
}

static enum err display_textured(struct display *d, struct why *why)
{
    int w = 0, h = 0;
    if (!d->renderer)
        d->renderer = SDL_CreateRenderer(d->window, -1, SDL_RENDERER_PRESENTVSYNC);
    if (!d->renderer || SDL_GetRendererOutputSize(d->renderer, &w, &h) != 0)
        return why_set(why, ERR_IO, 0, "display: OpenGL ES: %s", SDL_GetError());

    free(d->surface.px);
    d->surface = (struct surface){ calloc((size_t)w * (size_t)h, sizeof(uint32_t)), w, h, w };
    if (d->texture)
        SDL_DestroyTexture(d->texture);
    d->texture =
        SDL_CreateTexture(d->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, w, h);
    if (!d->surface.px || !d->texture)
        return why_set(why, ERR_NOMEM, 0, "display: %d x %d: %s", w, h, SDL_GetError());
    return ERR_OK;
}

static enum err display_surface_make(struct display *d, struct why *why)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    bool gpu = str_eq(driver, "KMSDRM") || str_eq(driver, "wayland");
    enum err rc = gpu ? display_textured(d, why) : display_direct(d, why);
    if (rc == ERR_OK) {
        d->input.w = d->surface.w;
        d->input.h = d->surface.h;
    }
    return rc;
}

enum err display_open(const struct window_options *o, struct display **out, struct why *why)
{
    struct display *d = calloc(1, sizeof(*d));
    if (!d)
        return why_set(why, ERR_NOMEM, 0, "display");

    d->server_fd = -1;
    enum err rc = ERR_OK;
    display_hints();
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        free(d);
        return why_set(why, ERR_IO, 0, "display: %s", SDL_GetError());
    }
    SDL_DisplayMode mode = { .w = 1280, .h = 800 };
    bool own = o->w <= 0 || o->h <= 0;
    if (own && o->fullscreen)
        (void)SDL_GetDesktopDisplayMode(0, &mode);
    /* The desktop's own mode: changing modes is slow, and a panel has one that is sharp. */
    Uint32 flags = o->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0;
    d->fullscreen = o->fullscreen;
    d->window =
        SDL_CreateWindow(o->title ? o->title : "", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                         own ? mode.w : o->w, own ? mode.h : o->h, flags);
    if (!d->window) {
        rc = why_set(why, ERR_IO, 0, "display: %s", SDL_GetError());
        goto out;
    }
    rc = display_surface_make(d, why);
    if (rc != ERR_OK)
        goto out;
    display_fds_find(d);
    if (o->fullscreen)
        (void)SDL_ShowCursor(SDL_DISABLE); /* until a mouse moves */
    SDL_StartTextInput();
    *out = d;
out:
    if (rc != ERR_OK)
        display_close(d);
    /* why_set never gives ERR_OK. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    return rc;
}

void display_close(struct display *d)
{
    if (!d)
        return;

    evdev_close(d->evdev);
    if (d->texture)
        SDL_DestroyTexture(d->texture);
    if (!d->direct)
        free(d->surface.px);
    if (d->renderer)
        SDL_DestroyRenderer(d->renderer);
    if (d->window)
        SDL_DestroyWindow(d->window);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    if (d->wayland)
        SDL_UnloadObject(d->wayland);
    free(d);
}

const struct surface *display_surface(const struct display *d)
{
    return &d->surface;
}

void display_show(struct display *d, const struct rect *rects, size_t count)
{
    SDL_Rect some[16];
    if (d->texture) {
        for (size_t i = 0; i < count; i++) {
            SDL_Rect r = { rects[i].x, rects[i].y, rects[i].w, rects[i].h };
            (void)SDL_UpdateTexture(d->texture, &r, surface_row(&d->surface, r.y) + r.x,
                                    d->surface.stride * (int)sizeof(uint32_t));
        }
        /* Every buffer of the swap chain needs the whole picture; the copy is the GPU's. */
        (void)SDL_RenderCopy(d->renderer, d->texture, NULL, NULL);
        SDL_RenderPresent(d->renderer);
        return;
    }
    for (size_t i = 0; i < count;) {
        int n = 0;
        for (; i < count && n < 16; i++)
            some[n++] = (SDL_Rect){ rects[i].x, rects[i].y, rects[i].w, rects[i].h };
        (void)SDL_UpdateWindowSurfaceRects(d->window, some, n);
    }
}

static enum display_got display_window_event(struct display *d, const SDL_WindowEvent *e)
{
    struct rect all = { 0, 0, d->surface.w, d->surface.h };
    switch (e->event) {
    case SDL_WINDOWEVENT_CLOSE:
        return DISPLAY_QUIT;
    case SDL_WINDOWEVENT_EXPOSED:
        display_show(d, &all, 1);
        return DISPLAY_NOTHING;
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        if (e->data1 == d->surface.w && e->data2 == d->surface.h)
            return DISPLAY_NOTHING;
        return display_surface_make(d, NULL) == ERR_OK ? DISPLAY_RESIZED : DISPLAY_QUIT;
    default:
        return DISPLAY_NOTHING;
    }
}

enum display_got display_take(struct display *d, struct input_event *out)
{
    SDL_Event e;
    while (SDL_PollEvent(&e)) {
        if (e.type == SDL_QUIT)
            return DISPLAY_QUIT;
        if (e.type == SDL_WINDOWEVENT) {
            enum display_got got = display_window_event(d, &e.window);
            if (got != DISPLAY_NOTHING)
                return got;
        }
        if (e.type == SDL_MOUSEMOTION && d->fullscreen && e.motion.which != SDL_TOUCH_MOUSEID)
            (void)SDL_ShowCursor(SDL_ENABLE);
        if (input_from_sdl(&d->input, &e, out))
            return DISPLAY_INPUT;
    }
    return DISPLAY_NOTHING;
}

size_t display_fds(struct display *d, struct pollfd fds[DISPLAY_FDS_MAX])
{
    if (d->server_fd >= 0) {
        fds[0] = (struct pollfd){ .fd = d->server_fd, .events = POLLIN };
        return 1;
    }
    return d->evdev ? evdev_fds(d->evdev, fds, DISPLAY_FDS_MAX) : 0;
}

void display_drain(struct display *d)
{
    if (d->evdev)
        evdev_drain(d->evdev);
}

int display_nap_ms(const struct display *d)
{
    return d->server_fd >= 0 || d->evdev ? -1 : DISPLAY_NAP_MS;
}

bool display_mm(const struct display *d, double *out_w_mm, double *out_h_mm)
{
    float dpi_x = 0, dpi_y = 0;
    int index = SDL_GetWindowDisplayIndex(d->window);
    if (d->fullscreen &&
        edid_find("/sys/class/drm", d->surface.w, d->surface.h, out_w_mm, out_h_mm))
        return true;
    if (index < 0 || SDL_GetDisplayDPI(index, NULL, &dpi_x, &dpi_y) != 0 || !(dpi_x > 1) ||
        !(dpi_y > 1))
        return false;

    *out_w_mm = (double)d->surface.w * 25.4 / (double)dpi_x;
    *out_h_mm = (double)d->surface.h * 25.4 / (double)dpi_y;
    return true;
}
