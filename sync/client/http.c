#include "sync/client/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/client/ca.h"

#define HTTP_CA_FOLDER "/etc/ssl/certs" /* the system's CAs by their hash, as Debian keeps them */

struct http_keep {
    CURLM *multi;
    int64_t
        cert_ms; /* libcurl takes up a connection again only where this stands at the same place */
};

struct http_state {
    struct arena *a;
    const struct http_request *q;
    struct httpsig_field fields[HTTP_HEADERS_MAX];
    size_t field_count;
    size_t header_bytes;
    struct buf body;
    struct buf ca; /* certificates of q->ca_dir */
    bool bad;      /* a header out of bounds, or no memory */
    struct net_way way;
    char text[CURL_ERROR_SIZE]; /* libcurl's words for what went wrong */
};

enum err http_keep_new(struct http_keep **out, struct why *why)
{
    struct http_keep *k = calloc(1, sizeof(*k));

    if (k != NULL)
        k->multi = curl_multi_init();
    if (k == NULL || k->multi == NULL) {
        free(k);
        return why_set(why, ERR_NOMEM, 0, "request: no memory");
    }
    *out = k;
    return ERR_OK;
}

void http_keep_free(struct http_keep *k)
{
    if (k == NULL)
        return;
    (void)curl_multi_cleanup(k->multi);
    free(k);
}

enum err http_init(struct why *why)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return why_set(why, ERR_NOMEM, 0, "start libcurl");
    return ERR_OK;
}

const char *http_header(const struct http_reply *r, const char *name)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (strcmp(r->fields[i].name, name) == 0)
            return r->fields[i].value;
    return NULL;
}

/* The whole of 127.0.0.0/8, [::1], and the one name that always means this machine. */
static bool http_is_loopback(const char *host)
{
    struct in_addr v4;

    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, host, &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

static bool http_url_part(CURLU *u, CURLUPart part, char *out, size_t size)
{
    char *text = NULL;

    if (curl_url_get(u, part, &text, 0) != CURLUE_OK)
        return false;
    bool fits = str_copy(out, size, text);
    curl_free(text);
    return fits;
}

bool http_address_ok(const char *url)
{
    char scheme[16] = "";
    char host[256] = "";
    char path[16] = "";
    char unwanted[HTTP_URL_MAX];
    bool ok = false;

    if (url == NULL || strlen(url) >= HTTP_URL_MAX / 2)
        return false;
    CURLU *u = curl_url();
    if (u == NULL)
        return false;
    if (curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) != CURLUE_OK)
        goto out;
    if (!http_url_part(u, CURLUPART_SCHEME, scheme, sizeof(scheme)) ||
        !http_url_part(u, CURLUPART_HOST, host, sizeof(host)) ||
        !http_url_part(u, CURLUPART_PATH, path, sizeof(path)))
        goto out;
    if (strcmp(path, "/") != 0 || http_url_part(u, CURLUPART_QUERY, unwanted, sizeof(unwanted)) ||
        http_url_part(u, CURLUPART_FRAGMENT, unwanted, sizeof(unwanted)))
        goto out;
    ok = strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && http_is_loopback(host));
out:
    curl_url_cleanup(u);
    return ok;
}

static size_t http_on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct http_state *s = ctx;

    buf_add(&s->body, data, size * count);
    return s->body.failed ? 0 : size * count; /* 0 makes libcurl give up: the reply is too large */
}

static void http_keep_header(struct http_state *s, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    if (colon == NULL || colon == line)
        return;

    const char *value = colon + 1;
    const char *end = line + len;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' ' || end[-1] == '\t'))
        end--;
    char *name = arena_strndup(s->a, line, (size_t)(colon - line));
    char *text = arena_strndup(s->a, value, (size_t)(end - value));
    if (name == NULL || text == NULL) {
        s->bad = true;
        return;
    }
    for (char *c = name; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    for (size_t i = 0; i < s->field_count; i++) {
        if (strcmp(s->fields[i].name, name) != 0)
            continue;
        s->fields[i].value = arena_printf(s->a, "%s, %s", s->fields[i].value, text);
        s->bad = s->bad || s->fields[i].value == NULL;
        return;
    }
    if (s->field_count == HTTP_HEADERS_MAX) {
        s->bad = true;
        return;
    }
    s->fields[s->field_count++] = (struct httpsig_field){ .name = name, .value = text };
}

static size_t http_on_header(char *data, size_t size, size_t count, void *ctx)
{
    struct http_state *s = ctx;
    size_t len = size * count;

    s->header_bytes += len;
    if (s->header_bytes > HTTP_HEADER_BYTES_MAX)
        s->bad = true;
    else if (len >= 5 && memcmp(data, "HTTP/", 5) == 0)
        s->field_count = 0; /* an interim reply came before: only the last one's headers count */
    else
        http_keep_header(s, data, len);
    return s->bad ? 0 : len;
}

static int http_info(CURL *c, CURLINFO what)
{
    long value = 0;

    (void)curl_easy_getinfo(c, what, &value);
    return (int)value;
}

/* libcurl leaves the time of a stage that it did not reach at 0. */
static bool http_reached(CURL *c, CURLINFO what)
{
    curl_off_t us = 0;

    return curl_easy_getinfo(c, what, &us) == CURLE_OK && us > 0;
}

static enum fault http_fault(CURL *c, CURLcode code, const char *text, struct net_way *way)
{
    struct http_end e = {
        .code = (int)code,
        .sys = http_info(c, CURLINFO_OS_ERRNO),
        .net = NET_STATE_UP,
        .verify = http_info(c, CURLINFO_SSL_VERIFYRESULT),
        .proxy_status = http_info(c, CURLINFO_HTTP_CONNECTCODE),
        .text = text,
    };

    way->named = code != CURLE_COULDNT_RESOLVE_HOST && code != CURLE_COULDNT_RESOLVE_PROXY &&
                 http_reached(c, CURLINFO_NAMELOOKUP_TIME_T);
    /* libcurl's «connected» waits for the proxy's tunnel and for TLS; our own end of the connection is known before. */
    way->routed = way->named && (http_reached(c, CURLINFO_CONNECT_TIME_T) || e.proxy_status != 0 ||
                                 http_info(c, CURLINFO_LOCAL_PORT) > 0 ||
                                 (code == CURLE_COULDNT_CONNECT && e.sys == ECONNREFUSED));
    way->passed = way->proxied && way->routed && e.proxy_status == 200;
    way->secure = !way->plain && way->routed && http_reached(c, CURLINFO_APPCONNECT_TIME_T) &&
                  code != CURLE_SSL_CONNECT_ERROR && code != CURLE_PEER_FAILED_VERIFICATION;
    e.way = *way;
    if (code != CURLE_OK && !way->routed)
        e.net = net_state();
    return http_fault_of(&e);
}

/* Runs one transfer, asking every 100 ms whether it is still wanted. */
static CURLcode http_run(CURL *c, const struct http_request *q)
{
    CURLM *m = q->keep != NULL ? q->keep->multi : curl_multi_init();
    CURLcode code = CURLE_OUT_OF_MEMORY;
    int running = 1;

    if (m == NULL)
        return code;
    if (curl_multi_add_handle(m, c) != CURLM_OK)
        goto out;
    while (running > 0) {
        if (curl_multi_perform(m, &running) != CURLM_OK)
            goto remove;
        if (q->cancelled != NULL && q->cancelled(q->ctx)) {
            code = CURLE_ABORTED_BY_CALLBACK;
            goto remove;
        }
        if (running > 0)
            (void)curl_multi_poll(m, NULL, 0, 100, NULL);
    }
    int left;
    const CURLMsg *msg = curl_multi_info_read(m, &left);
    if (msg != NULL && msg->msg == CURLMSG_DONE)
        code = msg->data.result;
remove:
    (void)curl_multi_remove_handle(m, c);
out:
    if (q->keep == NULL)
        (void)curl_multi_cleanup(m);
    return code;
}

static struct curl_slist *http_fields(const struct http_request *q)
{
    struct curl_slist *list = NULL;
    char line[HTTPSIG_INPUT_MAX + 64];

    for (size_t i = 0; i < q->field_count; i++) {
        struct curl_slist *longer = NULL;
        if (str_format(line, sizeof(line), "%s: %s", q->fields[i].name, q->fields[i].value))
            longer = curl_slist_append(list, line);
        if (longer == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    /* Without this libcurl holds a large body back for a second, waiting for a "100 Continue". */
    struct curl_slist *whole = curl_slist_append(list, "Expect:");
    if (whole == NULL)
        curl_slist_free_all(list);
    return whole;
}

/* The empty text keeps libcurl from asking the environment. Of the ways to prove oneself libcurl takes the strongest that the
   proxy offers and we can: Negotiate only without a password, by the machine's own ticket, as libcurl would not fall back
   from it. */
static void http_proxy(CURL *c, const struct http_request *q, struct http_state *s)
{
    const struct proxy *p = q->proxy;

    (void)curl_easy_setopt(c, CURLOPT_NOPROXY, "");
    (void)curl_easy_setopt(c, CURLOPT_PROXY, s->way.proxied ? p->address : "");
    if (!s->way.proxied)
        return;
    (void)curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (p->user[0] == '\0')
        return;
    unsigned long ways = CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM;
    if (p->password[0] == '\0')
        ways |= CURLAUTH_NEGOTIATE;
    (void)curl_easy_setopt(c, CURLOPT_PROXYAUTH, (long)ways);
    (void)curl_easy_setopt(c, CURLOPT_PROXYUSERNAME, p->user);
    (void)curl_easy_setopt(c, CURLOPT_PROXYPASSWORD, p->password);
}

/* Only when a certificate has to be valid is ours to say; chain and name are verified in any case. */
static CURLcode http_on_tls(CURL *c, void *tls, void *ctx)
{
    X509_VERIFY_PARAM *verify = SSL_CTX_get0_param(tls);
    const int64_t *cert_ms = ctx;
    (void)c;

    if (*cert_ms == HTTP_CERT_ANY_DATE)
        (void)X509_VERIFY_PARAM_set_flags(verify, X509_V_FLAG_NO_CHECK_TIME);
    else
        X509_VERIFY_PARAM_set_time(verify, (time_t)(*cert_ms / 1000));
    return CURLE_OK;
}

static void http_options(CURL *c, const struct http_request *q, struct http_state *s,
                         struct curl_slist *list)
{
    (void)curl_easy_setopt(c, CURLOPT_URL, q->url);
    (void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->text);
    (void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
    const int64_t usual_ms = q->bulk ? HTTP_BULK_MS : HTTP_TOTAL_MS;
    (void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(q->total_ms > 0 ? q->total_ms : usual_ms));
    (void)curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)s->body.max);
    (void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
    (void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, http_on_body);
    (void)curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
    (void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, http_on_header);
    (void)curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
    if (q->cert_ms != 0) {
        (void)curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, http_on_tls);
        (void)curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA,
                               q->keep != NULL ? &q->keep->cert_ms : &q->cert_ms);
    }
    if (q->bulk) {
        (void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)HTTP_BULK_SLOW_BYTES);
        (void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)HTTP_BULK_SLOW_S);
    }
    if (s->ca.len > 0) {
        /* In the place of the system's one file, not of its folder, which libcurl goes on asking. */
        struct curl_blob ca = { .data = s->ca.data, .len = s->ca.len, .flags = CURL_BLOB_NOCOPY };
        (void)curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &ca);
        (void)curl_easy_setopt(c, CURLOPT_CAPATH, HTTP_CA_FOLDER);
    }
    if (strcmp(q->method, "GET") != 0) {
        (void)curl_easy_setopt(c, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->len);
        (void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->len > 0 ? (const char *)q->body : "");
        (void)curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method);
    }
}

static bool http_take(struct http_state *s, CURL *c, struct http_reply *out)
{
    long status = 0;
    struct http_reply r = { .field_count = s->field_count, .len = s->body.len };

    (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    r.status = (int)status;
    r.fields = arena_array(s->a, s->field_count + 1, sizeof(*r.fields));
    r.body = arena_alloc(s->a, s->body.len + 1); /* zeroed: text in it ends */
    if (r.fields == NULL || r.body == NULL)
        return false;
    if (s->field_count > 0)
        memcpy(r.fields, s->fields, s->field_count * sizeof(*r.fields));
    if (s->body.len > 0)
        memcpy(r.body, s->body.data, s->body.len);
    *out = r;
    return true;
}

/* What is known before anything is sent. */
static void http_way(const struct http_request *q, struct net_way *way)
{
    char scheme[16] = "";
    char host[256] = "";
    CURLU *u = curl_url();

    if (u != NULL && curl_url_set(u, CURLUPART_URL, q->url, 0) == CURLUE_OK &&
        http_url_part(u, CURLUPART_SCHEME, scheme, sizeof(scheme)) &&
        http_url_part(u, CURLUPART_HOST, host, sizeof(host))) {
        way->plain = strcmp(scheme, "http") == 0;
        way->proxied = q->proxy != NULL && q->proxy->address[0] != '\0' && !way->plain &&
                       !http_is_loopback(host);
    }
    curl_url_cleanup(u);
}

enum fault http_ask(struct arena *a, const struct http_request *q, struct http_reply *out,
                    struct why *why)
{
    struct http_state s = { .a = a, .q = q };
    enum fault fault = FAULT_NOT_HUB;
    bool over = false;
    struct curl_slist *list = http_fields(q);
    CURL *c = curl_easy_init();

    buf_init(&s.body, q->reply_max != 0 ? q->reply_max : HTTP_REPLY_MAX);
    buf_init(&s.ca, CA_BYTES_MAX);
    if (c == NULL || list == NULL) {
        (void)why_set(why, ERR_NOMEM, 0, "request: no memory");
        goto out;
    }
    if (q->ca_dir != NULL && ca_load(q->ca_dir, &s.ca, why) != ERR_OK) {
        fault = FAULT_TLS;
        goto out;
    }
    if (q->keep != NULL)
        q->keep->cert_ms = q->cert_ms;
    http_way(q, &s.way);
    http_options(c, q, &s, list);
    http_proxy(c, q, &s);
    CURLcode code = http_run(c, q);
    over = code == CURLE_FILESIZE_EXCEEDED || (code == CURLE_WRITE_ERROR && s.body.failed);
    fault = http_fault(c, code, s.text, &s.way);
    if (fault != FAULT_NONE)
        (void)why_set(why, ERR_OFFLINE, 0, "%s: %s", fault_text(fault)->code,
                      s.text[0] != '\0' ? s.text : curl_easy_strerror(code));
    else if (!http_take(&s, c, out))
        fault = FAULT_NOT_HUB;
out:
    curl_easy_cleanup(c);
    curl_slist_free_all(list);
    buf_free(&s.body);
    buf_free(&s.ca);
    if (q->way != NULL)
        *q->way = s.way;
    if (q->over != NULL)
        *q->over = over;
    return fault;
}
