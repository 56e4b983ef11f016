/* Pixels of one picture in memory and the arithmetic on rectangles and pixels that drawing
   needs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "platform/draw.h"

struct surface {
    uint32_t *px; /* 0xFFRRGGBB */
    int w, h;
    int stride; /* px from row to row */
};

static inline bool rect_empty(struct rect r)
{
    return r.w <= 0 || r.h <= 0;
}

/* In long, so that no pair of int edges can overflow. */
static inline struct rect rect_meet(struct rect a, struct rect b)
{
    long x0 = a.x > b.x ? a.x : b.x;
    long y0 = a.y > b.y ? a.y : b.y;
    long ax1 = (long)a.x + a.w, bx1 = (long)b.x + b.w;
    long ay1 = (long)a.y + a.h, by1 = (long)b.y + b.h;
    long x1 = ax1 < bx1 ? ax1 : bx1;
    long y1 = ay1 < by1 ? ay1 : by1;
    if (rect_empty(a) || rect_empty(b) || x1 <= x0 || y1 <= y0)
        return (struct rect){ 0 };

    return (struct rect){ (int)x0, (int)y0, (int)(x1 - x0), (int)(y1 - y0) };
}

/* The smallest rectangle around both; both lie on one screen. */
static inline struct rect rect_join(struct rect a, struct rect b)
{
    if (rect_empty(a))
        return b;
    if (rect_empty(b))
        return a;

    int x0 = a.x < b.x ? a.x : b.x;
    int y0 = a.y < b.y ? a.y : b.y;
    int x1 = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    int y1 = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct rect){ x0, y0, x1 - x0, y1 - y0 };
}

static inline size_t rect_area(struct rect r)
{
    return rect_empty(r) ? 0 : (size_t)r.w * (size_t)r.h;
}

static inline uint32_t *surface_row(const struct surface *s, int y)
{
    return s->px + (size_t)y * (size_t)s->stride;
}

/* over on under; alpha 0..255 is spread to 0..256, so that both ends are exact. Red and blue share
   one multiplication: each product stays within its 16 bits. */
static inline uint32_t px_blend(uint32_t under, uint32_t over, uint32_t alpha)
{
    uint32_t a = alpha + (alpha >> 7);
    uint32_t b = 256 - a;
    uint32_t rb = (((over & 0xFF00FFu) * a + (under & 0xFF00FFu) * b) >> 8) & 0xFF00FFu;
    uint32_t g = (((over & 0xFF00u) * a + (under & 0xFF00u) * b) >> 8) & 0xFF00u;
    return 0xFF000000u | rb | g;
}

static inline uint32_t px_opaque(color c)
{
    return 0xFF000000u | c;
}

/* The C library's own for wide characters, which here are as wide as a pixel, is written for this
   machine's vectors: several times as fast as a loop. */
_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wide characters are as wide as pixels");
static inline void px_span(uint32_t *px, int count, uint32_t value)
{
    if (count > 0)
        (void)wmemset((wchar_t *)(void *)px, (wchar_t)value, (size_t)count);
}
