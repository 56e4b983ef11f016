/* The envelope that whatever travels between devices goes in: sealed to its receivers' keys and signed by its sender, under
   eight bytes that say what is inside. Pure. seal.c states the byte layout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum { SEAL_MAGIC = 8, SEAL_RECEIVERS_MAX = 64 };

struct seal_kind {
    const char *magic; /* SEAL_MAGIC bytes: a name, the format's number as a digit, a line feed */
    const char *what;  /* "bundle", for the sentences */
    size_t max;        /* bytes sealed */
};

/* The content's bytes in an envelope, in the arena. ERR_LIMIT: too large, or too many receivers or none; ERR_INPUT: a
   receiver's key is none. */
MUST_USE enum err seal_encode(struct arena *a, const struct seal_kind *kind, const void *content,
                              size_t content_len, const struct keypair *sender,
                              const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count,
                              uint8_t **out, size_t *out_len, struct why *why);
/* Refused whole when anything is wrong: ERR_INPUT (not of this kind, of another format, cut short, too long), ERR_LIMIT,
   ERR_DENIED (the signature does not verify, or it is not sealed to the receiver). *out is in the arena; *out_sender points
   into bytes. The caller checks that the sender may be listened to, and that the content names the same sender. */
MUST_USE enum err seal_decode(struct arena *a, const struct seal_kind *kind, const void *bytes,
                              size_t len, const struct keypair *receiver,
                              const uint8_t **out_sender, uint8_t **out, size_t *out_len,
                              struct why *why);
/* Of this kind, by its first bytes, but of another format than kind's: what seal_decode refuses is then no damage. */
bool seal_of_other(const struct seal_kind *kind, const void *bytes, size_t len);
/* Checks the signature and gives the signer's id, also where the envelope is not sealed to us. ERR_INPUT, ERR_LIMIT: as above;
   ERR_DENIED: the signature does not verify. */
MUST_USE enum err seal_signer(const struct seal_kind *kind, const void *bytes, size_t len,
                              char out[KEYS_ID_TEXT], struct why *why);
