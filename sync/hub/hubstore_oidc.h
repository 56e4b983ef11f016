/* Who vouches for people at the console: issuers of OpenID Connect, what of their claims grants which role where, and the
   account that somebody has by one. All of it in the hub's own database, so that each copy of the hub knows it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "sync/hub/hubstore_account.h"

enum {
    HUB_OIDC_ISSUERS_MAX = 20,
    HUB_OIDC_MAPS_MAX = 2000, /* of one issuer */
    HUB_OIDC_CLIENT_MAX = 256,
    HUB_OIDC_SECRET_MAX = 512,
    HUB_OIDC_SCOPES_MAX = 256,
    HUB_OIDC_CLAIM_MAX = 64,
    HUB_OIDC_VALUE_MAX = 256,
    HUB_OIDC_CLAIMS_MAX = 500, /* values of one person's token that are held against the maps */
};

/* An issuer as it was added. secret: "" of a client without one, which proves itself by PKCE alone. authority: an id; its
   people alone get roles by this issuer, and read of its refusals; "" any. */
struct hub_oidc {
    char id[KEYS_RANDOM_ID];
    char name[PROTO_NAME_MAX]; /* on the button */
    char issuer[HUB_ISSUER_MAX];
    char client[HUB_OIDC_CLIENT_MAX];
    char secret[HUB_OIDC_SECRET_MAX];
    char scopes[HUB_OIDC_SCOPES_MAX];
    char proxy[PROTO_NAME_MAX]; /* HOST:PORT by which the hub asks it; "" none */
    char authority[KEYS_RANDOM_ID];
};
typedef bool (*hub_oidc_visit)(void *ctx, const struct hub_oidc *oidc);

/* Fills in id. ERR_CONFLICT: that name or issuer stands already. ERR_LIMIT: HUB_OIDC_ISSUERS_MAX. */
MUST_USE enum err hubstore_oidc_add(struct hubstore *s, struct hub_oidc *oidc,
                                    const struct hub_audit *audit, struct why *why);
/* With its maps; whoever came by it may nothing from here on, and is signed out. */
MUST_USE enum err hubstore_oidc_remove(struct hubstore *s, const struct hub_oidc *oidc,
                                       const struct hub_audit *audit, struct why *why);
/* By name, each without its secret. */
MUST_USE enum err hubstore_oidc_each(struct hubstore *s, hub_oidc_visit visit, void *ctx,
                                     struct why *why);
/* By id or by name, whichever is not NULL. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_oidc(struct hubstore *s, const char *id, const char *name,
                                struct hub_oidc *out, struct why *why);
/* That by which the account came. ERR_NOT_FOUND: by none. */
MUST_USE enum err hubstore_oidc_of(struct hubstore *s, const char *account, struct hub_oidc *out,
                                   struct why *why);

/* What it last told of itself, kept so that copies of the hub need not all ask; in the arena, "" and 0: nothing yet. */
struct hub_oidc_told {
    const char *config, *keys;
    int64_t config_ms, keys_ms;
};
MUST_USE enum err hubstore_oidc_told(struct hubstore *s, const char *id, struct arena *a,
                                     struct hub_oidc_told *out, struct why *why);
MUST_USE enum err hubstore_oidc_tell(struct hubstore *s, const char *id,
                                     const struct hub_oidc_told *told, struct why *why);

/* One claim with one value, which grants a role at a place. */
struct hub_oidc_map {
    const char *claim, *value;
    struct hub_grant grant;
};
typedef bool (*hub_oidc_map_visit)(void *ctx, const struct hub_oidc_map *map, const char *place);
/* ERR_CONFLICT: it stands already. ERR_DENIED: outside of the issuer's authority. ERR_LIMIT: HUB_OIDC_MAPS_MAX. */
MUST_USE enum err hubstore_oidc_map(struct hubstore *s, const struct hub_oidc *oidc,
                                    const struct hub_oidc_map *map, const struct hub_audit *audit,
                                    struct why *why);
/* Whoever came by the issuer is signed out, so that each comes again with what is left. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_oidc_unmap(struct hubstore *s, const struct hub_oidc *oidc,
                                      const struct hub_oidc_map *map, const struct hub_audit *audit,
                                      struct why *why);
MUST_USE enum err hubstore_oidc_maps(struct hubstore *s, const char *id, hub_oidc_map_visit visit,
                                     void *ctx, struct why *why);

/* A way to sign in is used up: what came back with it is looked at once, by one copy of the hub. ERR_CONFLICT: it was
   before. */
MUST_USE enum err hubstore_oidc_use(struct hubstore *s, const uint8_t state[KEYS_HASH],
                                    int64_t now_ms, int64_t ends_ms, struct why *why);

/* What a verified token says. */
struct hub_oidc_claim {
    const char *claim, *value;
};
struct hub_oidc_person {
    const struct hub_oidc *oidc;
    const char *subject, *name;
    const struct hub_oidc_claim *claims;
    size_t claim_count;
    const uint8_t *session; /* KEYS_HASH bytes */
    const uint8_t *before;  /* the session that this browser had, which ends; NULL none */
    struct clock_now now;
};
enum hub_oidc_answer {
    HUB_OIDC_IN,      /* signed in */
    HUB_OIDC_NO_ROLE, /* the maps grant nothing */
    HUB_OIDC_ENDED,   /* the account was ended here */
};
/* The person's account, made where there is none, may from now on what the maps grant for these claims and nothing else; then
   its session begins. Whom they grant nothing may nothing any more, and every session of theirs ends; no account is made
   for it. Sign-in and changed roles are written down here, a refusal by the caller. out_account: "" where there is none.
   ERR_LIMIT: more roles than an account can hold, or too many accounts. */
MUST_USE enum err hubstore_oidc_sign_in(struct hubstore *s, const struct hub_oidc_person *person,
                                        enum hub_oidc_answer *out, char out_account[KEYS_RANDOM_ID],
                                        struct why *why);
