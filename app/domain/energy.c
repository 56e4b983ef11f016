#include "app/domain/energy.h"

#include <math.h>
#include <stddef.h>

static const double e0_f_m = 8.8541878128e-12; /* CODATA 2018 */
static const double farads_max = 10;
static const double volts_max = 1e7;
static const double radius_max_m = 10;
static const double bar_max = 1000;
static const double litres_max = 1e6;
static const double scheme_bar_litres = 250;
static const double scheme_bar = 0.5;
/* 10 bar in 25 litres is 250 however it was multiplied. */
static const double slack = 1e-9;

static const struct refusal electric_refused = {
    "ELECTRIC_OUT_OF_RANGE",
    "Type farads (at most 10), metres (at most 10) and volts (at most 10 million), none below 0. "
    "1000 microfarads are 0.001, 250 kilovolts are 250000.",
};
static const struct refusal pressure_refused = {
    "PRESSURE_OUT_OF_RANGE",
    "The pressure is 0 to 1000 bar, the volume more than 0 litres.",
};

static bool is_in(double x, double most)
{
    return x >= 0 && x <= most;
}

const struct refusal *energy_capacitor(double farads, double volts, double *out_j)
{
    if (!is_in(farads, farads_max) || !is_in(fabs(volts), volts_max))
        return &electric_refused;
    *out_j = farads * volts * volts / 2;
    return NULL;
}

const struct refusal *energy_sphere(double radius_m, double volts, double *out_j)
{
    if (!is_in(radius_m, radius_max_m) || !is_in(fabs(volts), volts_max))
        return &electric_refused;
    *out_j = 2 * acos(-1) * e0_f_m * radius_m * volts * volts;
    return NULL;
}

const struct refusal *energy_vessel(enum energy_fluid fluid, double bar, double litres,
                                    struct energy_vessel *out)
{
    if (!is_in(bar, bar_max) || !(litres > 0) || !is_in(litres, litres_max))
        return &pressure_refused;
    out->bar_litres = bar * litres;
    out->scheme = fluid == FLUID_STEAM ||
                  (bar > scheme_bar && out->bar_litres >= scheme_bar_litres * (1 - slack));
    return NULL;
}
