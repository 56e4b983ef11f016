/* Between the camera's thread and the screens: decodes each frame there, and hands over what the gate let through,
   once per showing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/scan/decode.h"
#include "platform/base/err.h"
#include "platform/camera.h"

enum {
    SCANNER_QUEUE_MAX = 4,
    SCANNER_SEEN_MAX = 8, /* codes in view at the same time: a label and the badge beside it */
    /* The same payload again within this after it was last seen is one showing. */
    SCANNER_SAME_MS = 2000,
};

struct scanner;
MUST_USE enum err scanner_new(void (*wake)(void *ctx), void *ctx, struct scanner **out,
                              struct why *why);
void scanner_free(struct scanner *s);
void scanner_frame(struct scanner *s, const struct camera_frame *frame); /* camera thread */
/* The next symbol that was read, if any. Main thread. */
bool scanner_take(struct scanner *s, struct scan_symbol *out);
bool scanner_waiting(struct scanner *s); /* whether scanner_take would give one */
/* Another picture is held before the camera: frames under way are passed over and what was seen is forgotten, so that
   nothing of the old picture is read after this and the same label is read again at once. */
void scanner_fresh(struct scanner *s);
