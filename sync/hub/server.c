#include "sync/hub/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/auth.h"
#include "sync/hub/conns.h"
#include "sync/hub/problem.h"

enum { SERVER_FIELDS_MAX = 48 };

struct server {
    struct hub *hub;
    struct MHD_Daemon *daemon;
    uint16_t port;
    struct conns conns;
    pthread_mutex_t lock; /* over busy */
    size_t busy;          /* requests under way */
    size_t body_bytes;    /* the loop thread's own */
};

/* One request, from its first line to the end of its reply. */
struct server_request {
    char uri[SERVER_URI_MAX];
    bool uri_long, begun, large, crowded, no_length;
    size_t swallowed; /* bytes of a body that is refused already */
    const struct api_route *route;
    bool wrong_method;
    struct buf body;
    int status;
    const char *code;
    char method[12];
    int64_t begun_ms;
    size_t sent;
};

void server_sweep(struct server *s)
{
    conns_sweep(&s->conns);
}

/* ---- requests ---- */

static void *server_on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    struct server *s = cls;
    struct server_request *r = calloc(1, sizeof(*r));
    (void)c;
    if (r == NULL)
        return NULL;
    r->uri_long = !str_copy(r->uri, sizeof(r->uri), uri);
    r->begun_ms = clock_mono_ms();
    (void)pthread_mutex_lock(&s->lock);
    s->busy++;
    (void)pthread_mutex_unlock(&s->lock);
    return r;
}

/* A stranger's method may be any bytes: only those we know reach the log. */
static const char *server_method(const struct server_request *r)
{
    static const char *const known[] = { "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE" };

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i], r->method) == 0)
            return known[i];
    return "-";
}

static void server_on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                                enum MHD_RequestTerminationCode how)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    if (r == NULL)
        return;
    /* The route's own path, not what was asked: a stranger's URL may hold anything. */
    log_line(LOG_INFO, "%s %s %d%s%s in=%zu out=%zu ms=%lld%s", server_method(r),
             r->route != NULL ? r->route->path : "(none)", r->status, r->code != NULL ? " " : "",
             r->code != NULL ? r->code : "", r->body.len, r->sent,
             (long long)(clock_mono_ms() - r->begun_ms),
             how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut");
    s->body_bytes -= r->body.len;
    buf_free(&r->body);
    free(r);
    *con_cls = NULL;
    conns_deadline(&s->conns, c, s->conns.request_ms);
    (void)pthread_mutex_lock(&s->lock);
    s->busy--;
    (void)pthread_mutex_unlock(&s->lock);
}

static void server_address(struct MHD_Connection *c, uint8_t out[LIMIT_ADDRESS])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    memset(out, 0, LIMIT_ADDRESS);
    if (info == NULL || info->client_addr == NULL)
        return;
    if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, info->client_addr, sizeof(v6));
        memcpy(out, &v6.sin6_addr, 8); /* one subscriber has a whole /64 */
    } else if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, info->client_addr, sizeof(v4));
        memcpy(out + 12, &v4.sin_addr, 4);
    }
}

struct server_fields {
    struct arena *a;
    struct httpsig_field fields[SERVER_FIELDS_MAX];
    size_t count;
    bool bad;
};

static enum MHD_Result server_on_field(void *cls, enum MHD_ValueKind kind, const char *key,
                                       const char *value)
{
    struct server_fields *f = cls;
    char *name = arena_strdup(f->a, key);
    (void)kind;
    if (name == NULL || value == NULL) {
        f->bad = true;
        return MHD_NO;
    }
    for (char *c = name; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->fields[i].name, name) != 0)
            continue;
        f->fields[i].value = arena_printf(f->a, "%s, %s", f->fields[i].value, value);
        f->bad = f->bad || f->fields[i].value == NULL;
        return f->bad ? MHD_NO : MHD_YES;
    }
    if (f->count == SERVER_FIELDS_MAX) {
        f->bad = true;
        return MHD_NO;
    }
    f->fields[f->count++] = (struct httpsig_field){ .name = name, .value = value };
    return MHD_YES;
}

/* ---- replies ---- */

static void server_header(struct MHD_Response *m, const char *name, const char *value)
{
    if (value != NULL && MHD_add_response_header(m, name, value) != MHD_YES)
        log_line(LOG_WARN, "reply: header %s does not fit", name);
}

static struct MHD_Response *server_response(const struct hub *h, struct hub_request *q,
                                            const struct hub_reply *reply)
{
    struct auth_headers x = { .input = NULL };
    union {
        const void *in;
        void *out;
    } body = { .in = reply->body }; /* the library's type, not its doing: it copies */
    char text[24];
    struct why why = { 0 };
    struct MHD_Response *m =
        MHD_create_response_from_buffer(reply->len, body.out, MHD_RESPMEM_MUST_COPY);
    if (m == NULL)
        return NULL;

    if (auth_sign(h, q, reply, &x, &why) != ERR_OK)
        log_line(LOG_ERROR, "sign a reply: %s", why.text);
    server_header(m, "Content-Type", reply->type);
    server_header(m, "Content-Digest", x.digest[0] != '\0' ? x.digest : NULL);
    server_header(m, "Canny-Time", x.time_ms[0] != '\0' ? x.time_ms : NULL);
    server_header(m, "Signature-Input", x.input);
    server_header(m, "Signature", x.signature);
    server_header(m, "Cache-Control", "no-store");
    server_header(m, "X-Content-Type-Options", "nosniff");
    server_header(m, "Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    server_header(m, "Allow", reply->allow);
    if (reply->retry_after_s > 0) {
        (void)str_format(text, sizeof(text), "%lld", (long long)reply->retry_after_s);
        server_header(m, "Retry-After", text);
    }
    return m;
}

static void server_judge(struct server *s, struct server_request *r, struct hub_request *q,
                         bool fields_bad, struct hub_reply *out)
{
    struct hub *h = s->hub;

    if (r->uri_long || fields_bad)
        problem_reply(h, q, PROBLEM_MALFORMED, "the address or the headers are too long", out);
    else if (r->route == NULL && r->wrong_method)
        api_methods(h, q, out);
    else if (r->route == NULL)
        problem_reply(h, q, PROBLEM_ROUTE_UNKNOWN, NULL, out);
    else if (r->crowded)
        problem_reply(h, q, PROBLEM_RATE, NULL, out);
    else if (r->no_length)
        problem_reply(h, q, PROBLEM_BODY_LENGTH, NULL, out);
    else if (r->large || buf_done(&r->body, NULL) != ERR_OK)
        problem_reply(h, q, PROBLEM_BODY_LARGE, NULL, out);
    else if (api_begin(h, r->route, q, out) == API_WAITS) {
        struct commit_job *job = &q->job;
        commit_group(h->store, &job, 1);
        api_end(h, r->route, q, out);
    }
}

static enum MHD_Result server_reply(struct server *s, struct MHD_Connection *c,
                                    struct server_request *r)
{
    struct arena a;
    struct hub_reply reply;
    char *query = strchr(r->uri, '?');
    enum MHD_Result sent = MHD_NO;

    arena_init(&a, SERVER_ARENA_MAX);
    struct server_fields f = { .a = &a };
    struct hub_request q = { .body = r->body.len > 0 ? r->body.data : "",
                             .len = r->body.len,
                             .store = s->hub->store,
                             .a = &a };
    (void)MHD_get_connection_values(c, MHD_HEADER_KIND, server_on_field, &f);
    if (query != NULL)
        *query = '\0';
    q.message = (struct httpsig_message){
        .method = r->method,
        .path = r->uri,
        .query = query != NULL ? query + 1 : NULL,
        .fields = f.fields,
        .field_count = f.count,
    };
    server_address(c, q.address);
    server_judge(s, r, &q, f.bad, &reply);
    conns_deadline(&s->conns, c, SERVER_REPLY_MS);
    struct MHD_Response *m = server_response(s->hub, &q, &reply);
    if (m != NULL) {
        sent = MHD_queue_response(c, (unsigned)reply.status, m);
        MHD_destroy_response(m);
    }
    r->status = reply.status;
    r->code = reply.code;
    r->sent = reply.len;
    arena_done(&a);
    return sent;
}

/* The first look, before any of the body has come: what is refused anyway is refused here. */
static enum MHD_Result server_begin(struct server *s, struct MHD_Connection *c,
                                    struct server_request *r, const char *method)
{
    const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");
    char path[SERVER_URI_MAX];
    int64_t len = 0;

    r->begun = true;
    (void)str_copy(r->method, sizeof(r->method), method);
    (void)str_copy(path, sizeof(path), r->uri);
    path[strcspn(path, "?")] = '\0';
    r->route = api_find(method, path, &r->wrong_method);
    size_t max = r->route != NULL ? r->route->body_max : 0;
    buf_init(&r->body, max);
    if (length != NULL && (!str_to_i64(length, &len) || len < 0 || (uint64_t)len > max))
        r->large = true;
    r->crowded = s->body_bytes + (size_t)(r->large ? 0 : len) > SERVER_BODIES_MAX;
    r->no_length = strcmp(method, "POST") == 0 && length == NULL &&
                   MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Transfer-Encoding") == NULL;
    if (r->uri_long || r->route == NULL || r->large || r->crowded || r->no_length)
        return server_reply(s, c, r);
    return MHD_YES;
}

/* A piece of the body. Without a length in front, one that grows past its maximum or ours is found out here, where no
   reply can be queued yet: the rest is swallowed, up to a point, so that the sender reads why. */
static void server_take(struct server *s, struct server_request *r, const char *bytes, size_t len)
{
    if (!r->large && !r->crowded) {
        size_t before = r->body.len;
        buf_add(&r->body, bytes, len);
        s->body_bytes += r->body.len - before;
        r->large = r->body.failed;
        r->crowded = s->body_bytes > SERVER_BODIES_MAX;
    } else {
        r->swallowed += len;
    }
}

static enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url,
                                         const char *method, const char *version,
                                         const char *upload, size_t *upload_len, void **con_cls)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    (void)url; /* decoded; what was signed is the address as sent */
    (void)version;
    if (r == NULL)
        return MHD_NO;
    if (!r->begun)
        return server_begin(s, c, r, method);
    if (*upload_len > 0) {
        server_take(s, r, upload, *upload_len);
        *upload_len = 0;
        return r->swallowed > SERVER_SWALLOW_MAX ? MHD_NO : MHD_YES;
    }
    return server_reply(s, c, r);
}

/* ---- start and stop ---- */

static enum err server_parse(const char *listen, struct sockaddr_storage *out, bool *out_v6,
                             struct why *why)
{
    char host[64];
    int64_t port;
    struct sockaddr_storage at;
    const char *colon = strrchr(listen, ':');
    size_t len = colon != NULL ? (size_t)(colon - listen) : sizeof(host);
    if (len >= sizeof(host) || !str_to_i64(colon + 1, &port) || port < 0 || port > 65535)
        return why_set(why, ERR_INPUT, 0, "%s is not of the form ADDRESS:PORT", listen);

    memcpy(host, listen, len);
    host[len] = '\0';
    memset(&at, 0, sizeof(at));
    *out_v6 = host[0] == '[' && len > 2 && host[len - 1] == ']';
    if (*out_v6) {
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
        host[len - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) != 1)
            return why_set(why, ERR_INPUT, 0, "%s is not an address of this machine", listen);
        memcpy(&at, &v6, sizeof(v6));
    } else {
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
        if (inet_pton(AF_INET, host, &v4.sin_addr) != 1)
            return why_set(why, ERR_INPUT, 0, "%s is not an address of this machine", listen);
        memcpy(&at, &v4, sizeof(v4));
    }
    *out = at;
    return ERR_OK;
}

static void server_free(struct server *s)
{
    conns_done(&s->conns);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

static enum err server_not_listening(const char *listen, int sys, struct why *why)
{
    switch (sys) {
    case EADDRINUSE:
        return why_set(why, ERR_IO, 0,
                       "another program listens on %s; stop it, or give --listen another port",
                       listen);
    case EADDRNOTAVAIL:
        return why_set(why, ERR_IO, 0,
                       "%s is not an address of this machine; give --listen one that is", listen);
    case EACCES:
        return why_set(why, ERR_IO, 0,
                       "not allowed to listen on %s; give --listen a port above 1023", listen);
    default:
        return why_set(why, ERR_IO, sys, "cannot listen on %s", listen);
    }
}

enum err server_start(struct hub *h, const char *listen, struct server **out, struct why *why)
{
    struct sockaddr_storage at;
    bool v6 = false;
    enum err rc = server_parse(listen, &at, &v6, why);
    if (rc != ERR_OK)
        return rc;
    struct server *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "server: no memory");

    s->hub = h;
    (void)pthread_mutex_init(&s->lock, NULL);
    conns_init(&s->conns, h->request_ms > 0 ? h->request_ms : SERVER_REQUEST_MS);
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | (v6 ? MHD_USE_IPv6 : 0U), 0, NULL, NULL, server_on_request,
        s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)SERVER_PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((s->conns.request_ms + 999) / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_HEADER_MAX, MHD_OPTION_NOTIFY_CONNECTION, conns_notify, &s->conns,
        MHD_OPTION_NOTIFY_COMPLETED, server_on_completed, s, MHD_OPTION_URI_LOG_CALLBACK,
        server_on_uri, s, MHD_OPTION_END);
    if (s->daemon == NULL) {
        rc = server_not_listening(listen, errno, why);
        server_free(s);
        return rc;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info != NULL ? info->port : 0;
    *out = s;
    return ERR_OK;
}

uint16_t server_port(const struct server *s)
{
    return s->port;
}

static bool server_is_busy(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    bool busy = s->busy > 0;
    (void)pthread_mutex_unlock(&s->lock);
    return busy;
}

void server_stop(struct server *s)
{
    const struct timespec pause = { .tv_nsec = 10000000 };
    if (s == NULL)
        return;

    MHD_socket fd = MHD_quiesce_daemon(s->daemon);
    int64_t until = clock_mono_ms() + SERVER_DRAIN_MS;
    while (server_is_busy(s) && clock_mono_ms() < until)
        (void)nanosleep(&pause, NULL);
    MHD_stop_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
    server_free(s);
}
