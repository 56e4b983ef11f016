/* The camera: one source of luma frames on its own thread, the newest frame only. Drivers stand in
   one table (camera.c): v4l2:DEVICE, pipe:COMMAND, files:DIR, none, and `held`, which shows the
   picture that camera_hold names (drive scripts). A source that fails or goes away is tried again
   with back-off; the state says so. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { CAMERA_SIDE_MAX = 4096, CAMERA_PICTURE_BYTES_MAX = 32 * 1024 * 1024 };

struct camera_frame {
    const uint8_t *luma; /* 8-bit grey, rows of stride bytes */
    int w, h, stride;
    uint64_t number; /* counts frames */
    int64_t ms;      /* monotonic, when it was taken */
};

enum camera_state {
    CAMERA_OFF /* source none */,
    CAMERA_STARTING,
    CAMERA_LIVE,
    CAMERA_LOST /* being tried again */
};

struct camera_options {
    const char *source; /* as on the command line */
    int w, h;           /* --camera-size, for pipe: (and wished for from v4l2:); 0 = 640x480 */
    /* Called on the camera thread for each frame: scanning happens here. The frame is borrowed for
       the call. */
    void (*on_frame)(void *ctx, const struct camera_frame *frame);
    /* Called on the camera thread when a new picture worth showing (it differs visibly from the
       last shown one) or a new state is there. */
    void (*on_change)(void *ctx);
    void *ctx;
    int retry_ms; /* the first wait before a lost source is tried again; 0 = 1000; doubles up to 10 s */
};

struct camera;
/* ERR_INPUT for a source no driver knows. A device that is absent is not an error: the state
   tells. */
MUST_USE enum err camera_open(const struct camera_options *o, struct camera **out, struct why *why);
void camera_close(struct camera *c);
enum camera_state camera_status(struct camera *c, struct why *out_why);
/* Holds the picture file before the camera instead of its source, until called with NULL. */
MUST_USE enum err camera_hold(struct camera *c, const char *path, struct why *why);
/* The newest picture for showing, at most max_w wide (scaled down by an integer factor), copied
   into out (max bytes). serial changes when the picture does. false: none yet, or the camera is
   off. While it is lost this is the last picture: camera_status tells. */
bool camera_preview(struct camera *c, uint8_t *out, size_t max, int max_w, int *out_w, int *out_h,
                    uint64_t *out_serial);

/* The next frame whole, for keeping: what stood before the camera a moment ago may have been out of focus still. Waits for
   it, wait_ms at most. Larger than side_max px a side: scaled down by area. In the arena. ERR_NOT_FOUND: none came. */
MUST_USE enum err camera_snap(struct camera *c, struct arena *a, int side_max, int wait_ms,
                              struct camera_frame *out, struct why *why);

/* A picture file (PNG, JPEG, PGM, BMP, GIF, WebP as SDL_image reads) as luma over white; at most
   CAMERA_PICTURE_BYTES_MAX bytes and CAMERA_SIDE_MAX px a side (larger: scaled down to fit by
   area). In the arena. Also what `canny decode` reads pictures with. */
MUST_USE enum err camera_read_picture(struct arena *a, const char *path, struct camera_frame *out,
                                      struct why *why);
