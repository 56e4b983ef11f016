/* Kiosks of the bench: enrolled by hand, and their signed requests made beforehand, so that while it runs the bench does
   little but send and receive. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/keys.h"
#include "sync/hub/hubstore.h"

struct kiosks_one {
    struct keypair key;
    char site[KEYS_RANDOM_ID], epoch[KEYS_RANDOM_ID];
    char **requests; /* whole: head and body */
    size_t *lens;
    size_t count; /* requests */
};
struct kiosks {
    struct arena a;
    struct keypair hub;
    struct kiosks_one *all;
    size_t count;
    size_t lines;       /* of a request */
    size_t line_bytes;  /* of all lines together */
    size_t total_bytes; /* of all requests */
};

/* Each kiosk at a site of `sites`; requests of `lines` lines each. Says what is wrong, and ends the program. */
void kiosks_make(struct kiosks *k, const struct hubstore_where *where, size_t count, size_t sites,
                 size_t requests, size_t lines);
void kiosks_done(struct kiosks *k);
void kiosks_must(enum err rc, const struct why *why, const char *what);
