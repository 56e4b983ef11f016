/* The wipe test of a sealed radioactive source: from two counts to an activity and a verdict.

   Source: L. A. Currie, Analytical Chemistry 40 (1968) 586; ISO 11929-1:2019, decision threshold,
   detection limit and the limits of the coverage interval. With n counts in t seconds, g for the
   wipe and 0 for the background, e the efficiency and f the wipe fraction:
     r = n / t;  r_n = r_g - r_0;      u(r_n) = sqrt(n_g / t_g^2 + n_0 / t_0^2)
     w = 1 / (e f);  A = w r_n;        u_w = sqrt(u_rel(e)^2 + u_rel(f)^2)
     u(A) = sqrt(w^2 u(r_n)^2 + A^2 u_w^2)
     decision threshold  A* = k w sqrt(r_0 / t_g + r_0 / t_0)
     detection limit     A# = (2 A* + k^2 w / t_g) / (1 - k^2 u_w^2); none exists when k u_w >= 1
     upper bound         A + k u(A)
   Best estimate and coverage interval are those of normal(A, u(A)) cut at zero, 95 %, the same
   chance outside on either side.
   Criterion: ISO 9978 takes a source for leak-tight up to 0.2 kBq on the wipe (likely; the limit is
   an argument, the RPA's to set).

   A net rate below zero is what half of all clean wipes give: it stays negative here, and is never
   shown to people as an activity but as "not detected, below A#". Pure. */
#pragma once

#include <stdbool.h>

#include "app/domain/refusal.h"

/* Counts are double because they are what was typed: 43.5 has to be refused, not cut to 43. */
struct leak_test_input {
    double gross_counts, gross_time_s;
    double background_counts, background_time_s;
    double efficiency; /* counts per decay of the parent, 0 < e <= 1; too high is the unsafe side */
    double efficiency_rel_u;
    double wipe_fraction; /* picked up by the wipe, 0 < f <= 1; 1 judges what is on the wipe */
    double wipe_rel_u;
    double limit_bq;
    double k; /* 1.645 for 5 % on each side */
};

/* In the order in which they are asked: the first that holds is the outcome. */
enum leak_test_outcome {
    LEAK_TEST_FAIL,    /* A >= limit */
    LEAK_TEST_REPEAT,  /* r_n < -2.326 sqrt(r_0/t_g + r_0/t_0): the background is not believable */
    LEAK_TEST_NOT_FIT, /* A# > limit: counted like this, the limit cannot be seen */
    LEAK_TEST_REFER,   /* A + k u(A) >= limit: taken for failed until counted longer */
    LEAK_TEST_PASS_DETECTED, /* A > A*: real, but under the limit; clean and wipe again */
    LEAK_TEST_PASS,
};

struct leak_test_result {
    double gross_cps, background_cps;
    double net_cps, net_u_cps; /* net may be negative */
    double activity_bq, activity_u_bq;
    double threshold_bq, detection_limit_bq, upper_bq;
    double best_bq, low_bq, high_bq; /* never negative; 95 % between low and high */
    bool detected;                   /* A > A* */
    enum leak_test_outcome outcome;
};

/* Refusals, in this order: COUNTS_NOT_NON_NEGATIVE_INTEGER, TIME_NOT_POSITIVE,
   EFFICIENCY_OUT_OF_RANGE, WIPE_FRACTION_OUT_OF_RANGE, BACKGROUND_ZERO, SETTINGS_OUT_OF_RANGE
   (uncertainties, limit or k that are no such thing), NO_DETECTION_LIMIT, NUMBERS_TOO_LARGE. */
const struct refusal *leak_test_judge(const struct leak_test_input *in,
                                      struct leak_test_result *out);

/* "PASS_DETECTED" and so on: recorded, never changed. Borrowed, static. */
const char *leak_test_outcome_id(enum leak_test_outcome outcome);
