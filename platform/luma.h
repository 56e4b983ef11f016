/* The brightness of the pixel formats that cameras send. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where each pixel's luma byte stands. */
struct luma_layout {
    uint32_t fourcc;
    int step;   /* bytes from pixel to pixel */
    int offset; /* of the luma in them */
};

/* NULL for a format whose rows are not plain (MJPEG) or not known. */
const struct luma_layout *luma_layout_for(uint32_t fourcc);
/* Copies w x h lumas out of rows of `pitch` bytes. False, with nothing read past len, when len is
   too small for them. */
bool luma_take(const struct luma_layout *layout, const uint8_t *bytes, size_t len, size_t pitch,
               uint8_t *out, int w, int h);
