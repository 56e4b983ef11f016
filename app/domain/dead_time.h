/* Counts that a Geiger-Mueller tube misses while it recovers from the one before.

   Source: the non-paralysable model, true = m / (1 - m tau), m the observed rate and tau the dead
   time (50 to 200 us for a tube; its data sheet says). Nothing at the rates of a wipe; needed where
   a source's output is measured: 8 % at 850 counts a second and 90 us. Pure. */
#pragma once

#include "app/domain/refusal.h"

struct dead_time_result {
    double true_cps;
    double factor; /* true over observed, 1 or more */
};

/* Refusals: RATE_NOT_A_NUMBER (negative or no number), DEAD_TIME_IMPOSSIBLE (m tau >= 1). */
const struct refusal *dead_time_correct(double observed_cps, double dead_time_s,
                                        struct dead_time_result *out);
