/* Working alone: a time by which whoever is in the prep room has to say that all is well. It runs in the bar like any timer;
   past it, the first screen says so until they have, also after a restart: what is kept is the wall clock's time. It is
   of this kiosk alone and names nobody. */
#pragma once

#include "app/screens/parts.h"

struct lone {
    bool on;
    int64_t by_ms; /* wall clock: check in by then */
    int minutes;   /* every so many */
    bool late;
};
void lone_read(struct app *app, struct lone *out);
/* The card on the prep room's page: off, on, late. */
void lone_draw(struct app *app, struct ui_scroll *list);
