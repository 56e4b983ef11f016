/* A handful of readings of one thing: nine face velocities of a fume cupboard, three weighings of a
   check mass. Their mean, the lowest and highest, and how far they lie apart.

   Sources. Face velocity: mean at least 0.4 m/s at the 400 mm working sash, no point below 0.3 m/s,
   each within 20 to 30 % of the mean (verify: figures of 0.3 to 0.5 m/s are about). Balance: off the
   check mass by no more than 2 to 3 times the readability, as 100.00 +/- 0.02 g (practice). The limits are
   the forms'; here is the arithmetic. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/refusal.h"

enum { SPREAD_READINGS_MAX = 400 };

struct spread_result {
    double mean, lowest, highest;
    double range;      /* highest less lowest */
    double deviation;  /* sample standard deviation; 0 of one reading */
    double farthest;   /* from the mean */
    double spread_pct; /* farthest in per cent of the mean; NAN when the mean is not above 0 */
    double median;
};

/* Refusals: READINGS_TOO_FEW (none), READINGS_TOO_MANY, READING_NOT_A_NUMBER. */
const struct refusal *spread_of(const double *readings, size_t count, struct spread_result *out);

/* Whether a reading lies within a tolerance of what it should be; at the edge it does, whatever
   binary fractions make of a decimal difference. What is no number is not within. */
bool spread_within(double reading, double nominal, double tolerance);
