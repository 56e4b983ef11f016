#include "app/domain/leak_test.h"

#include <math.h>
#include <stddef.h>

/* Below this many standard deviations a clean wipe falls once in a hundred times. */
static const double repeat_k = 2.326;
/* Up to here every whole number has a double of its own. */
static const double counts_max = 9007199254740992.0;
/* An activity that is the limit on paper may come out an unit in the last place below it. */
static const double limit_slack = 1e-12;
/* From here down the cut normal is worked out by continued fraction, as erfc would run dry. */
static const double deep_tail = 4;

static const struct refusal counts_refused = {
    "COUNTS_NOT_NON_NEGATIVE_INTEGER",
    "A count is a whole number, 0 or more. Type what the counter shows, not a rate.",
};
static const struct refusal time_refused = {
    "TIME_NOT_POSITIVE",
    "A counting time is more than 0 seconds. Type how long each count ran.",
};
static const struct refusal efficiency_refused = {
    "EFFICIENCY_OUT_OF_RANGE",
    "The efficiency is counts per decay: more than 0 and not over 1. Ten per cent is 0.10, not 10.",
};
static const struct refusal wipe_refused = {
    "WIPE_FRACTION_OUT_OF_RANGE",
    "The wipe fraction is more than 0 and not over 1. Ten per cent is 0.10, not 10.",
};
static const struct refusal background_refused = {
    "BACKGROUND_ZERO",
    "A background of no counts is not believable. Count longer, and see that the counter works.",
};
static const struct refusal settings_refused = {
    "SETTINGS_OUT_OF_RANGE",
    "Uncertainties are 0 or more; the limit and k are more than 0. Ask the RPA for the figures.",
};
static const struct refusal limit_refused = {
    "NO_DETECTION_LIMIT",
    "The calibration is too uncertain for any detection limit. Have the counter's efficiency "
    "measured.",
};
static const struct refusal size_refused = {
    "NUMBERS_TOO_LARGE",
    "These numbers are too large or too small to calculate with. See whether one is mistyped.",
};

static bool is_count(double n)
{
    return n >= 0 && n <= counts_max && floor(n) == n;
}

static bool is_positive(double x)
{
    return isfinite(x) && x > 0;
}

static bool is_part(double x)
{
    return x > 0 && x <= 1;
}

static bool is_uncertainty(double u)
{
    return isfinite(u) && u >= 0;
}

static const struct refusal *leak_test_refuse(const struct leak_test_input *in)
{
    if (!is_count(in->gross_counts) || !is_count(in->background_counts))
        return &counts_refused;
    if (!is_positive(in->gross_time_s) || !is_positive(in->background_time_s))
        return &time_refused;
    if (!is_part(in->efficiency))
        return &efficiency_refused;
    if (!is_part(in->wipe_fraction))
        return &wipe_refused;
    if (!(in->background_counts > 0))
        return &background_refused;
    if (!is_uncertainty(in->efficiency_rel_u) || !is_uncertainty(in->wipe_rel_u) ||
        !is_positive(in->limit_bq) || !is_positive(in->k))
        return &settings_refused;
    if (in->k * hypot(in->efficiency_rel_u, in->wipe_rel_u) >= 1)
        return &limit_refused;
    return NULL;
}

/* The continued fraction 1/(z + 2/(z + 3/(z + ...))): the mean of what a standard normal has above
   z, less z. For z of 4 and more 80 terms are more than a double can tell. */
static double tail_excess(double z)
{
    double fraction = 0;

    for (int n = 80; n >= 1; n--)
        fraction = n / (z + fraction);
    return fraction;
}

/* The share of what a standard normal has above z that it has above z + y; y >= 0. Deep in the tail
   the two areas are written as density over (z + excess), so that what is too small for a double
   cancels out. */
static double tail_share(double z, double y)
{
    if (z < deep_tail)
        return erfc((z + y) / sqrt(2)) / erfc(z / sqrt(2));
    return exp(-y * (z + y / 2)) * (z + tail_excess(z)) / (z + y + tail_excess(z + y));
}

/* The y above which the share of the tail beyond z is as given. Halving is slow, but it can not
   miss: the share falls from 1 to 0. */
static double tail_limit(double z, double share)
{
    double low = 0;
    double high = fmax(0, -z) + 40;

    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;

        if (tail_share(z, middle) > share)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* normal(A, u) cut at zero, in units of u from zero: what is left is the tail above z = -A/u. */
static void leak_test_cover(struct leak_test_result *r)
{
    double u = r->activity_u_bq;
    double z = -r->activity_bq / u;

    if (z < deep_tail) {
        double density = exp(-z * z / 2) / sqrt(2 * acos(-1));

        r->best_bq = r->activity_bq + u * density / (erfc(z / sqrt(2)) / 2);
    } else {
        r->best_bq = u * tail_excess(z);
    }
    r->low_bq = u * tail_limit(z, 0.975);
    r->high_bq = u * tail_limit(z, 0.025);
}

static enum leak_test_outcome leak_test_outcome(const struct leak_test_result *r, double limit_bq,
                                                double clean_u_cps)
{
    if (r->activity_bq >= limit_bq * (1 - limit_slack))
        return LEAK_TEST_FAIL;
    if (r->net_cps < -repeat_k * clean_u_cps)
        return LEAK_TEST_REPEAT;
    if (r->detection_limit_bq > limit_bq)
        return LEAK_TEST_NOT_FIT;
    if (r->upper_bq >= limit_bq)
        return LEAK_TEST_REFER;
    return r->detected ? LEAK_TEST_PASS_DETECTED : LEAK_TEST_PASS;
}

/* Whether every figure is one: a comparison with a not-a-number is false, and would pass. */
static bool leak_test_whole(const struct leak_test_result *r)
{
    return isfinite(r->net_u_cps) && isfinite(r->activity_bq) && is_positive(r->activity_u_bq) &&
           is_positive(r->threshold_bq) && is_positive(r->detection_limit_bq) &&
           isfinite(r->upper_bq) && isfinite(r->best_bq) && isfinite(r->low_bq) &&
           isfinite(r->high_bq);
}

const struct refusal *leak_test_judge(const struct leak_test_input *in,
                                      struct leak_test_result *out)
{
    const struct refusal *refusal = leak_test_refuse(in);
    double k = in->k;
    double gross_s = in->gross_time_s, background_s = in->background_time_s;
    double w = 1 / (in->efficiency * in->wipe_fraction);
    double u_w = hypot(in->efficiency_rel_u, in->wipe_rel_u);
    double clean_u_cps;
    struct leak_test_result r = { 0 };

    if (refusal != NULL)
        return refusal;

    r.gross_cps = in->gross_counts / gross_s;
    r.background_cps = in->background_counts / background_s;
    r.net_cps = r.gross_cps - r.background_cps;
    r.net_u_cps =
        hypot(sqrt(in->gross_counts) / gross_s, sqrt(in->background_counts) / background_s);
    r.activity_bq = w * r.net_cps;
    r.activity_u_bq = hypot(w * r.net_u_cps, r.activity_bq * u_w);

    clean_u_cps = sqrt(r.background_cps / gross_s + r.background_cps / background_s);
    r.threshold_bq = k * w * clean_u_cps;
    r.detection_limit_bq = (2 * r.threshold_bq + k * k * w / gross_s) / (1 - k * k * u_w * u_w);
    r.upper_bq = r.activity_bq + k * r.activity_u_bq;
    r.detected = r.activity_bq > r.threshold_bq;
    leak_test_cover(&r);
    if (!leak_test_whole(&r))
        return &size_refused;

    r.outcome = leak_test_outcome(&r, in->limit_bq, clean_u_cps);
    *out = r;
    return NULL;
}

const char *leak_test_outcome_id(enum leak_test_outcome outcome)
{
    switch (outcome) {
    case LEAK_TEST_FAIL:
        return "FAIL";
    case LEAK_TEST_REPEAT:
        return "REPEAT";
    case LEAK_TEST_NOT_FIT:
        return "NOT_FIT";
    case LEAK_TEST_REFER:
        return "REFER";
    case LEAK_TEST_PASS_DETECTED:
        return "PASS_DETECTED";
    case LEAK_TEST_PASS:
        return "PASS";
    }
    return "FAIL";
}
