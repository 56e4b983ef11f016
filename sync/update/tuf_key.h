/* A public key of TUF metadata, and whether a signature is its own: Ed25519, ECDSA on P-256 with SHA-256 (keytype "ecdsa" or
   "ecdsa-sha2-nistp256"), RSA-PSS with SHA-256. Plain data; pure but for the libraries' own tables. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"

enum {
    TUF_SIG_MAX = 1024, /* bytes of a signature: RSA with 8,192 bits */
    TUF_RSA_BITS_MIN = 2048,
    TUF_RSA_BITS_MAX = 8192, /* what lies above takes a kiosk seconds for each try */
};

enum tuf_scheme {
    TUF_SCHEME_UNKNOWN, /* of a kind that nobody here verifies: never counts, harms nothing */
    TUF_SCHEME_ED25519,
    TUF_SCHEME_ECDSA,
    TUF_SCHEME_RSA_PSS
};

struct tuf_key {
    const char *id; /* as the metadata has it, whatever it is the hash of */
    enum tuf_scheme scheme;
    uint8_t ed25519[KEYS_PUBLIC];
    const uint8_t *der; /* ECDSA, RSA-PSS: SubjectPublicKeyInfo, written afresh */
    size_t der_len;
    uint8_t mark[KEYS_HASH]; /* equal for equal public keys, however they are written or called */
};

/* Signatures and public keys: exactly so many bytes, in hex digits of either case. */
bool tuf_hex(uint8_t *out, size_t len, const char *hex);
/* Reads a key object {"keytype","scheme","keyval":{"public"}}; what it needs is in the arena. ERR_INPUT: not an object of
   that shape. A kind not known, or a public key that is none or missing, gives TUF_SCHEME_UNKNOWN and ERR_OK. id is borrowed. */
MUST_USE enum err tuf_key_read(struct arena *a, const char *id, const struct json *node,
                               struct tuf_key *out, struct why *why);
MUST_USE bool tuf_key_verify(const struct tuf_key *key, const uint8_t *sig, size_t sig_len,
                             const void *data, size_t len);
