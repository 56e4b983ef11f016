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
    /* Which run of the machine this is, and how long it has run (suspended time too): what ties a
       line of untrusted time to the time that is told later. boot 0: not known, or set by hand. */
    uint64_t boot;
    int64_t boot_ms;
};

/* A machine that a test moves by hand, in place of the real one. */
struct clock_machine {
    int64_t (*wall_ms)(void *ctx);
    int64_t (*boot_ms)(void *ctx);    /* since it was switched on */
    bool (*synced)(void *ctx);        /* the kernel's word that network time keeps the clock */
    int64_t (*battery_ms)(void *ctx); /* what its battery clock says; 0: it has none */
    uint64_t boot;
    void *ctx;
};

/* Safe to read from several threads after clock_open; shifts are atomic. */
struct clock;

struct clock_options {
    const char *now; /* ISO time from --now (date, or date and time, Z or none = UTC), or NULL */
    /* The latest stamp already recorded: an untrusted clock goes on from there, never earlier. */
    int64_t floor_ms;
    const char *machine_now; /* tests: what the machine's clock claims at the start while nobody
                                vouches for it, ISO; NULL: what it says */
    const struct clock_machine *machine; /* NULL: this one; borrowed until clock_free */
    /* A reading of CLOCK_NTP or better kept from an earlier process: it holds where the machine has
       not been switched off since (boot), else it is forgotten. Zeroed: none. */
    struct clock_now told;
};
MUST_USE enum err clock_new(const struct clock_options *o, struct clock **out, struct why *why);
void clock_free(struct clock *c);
struct clock_now clock_read(struct clock *c);
void clock_shift(struct clock *c, int64_t by_ms); /* drive script's `now +14d`, `idle 3m` */
/* The hub told the time in a signed reply: from here on time is counted from that moment by the
   machine's monotonic clock, so that whatever moves its wall clock later (a network time that
   arrives, a hand) moves nothing; trust becomes CLOCK_HUB. Returns the offset applied in ms. Does
   nothing to a clock at CLOCK_NTP within 5 s. A `--now` clock keeps its time and stays CLOCK_SET. */
int64_t clock_learn(struct clock *c, int64_t hub_ms);

/* An untrusted clock was told the time (by the hub, or by the network). */
struct clock_learnt {
    int64_t old_ms, new_ms; /* the wall time it would have gone on with; the one it has now */
    enum clock_trust from, to;
    uint64_t boot;
    int64_t boot_ms; /* when */
};
/* Takes it, once; false: nothing was learnt since. */
bool clock_take_learnt(struct clock *c, struct clock_learnt *out);

void clock_iso(char out[CLOCK_ISO], int64_t wall_ms);
/* date, or date-time with optional Z. */
MUST_USE bool clock_parse_iso(const char *text, int64_t *out_ms);
int64_t clock_mono_ms(void); /* the machine's monotonic clock */
