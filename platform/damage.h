/* What differs between the draw list shown and the next one, as rectangles. Keeps its own copy of
   the list shown. */
#pragma once

#include <stddef.h>

#include "platform/draw.h"

enum { DAMAGE_RECTS_MAX = 16, DAMAGE_BYTES_MAX = 8 * 1024 * 1024 };

struct damage;                   /* opaque */
struct damage *damage_new(void); /* NULL when memory ran out */
void damage_free(struct damage *d);

/* Rectangles that share no pixel, within screen; none for equal lists. measure tells how far text
   reaches. */
size_t damage_find(const struct damage *d, const struct draw_list *next, struct rect screen,
                   const struct draw_measure *measure, struct rect out[DAMAGE_RECTS_MAX]);
/* Takes a copy: list is what is shown now. When it does not fit, everything is damaged next
   time. */
void damage_keep(struct damage *d, const struct draw_list *list);
void damage_forget(struct damage *d); /* everything is damaged next time */
