/* Time: what the wall clock says, how far it can be trusted, and a clock that tests move by hand.
   Civil dates and their arithmetic are app/domain/caldate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"

enum clock_trust { CLOCK_NONE, CLOCK_SET, CLOCK_RTC, CLOCK_NTP, CLOCK_HUB }; /* weakest first */
const char *clock_trust_name(enum clock_trust trust); /* "none", "set", "rtc", "ntp", "hub" */
bool clock_trust_from(const char *name, enum clock_trust *out);

enum { CLOCK_ISO = 25 }; /* "2026-11-22T10:42:07.120Z" with NUL */

struct clock_now {
    int64_t wall_ms; /* since 1970-01-01 UTC; not before floor_ms while trust is under CLOCK_NTP */
    int64_t mono_ms; /* never goes back; counts a `--now` shift too */
    enum clock_trust trust;
};

/* Safe to read from several threads after clock_open; shifts are atomic. */
struct clock;

struct clock_options {
    const char *now; /* ISO time from --now (date, or date and time, Z or none = UTC), or NULL */
    /* The latest stamp already recorded: an untrusted clock reports nothing earlier. */
    int64_t floor_ms;
};
MUST_USE enum err clock_new(const struct clock_options *o, struct clock **out, struct why *why);
void clock_free(struct clock *c);
struct clock_now clock_read(struct clock *c);
void clock_shift(struct clock *c, int64_t by_ms); /* drive script's `now +14d`, `idle 3m` */
/* The hub told the time in a signed reply: offset is kept, trust becomes CLOCK_HUB. Returns the
   offset applied in ms. Does nothing to a clock at CLOCK_NTP within 5 s. A `--now` clock keeps its
   time and stays CLOCK_SET. */
int64_t clock_learn(struct clock *c, int64_t hub_ms);
void clock_raise_floor(struct clock *c, int64_t floor_ms);

void clock_iso(char out[CLOCK_ISO], int64_t wall_ms);
/* date, or date-time with optional Z. */
MUST_USE bool clock_parse_iso(const char *text, int64_t *out_ms);
int64_t clock_mono_ms(void); /* the machine's monotonic clock */
