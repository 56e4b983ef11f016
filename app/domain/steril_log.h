/* A temperature log as text: pairs of minutes and degrees Celsius, parted by blanks, commas,
   semicolons, tabs or line ends, as a person types them or a logger's CSV has them. A first line that
   has letters in it is a heading and read past. Decimals have a full stop. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/refusal.h"
#include "app/domain/steril.h"

enum { STERIL_LOG_MAX = 4000 }; /* samples of a text: one a second for an hour and more */

struct steril_log {
    struct steril_sample samples[STERIL_LOG_MAX];
    size_t count;
};

struct steril_log_figures {
    double lowest_c, highest_c;
    double minutes;
    double longest_step_min;
};

/* Nothing but blanks: not there yet, and not a fault. */
bool steril_log_blank(const char *text);

/* Refusals: LOG_NOT_A_NUMBER, LOG_NOT_PAIRS (an odd number of numbers), LOG_TOO_SHORT, LOG_TOO_LONG,
   TIME_NOT_FORWARD, TEMPERATURE_NOT_BELIEVABLE (under -273.15 or over 200 C). */
const struct refusal *steril_log_read(const char *text, struct steril_log *out);

struct steril_log_figures steril_log_figures(const struct steril_log *log);
/* Minutes at or above a temperature, taken as straight between samples. */
double steril_log_minutes_above(const struct steril_log *log, double c);
