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
    const char **bodies; /* of them, the bundles alone */
    size_t *body_lens;
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

/* What to ask, and who passes it on (X-Forwarded-For, NULL nobody). */
struct kiosks_ask {
    const char *method, *path, *query, *type, *from;
    const void *body;
    size_t len;
};

/* Each kiosk at a site of `sites`; requests of `lines` lines each. Says what is wrong, and ends the program. */
void kiosks_make(struct kiosks *k, const struct hubstore_where *where, size_t count, size_t sites,
                 size_t requests, size_t lines);
/* A whole request, signed now, under a number of its own; in the arena. */
char *kiosks_signed(const struct kiosks *k, const struct kiosks_one *one,
                    const struct kiosks_ask *ask, struct arena *a, size_t *out_len);
void kiosks_done(struct kiosks *k);
void kiosks_must(enum err rc, const struct why *why, const char *what);
