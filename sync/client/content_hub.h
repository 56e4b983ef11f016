/* A hub's content by HTTP: a repository below /v1/content/ (sync/update/REPOSITORY.md), asked for on connections that are kept.
   Nothing of it is believed because of who serves it. */
#pragma once

#include "sync/client/http.h"
#include "sync/update/update_get.h"

struct content_hub {
    const char *url; /* of the hub */
    const char *ca_dir;
    const struct proxy *proxy;
    bool (*cancelled)(void *ctx);
    void *ctx;
    int64_t total_ms; /* of one request; 0 the usual */
    int64_t cert_ms;  /* as http_request */
    struct http_keep *keep;
    /* Out, of the last question that failed: */
    enum fault fault;
    int64_t retry_after_ms;
    uint64_t asked, bytes; /* out: questions, and bytes of their answers' bodies */
};

/* An update_get; ctx is a struct content_hub. */
enum err content_hub_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                         size_t *out_len, struct why *why);
