/* One-time enrolment codes: ten characters of Crockford's base 32 in two groups, as people read them out and type
   them. 50 random bits; guessing is slowed by the server. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "platform/base/keys.h"

enum {
    CODE_LEN = 10,
    CODE_TEXT = CODE_LEN + 2, /* "ABCDE-FGHJK" with NUL */
};

void code_make(char out[CODE_TEXT],
               const uint8_t random[CODE_LEN]); /* five bits of each byte are used */
/* Upper case, O as 0, I and L as 1, spaces and hyphens dropped; false unless ten characters remain. */
bool code_fold(char out[CODE_LEN + 1], const char *typed);
/* What is stored of a code: a hash that nobody can try codes against without the hub's secret key. */
void code_hash(uint8_t out[KEYS_HASH], const struct keypair *hub, const char folded[CODE_LEN + 1]);
