#include "app/domain/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct refusal few_refused = {
    "READINGS_TOO_FEW",
    "There is no reading yet.",
};
static const struct refusal many_refused = {
    "READINGS_TOO_MANY",
    "There are more readings than can be weighed up at once.",
};
static const struct refusal number_refused = {
    "READING_NOT_A_NUMBER",
    "A reading is missing or no number.",
};

static int reading_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y ? 1 : 0;
}

const struct refusal *spread_of(const double *readings, size_t count, struct spread_result *out)
{
    double sorted[SPREAD_READINGS_MAX];
    struct spread_result r = { 0 };
    double squares = 0;

    if (count == 0)
        return &few_refused;
    if (count > SPREAD_READINGS_MAX)
        return &many_refused;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(readings[i]))
            return &number_refused;
        r.mean += readings[i] / (double)count;
    }
    memcpy(sorted, readings, count * sizeof(sorted[0]));
    qsort(sorted, count, sizeof(sorted[0]), reading_order);
    for (size_t i = 0; i < count; i++)
        squares += (readings[i] - r.mean) * (readings[i] - r.mean);
    r.lowest = sorted[0];
    r.highest = sorted[count - 1];
    r.median = sorted[(count - 1) / 2] / 2 + sorted[count / 2] / 2;
    r.range = r.highest - r.lowest;
    r.deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
    r.farthest = fmax(r.highest - r.mean, r.mean - r.lowest);
    r.spread_pct = r.mean > 0 ? 100 * r.farthest / r.mean : (double)NAN;
    *out = r;
    return NULL;
}

bool spread_within(double reading, double nominal, double tolerance)
{
    double slack;

    if (!isfinite(reading) || !isfinite(nominal) || !(tolerance >= 0))
        return false;
    slack = 1e-12 * fmax(fmax(fabs(reading), fabs(nominal)), tolerance);
    return fabs(reading - nominal) <= tolerance + slack;
}
