/* Where a series of readings is heading, and when it will cross its limit. Pure.

   The slope is Theil and Sen's: the median of the slopes between all pairs, which one odd reading
   does not turn (P. K. Sen, J. Am. Stat. Assoc. 63, 1968, 1379). A trend is believed only when
   Kendall's test on the same pairs finds it at one side in twenty (z of 1.645, continuity
   corrected, ties not taken off the variance, so that the test errs to silence). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"

enum {
    TREND_POINTS_MIN = 4,
    TREND_POINTS_MAX = 60,      /* of more the last in time count */
    TREND_AHEAD_DAYS_MAX = 3653 /* and never further than twice the time that the readings span */
};

struct trend_point {
    int32_t day;
    double value; /* finite; others are left out */
};
struct trend {
    bool known;    /* false: too few readings, all of one day, or no direction to believe */
    double slope;  /* a day */
    double origin; /* the line is origin + slope * (day - day_0) */
    int32_t day_0, last_day;
    int32_t span_days;
};
struct trend trend_fit(const struct trend_point *points, size_t count);

/* The day the line crosses the limit, which readings must stay at or under (upper) or at or over.
   CALDATE_NONE when the trend does not say: it is not known, it leads away from the limit, it has
   crossed by the last reading already, or the day lies too far ahead to be told. */
int32_t trend_crossing(const struct trend_point *points, size_t count, double limit, bool upper);
/* "will cross it about March 2028"; a day that is past by now: "by this trend it was crossed about
   May 2026"; "" for CALDATE_NONE. In the arena; NULL when it is full. */
const char *trend_words(struct arena *a, int32_t crossing, int32_t today);
