/* Sizes of picture files from their first bytes, and making greys smaller. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum picture_kind {
    PICTURE_UNKNOWN,
    PICTURE_PNG,
    PICTURE_JPEG,
    PICTURE_PNM,
    PICTURE_BMP,
    PICTURE_GIF,
    PICTURE_WEBP
};

/* What an SDL_image decoder may be asked to unpack; a JPEG, read in rows, may be
   PICTURE_JPEG_PX_MAX. */
enum { PICTURE_PX_MAX = 32 * 1024 * 1024, PICTURE_JPEG_PX_MAX = 128 * 1024 * 1024 };

struct picture_head {
    enum picture_kind kind;
    int64_t w, h; /* the largest the file announces; 0: not told (JPEG: the decoder tells) */
};
struct picture_head picture_sniff(const uint8_t *bytes, size_t len);
/* What a JPEG announces in its frame header; false: there is none among its first segments. */
bool picture_jpeg_size(const uint8_t *bytes, size_t len, int64_t *out_w, int64_t *out_h);

/* Averages each output pixel over the source pixels it covers; to_w <= w, to_h <= h. out has to_w *
   to_h. */
void picture_shrink(const uint8_t *luma, int w, int h, int stride, uint8_t *out, int to_w,
                    int to_h);
/* The same by a whole factor: each output pixel is the mean of factor x factor. */
void picture_divide(const uint8_t *luma, int w, int h, int stride, uint8_t *out, int factor);

/* At the end of a thread that read pictures: gives back what SDL keeps for it, such as its last error's words. */
void picture_thread_done(void);
