#include "platform/jpeg.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "platform/picture.h"

enum { JPEG_SCANS_MAX = 200 };

/* libjpeg reports through these; the jump lands in jpeg_run. */
struct jpeg_guard {
    struct jpeg_error_mgr err; /* first: libjpeg hands it back as this */
    jmp_buf out;
    bool cut; /* the data ended early, or a part was skipped */
    char text[JMSG_LENGTH_MAX];
};

static void jpeg_on_error(j_common_ptr c)
{
    struct jpeg_guard *g = (struct jpeg_guard *)(void *)c->err;
    g->err.format_message(c, g->text);
    longjmp(g->out, 1);
}

static void jpeg_on_message(j_common_ptr c, int level)
{
    struct jpeg_guard *g = (struct jpeg_guard *)(void *)c->err;
    int code = g->err.msg_code;
    /* Stray bytes between markers are common in webcams' frames and harm nothing; missing data
       does. */
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        g->cut = true;
}

static void jpeg_on_output(j_common_ptr c)
{
    (void)c;
}

/* A hostile file may hold thousands of scans, each a pass over all of the picture. */
static void jpeg_on_progress(j_common_ptr c)
{
    const struct jpeg_decompress_struct *d = (const struct jpeg_decompress_struct *)(void *)c;
    if (c->is_decompressor && d->input_scan_number > JPEG_SCANS_MAX) {
        c->err->msg_code = JERR_BAD_PROGRESSION;
        c->err->error_exit(c);
    }
}

struct jpeg_job {
    const uint8_t *bytes;
    size_t len;
    struct arena *arena; /* NULL: into luma */
    int side_max;
    uint8_t *luma;
    int w, h;
    enum err refused; /* ours, where it is not the decoder's */
};

static bool jpeg_accept(struct jpeg_job *job, struct jpeg_decompress_struct *d)
{
    int64_t px = (int64_t)d->image_width * d->image_height;
    /* A progressive picture is unpacked whole before its first row. */
    if (px > (jpeg_has_multiple_scans(d) ? PICTURE_PX_MAX : PICTURE_JPEG_PX_MAX)) {
        job->refused = ERR_LIMIT;
        return false;
    }
    d->out_color_space = JCS_GRAYSCALE;
    d->scale_num = 1;
    d->scale_denom = 1;
    if (!job->arena)
        return d->image_width == (JDIMENSION)job->w && d->image_height == (JDIMENSION)job->h;

    while (d->scale_denom < 8 && (d->image_width / d->scale_denom > (JDIMENSION)job->side_max ||
                                  d->image_height / d->scale_denom > (JDIMENSION)job->side_max))
        d->scale_denom *= 2;
    jpeg_calc_output_dimensions(d);
    job->w = (int)d->output_width;
    job->h = (int)d->output_height;
    job->luma = arena_array(job->arena, d->output_width, d->output_height);
    job->refused = job->luma ? ERR_OK : ERR_NOMEM;
    return job->luma != NULL;
}

/* CMYK pictures cannot be had as greys from libjpeg. */
static bool jpeg_grey(const struct jpeg_decompress_struct *d)
{
    return d->jpeg_color_space == JCS_GRAYSCALE || d->jpeg_color_space == JCS_YCbCr ||
           d->jpeg_color_space == JCS_RGB;
}

static enum err jpeg_run(struct jpeg_job *job, struct why *why)
{
    struct jpeg_guard guard = { .cut = false };
    struct jpeg_progress_mgr progress = { .progress_monitor = jpeg_on_progress };
    struct jpeg_decompress_struct d;

    memset(&d, 0, sizeof(d));
    d.err = jpeg_std_error(&guard.err);
    guard.err.error_exit = jpeg_on_error;
    guard.err.emit_message = jpeg_on_message;
    guard.err.output_message = jpeg_on_output;
    if (setjmp(guard.out)) {
        jpeg_destroy_decompress(&d);
        return why_set(why, ERR_INPUT, 0, "JPEG: %s", guard.text);
    }
    jpeg_create_decompress(&d);
    d.progress = &progress;
    jpeg_mem_src(&d, job->bytes, (unsigned long)job->len);
    (void)jpeg_read_header(&d, TRUE);
    if (!jpeg_grey(&d) || !jpeg_accept(job, &d)) {
        unsigned w = d.image_width, h = d.image_height;
        jpeg_destroy_decompress(&d);
        return why_set(why, job->refused ? job->refused : ERR_INPUT, 0, "JPEG of %u x %u px: %s", w,
                       h, job->refused ? "too large" : "not the size or colours that are expected");
    }
    (void)jpeg_start_decompress(&d);
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = job->luma + (size_t)d.output_scanline * (size_t)job->w;
        (void)jpeg_read_scanlines(&d, &row, 1);
    }
    (void)jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    return guard.cut ? why_set(why, ERR_INPUT, 0, "JPEG: cut short or damaged") : ERR_OK;
}

enum err jpeg_read(struct arena *a, const uint8_t *bytes, size_t len, int side_max,
                   uint8_t **out_luma, int *out_w, int *out_h, struct why *why)
{
    struct jpeg_job job = { .bytes = bytes, .len = len, .arena = a, .side_max = side_max };
    enum err rc = jpeg_run(&job, why);
    if (rc != ERR_OK)
        return rc;

    *out_luma = job.luma;
    *out_w = job.w;
    *out_h = job.h;
    return ERR_OK;
}

/* The job writes through luma. NOLINTNEXTLINE(readability-non-const-parameter) */
enum err jpeg_frame(const uint8_t *bytes, size_t len, uint8_t *luma, int w, int h, struct why *why)
{
    struct jpeg_job job = { .bytes = bytes, .len = len, .luma = luma, .w = w, .h = h };
    return jpeg_run(&job, why);
}
