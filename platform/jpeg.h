/* JPEG to luma by libjpeg: whole picture files, and the frames of a webcam; and luma to JPEG. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

/* A picture in the arena, at most side_max px a side: larger ones are halved while they are read,
   up to three times, and what is still too large is left to the caller. ERR_INPUT for anything
   broken or cut short, ERR_LIMIT past picture.h's maxima. */
MUST_USE enum err jpeg_read(struct arena *a, const uint8_t *bytes, size_t len, int side_max,
                            uint8_t **out_luma, int *out_w, int *out_h, struct why *why);
/* A frame into luma, which has w * h bytes; ERR_INPUT unless it is whole and of that size. */
MUST_USE enum err jpeg_frame(const uint8_t *bytes, size_t len, uint8_t *luma, int w, int h,
                             struct why *why);

/* A picture as a JPEG of at most max bytes, in the arena: as good as fits. ERR_LIMIT: even the poorest is larger. */
struct jpeg_grey {
    const uint8_t *luma; /* borrowed for the call */
    int w, h, stride;
};
MUST_USE enum err jpeg_write(struct arena *a, const struct jpeg_grey *picture, size_t max,
                             uint8_t **out, size_t *out_len, struct why *why);
/* The same, but smaller where it does not fit as it is: evidence that is a little coarse is worth more than none. Says in
   out_w and out_h (may be NULL) how large it became. */
MUST_USE enum err jpeg_fit(struct arena *a, const struct jpeg_grey *picture, size_t max,
                           uint8_t **out, size_t *out_len, int *out_w, int *out_h, struct why *why);
