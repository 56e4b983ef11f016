/* The screen while a new release builds its tables from the records. With years of records that takes minutes, and a dark
   screen would look like a broken kiosk. No other screen can be drawn yet: there is no store. */
#pragma once

#include <stdint.h>

struct app;

struct upgrade {
    struct app *app;  /* its window and ui are open, nothing else need be */
    int64_t drawn_ms; /* 0: not yet */
};
/* The tell of struct project_told; ctx is a struct upgrade. Draws at most five times a second and answers the window's events;
   touches do nothing. Asked to quit, the kiosk does so after the tables are built. */
void upgrade_tell(void *ctx, uint64_t done, uint64_t total);
