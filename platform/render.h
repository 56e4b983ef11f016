/* Draws a draw list into pixels. CPU only, no window. Not thread-safe. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"
#include "platform/draw.h"
#include "platform/font.h"
#include "platform/surface.h"

enum { RENDER_CORNERS_MAX = 24, RENDER_RADIUS_MAX = 128, RENDER_SIDE_MAX = 8192 };

struct render; /* opaque */
/* fonts is borrowed; assets (a folder, may be NULL) is copied. */
MUST_USE enum err render_new(struct font_set *fonts, const char *assets, struct render **out,
                             struct why *why);
void render_free(struct render *r);

/* Draws what of the list lies within dirty; nothing else is touched. */
void render_list(struct render *r, const struct surface *to, const struct draw_list *list,
                 struct rect dirty);

/* How much of each pixel of a quarter disc of radius px is inside, 0..255; row 0 and column 0 are
   the outermost. Borrowed until the next call; radius 1..RENDER_RADIUS_MAX. */
const uint8_t *render_corner(struct render *r, int radius);

/* One operation each; clip lies within the surface. */
void render_box(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                struct rect clip);
void render_arc(const struct surface *to, const struct draw_cmd *cmd, struct rect clip);
void render_fill(const struct surface *to, struct rect area, color fill);
void render_luma(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                 struct rect clip);

/* Scratch for render_luma: source column and weight of each shown column, and one blended source
   row. */
struct render_columns {
    uint16_t at[RENDER_SIDE_MAX];
    uint8_t weight[RENDER_SIDE_MAX];
    uint8_t row[RENDER_SIDE_MAX + 1];
};
/* NULL when memory ran out. */
struct render_columns *render_scratch(struct render *r);
