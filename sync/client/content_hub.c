#include "sync/client/content_hub.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/client/backoff.h"
#include "sync/client/proto.h"

enum { CONTENT_HUB_HEADERS = 64 * 1024 };

/* What anybody may answer in the place of the hub: nothing here is signed but what is inside the files. */
static enum err hub_refused(struct content_hub *h, const struct http_reply *r, struct why *why)
{
    const char *type = http_header(r, "content-type");
    const char *later = http_header(r, "retry-after");
    int64_t seconds = 0;

    if (r->status == 403 || r->status == 404)
        return why_set(why, ERR_NOT_FOUND, 0, "the hub has no such file");
    if (later != NULL && str_to_i64(later, &seconds) && seconds > 0)
        h->retry_after_ms = seconds > BACKOFF_RETRY_AFTER_MAX_MS / 1000 ? BACKOFF_RETRY_AFTER_MAX_MS
                                                                        : seconds * 1000;
    if (r->status == 429)
        h->fault = FAULT_BUSY;
    else if ((r->status >= 300 && r->status < 400) || r->status == 511 ||
             (type != NULL && str_starts(type, "text/html")))
        h->fault = FAULT_PAGE;
    else
        h->fault = r->status >= 500 ? FAULT_HUB_TROUBLE : FAULT_NOT_HUB;
    return why_set(why, ERR_OFFLINE, 0, "the answer was %d", r->status);
}

enum err content_hub_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                         size_t *out_len, struct why *why)
{
    struct content_hub *h = ctx;
    struct http_reply r;
    struct arena own;
    struct buf url;
    bool over = false;
    size_t len = strlen(h->url);

    if (!http_address_ok(h->url)) {
        h->fault = FAULT_ADDRESS;
        return why_set(why, ERR_OFFLINE, 0, "the hub's address is not https");
    }
    while (len > 0 && h->url[len - 1] == '/')
        len--;
    buf_init(&url, HTTP_URL_MAX - 1);
    buf_add(&url, h->url, len);
    buf_str(&url, PROTO_CONTENT);
    update_url(&url, name);
    enum err rc = buf_done(&url, why);
    if (rc != ERR_OK) {
        buf_free(&url);
        return rc;
    }
    const struct http_request q = {
        .method = "GET",
        .url = url.data,
        .ca_dir = h->ca_dir,
        .cancelled = h->cancelled,
        .ctx = h->ctx,
        .total_ms = h->total_ms,
        .proxy = h->proxy,
        .cert_ms = h->cert_ms,
        .keep = h->keep,
        .reply_max = max > 0 ? max : 1,
        .over = &over,
        .bulk = true,
    };
    arena_init(&own, max + CONTENT_HUB_HEADERS);
    h->fault = http_ask(&own, &q, &r, why);
    h->asked++;
    if (over)
        rc = why_set(why, ERR_LIMIT, 0, "what came is longer than %zu bytes", max);
    else if (h->fault != FAULT_NONE)
        rc = ERR_OFFLINE;
    else if (r.status != 200)
        rc = hub_refused(h, &r, why);
    if (rc == ERR_OK) {
        h->bytes += r.len;
        *out = (uint8_t *)arena_strndup(a, (const char *)r.body, r.len);
        *out_len = r.len;
        if (*out == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "no memory for %zu bytes", r.len);
    }
    if (rc == ERR_OK || rc == ERR_NOT_FOUND || rc == ERR_LIMIT)
        h->fault = FAULT_NONE;
    arena_done(&own);
    buf_free(&url);
    return rc;
}
