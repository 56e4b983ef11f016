/* Sterilising by steam: what a temperature log of the load is worth, in minutes at the reference.

   Source: F0 = integral of 10^((T - T_ref) / z) dt, T in C, t in minutes; T_ref 121.1 C and z 10 C
   make it F0 (other references are used: 121.0, 121.11; state which). The figure to judge by is the
   trapezoid on the lethal rate, heat-up and cool-down counted as they come, steps as uneven as they
   are. On a steep ramp with few samples the trapezoid is too high, so a log has a sample at least
   each minute: the value for a temperature that is straight between samples and the longest step
   come along to tell.
   Where a run passes is a setting, not a rule of this file: 121.0 C for 15 min is 14.66 by the
   reference 121.1, so a line at 15 would fail it. Pure. */
#pragma once

#include <stddef.h>

#include "app/domain/refusal.h"

enum { STERIL_SAMPLES_MAX = 20000 };

struct steril_sample {
    double min; /* from any start */
    double c;   /* of the load, not of the chamber */
};

struct steril_result {
    double f0_min;     /* trapezoid */
    double left_min;   /* each sample held until the next: only to tell which rule another used */
    double linear_min; /* exact where the temperature runs straight from sample to sample */
    double max_c;
    double max_step_min;
};

/* What a log is refused for, here and as it is read from a text (steril_log.h). */
extern const struct refusal steril_short, steril_long, steril_order, steril_temperature;

/* Refusals: LOG_TOO_SHORT (under two samples), LOG_TOO_LONG (over STERIL_SAMPLES_MAX),
   TIME_NOT_FORWARD, TEMPERATURE_NOT_BELIEVABLE (no number, or 3 z above the reference, as 250 from a
   log in Fahrenheit is: each minute there would count for a thousand), REFERENCE_OUT_OF_RANGE. */
const struct refusal *steril_f0(const struct steril_sample *samples, size_t count, double ref_c,
                                double z_c, struct steril_result *out);
