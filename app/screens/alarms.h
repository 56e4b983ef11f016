/* What will not wait: things that are out and not back, cultures alive past their time, checks that wait for a
   countersignature. Told on the first screen and above every list of what is due. */
#pragma once

#include "app/screens/parts.h"

struct alarms {
    size_t out, late, alive, awaiting;
    size_t recalls;     /* items that a notice holds back and nobody has answered for */
    const char *recall; /* the first such notice's key, in the arena; "" */
    bool clock;         /* not known: every date is in doubt */
    bool lone;          /* somebody works alone and has not checked in in time */
};

/* What cannot be read counts as nothing here: the screens behind the tiles say the fault. */
void alarms_read(struct app *app, struct arena *a, struct alarms *out);
bool alarms_any(const struct alarms *alarms);
/* That the clock is not set, as a tile; a tap leads to what can be done. */
struct ui_tile alarms_clock(void);
/* A tile for each kind of alarm that there is, leading to its list; stops are items not to be used. Where a tile for each
   would leave no room for what is listed, few words side by side, and where even those would not fit, the worst of them
   and how many more: a tap on that sets *open, and all are shown. */
void alarms_tiles(struct app *app, struct ui_scroll *list, const struct alarms *alarms,
                  size_t stops, bool *open);
/* All of it in one place: the worst, with how many more there are; a tap leads to its list, or where there are more turns
   *open, and the caller shows the tiles. Nothing is drawn where there is none. */
void alarms_chip(struct app *app, struct rect r, const struct alarms *alarms, size_t stops,
                 bool *open);
