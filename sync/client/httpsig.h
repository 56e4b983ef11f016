/* HTTP Message Signatures (RFC 9421) with Ed25519, and Content-Digest (RFC 9530) with SHA-256: what a kiosk
   signs a request with, and the hub its reply. One signature a message. Pure: time, nonce and bytes are
   arguments. Accepts less than the RFC allows: no parameters on components but `req`, printable ASCII only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    HTTPSIG_INPUT_MAX = 1024,    /* bytes of a Signature-Input header */
    HTTPSIG_SIGNATURE_MAX = 160, /* bytes of a Signature header */
    HTTPSIG_PARTS_MAX = 12,      /* covered components */
    HTTPSIG_NAME_MAX = 40,       /* bytes of a component's name, with NUL */
    HTTPSIG_NONCE_MAX = 48,      /* with NUL */
    HTTPSIG_KEYID_MAX = 80,      /* with NUL */
    HTTPSIG_LABEL_MAX = 24,      /* with NUL */
    HTTPSIG_BASE_MAX = 8192,     /* bytes of a signature base */
    HTTPSIG_DIGEST_TEXT = 64,    /* "sha-256=:…:" with NUL */
};

/* What a signature covers. Strings are borrowed; header names in lower case. A header that is there twice is
   given once, its values joined by ", " (RFC 9421, 2.1). */
struct httpsig_field {
    const char *name;
    const char *value;
};
struct httpsig_message {
    const char *method; /* requests */
    /* Requests: the Host header, lower case; may be NULL where it is not covered. */
    const char *authority;
    const char *path;  /* requests: as sent, not decoded; "" means "/" */
    const char *query; /* requests: as sent, without the question mark; NULL when there was none */
    int status;        /* replies */
    const struct httpsig_field *fields;
    size_t field_count;
    const struct httpsig_message *request; /* replies: what `;req` reads */
};

struct httpsig_part {
    char name[HTTPSIG_NAME_MAX];
    bool req; /* read from the request that this reply answers */
};
/* A Signature-Input header, taken apart. */
struct httpsig_input {
    char label[HTTPSIG_LABEL_MAX];
    struct httpsig_part parts[HTTPSIG_PARTS_MAX];
    size_t part_count;
    int64_t created;               /* seconds since 1970; -1 when absent */
    char nonce[HTTPSIG_NONCE_MAX]; /* "" when absent */
    char keyid[HTTPSIG_KEYID_MAX];
    char alg[16];
    char params[HTTPSIG_INPUT_MAX + 1]; /* the value after "label=", the bytes that were signed */
};

/* ERR_INPUT says what is wrong and where, ERR_LIMIT what is too long. */
MUST_USE enum err httpsig_parse(const char *header, struct httpsig_input *out, struct why *why);
bool httpsig_covers(const struct httpsig_input *in, const char *name, bool req);

/* The signature base (RFC 9421, 2.5) in the arena. ERR_INPUT: a covered part is not in the message. */
MUST_USE enum err httpsig_base(struct arena *a, const struct httpsig_input *in,
                               const struct httpsig_message *m, char **out, size_t *out_len,
                               struct why *why);

/* Signs: fills in->params from the other members and gives both headers, in the arena. */
MUST_USE enum err httpsig_sign(struct arena *a, struct httpsig_input *in,
                               const struct httpsig_message *m, const struct keypair *key,
                               char **out_input, char **out_signature, struct why *why);
/* ERR_DENIED: the signature is another key's or another message's. ERR_INPUT: it cannot be read. Whether
   enough is covered, and whose key it is, is the caller's to ask first. */
MUST_USE enum err httpsig_verify(struct arena *a, const struct httpsig_input *in,
                                 const char *signature, const struct httpsig_message *m,
                                 const uint8_t pub[KEYS_PUBLIC], struct why *why);

/* The Content-Digest header of a body. */
MUST_USE enum err httpsig_digest(struct arena *a, const void *body, size_t len,
                                 char out[HTTPSIG_DIGEST_TEXT], struct why *why);
/* ERR_DENIED: the body is not what the header says; ERR_INPUT: not one sha-256 digest. */
MUST_USE enum err httpsig_digest_check(struct arena *a, const char *header, const void *body,
                                       size_t len, struct why *why);
/* The value of a header in the message, or NULL. */
const char *httpsig_header(const struct httpsig_message *m, const char *name);
