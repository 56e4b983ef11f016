/* Bump allocator: many small allocations, one release. Not thread-safe.
   Allocations are zeroed and aligned to 16 bytes. Past max_bytes, or when malloc fails, an
   allocation returns NULL and `failed` stays set until the arena is reset. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/attr.h"

struct arena_block; /* opaque */

struct arena {
    struct arena_block *head;
    size_t used;      /* bytes handed out since the last reset */
    size_t max_bytes; /* refuses beyond */
    bool failed;
};

struct arena_mark {
    struct arena_block *block;
    size_t block_used;
    size_t used;
};

void arena_init(struct arena *a, size_t max_bytes);
void arena_done(struct arena *a); /* accepts a zeroed arena */
/* For what lives long and is read afresh from time to time: empty and ready, whether it is zeroed yet
   or holds what was read the last time. */
void arena_begin(struct arena *a, size_t max_bytes);

MUST_USE void *arena_alloc(struct arena *a, size_t size);
MUST_USE void *arena_array(struct arena *a, size_t count, size_t size); /* overflow-safe */
/* Copies; both are NUL-terminated, in the arena. NULL when the arena is full. */
MUST_USE char *arena_strdup(struct arena *a, const char *s);
MUST_USE char *arena_strndup(struct arena *a, const char *s, size_t len);
MUST_USE char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark); /* frees what came after the mark */
void arena_reset(struct arena *a);                          /* keeps one block for reuse */
