/* Files of another hub, or of any web server that holds a repository, by HTTP. */
#pragma once

#include "sync/client/proxy.h"
#include "sync/update/update_get.h"

enum { CONTENT_URL_MAX = 512 };

struct content_http {
    char base[CONTENT_URL_MAX]; /* "https://hub.example/v1/content/" */
    const char *ca_dir;         /* of further CAs, NULL none */
    struct proxy proxy;         /* zeroed: none */
};
/* url: the address of a hub, or of the folder that a repository lies in (one with a path). ERR_INPUT: not https, nor http to
   this machine itself. */
MUST_USE enum err content_http_init(struct content_http *h, const char *url, struct why *why);
/* An update_get; ctx is the struct. */
enum err content_http_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                          size_t *out_len, struct why *why);
