/* Files of another hub, or of any web server that holds a repository, by HTTP. */
#pragma once

#include <stdbool.h>

#include "sync/client/http.h"
#include "sync/client/proxy.h"
#include "sync/update/update_get.h"

enum { CONTENT_URL_MAX = 512 };

struct content_http {
    char base[CONTENT_URL_MAX];   /* "https://hub.example/v1/content/" */
    const char *ca_dir;           /* of further CAs, NULL none */
    struct proxy proxy;           /* zeroed: none */
    bool (*cancelled)(void *ctx); /* asked while a file is on its way; may be NULL */
    void *ctx;
    struct http_keep *keep; /* one connection for all files */
};
/* url: the address of a hub, or of the folder that a repository lies in (one with a path). ERR_INPUT: not https, nor http to
   this machine itself, or a proxy that is not HOST:PORT. proxy: NULL none. What is set already stays. */
MUST_USE enum err content_http_init(struct content_http *h, const char *url, const char *proxy,
                                    struct why *why);
void content_http_done(struct content_http *h);
/* An update_get; ctx is the struct. */
enum err content_http_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                          size_t *out_len, struct why *why);
