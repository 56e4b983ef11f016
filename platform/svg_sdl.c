#include "platform/svg.h"

#include <SDL_image.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/arena.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "platform/picture.h"

enum { SVG_NAME_MAX = 512, SVG_ASPECT_MAX = 32 };

struct svg_entry {
    char name[SVG_NAME_MAX];
    int box_w, box_h;
    struct svg_picture picture;
    uint32_t *pixels;
    unsigned long used; /* when, in calls */
};

struct svg_cache {
    const char *assets;
    struct svg_entry entries[SVG_ENTRIES_MAX];
    size_t count;
    size_t px; /* of all */
    unsigned long calls;
};

struct svg_cache *svg_cache_new(const char *assets)
{
    struct svg_cache *c = calloc(1, sizeof(*c));
    if (c)
        c->assets = assets;
    return c;
}

void svg_cache_free(struct svg_cache *c)
{
    if (!c)
        return;

    for (size_t i = 0; i < c->count; i++)
        free(c->entries[i].pixels);
    free(c);
}

/* The number after name= in the root element, or behind `skip` others (a viewBox holds four). */
static double svg_number(const char *root, const char *end, const char *name, int skip)
{
    size_t len = strlen(name);
    for (const char *at = root; at + len + 2 < end; at++) {
        if (memcmp(at, name, len) != 0 || at[len] != '=' || (at[-1] != ' ' && at[-1] != '\n'))
            continue;
        const char *p = at + len + 2;
        char *rest = NULL;
        double value = strtod(p, &rest);
        for (; skip > 0; skip--) {
            p = rest + strspn(rest, ", \n\t");
            value = strtod(p, &rest);
        }
        return rest == p ? 0 : value;
    }
    return 0;
}

/* The shape is read before SDL_image sees the text, as it would allocate for any shape it finds. */
static bool svg_shape(const char *text, double *out_w, double *out_h)
{
    const char *root = strstr(text, "<svg");
    const char *end = root ? strchr(root, '>') : NULL;
    if (!end)
        return false;

    double w = svg_number(root + 1, end, "viewBox", 2), h = svg_number(root + 1, end, "viewBox", 3);
    if (!(w > 0) || !(h > 0)) {
        w = svg_number(root + 1, end, "width", 0);
        h = svg_number(root + 1, end, "height", 0);
    }
    if (!(w > 0) || !(h > 0) || w > h * SVG_ASPECT_MAX || h > w * SVG_ASPECT_MAX)
        return false;
    *out_w = w;
    *out_h = h;
    return true;
}

static bool svg_name_safe(const char *name)
{
    return name[0] != '\0' && !strstr(name, "..");
}

/* Names that begin with / or ./ are paths: content need not lie beside the program's assets. */
static enum err svg_path(const struct svg_cache *c, const char *name, char path[FS_PATH_MAX])
{
    if (!svg_name_safe(name))
        return ERR_NOT_FOUND;
    if (name[0] == '/' || str_starts(name, "./"))
        return str_copy(path, FS_PATH_MAX, name) ? ERR_OK : ERR_LIMIT;
    return c->assets ? fs_join(path, c->assets, name, NULL) : ERR_NOT_FOUND;
}

static void svg_take(struct svg_entry *e, SDL_Surface *surface)
{
    SDL_Surface *argb = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_ARGB8888, 0);
    if (!argb)
        return;

    size_t row = (size_t)argb->w * sizeof(uint32_t);
    e->pixels = malloc(row * (size_t)argb->h);
    if (e->pixels) {
        for (int y = 0; y < argb->h; y++)
            memcpy(e->pixels + (size_t)y * (size_t)argb->w,
                   (const uint8_t *)argb->pixels + (size_t)y * (size_t)argb->pitch, row);
        e->picture = (struct svg_picture){ argb->w, argb->h, e->pixels };
    }
    SDL_FreeSurface(argb);
}

static SDL_Surface *svg_draw(const struct svg_entry *e, const char *text, size_t len)
{
    double w = 0, h = 0;
    if (!svg_shape(text, &w, &h))
        return NULL;

    double scale = e->box_w / w < e->box_h / h ? e->box_w / w : e->box_h / h;
    int fit_w = (int)(w * scale + 0.5), fit_h = (int)(h * scale + 0.5);
    SDL_RWops *rw = SDL_RWFromConstMem(text, (int)len);
    SDL_Surface *surface =
        rw ? IMG_LoadSizedSVG_RW(rw, fit_w < 1 ? 1 : fit_w, fit_h < 1 ? 1 : fit_h) : NULL;
    if (rw)
        (void)SDL_RWclose(rw);
    return surface;
}

/* A photograph or a scan: its announced size is looked at before it is unpacked. */
static SDL_Surface *svg_scale(const struct svg_entry *e, const char *bytes, size_t len)
{
    union {
        const char *in;
        const uint8_t *out;
    } data = { bytes };
    struct picture_head head = picture_sniff(data.out, len);
    if (head.kind == PICTURE_JPEG && !picture_jpeg_size(data.out, len, &head.w, &head.h))
        return NULL;
    if ((head.kind != PICTURE_PNG && head.kind != PICTURE_JPEG) || head.w <= 0 ||
        head.h > SVG_BITMAP_PX_MAX / head.w)
        return NULL;

    SDL_RWops *rw = SDL_RWFromConstMem(bytes, (int)len);
    SDL_Surface *whole = rw ? IMG_Load_RW(rw, 1) : NULL;
    SDL_Surface *argb = whole ? SDL_ConvertSurfaceFormat(whole, SDL_PIXELFORMAT_ARGB8888, 0) : NULL;
    SDL_Surface *fit = NULL;
    if (argb && argb->w > 0 && argb->h > 0) {
        double across = (double)e->box_w / argb->w, down = (double)e->box_h / argb->h;
        double scale = across < down ? across : down;
        int w = (int)(argb->w * scale), h = (int)(argb->h * scale);
        fit = SDL_CreateRGBSurfaceWithFormat(0, w < 1 ? 1 : w, h < 1 ? 1 : h, 32,
                                             SDL_PIXELFORMAT_ARGB8888);
        (void)SDL_SetSurfaceBlendMode(argb, SDL_BLENDMODE_NONE);
        if (fit && SDL_SoftStretchLinear(argb, NULL, fit, NULL) != 0 &&
            SDL_BlitScaled(argb, NULL, fit, NULL) != 0) {
            SDL_FreeSurface(fit);
            fit = NULL;
        }
    }
    SDL_FreeSurface(argb);
    SDL_FreeSurface(whole);
    return fit;
}

static void svg_load(const struct svg_cache *c, struct svg_entry *e)
{
    char path[FS_PATH_MAX];
    struct arena scratch;
    char *text = NULL;
    size_t len = 0;
    bool svg = str_ends(e->name, ".svg");
    size_t most = svg ? SVG_BYTES_MAX : SVG_BITMAP_BYTES_MAX;

    arena_init(&scratch, most + 4096);
    if (svg_path(c, e->name, path) == ERR_OK &&
        fs_read(&scratch, path, most, &text, &len, NULL) == ERR_OK) {
        SDL_Surface *surface = svg ? svg_draw(e, text, len) : svg_scale(e, text, len);
        if (surface && surface->w <= e->box_w + 1 && surface->h <= e->box_h + 1)
            svg_take(e, surface);
        SDL_FreeSurface(surface);
    }
    arena_done(&scratch);
}

/* Makes room for one more picture of px, giving up what was not used for longest. */
static struct svg_entry *svg_room(struct svg_cache *c, size_t px)
{
    while (c->count > 0 && (c->count == SVG_ENTRIES_MAX || c->px + px > SVG_PX_MAX)) {
        size_t oldest = 0;
        for (size_t i = 1; i < c->count; i++)
            if (c->entries[i].used < c->entries[oldest].used)
                oldest = i;
        struct svg_entry *e = &c->entries[oldest];
        c->px -= (size_t)e->picture.w * (size_t)e->picture.h;
        free(e->pixels);
        *e = c->entries[--c->count];
    }
    struct svg_entry *e = &c->entries[c->count++];
    memset(e, 0, sizeof(*e));
    return e;
}

const struct svg_picture *svg_cache_get(struct svg_cache *c, const char *name, size_t len, int w,
                                        int h)
{
    if (len == 0 || len >= SVG_NAME_MAX || w <= 0 || h <= 0 || (size_t)w * (size_t)h > SVG_PX_MAX)
        return NULL;

    c->calls++;
    for (size_t i = 0; i < c->count; i++) {
        struct svg_entry *e = &c->entries[i];
        if (e->box_w == w && e->box_h == h && strncmp(e->name, name, len) == 0 &&
            e->name[len] == '\0') {
            e->used = c->calls;
            return &e->picture;
        }
    }
    struct svg_entry *e = svg_room(c, (size_t)w * (size_t)h);
    memcpy(e->name, name, len);
    e->box_w = w;
    e->box_h = h;
    e->used = c->calls;
    svg_load(c, e);
    c->px += (size_t)e->picture.w * (size_t)e->picture.h;
    return &e->picture;
}
