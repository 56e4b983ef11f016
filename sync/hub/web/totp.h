/* The second factor: six digits of an authenticator (RFC 6238: SHA-1, 30 s), by liboath. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    TOTP_SECRET = 20, /* bytes */
    TOTP_STEP_S = 30,
    TOTP_DIGITS = 6,
    TOTP_DRIFT = 1, /* steps before and after that are taken too */
};

/* Whether the digits (blanks between them are passed over) are those of now, or of a step beside it, later than `after`.
   out_step: which step's. */
bool totp_ok(const uint8_t secret[TOTP_SECRET], const char *typed, int64_t now_ms, int64_t after,
             int64_t *out_step);
/* What an authenticator reads off a QR code, and the secret for who types it. In the arena. */
MUST_USE enum err totp_link(struct arena *a, const uint8_t secret[TOTP_SECRET], const char *login,
                            const char **out_link, const char **out_secret, struct why *why);
