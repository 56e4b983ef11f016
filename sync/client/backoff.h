/* When to try again: exponential back-off with full jitter, so that a school's kiosks do not all come back at
   the same moment; a server's Retry-After is kept. Pure: the random number is an argument. */
#pragma once

#include <stdint.h>

enum {
    BACKOFF_BASE_MS = 2000,
    BACKOFF_CAP_MS = 5 * 60 * 1000,
    BACKOFF_FLOOR_MS = 250, /* never sooner, whatever the dice say */
    /* A server that asks for more is asked again after an hour. */
    BACKOFF_RETRY_AFTER_MAX_MS = 3600000,
};

struct backoff {
    uint32_t failures; /* in a row */
};

/* One more failure: milliseconds to wait, spread evenly over 0 .. base * 2^failures (capped) by random, and at
   least retry_after_ms. */
int64_t backoff_next(struct backoff *b, uint64_t random, int64_t retry_after_ms);
void backoff_clear(struct backoff *b); /* a success */
/* Spreads a steady interval by a quarter either way. */
int64_t backoff_spread(int64_t every_ms, uint64_t random);
