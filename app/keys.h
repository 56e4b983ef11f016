/* Keystrokes on their way to the screens: a wedge scanner's burst goes where a scan leads, typing goes to the focused
   field. */
#pragma once

#include "app/app.h"

struct keys {
    struct input_event events[INPUT_EVENTS_MAX]; /* what is left for the screens */
    size_t count;
};

/* Puts the events through the wedge. More than INPUT_EVENTS_MAX are dropped: nobody types that fast between two frames. */
void keys_sort(struct app *app, const struct input_event *events, size_t count, struct keys *keys);
