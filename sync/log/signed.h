/* A signed text: a JSON object as text, a full stop, and the base64 of its signer's Ed25519 signature over that text.
   Certificates, receipts and admissions are such. Pure. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"

/* In the arena, NUL-terminated. */
MUST_USE enum err signed_make(struct arena *a, const char *text, size_t len,
                              const struct keypair *key, char **out, size_t *out_len,
                              struct why *why);
/* The text with a signature that was made elsewhere. */
MUST_USE enum err signed_join(struct arena *a, const char *text, size_t len,
                              const uint8_t sig[KEYS_SIG], char **out, size_t *out_len,
                              struct why *why);

/* Reads one of at most max bytes whose member "type" is `type`, and whose signature is that of the key which the member
   `signer` names. Whether that signer is one to listen to is the caller's to judge. The node is in the arena.
   ERR_LIMIT, ERR_INPUT: it is no such text; ERR_DENIED: the signature is not the signer's. */
MUST_USE enum err signed_read(struct arena *a, const char *text, size_t len, size_t max,
                              const char *type, const char *signer, const struct json **out,
                              struct why *why);
