/* QR codes: text as black and white squares, by libqrencode. No I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    QR_QUIET = 4,       /* light modules around it, as the standard asks for */
    QR_SIDE_MAX = 177,  /* modules */
    QR_LINK_MAX = 62,   /* bytes of a link: version 4, read easily at arm's length */
    QR_TEXT_MAX = 300,  /* bytes of a mailto or of one part of a longer text */
    QR_BYTES_MAX = 2331 /* the most that error level M holds */
};

struct qr {
    int side;            /* modules, without the quiet zone */
    const uint8_t *dark; /* side * side, 1 dark; in the arena */
};

/* The text's bytes as they are, with the smallest version that holds them at error level M. ERR_LIMIT: longer than
   QR_BYTES_MAX; ERR_INPUT: empty. */
MUST_USE enum err qr_make(const char *text, struct arena *a, struct qr *out, struct why *why);
/* False outside, so that the quiet zone needs no rows of its own. */
bool qr_dark(const struct qr *q, int x, int y);

/* Black on white, 8-bit grey, `scale` px a module, quiet zone included; out_side is its width and height. In the arena. */
MUST_USE enum err qr_luma(const struct qr *q, int scale, struct arena *a, uint8_t **out,
                          int *out_side, struct why *why);
