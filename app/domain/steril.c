#include "app/domain/steril.h"

#include <math.h>
#include <stdbool.h>

static const double log_10 = 2.30258509299404568402;
static const double coldest_c = -273.15;
static const double z_above_max = 3;

const struct refusal steril_short = {
    "LOG_TOO_SHORT",
    "A temperature log has at least two samples.",
};
const struct refusal steril_long = {
    "LOG_TOO_LONG",
    "The temperature log has too many samples. Keep one for every few seconds.",
};
const struct refusal steril_order = {
    "TIME_NOT_FORWARD",
    "The times of a temperature log are minutes and never go back.",
};
const struct refusal steril_temperature = {
    "TEMPERATURE_NOT_BELIEVABLE",
    "A temperature of the log is no steriliser's. See whether the log is in degrees Celsius.",
};
static const struct refusal reference_refused = {
    "REFERENCE_OUT_OF_RANGE",
    "The reference is a temperature in degrees Celsius, and z more than 0.",
};

static const struct refusal *steril_refuse(const struct steril_sample *samples, size_t count,
                                           double ref_c, double z_c)
{
    if (!isfinite(ref_c) || !isfinite(z_c) || ref_c < coldest_c || z_c <= 0)
        return &reference_refused;
    if (count < 2)
        return &steril_short;
    if (count > STERIL_SAMPLES_MAX)
        return &steril_long;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(samples[i].min) || (i > 0 && samples[i].min < samples[i - 1].min))
            return &steril_order;
        if (!(samples[i].c >= coldest_c && samples[i].c <= ref_c + z_above_max * z_c))
            return &steril_temperature;
    }
    return NULL;
}

const struct refusal *steril_f0(const struct steril_sample *samples, size_t count, double ref_c,
                                double z_c, struct steril_result *out)
{
    const struct refusal *refusal = steril_refuse(samples, count, ref_c, z_c);
    struct steril_result r = { 0 };
    double before;

    if (refusal != NULL)
        return refusal;

    r.max_c = samples[0].c;
    before = pow(10, (samples[0].c - ref_c) / z_c);
    for (size_t i = 1; i < count; i++) {
        double step = samples[i].min - samples[i - 1].min;
        double rate = pow(10, (samples[i].c - ref_c) / z_c);
        double x = log_10 * (samples[i].c - samples[i - 1].c) / z_c;

        r.f0_min += step * (before + rate) / 2;
        r.left_min += step * before;
        /* expm1(x)/x is the mean of an exponential over its step; 1 on a level one. */
        r.linear_min += step * before * (x > 0 || x < 0 ? expm1(x) / x : 1);
        r.max_c = fmax(r.max_c, samples[i].c);
        r.max_step_min = fmax(r.max_step_min, step);
        before = rate;
    }
    if (!isfinite(r.f0_min) || !isfinite(r.linear_min))
        return &steril_order;

    *out = r;
    return NULL;
}
