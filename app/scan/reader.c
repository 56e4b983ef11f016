#include "app/scan/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <zbar.h>

#include "platform/base/str.h"

/* UPC-E as zbar reads it: eight digits, 33 bars and spaces, 51 modules. */
enum {
    UPCE_DIGITS = 8,
    UPCE_ELEMENTS = 33,
    UPCE_MODULES = 51,
    QUIET_MODULES_MIN = 5,
    WIDTHS_KEPT = 64,
    STEP_WIDTH = 32, /* of a pixel, in zbar's widths */
};

struct reader {
    zbar_image_scanner_t *square; /* QR only */
    zbar_image_t *image;
    zbar_decoder_t *decoder; /* for lines of our own */
    zbar_scanner_t *scanner;
    reader_found *found; /* set during reader_lines only, like what follows */
    void *ctx;
    unsigned widths[WIDTHS_KEPT]; /* of the line's last bars and spaces, a ring */
    size_t width_count;
    zbar_color_t color;
    unsigned since_edge;    /* how far behind the last one */
    char upce[UPCE_DIGITS]; /* heard, but its quiet zones not yet measured */
    int upce_wait;          /* elements until they can be; 0: nothing was heard */
};

/* What is switched on. Everything else is off: DataBar for its holes (CVE-2023-40889, -40890),
   Codabar and Code 93 for their false reads, ISBN conversion because it rewrites what the label
   says. */
static const struct {
    zbar_symbol_type_t type;
    enum symbology symbology;
} reader_types[] = {
    { ZBAR_CODE128, SYM_CODE128 }, { ZBAR_CODE39, SYM_CODE39 }, { ZBAR_EAN13, SYM_EAN13 },
    { ZBAR_EAN8, SYM_EAN8 },       { ZBAR_UPCA, SYM_UPCA },     { ZBAR_UPCE, SYM_UPCE },
    { ZBAR_I25, SYM_ITF },
};

static enum symbology reader_symbology(zbar_symbol_type_t type)
{
    for (size_t i = 0; i < COUNT_OF(reader_types); i++)
        if (reader_types[i].type == type)
            return reader_types[i].symbology;
    return SYM_NONE;
}

static void reader_configure(struct reader *r)
{
    (void)zbar_image_scanner_set_config(r->square, 0, ZBAR_CFG_ENABLE, 0);
    (void)zbar_decoder_set_config(r->decoder, 0, ZBAR_CFG_ENABLE, 0);
    for (size_t i = 0; i < COUNT_OF(reader_types); i++)
        (void)zbar_decoder_set_config(r->decoder, reader_types[i].type, ZBAR_CFG_ENABLE, 1);

    (void)zbar_image_scanner_set_config(r->square, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    (void)zbar_image_scanner_set_config(r->square, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
}

/* The twelve digits that the eight stand for (GS1 General Specifications, UPC-E): the article's
   number is the same whichever of the two is printed. */
static void upce_expand(const char *e, char out[13])
{
    static const char zeros[] = "00000";
    char last = e[6];

    out[0] = e[0];
    memcpy(out + 6, zeros, 5);
    memcpy(out + 1, e + 1, 5);
    if (last <= '2') {
        out[3] = last;
        memcpy(out + 4, zeros, 4);
        memcpy(out + 8, e + 3, 3);
    } else if (last == '3') {
        memcpy(out + 4, zeros, 5);
        memcpy(out + 9, e + 4, 2);
    } else if (last == '4') {
        memcpy(out + 5, zeros, 5);
        out[10] = e[5];
    } else {
        out[10] = last;
    }
    out[11] = e[7];
    out[12] = '\0';
}

static unsigned width_back(const struct reader *r, size_t back)
{
    return r->widths[(r->width_count - 1 - back) % WIDTHS_KEPT];
}

/* The left half of a UPC-A and its middle guard look like a whole UPC-E. What tells them apart is
   the quiet zone on both sides, which zbar asks for on one side only: no space inside a code is
   wider than four modules. A width of 0 is the line's first edge, with nothing before it. */
static void upce_check(struct reader *r, unsigned behind)
{
    char number[14] = "0";
    uint64_t code = 0;
    unsigned before = width_back(r, UPCE_ELEMENTS);

    for (size_t i = 0; i < UPCE_ELEMENTS; i++)
        code += width_back(r, i);
    uint64_t quiet = code * QUIET_MODULES_MIN / UPCE_MODULES;
    if (r->width_count >= UPCE_ELEMENTS && behind >= quiet && (before == 0 || before >= quiet)) {
        upce_expand(r->upce, number + 1);
        r->found(r->ctx, SYM_UPCE, number, sizeof(number) - 1, 1);
    }
    r->upce_wait = 0;
}

/* zbar tells of a UPC-E that runs forward two elements before its end, and of one that runs back
   with its quiet zone; both before the element just ended is noted here. */
static void upce_heard(struct reader *r, const char *digits, int direction)
{
    memcpy(r->upce, digits, UPCE_DIGITS);
    r->upce_wait = direction > 0 ? 3 : 1;
}

/* After each step along a line: notes the bar or space that ended there, if one did. */
static void reader_width(struct reader *r)
{
    zbar_color_t color = zbar_scanner_get_color(r->scanner);

    r->since_edge += STEP_WIDTH;
    if (color == r->color)
        return;
    r->color = color;
    r->since_edge = 0;
    unsigned width = zbar_scanner_get_width(r->scanner);
    if (r->upce_wait > 0 && --r->upce_wait == 0)
        upce_check(r, width);
    r->widths[r->width_count++ % WIDTHS_KEPT] = width;
}

/* UPC-A is told as the 13 digits of EAN-13, whose part it is: one article has one number, whoever
   reads it. */
static void upca_tell(reader_found *found, void *ctx, const char *payload, size_t len,
                      unsigned lines)
{
    char number[14] = "0";

    if (len != sizeof(number) - 2)
        return;
    memcpy(number + 1, payload, len);
    found(ctx, SYM_UPCA, number, len + 1, lines);
}

static void reader_heard(zbar_decoder_t *decoder)
{
    struct reader *r = zbar_decoder_get_userdata(decoder);
    enum symbology s = reader_symbology(zbar_decoder_get_type(decoder));
    const char *payload = zbar_decoder_get_data(decoder);
    size_t len = zbar_decoder_get_data_length(decoder);

    if (s == SYM_NONE || r->found == NULL)
        return;
    if (s == SYM_UPCE && len == UPCE_DIGITS) {
        upce_heard(r, payload, zbar_decoder_get_direction(decoder));
    } else if (s == SYM_UPCA) {
        upca_tell(r->found, r->ctx, payload, len, 1);
    } else if (s != SYM_UPCE) {
        r->found(r->ctx, s, payload, len, 1);
    }
}

enum err reader_new(struct reader **out, struct why *why)
{
    struct reader *r = calloc(1, sizeof(*r));

    if (r == NULL)
        return why_set(why, ERR_NOMEM, 0, "barcode reader");
    r->square = zbar_image_scanner_create();
    r->image = zbar_image_create();
    r->decoder = zbar_decoder_create();
    if (r->decoder != NULL)
        r->scanner = zbar_scanner_create(r->decoder);
    if (r->square == NULL || r->image == NULL || r->scanner == NULL) {
        reader_free(r);
        return why_set(why, ERR_NOMEM, 0, "barcode reader");
    }
    zbar_image_set_format(r->image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_decoder_set_userdata(r->decoder, r);
    (void)zbar_decoder_set_handler(r->decoder, reader_heard);
    reader_configure(r);
    *out = r;
    return ERR_OK;
}

void reader_free(struct reader *r)
{
    if (r == NULL)
        return;
    if (r->image != NULL)
        zbar_image_destroy(r->image);
    if (r->scanner != NULL)
        zbar_scanner_destroy(r->scanner);
    if (r->decoder != NULL)
        zbar_decoder_destroy(r->decoder);
    if (r->square != NULL)
        zbar_image_scanner_destroy(r->square);
    free(r);
}

void reader_qr(struct reader *r, const struct luma *p, int density, reader_found *found, void *ctx)
{
    (void)zbar_image_scanner_set_config(r->square, 0, ZBAR_CFG_X_DENSITY, density);
    (void)zbar_image_scanner_set_config(r->square, 0, ZBAR_CFG_Y_DENSITY, density);
    zbar_image_set_size(r->image, (unsigned)p->w, (unsigned)p->h);
    zbar_image_set_data(r->image, p->px, (unsigned long)p->w * (unsigned long)p->h, NULL);
    if (zbar_scan_image(r->square, r->image) > 0)
        for (const zbar_symbol_t *y = zbar_image_first_symbol(r->image); y != NULL;
             y = zbar_symbol_next(y)) {
            const char *payload = zbar_symbol_get_data(y);
            size_t len = zbar_symbol_get_data_length(y);
            if (zbar_symbol_get_type(y) == ZBAR_QRCODE && utf8_valid(payload, len))
                found(ctx, SYM_QR, payload, len, 1);
        }
    zbar_image_scanner_recycle_image(r->square, r->image);
    zbar_image_set_data(r->image, NULL, 0, NULL);
}

/* The part of the line p + t*d that lies in [0, size). */
static void clip(double p, double d, double size, double *t0, double *t1)
{
    if (fabs(d) < 1e-9) {
        if (p < 0 || p > size)
            *t1 = *t0 - 1;
        return;
    }
    double a = -p / d;
    double b = (size - p) / d;
    *t0 = fmax(*t0, fmin(a, b));
    *t1 = fmin(*t1, fmax(a, b));
}

static void reader_line(struct reader *r, const struct luma *p, double x, double y, double dx,
                        double dy)
{
    enum { FIX = 1 << 16 };
    double t0 = -1e6;
    double t1 = 1e6;

    clip(x, dx, p->w - 2, &t0, &t1);
    clip(y, dy, p->h - 2, &t0, &t1);
    if (t1 - t0 < 40)
        return;
    int64_t fx = (int64_t)((x + t0 * dx) * FIX);
    int64_t fy = (int64_t)((y + t0 * dy) * FIX);
    int64_t sx = (int64_t)(dx * FIX);
    int64_t sy = (int64_t)(dy * FIX);
    int steps = (int)(t1 - t0);
    (void)zbar_scanner_new_scan(r->scanner);
    r->width_count = 0;
    r->since_edge = 0;
    r->upce_wait = 0;
    memset(r->widths, 0, sizeof(r->widths));
    r->color = zbar_scanner_get_color(r->scanner);
    for (int i = 0; i < steps; i++, fx += sx, fy += sy) {
        int64_t ix = fx >> 16;
        int64_t iy = fy >> 16;
        if (ix < 0 || iy < 0 || ix > p->w - 2 || iy > p->h - 2)
            continue;
        const uint8_t *at = p->px + iy * p->w + ix;
        int wx = (int)(fx >> 8) & 255;
        int wy = (int)(fy >> 8) & 255;
        int top = at[0] * (256 - wx) + at[1] * wx;
        int bottom = at[p->w] * (256 - wx) + at[p->w + 1] * wx;
        (void)zbar_scan_y(r->scanner, (top * (256 - wy) + bottom * wy) >> 16);
        reader_width(r);
    }
    /* Twice: the first ends the last bar, the second the quiet zone behind it. */
    for (int i = 0; i < 2; i++) {
        (void)zbar_scanner_flush(r->scanner);
        reader_width(r);
    }
    if (r->upce_wait == 1)
        upce_check(r, r->since_edge);
}

void reader_lines(struct reader *r, const struct luma *p, const int *degrees, size_t count,
                  int gap_px, reader_found *found, void *ctx)
{
    double reach = hypot(p->w, p->h) / 2;

    if (p->w < 2 || p->h < 2)
        return;
    r->found = found;
    r->ctx = ctx;
    for (size_t i = 0; i < count; i++) {
        double a = degrees[i] * 3.14159265358979323846 / 180;
        double dx = cos(a);
        double dy = sin(a);
        /* zbar puts the left half of an EAN from one line and the right half from a later one
           together. Within one sweep that reads worn labels; over sweeps, or pictures, it would put
           two labels together. */
        zbar_decoder_reset(r->decoder);
        /* Every other line runs back: some faults show from one side only. */
        for (int k = 0; - reach + (double)k * gap_px <= reach; k++) {
            double off = -reach + (double)k * gap_px;
            double way = k % 2 == 0 ? 1 : -1;
            reader_line(r, p, p->w / 2.0 - dy * off, p->h / 2.0 + dx * off, way * dx, way * dy);
        }
    }
    (void)zbar_scanner_new_scan(r->scanner);
    r->found = NULL;
}
