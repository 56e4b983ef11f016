/* What the sync screen says when a round fails: one row a code. Nothing here is a catastrophe, and each row says so. */
#pragma once

enum fault {
    FAULT_NONE,
    FAULT_NO_NETWORK,   /* S-101 */
    FAULT_NO_NAME,      /* S-102 */
    FAULT_REFUSED,      /* S-103 */
    FAULT_TIMEOUT,      /* S-104 */
    FAULT_NO_ROUTE,     /* S-105 */
    FAULT_CUT,          /* S-106 */
    FAULT_DNS,          /* S-107: who should know the name does not answer */
    FAULT_NO_ADDRESS,   /* S-108 */
    FAULT_SIGN_IN,      /* S-109: 802.1X, told by NetworkManager */
    FAULT_NOT_HUB,      /* S-110 */
    FAULT_PAGE,         /* S-111: a web page or a redirect, as sign-in and block pages are */
    FAULT_OTHER_HUB,    /* S-112 */
    FAULT_TLS,          /* S-120 */
    FAULT_OTHER_HOST,   /* S-121: a good certificate, for another name */
    FAULT_NO_TLS,       /* S-122 */
    FAULT_CERT_DATE,    /* S-123 */
    FAULT_ADDRESS,      /* S-130 */
    FAULT_PROXY_NAME,   /* S-141 */
    FAULT_PROXY_GONE,   /* S-142: nobody there, or no proxy */
    FAULT_PROXY_LOGIN,  /* S-143: 407 */
    FAULT_PROXY_BLOCKS, /* S-144 */
    FAULT_PROXY_HUB,    /* S-145: the proxy cannot reach the hub */
    FAULT_BUSY,         /* S-201 */
    FAULT_HUB_TROUBLE,  /* S-202 */
    FAULT_KEY,          /* S-203 */
    FAULT_CLOCK,        /* S-204 */
    FAULT_REVOKED,      /* S-205: out of use; it wipes itself */
    FAULT_FORK,         /* S-301: one that could not be healed */
    FAULT_BUNDLE,       /* S-302 */
    FAULT_STORE,        /* S-303 */
    FAULT_VERSION,      /* S-304 */
    FAULT_CODE,         /* S-401 */
    FAULT_OTHER_SITE,   /* S-402 */
    FAULT_COUNT,
};

struct fault_text {
    const char *code;  /* to quote */
    const char *what;  /* what happened */
    const char *means; /* what it means for the records */
    const char *todo;  /* what to do */
};
const struct fault_text *fault_text(enum fault fault); /* static; "" texts for FAULT_NONE */
