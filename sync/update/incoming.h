/* Files of the content on their way, each under the hash of its plain bytes: DIR/HH/HASH. They are not synced one by one; what a
   power cut has left of one does not have its hash, and is not here then. So nothing that was fetched whole is fetched again, and
   nothing else is ever given out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

/* Whether it is here whole: its bytes are read. */
bool incoming_has(const char *dir, const uint8_t hash[KEYS_HASH], size_t len);
/* The same where its length is not known: at most max. */
MUST_USE enum err incoming_load(const char *dir, const uint8_t hash[KEYS_HASH], size_t max,
                                struct arena *a, uint8_t **out, size_t *out_len, struct why *why);
/* In the arena, NUL-terminated (not counted). ERR_NOT_FOUND: not here, or not whole. */
MUST_USE enum err incoming_read(const char *dir, const uint8_t hash[KEYS_HASH], size_t len,
                                struct arena *a, uint8_t **out, struct why *why);
/* bytes have this hash. ERR_FULL when the disk is. */
MUST_USE enum err incoming_put(const char *dir, const uint8_t hash[KEYS_HASH], const void *bytes,
                               size_t len, struct why *why);
/* Deletes all that keep does not want. Leaves what cannot be deleted for the next time. */
void incoming_sweep(const char *dir, bool (*keep)(void *ctx, const uint8_t hash[KEYS_HASH]),
                    void *ctx);
