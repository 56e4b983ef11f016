/* What the sync screen says when a round fails: one row a code. Nothing here is a catastrophe, and each row says so. */
#pragma once

enum fault {
    FAULT_NONE,
    FAULT_NO_NETWORK,  /* S-101 */
    FAULT_NO_NAME,     /* S-102 */
    FAULT_REFUSED,     /* S-103 */
    FAULT_TIMEOUT,     /* S-104 */
    FAULT_NOT_HUB,     /* S-110 */
    FAULT_TLS,         /* S-120 */
    FAULT_ADDRESS,     /* S-130 */
    FAULT_BUSY,        /* S-201 */
    FAULT_HUB_TROUBLE, /* S-202 */
    FAULT_KEY,         /* S-203 */
    FAULT_CLOCK,       /* S-204 */
    FAULT_FORK,        /* S-301 */
    FAULT_BUNDLE,      /* S-302 */
    FAULT_STORE,       /* S-303 */
    FAULT_CODE,        /* S-401 */
    FAULT_OTHER_SITE,  /* S-402 */
    FAULT_COUNT,
};

struct fault_text {
    const char *code;  /* to quote */
    const char *what;  /* what happened */
    const char *means; /* what it means for the records */
    const char *todo;  /* what to do */
};
const struct fault_text *fault_text(enum fault fault); /* static; "" texts for FAULT_NONE */
