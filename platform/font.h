/* Fonts: Inter and Material Design Icons from where Debian installs them, glyphs as cached 8-bit
   alpha; a character that Inter lacks comes from DejaVu. SDL_ttf underneath. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"
#include "platform/draw.h"

struct font_set; /* opaque */
/* ERR_NOT_FOUND names the file and the Debian package that brings it. */
MUST_USE enum err font_set_new(struct font_set **out, struct why *why);
void font_set_free(struct font_set *f);

struct glyph {
    const uint8_t *alpha; /* w*h, stride w; NULL for a blank */
    int w, h;
    int left, top;  /* of the bitmap, from the pen and the baseline */
    int advance_64; /* in 1/64 px */
};
/* Borrowed until the next call: a full cache starts over. NULL only when a font cannot be read.
   Control characters give the replacement character. */
const struct glyph *font_glyph(struct font_set *f, enum draw_font font, int size_px,
                               uint32_t code_point);
/* Whether the character is drawn as itself, by this font or by what fills its gaps. */
bool font_has(struct font_set *f, enum draw_font font, uint32_t code_point);
int font_kern_64(struct font_set *f, enum draw_font font, int size_px, uint32_t left,
                 uint32_t right);
struct draw_metrics font_metrics(struct font_set *f, enum draw_font font, int size_px);
int font_width(struct font_set *f, enum draw_font font, int size_px, const char *text, size_t len);
