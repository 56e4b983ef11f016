/* The display that a window is shown on, by SDL: X11, KMSDRM or Wayland. One at a time, main thread
   only. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "platform/base/err.h"
#include "platform/input.h"
#include "platform/surface.h"
#include "platform/window.h"

enum { DISPLAY_FDS_MAX = 34 };

enum display_got {
    DISPLAY_NOTHING,
    DISPLAY_INPUT,
    DISPLAY_RESIZED, /* the surface is another one, and empty */
    DISPLAY_QUIT,
};

struct display; /* opaque */
MUST_USE enum err display_open(const struct window_options *o, struct display **out,
                               struct why *why);
void display_close(struct display *d);

/* Where to draw. Borrowed until DISPLAY_RESIZED. */
const struct surface *display_surface(const struct display *d);
/* Brings these parts of the surface before the eye. */
void display_show(struct display *d, const struct rect *rects, size_t count);

/* Takes the next event without waiting. */
enum display_got display_take(struct display *d, struct input_event *out);
/* What to poll while nothing is to take; filled in for POLLIN. Returns how many. */
size_t display_fds(struct display *d, struct pollfd fds[DISPLAY_FDS_MAX]);
/* After a poll in which something became readable, before display_take. */
void display_drain(struct display *d);
/* How long poll may sleep at most: -1 where the fds tell everything. */
int display_nap_ms(const struct display *d);
bool display_mm(const struct display *d, double *out_w_mm, double *out_h_mm);
