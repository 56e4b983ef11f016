/* Sources of documents as they lie in the index: compressed, one frame each. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/err.h"

/* Both in the arena. */
MUST_USE enum err content_pack(struct arena *a, const char *source, size_t len, char **out,
                               size_t *out_len, struct why *why);
/* NUL-terminated. ERR_INPUT: it is damaged, or larger than max. */
MUST_USE enum err content_unpack(struct arena *a, const void *packed, size_t len, size_t max,
                                 char **out, size_t *out_len, struct why *why);
