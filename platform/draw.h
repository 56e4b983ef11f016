/* The draw list: everything one frame shows, back to front. Plain data, no SDL. Built by app/ui,
   drawn by render. Two equal lists look equal, so damage is found by comparing them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rect {
    int x, y, w, h; /* px */
};

/* 0xRRGGBB, opaque; DRAW_CLEAR draws nothing. */
typedef uint32_t color;
#define DRAW_CLEAR 0xFF000000u

enum draw_font {
    FONT_REGULAR,
    FONT_MEDIUM,
    FONT_SEMIBOLD,
    FONT_BOLD,
    FONT_ICON /* Material Design Icons */,
    FONT_ITALIC,
    FONT_BOLD_ITALIC,
    FONT_MONO, /* of one width: code, and what stands in columns */
    FONT_REST /* what the fonts of words lack, as the arrows of an equilibrium; not to be asked for */
    ,
    FONT_REST_BOLD,
    FONT_COUNT
};

enum draw_op {
    DRAW_BOX, /* fill, with border of border_px inside the rect and corners of radius px, anti-aliased */
    DRAW_TEXT, /* one line, left edge at r.x, baseline at r.y + r.h's ascent as font_metrics says; no wrapping */
    DRAW_LUMA, /* an 8-bit grey picture scaled to cover r (cropped to keep its shape) */
    DRAW_SVG,  /* an SVG file by name, scaled to fit r, centred */
    DRAW_ARC,  /* ring segment: radius = ring width px, from/to in degrees clockwise from the top */
};

struct draw_luma {
    const uint8_t *pixels; /* borrowed until the next frame */
    int w, h, stride;
    uint64_t serial; /* changes when the picture does; equality of DRAW_LUMA is by serial */
    bool mirror;
};

struct draw_cmd {
    enum draw_op op;
    struct rect r;
    struct rect clip; /* nothing outside is touched */
    color fill, border;
    int border_px, radius;
    const char *text; /* DRAW_TEXT: UTF-8; DRAW_SVG: file name below the assets folder */
    size_t len;
    enum draw_font font;
    int size_px;  /* DRAW_TEXT: em size */
    int from, to; /* DRAW_ARC */
    const struct draw_luma *luma;
};

enum { DRAW_CMDS_MAX = 8192 };

struct draw_list {
    struct draw_cmd *cmds; /* in the frame's arena */
    size_t count;
    color background;
};

/* Text measuring, handed down to app/ui as a table of functions. */
struct draw_metrics {
    int ascent, descent, line; /* px; line = recommended baseline distance */
};
struct draw_measure {
    /* Width in px of one line. */
    int (*width)(void *ctx, enum draw_font font, int size_px, const char *text, size_t len);
    struct draw_metrics (*metrics)(void *ctx, enum draw_font font, int size_px);
    void *ctx;
};
