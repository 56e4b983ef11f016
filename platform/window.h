/* The window: one CPU surface, shown on X11, KMSDRM, Wayland, or kept in memory. Main thread only,
   but for window_wake. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"
#include "platform/draw.h"
#include "platform/input.h"

struct window_options {
    const char *title;
    int w, h; /* px; 0 = the display's own, or 1280x800 */
    bool fullscreen;
    bool memory;        /* no display: draw to memory */
    const char *assets; /* folder that DRAW_SVG names are below */
};

struct window;
MUST_USE enum err window_open(const struct window_options *o, struct window **out, struct why *why);
void window_close(struct window *w);

int window_width(const struct window *w);
int window_height(const struct window *w);
/* Physical size by EDID or SDL's DPI, in mm; false when unknown. */
bool window_mm(const struct window *w, double *out_w_mm, double *out_h_mm);
const struct draw_measure *window_measure(struct window *w);

/* Waits until input, a wake, or timeout_ms (-1: for ever) and takes up to max events. Costs no
   wake-ups while nothing happens. *out_quit when the window was closed or the process asked to end
   (SIGTERM, SIGINT). */
size_t window_wait(struct window *w, int timeout_ms, struct input_event *events, size_t max,
                   bool *out_quit);
void window_wake(struct window *w); /* from any thread */

/* Shows a frame; only what differs from the last one is drawn and presented. Returns px redrawn (0:
   nothing). */
size_t window_present(struct window *w, const struct draw_list *list);
/* Writes what is shown as PNG. */
MUST_USE enum err window_shot(struct window *w, const char *path, struct why *why);
