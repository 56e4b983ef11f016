#include "sync/client/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/client/ca.h"

#define HTTP_CA_FOLDER "/etc/ssl/certs" /* the system's CAs by their hash, as Debian keeps them */

struct http_state {
    struct arena *a;
    const struct http_request *q;
    struct httpsig_field fields[HTTP_HEADERS_MAX];
    size_t field_count;
    size_t header_bytes;
    struct buf body;
    struct buf ca; /* certificates of q->ca_dir */
    bool bad;      /* a header out of bounds, or no memory */
};

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

/* Whether any interface but loopback has an address: without one a name that cannot be found says nothing about
   the name. */
static bool http_has_network(void)
{
    struct ifaddrs *list = NULL;
    bool found = false;

    if (getifaddrs(&list) != 0)
        return true;
    for (const struct ifaddrs *i = list; i != NULL && !found; i = i->ifa_next) {
        if (i->ifa_addr == NULL)
            continue;
        if (i->ifa_addr->sa_family != AF_INET && i->ifa_addr->sa_family != AF_INET6)
            continue;
        found = strcmp(i->ifa_name, "lo") != 0;
    }
    freeifaddrs(list);
    return found;
}

enum fault http_fault_of(int code, int sys, bool network)
{
    switch (code) {
    case CURLE_OK:
        return FAULT_NONE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return network ? FAULT_NO_NAME : FAULT_NO_NETWORK;
    case CURLE_COULDNT_CONNECT:
        if (sys == ECONNREFUSED)
            return FAULT_REFUSED;
        return sys == ETIMEDOUT ? FAULT_TIMEOUT : FAULT_NO_NETWORK;
    case CURLE_OPERATION_TIMEDOUT:
        return FAULT_TIMEOUT;
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_INTERFACE_FAILED:
        return FAULT_NO_NETWORK;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return FAULT_TLS;
    case CURLE_URL_MALFORMAT:
        return FAULT_ADDRESS;
    default:
        /* Rubbish instead of HTTP, a close in mid-body, a reply too large: whoever that is, it is not our hub. */
        return FAULT_NOT_HUB;
    }
}

static enum fault http_fault(CURL *c, CURLcode code)
{
    long sys = 0;

    (void)curl_easy_getinfo(c, CURLINFO_OS_ERRNO, &sys);
    return http_fault_of((int)code, (int)sys, code == CURLE_OK || http_has_network());
}

/* Runs one transfer, asking every 100 ms whether it is still wanted. */
static CURLcode http_run(CURL *c, const struct http_request *q)
{
    CURLM *m = curl_multi_init();
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

static void http_options(CURL *c, const struct http_request *q, struct http_state *s,
                         struct curl_slist *list)
{
    (void)curl_easy_setopt(c, CURLOPT_URL, q->url);
    (void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(c, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    (void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
    (void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
                           (long)(q->total_ms > 0 ? q->total_ms : HTTP_TOTAL_MS));
    (void)curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)HTTP_REPLY_MAX);
    (void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
    (void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, http_on_body);
    (void)curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
    (void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, http_on_header);
    (void)curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
    if (s->ca.len > 0) {
        /* In the place of the system's one file, not of its folder, which libcurl goes on asking. */
        struct curl_blob ca = { .data = s->ca.data, .len = s->ca.len, .flags = CURL_BLOB_NOCOPY };
        (void)curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &ca);
        (void)curl_easy_setopt(c, CURLOPT_CAPATH, HTTP_CA_FOLDER);
    }
    if (strcmp(q->method, "POST") == 0) {
        (void)curl_easy_setopt(c, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->len);
        (void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->len > 0 ? (const char *)q->body : "");
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

enum fault http_ask(struct arena *a, const struct http_request *q, struct http_reply *out,
                    struct why *why)
{
    struct http_state s = { .a = a, .q = q };
    enum fault fault = FAULT_NOT_HUB;
    struct curl_slist *list = http_fields(q);
    CURL *c = curl_easy_init();

    buf_init(&s.body, HTTP_REPLY_MAX);
    buf_init(&s.ca, CA_BYTES_MAX);
    if (c == NULL || list == NULL) {
        (void)why_set(why, ERR_NOMEM, 0, "request: no memory");
        goto out;
    }
    if (q->ca_dir != NULL && ca_load(q->ca_dir, &s.ca, why) != ERR_OK) {
        fault = FAULT_TLS;
        goto out;
    }
    http_options(c, q, &s, list);
    CURLcode code = http_run(c, q);
    fault = http_fault(c, code);
    if (fault != FAULT_NONE)
        (void)why_set(why, ERR_OFFLINE, 0, "%s: %s", fault_text(fault)->code,
                      curl_easy_strerror(code));
    else if (!http_take(&s, c, out))
        fault = FAULT_NOT_HUB;
out:
    curl_easy_cleanup(c);
    curl_slist_free_all(list);
    buf_free(&s.body);
    buf_free(&s.ca);
    return fault;
}
