/* Keys and hashes (libsodium underneath): SHA-256, Ed25519, sealed boxes, Argon2id, random
   bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    KEYS_HASH = 32,   /* SHA-256 */
    KEYS_PUBLIC = 32, /* Ed25519 public key; its lower-case hex is a device id */
    KEYS_SECRET = 64, /* Ed25519 secret key, libsodium's form */
    KEYS_SIG = 64,
    KEYS_ID_TEXT = 65,   /* hex of a public key or hash, with NUL */
    KEYS_VERIFIER = 128, /* Argon2id text, with NUL */
    KEYS_RANDOM_ID = 17, /* 16 hex digits with NUL: an item's or a person's id */
    KEYS_BOX = 32,       /* a key of keys_box */
    KEYS_SALT = 16,
};

struct keypair {
    uint8_t pub[KEYS_PUBLIC];
    uint8_t secret[KEYS_SECRET];
    char id[KEYS_ID_TEXT];
};

/* Must be called once at program start. */
MUST_USE enum err keys_init(struct why *why);

void keys_sha256(uint8_t out[KEYS_HASH], const void *data, size_t len);
void keys_sha256_hex(char out[KEYS_ID_TEXT], const void *data, size_t len);
/* The same of a whole file, piece by piece. stop, which may be NULL, is asked between pieces: ERR_OFFLINE where it says so.
   ERR_NOT_FOUND; ERR_IO: it cannot be read to its end. */
MUST_USE enum err keys_sha256_file(const char *path, bool (*stop)(void *ctx), void *ctx,
                                   char out[KEYS_ID_TEXT], struct why *why);
void keys_random(void *out, size_t len);
void keys_random_id(char out[KEYS_RANDOM_ID]);

/* Loads the key file at path, making a new pair (mode 0600, synced) when there is none.
   ERR_INPUT when the file is there but damaged: never replaced silently. */
MUST_USE enum err keys_load_or_make(const char *path, struct keypair *out, struct why *why);

/* For who keeps the secret elsewhere than in a file: a new pair, and the pair of a secret that was
   kept. ERR_INPUT when that is damaged. */
MUST_USE enum err keys_new(struct keypair *out, struct why *why);
MUST_USE enum err keys_from_secret(const uint8_t secret[KEYS_SECRET], struct keypair *out,
                                   struct why *why);

void keys_sign(uint8_t sig[KEYS_SIG], const struct keypair *key, const void *data, size_t len);
MUST_USE bool keys_verify(const uint8_t sig[KEYS_SIG], const uint8_t pub[KEYS_PUBLIC],
                          const void *data, size_t len);

/* Seals data so that only the holder of the Ed25519 key `pub` can open it (converted to X25519).
   Output in the arena. */
MUST_USE enum err keys_seal(struct arena *a, const uint8_t pub[KEYS_PUBLIC], const void *data,
                            size_t len, uint8_t **out, size_t *out_len, struct why *why);
MUST_USE enum err keys_unseal(struct arena *a, const struct keypair *key, const void *data,
                              size_t len, uint8_t **out, size_t *out_len, struct why *why);
/* Symmetric authenticated encryption (XChaCha20-Poly1305), random nonce in front. */
MUST_USE enum err keys_box(struct arena *a, const uint8_t key[32], const void *data, size_t len,
                           uint8_t **out, size_t *out_len, struct why *why);
MUST_USE enum err keys_unbox(struct arena *a, const uint8_t key[32], const void *data, size_t len,
                             uint8_t **out, size_t *out_len, struct why *why);

/* A key of keys_box from a pass phrase and a random salt, by Argon2id with so many passes over so much memory. ERR_NOMEM:
   the memory is not there. */
MUST_USE enum err keys_pass(uint8_t out[KEYS_BOX], const char *pass, size_t len,
                            const uint8_t salt[KEYS_SALT], unsigned passes, unsigned mib,
                            struct why *why);
/* Zeroes what held a secret; no compiler leaves it out. */
void keys_wipe(void *secret, size_t len);

/* PIN verifier: Argon2id over the PIN, keyed to the device by an HMAC with its secret key first, so
   a stolen verifier is useless elsewhere. */
MUST_USE enum err keys_pin_set(char out[KEYS_VERIFIER], const struct keypair *device,
                               const char *pin, struct why *why);
MUST_USE bool keys_pin_ok(const char verifier[KEYS_VERIFIER], const struct keypair *device,
                          const char *pin);

/* Base64 (standard, padded), as HTTP signatures and digests use it. */
MUST_USE enum err keys_b64(struct arena *a, const void *data, size_t len, char **out,
                           struct why *why);
MUST_USE enum err keys_unb64(struct arena *a, const char *text, uint8_t **out, size_t *out_len,
                             struct why *why);
bool keys_equal(const void *a, const void *b, size_t len); /* constant time */
