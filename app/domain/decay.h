/* Radioactive decay: the activity of a source on a day, and the day on which it is down to one.

   Source: A(t) = A0 x 2^(-t/T); from the half-life's own uncertainty, u(A)/A = ln 2 (|t|/T) u(T)/T.
   Between two dates t is whole calendar days: no clock, no zone. A year is 365.2422 days; 1 Ci is
   3.7 x 10^10 Bq exactly. Half-lives are content (assets/content/nuclides.csv, read by nuclide.h) and
   come in as an argument. The maker's figure for A0 is often good to no more than 10-30 %, which is
   far more than the half-life adds. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "app/domain/refusal.h"

struct decay_half_life {
    double s, u_s; /* seconds; uncertainty 0 = not stated */
};

struct decay_result {
    double fraction; /* of A0 that is left */
    double activity_bq;
    double rel_u; /* of the activity, by the half-life alone */
};

struct decay_day {
    double elapsed_days; /* until the activity is the target exactly */
    int32_t day;         /* the first on which it is at or below the target */
};

/* Factors of the units that people write: "s", "min", "h", "d", "a"; "Bq", "kBq", "MBq", "GBq",
   "nCi", "uCi" (also with the micro sign), "mCi", "Ci". False for any other, *out untouched. */
bool decay_unit_s(const char *unit, double *out_s);
bool decay_unit_bq(const char *unit, double *out_bq);

/* elapsed_s before the day of A0 is negative: what a source was then.
   Refusals: ACTIVITY_OUT_OF_RANGE, HALF_LIFE_OUT_OF_RANGE, TIME_OUT_OF_RANGE. */
const struct refusal *decay_after(double a0_bq, double elapsed_s, struct decay_half_life half_life,
                                  struct decay_result *out);

/* The same between two civil days (caldate.h). */
const struct refusal *decay_on_day(double a0_bq, int32_t from_day, int32_t day,
                                   struct decay_half_life half_life, struct decay_result *out);

/* A target above A0 gives a day before from_day. Refusals as above; TIME_OUT_OF_RANGE where the day
   is outside the years 1 to 9999. */
const struct refusal *decay_day_at(double a0_bq, double target_bq, int32_t from_day,
                                   struct decay_half_life half_life, struct decay_day *out);
