/* Luma frame in, symbols out (zbar), then the vote gate over passes and frames: a wrong id is worse
   than a slow one. Pure: a decoder keeps votes between frames of one stream and nothing else. Not
   thread-safe; one per thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"

enum { SCAN_PAYLOAD_MAX = 4096, SCAN_SYMBOLS_MAX = 16, SCAN_SIDE_MAX = 4096 };

enum symbology {
    SYM_NONE,
    SYM_CODE128,
    SYM_CODE39,
    SYM_EAN13,
    SYM_EAN8,
    SYM_UPCA,
    SYM_UPCE,
    SYM_ITF,
    SYM_QR,
};
/* "CODE-128", "CODE-39", "EAN-13", "EAN-8", "UPC-A", "UPC-E", "ITF", "QR"; static. */
const char *symbology_name(enum symbology s);

struct scan_symbol {
    enum symbology symbology;
    size_t len;
    /* Bytes as in the code, NUL-terminated; may hold control characters. */
    char payload[SCAN_PAYLOAD_MAX + 1];
};

struct scan_frame {
    const uint8_t *luma;
    int w, h, stride;
};

struct decoder;
MUST_USE enum err decoder_new(struct decoder **out, struct why *why);
void decoder_free(struct decoder *d);

/* One frame of a live stream: spends this frame's share of passes (they differ from frame to
   frame), adds votes, and gives the symbols that the gate lets through now. Votes age out after
   about a second of frames (ms is monotonic). */
MUST_USE enum err decoder_frame(struct decoder *d, const struct scan_frame *f, int64_t ms,
                                struct scan_symbol *out, size_t max, size_t *out_count,
                                struct why *why);
/* One still picture with the whole budget of six frames: `canny decode`. Forgets earlier votes. */
MUST_USE enum err decoder_still(struct decoder *d, const struct scan_frame *f,
                                struct scan_symbol *out, size_t max, size_t *out_count,
                                struct why *why);
