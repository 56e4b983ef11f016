#include "app/scan/luma.h"

#include <string.h>

enum { FIX_BITS = 8, FIX_ONE = 1 << FIX_BITS, LEVEL_GAIN = 2, THRESHOLD_UNDER = 3 };

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static uint8_t clamped(int v)
{
    return (uint8_t)larger(0, smaller(v, 255));
}

static const uint8_t *luma_row(const struct luma *p, int y)
{
    return p->px + (size_t)y * (size_t)p->w;
}

/* One output pixel as the weighted mean of the source box [x0, x1) x [y0, y1), in 1/256 px. */
static uint8_t box_mean(const struct scan_frame *f, int64_t x0, int64_t x1, int64_t y0, int64_t y1)
{
    int64_t sum = 0;
    int64_t weight = 0;

    for (int64_t y = y0 >> FIX_BITS; y << FIX_BITS < y1; y++) {
        int64_t top = y << FIX_BITS > y0 ? y << FIX_BITS : y0;
        int64_t bottom = (y + 1) << FIX_BITS < y1 ? (y + 1) << FIX_BITS : y1;
        const uint8_t *row = f->luma + (size_t)y * (size_t)f->stride;
        for (int64_t x = x0 >> FIX_BITS; x << FIX_BITS < x1; x++) {
            int64_t left = x << FIX_BITS > x0 ? x << FIX_BITS : x0;
            int64_t right = (x + 1) << FIX_BITS < x1 ? (x + 1) << FIX_BITS : x1;
            int64_t area = (right - left) * (bottom - top);
            sum += area * row[x];
            weight += area;
        }
    }
    return (uint8_t)(weight > 0 ? (sum + weight / 2) / weight : 0);
}

static void area_scale(const struct scan_frame *f, struct luma *out)
{
    for (int y = 0; y < out->h; y++) {
        int64_t y0 = (int64_t)y * f->h * FIX_ONE / out->h;
        int64_t y1 = ((int64_t)y + 1) * f->h * FIX_ONE / out->h;
        uint8_t *to = out->px + (size_t)y * (size_t)out->w;
        for (int x = 0; x < out->w; x++) {
            int64_t x0 = (int64_t)x * f->w * FIX_ONE / out->w;
            int64_t x1 = ((int64_t)x + 1) * f->w * FIX_ONE / out->w;
            to[x] = box_mean(f, x0, x1, y0, y1);
        }
    }
}

static void linear_scale(const struct luma *in, struct luma *out)
{
    for (int y = 0; y < out->h; y++) {
        int sy = larger(0, (int)(((2 * (int64_t)y + 1) * in->h * FIX_ONE) / ((int64_t)2 * out->h)) -
                               FIX_ONE / 2);
        const uint8_t *a = luma_row(in, smaller(sy >> FIX_BITS, in->h - 1));
        const uint8_t *b = luma_row(in, smaller((sy >> FIX_BITS) + 1, in->h - 1));
        int fy = sy & (FIX_ONE - 1);
        uint8_t *to = out->px + (size_t)y * (size_t)out->w;
        for (int x = 0; x < out->w; x++) {
            int sx =
                larger(0, (int)(((2 * (int64_t)x + 1) * in->w * FIX_ONE) / ((int64_t)2 * out->w)) -
                              FIX_ONE / 2);
            int l = smaller(sx >> FIX_BITS, in->w - 1);
            int r = smaller(l + 1, in->w - 1);
            int fx = sx & (FIX_ONE - 1);
            int top = a[l] * (FIX_ONE - fx) + a[r] * fx;
            int bottom = b[l] * (FIX_ONE - fx) + b[r] * fx;
            to[x] = (uint8_t)((top * (FIX_ONE - fy) + bottom * fy) >> (2 * FIX_BITS));
        }
    }
}

void luma_fit(const struct scan_frame *f, int side_max, struct luma *out)
{
    int side = larger(f->w, f->h);

    if (side <= side_max) {
        out->w = f->w;
        out->h = f->h;
        for (int y = 0; y < f->h; y++)
            memcpy(out->px + (size_t)y * (size_t)f->w, f->luma + (size_t)y * (size_t)f->stride,
                   (size_t)f->w);
        return;
    }
    out->w = larger(1, (int)((int64_t)f->w * side_max / side));
    out->h = larger(1, (int)((int64_t)f->h * side_max / side));
    area_scale(f, out);
}

bool luma_scale(const struct luma *in, int tenths, struct luma *out)
{
    struct scan_frame f = { .luma = in->px, .w = in->w, .h = in->h, .stride = in->w };

    out->w = in->w * tenths / 10;
    out->h = in->h * tenths / 10;
    if (out->w < 1 || out->h < 1 || out->w > LUMA_SIDE_MAX || out->h > LUMA_SIDE_MAX)
        return false;
    if (tenths <= 10)
        area_scale(&f, out);
    else
        linear_scale(in, out);
    return true;
}

/* Moves the column sums to the window around row y. */
static void sums_move(const struct luma *in, int y, int r, struct luma_sums *s)
{
    if (y == 0) {
        memset(s->column, 0, sizeof(s->column));
        for (int i = 0; i <= smaller(r, in->h - 1); i++)
            for (int x = 0; x < in->w; x++)
                s->column[x] += luma_row(in, i)[x];
    } else {
        if (y + r < in->h)
            for (int x = 0; x < in->w; x++)
                s->column[x] += luma_row(in, y + r)[x];
        if (y - r - 1 >= 0)
            for (int x = 0; x < in->w; x++)
                s->column[x] -= luma_row(in, y - r - 1)[x];
    }
    s->row[0] = 0;
    for (int x = 0; x < in->w; x++)
        s->row[x + 1] = s->row[x] + s->column[x];
}

static int rows_in_window(const struct luma *in, int y, int r)
{
    return smaller(y + r, in->h - 1) - larger(y - r, 0) + 1;
}

void luma_threshold(const struct luma *in, int window_px, struct luma_sums *sums, struct luma *out)
{
    int r = window_px / 2;

    out->w = in->w;
    out->h = in->h;
    for (int y = 0; y < in->h; y++) {
        const uint8_t *from = luma_row(in, y);
        uint8_t *to = out->px + (size_t)y * (size_t)out->w;
        int rows = rows_in_window(in, y, r);
        sums_move(in, y, r, sums);
        for (int x = 0; x < in->w; x++) {
            int left = larger(x - r, 0);
            int right = smaller(x + r + 1, in->w);
            int64_t sum = (int64_t)sums->row[right] - sums->row[left];
            int64_t count = (int64_t)rows * (right - left);
            to[x] = (from[x] + THRESHOLD_UNDER) * count < sum ? 0 : 255;
        }
    }
}

void luma_level(const struct luma *in, int window_px, struct luma_sums *sums, struct luma *out)
{
    int r = window_px / 2;

    out->w = in->w;
    out->h = in->h;
    for (int y = 0; y < in->h; y++) {
        const uint8_t *from = luma_row(in, y);
        uint8_t *to = out->px + (size_t)y * (size_t)out->w;
        int rows = rows_in_window(in, y, r);
        sums_move(in, y, r, sums);
        for (int x = 0; x < in->w; x++) {
            int left = larger(x - r, 0);
            int right = smaller(x + r + 1, in->w);
            uint32_t sum = sums->row[right] - sums->row[left];
            /* The window holds the pixel itself at least.
               NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
            uint32_t mean = sum / (uint32_t)(rows * (right - left));
            to[x] = clamped(128 + (from[x] - (int)mean) * LEVEL_GAIN);
        }
    }
}

void luma_invert(struct luma *io)
{
    size_t n = (size_t)io->w * (size_t)io->h;

    for (size_t i = 0; i < n; i++)
        io->px[i] = (uint8_t)(255 - io->px[i]);
}
