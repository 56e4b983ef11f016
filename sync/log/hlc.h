/* Hybrid logical clock: one order for events from devices whose wall clocks disagree.
   After Kulkarni et al., «Logical Physical Clocks», 2014. Pure: the caller reads the clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    HLC_TEXT = 18, /* "0193506f1a2b0001" + spare: 12 hex digits of ms, 4 of n, NUL */
    HLC_AHEAD_MAX_MS = 24 * 3600 * 1000,
};

#define HLC_MS_MAX                                                                                 \
    INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z: stamps never run out of digits */

struct hlc {
    int64_t ms; /* milliseconds since 1970-01-01 UTC; 0 = never ticked */
    uint16_t n; /* order among stamps of the same millisecond */
};

int hlc_cmp(struct hlc a, struct hlc b);
/* The next stamp: after every stamp made or merged before, and at least now_ms. */
struct hlc hlc_tick(struct hlc *clock, int64_t now_ms);
/* Takes in a peer's stamp, so that our next one sorts after it; returns whether it will. Only a
   stamp made at hub or ntp trust may move the clock (trusted), and none more than HLC_AHEAD_MAX_MS
   ahead of now_ms while our own time is trusted itself. now_ms 0 says that it is not: any trusted
   stamp up to HLC_MS_MAX counts then. */
bool hlc_merge(struct hlc *clock, struct hlc peer, bool trusted, int64_t now_ms);
void hlc_text(char out[HLC_TEXT], struct hlc stamp); /* sorts as text as it does as a stamp */
bool hlc_parse(const char *text, struct hlc *out);
