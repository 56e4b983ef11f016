/* Hybrid logical clock: one order for events from devices whose wall clocks disagree.
   After Kulkarni et al., «Logical Physical Clocks», 2014. Pure: the caller reads the clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    HLC_TEXT = 18, /* "0193506f1a2b0001" + spare: 12 hex digits of ms, 4 of n, NUL */
    HLC_AHEAD_MAX_MS = 24 * 3600 * 1000,
    HLC_COUNT_MAX_MS = 500, /* what 32 million stamps within one millisecond borrow */
};

#define HLC_MS_MAX                                                                                 \
    INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z: stamps never run out of digits */

struct hlc {
    int64_t ms; /* milliseconds since 1970-01-01 UTC; 0 = never ticked */
    uint16_t n; /* order among stamps of the same millisecond */
};

int hlc_cmp(struct hlc a, struct hlc b);
/* The next stamp: after every stamp made or merged before, and at least now_ms. now_ms 0: our time
   is not trusted, and the stamp only counts on from what we know. The wrong year of a board never
   gets into a stamp, so it neither wins nor loses by it: its lines stand after all that it had seen. */
struct hlc hlc_tick(struct hlc *clock, int64_t now_ms);
/* Takes in a peer's stamp, so that our next one sorts after it; returns whether it will. A stamp made
   at hub or ntp trust (trusted) moves the clock, but none more than HLC_AHEAD_MAX_MS ahead of now_ms
   while our own time is trusted itself. now_ms 0 says that it is not: any trusted stamp up to
   HLC_MS_MAX counts then. An untrusted one only counts (hlc_tick), so it moves us as far as a count
   can go: HLC_COUNT_MAX_MS past what we know. */
bool hlc_merge(struct hlc *clock, struct hlc peer, bool trusted, int64_t now_ms);
void hlc_text(char out[HLC_TEXT], struct hlc stamp); /* sorts as text as it does as a stamp */
bool hlc_parse(const char *text, struct hlc *out);
