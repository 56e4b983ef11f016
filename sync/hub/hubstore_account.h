/* People at the hub: who may sign in, what they may do where, their sessions; and the authorities that schools belong to.
   Outputs are in the caller's arena where they are not copied. Every call is one transaction. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/client/proto.h"
#include "sync/hub/hubstore.h"
#include "sync/hub/hubstore_audit.h"

enum {
    HUB_LOGIN_MAX = 256,  /* bytes with NUL: a user name, or an issuer's subject */
    HUB_ISSUER_MAX = 256, /* "" of an account of this hub's own */
    HUB_TOTP_BYTES = 20,  /* a secret of RFC 6238 with SHA-1 */
    HUB_ACCOUNTS_MAX = 20000,
    HUB_GRANTS_MAX = 64,   /* of one account */
    HUB_SESSIONS_MAX = 20, /* of one account: the oldest ends */
    HUB_FAILS_MAX = 8,     /* wrong passwords or codes in a row, then the account is shut for */
    HUB_SHUT_MS = 15 * 60000,
    HUB_SESSION_MS = 12 * 3600000, /* a session ends then at the latest */
    HUB_IDLE_MS = 3600000,         /* and so long after the last page */
    HUB_INVITE_MS = 3 * 24 * 3600000,
};

struct hub_grant {
    const char *role;             /* as web/access.h has it */
    const char *authority, *site; /* ids; "" */
};
struct hub_account {
    char id[KEYS_RANDOM_ID];
    char login[HUB_LOGIN_MAX];
    char issuer[HUB_ISSUER_MAX];
    char name[PROTO_NAME_MAX];    /* as people call them */
    char password[KEYS_VERIFIER]; /* "": none is set yet, or the issuer has it */
    uint8_t totp[HUB_TOTP_BYTES];
    bool has_totp;
    int64_t totp_step; /* the last time step whose code was taken: none is taken twice */
    int64_t fails;     /* in a row */
    int64_t shut_ms;   /* no sign-in before this moment */
    int64_t ended_ms;  /* 0: it may be used */
    int64_t seen_ms;   /* when it last signed in; 0 never */
};
typedef bool (*hub_account_visit)(void *ctx, const struct hub_account *account);
typedef bool (*hub_grant_visit)(void *ctx, const struct hub_grant *grant);

/* The authority of that name, made where there is none. While there is only one, schools without an authority are its. */
MUST_USE enum err hubstore_authority_make(struct hubstore *s, const char *name,
                                          const struct hub_audit *audit,
                                          char out_id[KEYS_RANDOM_ID], struct why *why);
/* The school of that name, by its id. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_site_find(struct hubstore *s, const char *name,
                                     char out_id[KEYS_RANDOM_ID], struct why *why);
/* From now on the school belongs to that authority. */
MUST_USE enum err hubstore_site_join(struct hubstore *s, const char *site, const char *authority,
                                     const struct hub_audit *audit, struct why *why);
/* From now on the authority's people publish as the role employers/ID; "": as none. ERR_CONFLICT: another's do. */
MUST_USE enum err hubstore_authority_employer(struct hubstore *s, const char *authority,
                                              const char *employer, const struct hub_audit *audit,
                                              struct why *why);
struct hub_account_new {
    const char *login, *issuer, *name;
    struct hub_grant grant;
    const uint8_t *invite; /* KEYS_HASH bytes of what sets its password; NULL none */
    struct clock_now now;
};
/* ERR_CONFLICT: that name signs in already. ERR_LIMIT: HUB_ACCOUNTS_MAX. */
MUST_USE enum err hubstore_account_add(struct hubstore *s, const struct hub_account_new *account,
                                       const struct hub_audit *audit, char out_id[KEYS_RANDOM_ID],
                                       struct why *why);
/* ERR_NOT_FOUND. An ended account is found too. */
MUST_USE enum err hubstore_account_by_login(struct hubstore *s, const char *issuer,
                                            const char *login, struct hub_account *out,
                                            struct why *why);
MUST_USE enum err hubstore_grants(struct hubstore *s, const char *account, hub_grant_visit visit,
                                  void *ctx, struct why *why);
/* Whose invitation it is, while it may be used. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_invite(struct hubstore *s, const uint8_t hash[KEYS_HASH], int64_t now_ms,
                                  struct hub_account *out, struct why *why);
/* Sets password and second factor, uses the invitation up, ends every session of the account. ERR_NOT_FOUND: it has been used,
   or is too old. */
MUST_USE enum err hubstore_invite_use(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                      const char *password, const uint8_t totp[HUB_TOTP_BYTES],
                                      int64_t totp_step, const struct hub_audit *audit,
                                      struct why *why);
/* Nobody signs in by it from now on: its sessions end, and its invitation. ERR_NOT_FOUND; ERR_CONFLICT: it has ended already. */
MUST_USE enum err hubstore_account_end(struct hubstore *s, const char *account,
                                       const struct hub_audit *audit, struct why *why);
/* It may be used again. invite: KEYS_HASH bytes of what sets another password, instead of any before; NULL none. */
MUST_USE enum err hubstore_account_again(struct hubstore *s, const char *account,
                                         const uint8_t *invite, const struct hub_audit *audit,
                                         struct why *why);
/* A row for each account and each of its roles, by name. */
struct hub_account_line {
    const char *login, *issuer, *name;
    const char *role, *authority, *site; /* names; "" */
    int64_t ended_ms, seen_ms;
    bool set_up; /* or its issuer has the password */
};
typedef bool (*hub_account_line_visit)(void *ctx, const struct hub_account_line *line);
MUST_USE enum err hubstore_accounts(struct hubstore *s, hub_account_line_visit visit, void *ctx,
                                    struct why *why);
/* A wrong password or code: at HUB_FAILS_MAX the account is shut for HUB_SHUT_MS. */
MUST_USE enum err hubstore_account_failed(struct hubstore *s, const char *account,
                                          const struct hub_audit *audit, struct why *why);

struct hub_session {
    char account[KEYS_RANDOM_ID];
    char name[PROTO_NAME_MAX];
    int64_t made_ms, seen_ms;
};
/* Begins one, and forgets the account's fails. totp_step: of the code that was given; ERR_CONFLICT: it was taken before.
   0: no code was asked for. */
MUST_USE enum err hubstore_session_begin(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                         const char *account, int64_t totp_step,
                                         const struct hub_audit *audit, struct why *why);
/* ERR_NOT_FOUND: there is none, it has ended, or its account has. */
MUST_USE enum err hubstore_session(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                   int64_t now_ms, struct hub_session *out, struct why *why);
MUST_USE enum err hubstore_session_seen(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                        int64_t now_ms, struct why *why);
MUST_USE enum err hubstore_session_end(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                       const struct hub_audit *audit, struct why *why);
/* All of an account. */
MUST_USE enum err hubstore_sessions_end(struct hubstore *s, const char *account,
                                        const struct hub_audit *audit, struct why *why);

/* Which authority a row of site (by the name «site») belongs to, as SQL. */
#define HUB_SITE_AUTHORITY                                                                         \
    "coalesce(nullif(site.authority, ''),"                                                         \
    " (select min(authority.id) from authority having count(*) = 1), '')"
/* Whether the account $1 holds, at a row of site, one of the roles $2 (access_roles), as SQL. */
#define HUB_SITE_SEEN                                                                              \
    "exists (select 1 from account_grant g where g.account = $1 and $2 like '%,' || g.role || "    \
    "',%'"                                                                                         \
    " and (g.site = site.id or (g.authority <> '' and g.authority = " HUB_SITE_AUTHORITY ")))"
