/* Taking lines in: what its two files share. */
#pragma once

#include "sync/hub/hubstore_parts.h"

/* One push, held against the store. */
struct append {
    struct hubstore *s;
    struct hub_push *push;
    uint64_t next_no;
    struct hlc clock;
    uint64_t token; /* of what is numbered: random, and never 0 */
    bool numbered;  /* the site's row changes */
};

/* Writes what is new of those pushes that have not failed (hubstore_write.c). */
MUST_USE enum err hubstore_append_write(struct append *all, size_t count, struct arena *a,
                                        struct why *why);
