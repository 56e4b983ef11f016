/* Reads picture files for the camera and for `canny decode`. */
#include "platform/picture.h"

#include <SDL_image.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/camera.h"
#include "platform/jpeg.h"

static SDL_Surface *picture_decode(enum picture_kind kind, SDL_RWops *rw)
{
    switch (kind) {
    case PICTURE_PNG:
        return IMG_LoadPNG_RW(rw);
    case PICTURE_PNM:
        return IMG_LoadPNM_RW(rw);
    case PICTURE_BMP:
        return IMG_LoadBMP_RW(rw);
    case PICTURE_GIF:
        return IMG_LoadGIF_RW(rw);
    case PICTURE_WEBP:
        return IMG_LoadWEBP_RW(rw);
    case PICTURE_JPEG:
    case PICTURE_UNKNOWN:
        break;
    }
    return NULL;
}

/* Rec. 601 weights, as the camera's own luma has them; what is transparent is white paper. */
static void picture_luma(const SDL_Surface *argb, uint8_t *out)
{
    for (int y = 0; y < argb->h; y++) {
        const uint32_t *px = (const uint32_t *)(const void *)((const uint8_t *)argb->pixels +
                                                              (size_t)y * (size_t)argb->pitch);
        for (int x = 0; x < argb->w; x++) {
            uint32_t alpha = px[x] >> 24;
            uint32_t grey = (77 * (px[x] >> 16 & 0xFF) + 150 * (px[x] >> 8 & 0xFF) +
                             29 * (px[x] & 0xFF) + 128) >>
                            8;
            *out++ = (uint8_t)((grey * alpha + 255 * (255 - alpha) + 127) / 255);
        }
    }
}

static enum err picture_unpack(struct arena *a, enum picture_kind kind, const uint8_t *bytes,
                               size_t len, struct camera_frame *out, struct why *why)
{
    SDL_RWops *rw = SDL_RWFromConstMem(bytes, (int)len);
    SDL_Surface *loaded = rw ? picture_decode(kind, rw) : NULL;
    SDL_Surface *argb =
        loaded ? SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0) : NULL;
    enum err rc = ERR_OK;
    uint8_t *luma = NULL;

    if (rw)
        (void)SDL_RWclose(rw);
    if (!argb) {
        rc = why_set(why, ERR_INPUT, 0, "cannot be read: %s", SDL_GetError());
        goto out;
    }
    luma = arena_array(a, (size_t)argb->w, (size_t)argb->h);
    if (!luma) {
        rc = why_set(why, ERR_NOMEM, 0, "%d x %d px", argb->w, argb->h);
        goto out;
    }
    picture_luma(argb, luma);
    *out = (struct camera_frame){ .luma = luma, .w = argb->w, .h = argb->h, .stride = argb->w };
out:
    SDL_FreeSurface(loaded);
    SDL_FreeSurface(argb);
    return rc;
}

/* Decodes into a scratch arena; the caller keeps what fits. */
static enum err picture_any(struct arena *scratch, const uint8_t *bytes, size_t len,
                            struct camera_frame *out, struct why *why)
{
    struct picture_head head = picture_sniff(bytes, len);
    if (len == 0)
        return why_set(why, ERR_INPUT, 0, "empty");
    if (head.kind == PICTURE_UNKNOWN)
        return why_set(why, ERR_INPUT, 0, "not a PNG, JPEG, PGM, BMP, GIF or WebP picture");
    if (head.kind == PICTURE_JPEG) {
        uint8_t *luma = NULL;
        int w = 0, h = 0;
        enum err rc = jpeg_read(scratch, bytes, len, CAMERA_SIDE_MAX, &luma, &w, &h, why);
        if (rc == ERR_OK)
            *out = (struct camera_frame){ .luma = luma, .w = w, .h = h, .stride = w };
        return rc;
    }
    /* Before anything is allocated for them. */
    if (head.w <= 0 || head.h <= 0)
        return why_set(why, ERR_INPUT, 0, "no size in the picture's head");
    if (head.w > PICTURE_PX_MAX || head.h > PICTURE_PX_MAX || head.w * head.h > PICTURE_PX_MAX)
        return why_set(why, ERR_LIMIT, 0, "%lld x %lld px: at most %d million are read",
                       (long long)head.w, (long long)head.h, PICTURE_PX_MAX / 1000000);
    return picture_unpack(scratch, head.kind, bytes, len, out, why);
}

/* The picture, or as much smaller as the side limit asks, in the caller's arena. */
static enum err picture_fit(struct arena *a, const struct camera_frame *from,
                            struct camera_frame *out, struct why *why)
{
    int w = from->w, h = from->h, side = w > h ? w : h;
    if (side > CAMERA_SIDE_MAX) {
        w = (int)((int64_t)w * CAMERA_SIDE_MAX / side);
        h = (int)((int64_t)h * CAMERA_SIDE_MAX / side);
        w = w < 1 ? 1 : w;
        h = h < 1 ? 1 : h;
    }
    uint8_t *luma = arena_array(a, (size_t)w, (size_t)h);
    if (!luma)
        return why_set(why, ERR_NOMEM, 0, "%d x %d px", w, h);

    if (w == from->w && h == from->h)
        /* A picture of some size has pixels.
           NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
        memcpy(luma, from->luma, (size_t)w * (size_t)h);
    else
        picture_shrink(from->luma, from->w, from->h, from->stride, luma, w, h);
    *out = (struct camera_frame){ .luma = luma, .w = w, .h = h, .stride = w };
    return ERR_OK;
}

enum err camera_read_picture(struct arena *a, const char *path, struct camera_frame *out,
                             struct why *why)
{
    struct arena scratch;
    struct camera_frame whole = { 0 };
    char *bytes = NULL;
    size_t len = 0;

    arena_init(&scratch, (size_t)CAMERA_PICTURE_BYTES_MAX + PICTURE_PX_MAX + 65536);
    enum err rc = fs_read(&scratch, path, CAMERA_PICTURE_BYTES_MAX, &bytes, &len, why);
    if (rc == ERR_OK) {
        rc = picture_any(&scratch, (const uint8_t *)bytes, len, &whole, why);
        if (rc == ERR_OK)
            rc = picture_fit(a, &whole, out, why);
        if (rc != ERR_OK)
            (void)why_in(why, rc, "picture %s", path);
    }
    arena_done(&scratch);
    return rc;
}

void picture_thread_done(void)
{
    SDL_TLSCleanup();
}
