/* Tells a wedge scanner's keystrokes from a person's typing: a burst of at least 4 characters, each
   within 35 ms of the one before, ended by Enter (or by 80 ms of silence after at least 6). Pure:
   feed it characters and time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/scan/decode.h"

enum wedge_verdict {
    WEDGE_WAIT /* held back, may be a scan */,
    WEDGE_TYPED /* text in `text` is typing: pass it on */,
    WEDGE_SCAN /* text in `text` is a scan */,
    WEDGE_NOTHING
};

struct wedge {
    char held[SCAN_PAYLOAD_MAX + 1];
    size_t len;
    size_t chars;
    int64_t last_ms, first_ms;
    bool overflow; /* more than SCAN_PAYLOAD_MAX in one burst: the whole burst is refused */
    char given[SCAN_PAYLOAD_MAX + 1]; /* what the last verdict was about */
};

void wedge_init(struct wedge *w);
/* One typed text event, or enter. text borrowed until the next call. */
enum wedge_verdict wedge_text(struct wedge *w, const char *utf8, int64_t ms, const char **out_text);
enum wedge_verdict wedge_enter(struct wedge *w, int64_t ms, const char **out_text,
                               bool *out_pass_enter);
/* Call when wedge_due_ms has come. */
enum wedge_verdict wedge_tick(struct wedge *w, int64_t ms, const char **out_text);
int64_t wedge_due_ms(const struct wedge *w); /* INT64_MAX when nothing is held */
