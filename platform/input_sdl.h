/* SDL's events as ours: mouse and touch become one finger, keys and text pass. */
#pragma once

#include <SDL_events.h>
#include <stdbool.h>

#include "platform/input.h"

struct input_state {
    int w, h;            /* px of the window: SDL tells fingers in fractions of it */
    bool down;           /* a press was told and not yet ended */
    bool lost;           /* cancelled by a second finger: silent until all are up */
    int fingers;         /* on the glass */
    SDL_FingerID finger; /* the one that counts */
};

/* Whether e became an event for the screens, in out (ms is the caller's to set). */
bool input_from_sdl(struct input_state *in, const SDL_Event *e, struct input_event *out);
