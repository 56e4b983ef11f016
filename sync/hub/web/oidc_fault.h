/* Why somebody for whom an issuer was to vouch was not signed in. The screen shows the code and no more; the audit log has the
   words, and what exactly was wrong. A code never changes its meaning. */
#pragma once

enum oidc_fault {
    OIDC_OK,
    OIDC_NO_ADDRESS,  /* O-10: this hub does not know its own address */
    OIDC_BUSY,        /* O-11: too many others wait for issuers */
    OIDC_UNREACHED,   /* O-12 */
    OIDC_CONFIG,      /* O-13: what the issuer tells of itself cannot be used */
    OIDC_KEYS,        /* O-14: likewise its keys */
    OIDC_STATE,       /* O-20: no sign-in of this browser */
    OIDC_STATE_OLD,   /* O-21 */
    OIDC_STATE_USED,  /* O-22 */
    OIDC_MIX_UP,      /* O-23: another issuer answers than was asked */
    OIDC_REFUSED,     /* O-24: the issuer refused, or the person did not go on */
    OIDC_NO_TOKEN,    /* O-30: the issuer gave none for the code */
    OIDC_MALFORMED,   /* O-31 */
    OIDC_ALGORITHM,   /* O-32: unsigned, or signed in a way that is not taken */
    OIDC_KEY_UNKNOWN, /* O-33 */
    OIDC_SIGNATURE,   /* O-34 */
    OIDC_ISSUER,      /* O-35 */
    OIDC_AUDIENCE,    /* O-36 */
    OIDC_TIME,        /* O-37 */
    OIDC_NONCE,       /* O-38 */
    OIDC_CLAIMS,      /* O-39 */
    OIDC_NO_ROLE,     /* O-40 */
    OIDC_NO_GROUPS,   /* O-41: as O-40, and the token says that groups were left out of it */
    OIDC_ENDED,       /* O-42 */
    OIDC_TOO_MANY,    /* O-43: more roles or accounts than the hub can hold */
    OIDC_STORE,       /* O-44 */
    OIDC_FAULT_COUNT,
};

struct oidc_fault_text {
    const char *code, *words;
};
const struct oidc_fault_text *oidc_fault_text(enum oidc_fault fault);
