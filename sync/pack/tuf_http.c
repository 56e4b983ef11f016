#include "sync/pack/tuf_http.h"

#include <curl/curl.h>
#include <string.h>

#include "platform/base/str.h"

static const char http_metadata[] = "metadata/";
static const char http_targets[] = "targets/";

/* One transfer. */
struct http_pour {
    CURL *c;
    update_sink sink;
    void *to;
    size_t max, len;
    enum err rc; /* why the sink, or we, ended it */
    struct why why;
};

enum err tuf_http_init(struct why *why)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
               ? ERR_OK
               : why_set(why, ERR_NOMEM, 0, "libcurl did not start");
}

static enum err http_url(const struct tuf_http *h, const char *name, struct buf *url,
                         struct why *why)
{
    const bool metadata = str_starts(name, http_metadata);
    const char *base = metadata ? h->metadata_url : h->targets_url;
    const char *head = metadata ? http_metadata : http_targets;
    struct buf escaped;

    if (base == NULL || !str_starts(name, head))
        return why_set(why, ERR_INPUT, 0, "nobody said where %.80s is", name);
    buf_init(&escaped, TUF_HTTP_URL_MAX);
    update_url(&escaped, name);
    buf_str(url, base);
    if (!str_ends(base, "/"))
        buf_char(url, '/');
    if (!escaped.failed)
        buf_str(url, escaped.data + strlen(head));
    enum err rc = buf_done(&escaped, why);
    buf_free(&escaped);
    return rc != ERR_OK ? rc : buf_done(url, why);
}

static long http_status(CURL *c)
{
    long status = 0;

    (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* libcurl's signature; anything but the length given ends the transfer. */
static size_t http_on_body(char *piece, size_t one, size_t len, void *ctx)
{
    struct http_pour *p = ctx;
    (void)one;

    if (http_status(p->c) != 200)
        return 0; /* a page for people: its bytes are nobody's */
    if (len > p->max - p->len) {
        p->rc = why_set(&p->why, ERR_LIMIT, 0, "longer than %zu bytes", p->max);
        return 0;
    }
    p->len += len;
    p->rc = p->sink(p->to, piece, len, &p->why);
    return p->rc == ERR_OK ? len : 0;
}

static bool http_is_loopback(const char *url)
{
    char *host = NULL;
    CURLU *u = curl_url();
    const bool loopback =
        u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        (str_eq(host, "localhost") || str_starts(host, "127.") || str_eq(host, "[::1]"));

    curl_free(host);
    curl_url_cleanup(u);
    return loopback;
}

static void http_options(const struct http_pour *p, const char *url, char text[CURL_ERROR_SIZE])
{
    CURL *c = p->c;

    (void)curl_easy_setopt(c, CURLOPT_URL, url);
    (void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L); /* a role may be called ".." */
    (void)curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    /* On a connection that was kept and had died meanwhile libcurl would ask a second time. */
    (void)curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(c, CURLOPT_USERAGENT, "canny-pack");
    (void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, text);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (http_is_loopback(url))
        (void)curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
    (void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)TUF_HTTP_CONNECT_MS);
    (void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)TUF_HTTP_SLOW_BYTES);
    (void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)TUF_HTTP_SLOW_S);
    (void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
                           (long)(TUF_HTTP_BASE_MS + p->max / TUF_HTTP_PER_S * 1000));
    (void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, http_on_body);
    (void)curl_easy_setopt(c, CURLOPT_WRITEDATA, p);
}

static enum err http_outcome(const struct http_pour *p, CURLcode code, const char *text,
                             struct why *why)
{
    const long status = http_status(p->c);

    if (p->rc != ERR_OK)
        return why_set(why, p->rc, 0, "%s", p->why.text);
    if (status == 403 || status == 404)
        return why_set(why, ERR_NOT_FOUND, 0, "answered with %ld", status);
    if (status != 0 && status != 200)
        return why_set(why, ERR_OFFLINE, 0, "answered with %ld%s", status,
                       status / 100 == 3 ? ", a redirect, which is not followed" : "");
    if (code != CURLE_OK)
        return why_set(why, ERR_OFFLINE, 0, "%.140s",
                       text[0] != '\0' ? text : curl_easy_strerror(code));
    return ERR_OK;
}

enum err tuf_http_pour(void *ctx, const char *name, size_t max, update_sink sink, void *to,
                       struct why *why)
{
    struct http_pour p = { .c = curl_easy_init(), .sink = sink, .to = to, .max = max };
    char text[CURL_ERROR_SIZE] = "";
    struct buf url;
    enum err rc = ERR_OK;

    buf_init(&url, TUF_HTTP_URL_MAX);
    if (p.c == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "request");
    if (rc == ERR_OK)
        rc = http_url(ctx, name, &url, why);
    if (rc == ERR_OK) {
        http_options(&p, url.data, text);
        const CURLcode code = curl_easy_perform(p.c);
        rc = http_outcome(&p, code, text, why);
    }
    curl_easy_cleanup(p.c);
    buf_free(&url);
    return rc;
}

static enum err http_keep(void *to, const void *piece, size_t len, struct why *why)
{
    struct buf *b = to;

    buf_add(b, piece, len);
    return b->failed ? why_set(why, ERR_NOMEM, 0, "no memory") : ERR_OK;
}

enum err tuf_http_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                      size_t *out_len, struct why *why)
{
    struct buf body;
    uint8_t *bytes = NULL;

    buf_init(&body, max);
    enum err rc = tuf_http_pour(ctx, name, max, http_keep, &body, why);
    if (rc == ERR_OK) {
        bytes = arena_alloc(a, body.len + 1);
        if (bytes == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "no memory");
        else if (body.len > 0)
            memcpy(bytes, body.data, body.len);
    }
    if (rc == ERR_OK) {
        *out = bytes;
        *out_len = body.len;
    }
    buf_free(&body);
    return rc;
}
