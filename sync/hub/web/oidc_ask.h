/* What the hub asks of an issuer: what it tells of itself (OpenID Connect Discovery 1.0), its keys, and a token for a code.
   Each answer is bounded in size and time; https alone, and http to this machine itself. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "sync/hub/hubstore_oidc.h"
#include "sync/hub/web/oidc_fault.h"

enum {
    OIDC_ASK_MS = 6000, /* for one answer */
    OIDC_ANSWER_MAX = 512 * 1024,
    OIDC_TOLD_MS = 3600000, /* what it tells of itself is asked for again after that */
};

struct oidc_ask {
    struct hubstore *store;
    struct arena *a;
    const struct hub_oidc *oidc;
    int64_t now_ms;
    struct hub_oidc_told told;
    const struct json *config, *keys; /* NULL until they are there */
};

/* Whether the address may be an issuer's: https (or http to this machine itself), no user, no query. */
bool oidc_issuer_ok(const char *url);
/* Fills in config, from what is kept or from the issuer. */
MUST_USE enum oidc_fault oidc_ask_config(struct oidc_ask *k, struct why *why);
/* Fills in keys; again: from the issuer, whatever is kept. */
MUST_USE enum oidc_fault oidc_ask_keys(struct oidc_ask *k, bool again, struct why *why);
/* An endpoint as it tells of it, of the kind that may be asked or gone to; NULL: none. */
const char *oidc_endpoint(const struct oidc_ask *k, const char *name);
/* The ID token for a code, in the arena. */
MUST_USE enum oidc_fault oidc_ask_token(struct oidc_ask *k, const char *code, const char *back,
                                        const char *verifier, const char **out, struct why *why);
