/* Bytes compressed as one zstd frame that says how long they are. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

/* In the arena. ERR_LIMIT: more than max compressed. */
MUST_USE enum err packed_put(struct arena *a, const void *plain, size_t len, size_t max,
                             uint8_t **out, size_t *out_len, struct why *why);
/* One frame and nothing behind it, of at most max bytes unpacked; in the arena. ERR_INPUT, ERR_LIMIT. */
MUST_USE enum err packed_get(struct arena *a, const void *bytes, size_t len, size_t max,
                             uint8_t **out, size_t *out_len, struct why *why);
