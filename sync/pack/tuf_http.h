/* Files of a repository over HTTP, for `canny-pack tuf`: one plain GET each on a connection of its own, so that nothing is asked
   twice behind anybody's back. No redirects, no compression, no more bytes than wanted, no patience with a body that trickles.
   Plain http is allowed here: this is a tool to hold us against the specification, and what it gets is judged by signatures. */
#pragma once

#include "sync/update/update_get.h"

enum {
    TUF_HTTP_CONNECT_MS = 10000,
    TUF_HTTP_SLOW_BYTES = 1024, /* a second; slower than that… */
    TUF_HTTP_SLOW_S = 10,       /* …for so long is no answer */
    TUF_HTTP_BASE_MS = 30000,   /* of one file, and for each… */
    TUF_HTTP_PER_S = 16 * 1024, /* …of these bytes that it may have another second */
    TUF_HTTP_URL_MAX = 8192,
};

/* Where names below metadata/ and below targets/ are; either may be NULL. Borrowed. */
struct tuf_http {
    const char *metadata_url, *targets_url;
};

/* Once, before the first. */
MUST_USE enum err tuf_http_init(struct why *why);

/* update_get and update_pour; ctx is a struct tuf_http. */
enum err tuf_http_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                      size_t *out_len, struct why *why);
enum err tuf_http_pour(void *ctx, const char *name, size_t max, update_sink sink, void *to,
                       struct why *why);
