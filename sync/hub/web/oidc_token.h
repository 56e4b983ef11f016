/* An ID token of OpenID Connect, held against what it has to be (OpenID Connect Core 1.0, 3.1.3.7). Signatures by
   libcjose. Pure: keys and time are arguments. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "sync/hub/web/oidc_fault.h"

enum {
    OIDC_TOKEN_MAX = 64 * 1024,
    OIDC_KEYS_MAX = 100,      /* of an issuer */
    OIDC_SKEW_MS = 2 * 60000, /* an issuer's clock is so far from ours at most */
    OIDC_FRESH_MS =
        20 * 60000 /* a token was made so long ago at most; Entra ID says five minutes too early */
};

struct oidc_token_ask {
    const char *token;
    const struct json *keys; /* the issuer's JWK set */
    const char *issuer, *client, *nonce;
    int64_t now_ms;
};
/* Its claims, in the arena, once everything fits. OIDC_KEY_UNKNOWN: newer keys may have it. why has what exactly was wrong, in
   words that quote nothing secret. */
MUST_USE enum oidc_fault oidc_token(struct arena *a, const struct oidc_token_ask *ask,
                                    const struct json **out_claims, struct why *why);
/* Bytes as base64url without padding, in the arena. NULL: no memory. */
const char *oidc_b64url(struct arena *a, const void *bytes, size_t len);
