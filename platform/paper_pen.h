/* What draws a sheet: shared by paper_pdf.c, which turns the pages, and paper_blocks.c, which fills them. All lengths are in
   points: 72 an inch. */
#pragma once

#include <pango/pangocairo.h>

#include "platform/base/str.h"
#include "platform/paper.h"

/* What is written on: a page, a card, a strip. A strip's length is known when all of it was drawn once. */
struct leaf {
    double w, h, margin, foot, code, letter;
};
struct pen {
    const struct paper *paper;
    struct leaf leaf;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fonts;
    PangoContext *context;
    double scale;    /* of letters */
    double space;    /* of what is left free around them */
    double y;        /* of the next block's top */
    int page;        /* from 1 */
    int cards;       /* begun, from 1 */
    int group, last; /* of the card that is drawn, and where to end */
    bool failed;     /* a strip longer than any */
    struct buf bytes;
};

enum { PEN_GROUP_MAX = 40 };
/* "Group 2 of 6"; "" where cards have no numbers. */
void pen_group_words(const struct pen *pen, char out[PEN_GROUP_MAX]);

/* Words of that size and width; drawn and let go by pen_put, which returns their height. */
PangoLayout *pen_layout(struct pen *pen, const char *text, double size, bool bold, double w);
double pen_height(PangoLayout *layout);
double pen_put(struct pen *pen, PangoLayout *layout, double x, double y);
/* Makes room for a block of that height: on the next page when it does not fit on this one. */
void pen_room(struct pen *pen, double h);

/* Draws the block where the pen stands, and moves it below. */
void pen_block(struct pen *pen, const struct paper_block *b);
