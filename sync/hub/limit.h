/* How often somebody (an address, a device) may ask: a bucket of tokens each, in a table of fixed size. Pure: time and
   address are arguments. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMIT_SLOTS = 4096, LIMIT_PROBES = 8, LIMIT_ADDRESS = 16 };

struct limit_slot {
    uint8_t address[LIMIT_ADDRESS];
    int64_t milli; /* thousandths of tokens left */
    int64_t at_ms; /* when that was so; 0 = free */
};
struct limit {
    int64_t burst;      /* tokens of a full bucket */
    int64_t per_minute; /* tokens that come back a minute */
    struct limit_slot slots[LIMIT_SLOTS];
};

/* Takes one token; false when there is none, out_wait_s then says in how many seconds there will be. Where more
   addresses ask than there are slots, the one heard of longest ago is forgotten. */
bool limit_take(struct limit *l, const uint8_t address[LIMIT_ADDRESS], int64_t now_ms,
                int64_t *out_wait_s);
/* Gives one back that was taken for nothing. */
void limit_give(struct limit *l, const uint8_t address[LIMIT_ADDRESS], int64_t now_ms);
/* Whether there is a token, taking none. */
bool limit_peek(struct limit *l, const uint8_t address[LIMIT_ADDRESS], int64_t now_ms,
                int64_t *out_wait_s);
