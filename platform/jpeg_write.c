#include "platform/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "platform/picture.h"

enum {
    QUALITY_BEST = 85,
    QUALITY_LEAST = 25,
    QUALITY_STEP = 15,
    QUALITY_FINE = 55, /* below it, fewer pixels show more than coarser ones */
    FIT_SIDE_MIN = 64,
};

/* libjpeg reports through this; the jump lands in jpeg_try. */
struct jpeg_out {
    struct jpeg_error_mgr err; /* first: libjpeg hands it back as this */
    jmp_buf out;
    char text[JMSG_LENGTH_MAX];
};

static void jpeg_out_on_error(j_common_ptr c)
{
    struct jpeg_out *g = (struct jpeg_out *)(void *)c->err;
    g->err.format_message(c, g->text);
    longjmp(g->out, 1);
}

static void jpeg_out_rows(struct jpeg_compress_struct *c, const uint8_t *luma, int stride,
                          int quality)
{
    c->input_components = 1;
    c->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(c);
    jpeg_set_quality(c, quality, TRUE);
    c->optimize_coding = TRUE;
    jpeg_start_compress(c, TRUE);
    while (c->next_scanline < c->image_height) {
        /* libjpeg's rows are not const, and it does not write to them. */
        union {
            const uint8_t *in;
            JSAMPROW out;
        } row = { .in = luma + (size_t)c->next_scanline * (size_t)stride };
        (void)jpeg_write_scanlines(c, &row.out, 1);
    }
    jpeg_finish_compress(c);
}

/* One picture at one quality; *bytes is libjpeg's, freed by the caller whatever comes back. */
static enum err jpeg_try(const uint8_t *luma, int w, int h, int stride, int quality,
                         unsigned char **bytes, unsigned long *len, struct why *why)
{
    struct jpeg_out guard = { .text = "" };
    struct jpeg_compress_struct c;

    memset(&c, 0, sizeof(c));
    c.err = jpeg_std_error(&guard.err);
    guard.err.error_exit = jpeg_out_on_error;
    if (setjmp(guard.out)) {
        jpeg_destroy_compress(&c);
        return why_set(why, ERR_IO, 0, "JPEG: %s", guard.text);
    }
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, bytes, len);
    c.image_width = (JDIMENSION)w;
    c.image_height = (JDIMENSION)h;
    jpeg_out_rows(&c, luma, stride, quality);
    jpeg_destroy_compress(&c);
    return ERR_OK;
}

/* As good as fits, but no poorer than least. */
static enum err jpeg_down_to(struct arena *a, const struct jpeg_grey *picture, size_t max,
                             int least, uint8_t **out, size_t *out_len, struct why *why)
{
    if (picture->w < 1 || picture->h < 1)
        return why_set(why, ERR_INPUT, 0, "there is no picture");
    for (int quality = QUALITY_BEST; quality >= least; quality -= QUALITY_STEP) {
        unsigned char *bytes = NULL;
        unsigned long len = 0;
        enum err rc = jpeg_try(picture->luma, picture->w, picture->h, picture->stride, quality,
                               &bytes, &len, why);
        uint8_t *copy = rc == ERR_OK && len <= max ? arena_alloc(a, len) : NULL;

        if (copy != NULL)
            memcpy(copy, bytes, len);
        free(bytes);
        if (rc != ERR_OK)
            return rc;
        if (len <= max && copy == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory for the picture");
        if (copy != NULL) {
            *out = copy;
            *out_len = len;
            return ERR_OK;
        }
    }
    return why_set(why, ERR_LIMIT, 0, "the picture does not fit into %zu bytes", max);
}

enum err jpeg_write(struct arena *a, const struct jpeg_grey *picture, size_t max, uint8_t **out,
                    size_t *out_len, struct why *why)
{
    return jpeg_down_to(a, picture, max, QUALITY_LEAST, out, out_len, why);
}

/* Three quarters as wide and high, in the arena; false: it is small enough already, or there is no memory. */
static bool jpeg_smaller(struct arena *a, struct jpeg_grey *picture)
{
    int w = picture->w * 3 / 4;
    int h = picture->h * 3 / 4;
    uint8_t *less =
        w < FIT_SIDE_MIN || h < FIT_SIDE_MIN ? NULL : arena_alloc(a, (size_t)w * (size_t)h);
    if (less == NULL)
        return false;
    picture_shrink(picture->luma, picture->w, picture->h, picture->stride, less, w, h);
    *picture = (struct jpeg_grey){ .luma = less, .w = w, .h = h, .stride = w };
    return true;
}

enum err jpeg_fit(struct arena *a, const struct jpeg_grey *picture, size_t max, uint8_t **out,
                  size_t *out_len, int *out_w, int *out_h, struct why *why)
{
    struct jpeg_grey now = *picture;
    enum err rc;

    do {
        rc = jpeg_down_to(a, &now, max, QUALITY_FINE, out, out_len, why);
    } while (rc == ERR_LIMIT && jpeg_smaller(a, &now));
    if (rc == ERR_LIMIT)
        rc = jpeg_write(a, &now, max, out, out_len, why);
    if (rc == ERR_OK && out_w != NULL)
        *out_w = now.w;
    if (rc == ERR_OK && out_h != NULL)
        *out_h = now.h;
    return rc;
}
