/* What a picture goes through before zbar sees it: fitted into the scanner's size, scaled, its
   light evened out. Pure; every picture is packed (rows of w bytes), because that is what zbar
   takes. */
#pragma once

#include <stdint.h>

#include "app/scan/decode.h"

/* The longest side that is scanned: a camera's larger frame holds no more of a label that fills it,
   and costs four times as much. */
enum { LUMA_SIDE_MAX = 1280, LUMA_PIXELS_MAX = LUMA_SIDE_MAX * LUMA_SIDE_MAX };

struct luma {
    uint8_t *px; /* LUMA_PIXELS_MAX bytes of room, the owner's */
    int w, h;
};

/* Sums that the local mean runs on. */
struct luma_sums {
    uint32_t column[LUMA_SIDE_MAX];
    uint32_t row[LUMA_SIDE_MAX + 1];
};

/* Copies the frame in, scaled down by area to at most side_max px on its long side. */
void luma_fit(const struct scan_frame *f, int side_max, struct luma *out);
/* Scales to tenths of its size: by area when smaller, bilinear when larger. False when there would
   be nothing left, or more than fits. */
bool luma_scale(const struct luma *in, int tenths, struct luma *out);
/* Black and white by the mean of the window of window_px around each pixel. */
void luma_threshold(const struct luma *in, int window_px, struct luma_sums *sums, struct luma *out);
/* Grey with the mean of the window moved to the middle: shade, glare's edge and uneven lamps go. */
void luma_level(const struct luma *in, int window_px, struct luma_sums *sums, struct luma *out);
void luma_invert(struct luma *io);
