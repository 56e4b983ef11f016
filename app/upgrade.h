/* What stands on the screen while a new release builds its tables from the records, before there is a store to show: of
   years of records that takes minutes, and nobody should take a dark screen for a broken kiosk. */
#pragma once

#include <stdint.h>

struct app;

struct upgrade {
    struct app *app;  /* its window and ui are open, nothing else need be */
    int64_t drawn_ms; /* 0: not yet */
};
/* For struct project_told, with a struct upgrade. Draws a few times a second, and lets the window know that it is alive; a
   touch does nothing. Asked to end, the kiosk ends once the tables stand. */
void upgrade_tell(void *ctx, uint64_t done, uint64_t total);
