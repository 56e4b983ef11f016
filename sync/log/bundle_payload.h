/* What a bundle carries, once opened: bundle.c wraps it. Apart from it so that hostile bytes can be
   tried on it without a signature. Pure; bundle_payload.c states the byte layout. */
#pragma once

#include "sync/log/bundle.h"

/* The payload, laid out and compressed, in the arena. */
MUST_USE enum err bundle_payload_pack(struct arena *a, const struct bundle *b,
                                      const uint8_t sender[KEYS_PUBLIC], uint8_t **out,
                                      size_t *out_len, struct why *why);
/* Decompresses at most BUNDLE_PLAIN_MAX and reads it. ERR_DENIED when it was made by another
   sender. */
MUST_USE enum err bundle_payload_unpack(struct arena *a, const void *bytes, size_t len,
                                        const uint8_t sender[KEYS_PUBLIC], struct bundle *out,
                                        struct why *why);
/* Reads a payload that is decompressed already, and writes into it what was left out of its lines. out's texts point into it:
   borrowed as long as plain stays. */
MUST_USE enum err bundle_payload_read(struct arena *a, void *plain, size_t len,
                                      const uint8_t sender[KEYS_PUBLIC], struct bundle *out,
                                      struct why *why);
