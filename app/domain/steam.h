/* Saturated steam: what temperature a gauge pressure means, and the other way round, at sea level and
   with all air out. A gauge that reads right over trapped air is no temperature.

   Source: Antoine's equation for water from 99 to 374 C, log10 p = 8.14019 - 1810.94 / (244.485 + t), p
   in mmHg, t in C; 1 bar is 750.0617 mmHg, the air 1.01325 bar. 115 C is 0.675 bar gauge, 121 C 1.03,
   134 C 2.01. Pure. */
#pragma once

#include "app/domain/refusal.h"

/* Refusal: PRESSURE_OUT_OF_RANGE outside 0 to 20 bar gauge. */
const struct refusal *steam_temperature(double bar_gauge, double *out_c);
/* Refusal: TEMPERATURE_OUT_OF_RANGE outside 99.8 to 215 C: below, water does not boil. */
const struct refusal *steam_pressure(double c, double *out_bar_gauge);
