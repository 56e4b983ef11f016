#include "sync/hub/content_http.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/client/http.h"
#include "sync/client/proto.h"

enum { HTTP_OK = 200 };

/* The host alone is what may be judged as an address; a path behind it is where the repository lies. */
enum err content_http_init(struct content_http *h, const char *url, const char *proxy,
                           struct why *why)
{
    char host[CONTENT_URL_MAX];
    const char *scheme = strstr(url, "://");
    const char *path = scheme != NULL ? strchr(scheme + 3, '/') : NULL;
    const size_t len = path != NULL ? (size_t)(path - url) : strlen(url);

    if (len >= sizeof(host))
        return why_set(why, ERR_INPUT, 0, "the address is too long");
    memcpy(host, url, len);
    host[len] = '\0';
    if (!http_address_ok(host) || (path != NULL && strpbrk(path, "?#") != NULL))
        return why_set(why, ERR_INPUT, 0,
                       "%.100s: give https://HOST, or http:// to this machine itself", url);
    const bool hub = path == NULL || strcmp(path, "/") == 0;
    if (!str_format(h->base, sizeof(h->base), "%s%s%s", hub ? host : url, hub ? PROTO_CONTENT : "",
                    hub || str_ends(url, "/") ? "" : "/"))
        return why_set(why, ERR_INPUT, 0, "the address is too long");
    if (proxy != NULL && !proxy_address(proxy, h->proxy.address))
        return why_set(why, ERR_INPUT, 0, "--proxy is HOST:PORT");
    enum err rc = http_init(why);
    return rc == ERR_OK ? http_keep_new(&h->keep, why) : rc;
}

void content_http_done(struct content_http *h)
{
    http_keep_free(h->keep);
    h->keep = NULL;
}

static enum err http_refused(int status, const struct http_reply *reply, const char *name,
                             struct why *why)
{
    const char *type = http_header(reply, "content-type");

    if (status == 403 || status == 404)
        return why_set(why, ERR_NOT_FOUND, 0, "%s is not there", name);
    if (type != NULL && str_starts(type, "text/html"))
        return why_set(why, ERR_INPUT, 0, "%s: a web page came instead (a proxy's?)", name);
    return why_set(why, ERR_OFFLINE, 0, "%s: status %d", name, status);
}

enum err content_http_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                          size_t *out_len, struct why *why)
{
    const struct content_http *h = ctx;
    struct http_reply reply;
    struct why said = { 0 };
    bool over = false;
    struct buf url;

    buf_init(&url, HTTP_URL_MAX - 1);
    buf_str(&url, h->base);
    update_url(&url, name);
    enum err rc = buf_done(&url, why);
    const struct http_request q = {
        .method = "GET",
        .url = url.data,
        .ca_dir = h->ca_dir,
        .proxy = h->proxy.address[0] != '\0' ? &h->proxy : NULL,
        .cancelled = h->cancelled,
        .ctx = h->ctx,
        .keep = h->keep,
        .reply_max = max > 0 ? max : 1,
        .over = &over,
        .bulk = true,
    };
    const enum fault fault = rc == ERR_OK ? http_ask(a, &q, &reply, &said) : FAULT_NONE;
    buf_free(&url);
    if (rc != ERR_OK)
        return rc;
    if (over)
        return why_set(why, ERR_LIMIT, 0, "%s is longer than it can be", name);
    if (fault != FAULT_NONE)
        return why_set(why, ERR_OFFLINE, 0, "%s: %s", name, said.text);
    if (reply.status != HTTP_OK)
        return http_refused(reply.status, &reply, name, why);
    *out = reply.body;
    *out_len = reply.len;
    return ERR_OK;
}
