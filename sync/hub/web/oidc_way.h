/* One person's way to an issuer and back. What has to be known again when the browser comes back is in what it brings: the
   state, under the hub's own key and bound to the browser's token, so that nothing is kept for people who do not come back
   and any copy of the hub can answer. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/keys.h"

enum {
    OIDC_WAY_MS = 10 * 60000, /* how long somebody may take over it */
    OIDC_TO_MAX = 256,
    OIDC_STATE_MAX = OIDC_TO_MAX + 256,
};

struct oidc_way {
    char state[OIDC_STATE_MAX];  /* random, and never the same */
    char nonce[KEYS_ID_TEXT];    /* made of it, as is */
    char verifier[KEYS_ID_TEXT]; /* PKCE's (RFC 7636) */
    char to[OIDC_TO_MAX];        /* where the person wanted */
    int64_t begun_ms;
};

/* browser: a hash of the token that the browser holds. to: "/" where it is longer than OIDC_TO_MAX. */
void oidc_way_new(struct oidc_way *out, const struct keypair *self,
                  const uint8_t browser[KEYS_HASH], const char *issuer, const char *to,
                  int64_t now_ms);
/* false: not made by oidc_way_new for that browser and that issuer (an id). How old it is stays to be asked. */
bool oidc_way_read(struct oidc_way *out, const struct keypair *self,
                   const uint8_t browser[KEYS_HASH], const char *issuer, const char *state);
/* Whether it is not too old; a copy of the hub whose clock is a little behind sees one from a time to come. */
bool oidc_way_open(const struct oidc_way *way, int64_t now_ms);
