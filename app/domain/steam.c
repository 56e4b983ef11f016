#include "app/domain/steam.h"

#include <math.h>
#include <stddef.h>

static const double antoine_a = 8.14019;
static const double antoine_b = 1810.94;
static const double antoine_c = 244.485;
static const double mmhg_per_bar = 750.061683;
static const double air_bar = 1.01325;
static const double bar_max = 20;
static const double coldest_c = 99.8;
static const double hottest_c = 215;

static const struct refusal pressure_refused = {
    "PRESSURE_OUT_OF_RANGE",
    "The pressure on the gauge is 0 to 20 bar. 15 psi are 1.03 bar.",
};
static const struct refusal temperature_refused = {
    "TEMPERATURE_OUT_OF_RANGE",
    "Steam under pressure has 100 to 215 degrees Celsius.",
};

const struct refusal *steam_temperature(double bar_gauge, double *out_c)
{
    if (!(bar_gauge >= 0 && bar_gauge <= bar_max))
        return &pressure_refused;
    *out_c = antoine_b / (antoine_a - log10((bar_gauge + air_bar) * mmhg_per_bar)) - antoine_c;
    return NULL;
}

const struct refusal *steam_pressure(double c, double *out_bar_gauge)
{
    if (!(c >= coldest_c && c <= hottest_c))
        return &temperature_refused;
    *out_bar_gauge = pow(10, antoine_a - antoine_b / (antoine_c + c)) / mmhg_per_bar - air_bar;
    return NULL;
}
