#include "app/domain/dead_time.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static const struct refusal number_refused = {
    "RATE_NOT_A_NUMBER",
    "The rate and the dead time are 0 or more. Type counts per second, and the dead time in "
    "seconds: 90 microseconds are 0.00009.",
};
static const struct refusal impossible = {
    "DEAD_TIME_IMPOSSIBLE",
    "No tube with this dead time can count so fast. See whether the dead time is in seconds.",
};

static bool is_rate(double x)
{
    return isfinite(x) && x >= 0;
}

const struct refusal *dead_time_correct(double observed_cps, double dead_time_s,
                                        struct dead_time_result *out)
{
    double dead = observed_cps * dead_time_s; /* the share of the time in which it is blind */

    if (!is_rate(observed_cps) || !is_rate(dead_time_s))
        return &number_refused;
    if (dead >= 1)
        return &impossible;

    out->factor = 1 / (1 - dead);
    out->true_cps = observed_cps / (1 - dead);
    return NULL;
}
