#include "sync/hub/server.h"

#include <arpa/inet.h>
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
#include "sync/hub/problem.h"

enum { SERVER_FIELDS_MAX = 48 };

/* A connection, from accept to close; in a list, so that the sweep finds those that take too long. */
struct server_conn {
    int fd;
    int64_t deadline_ms; /* monotonic */
    struct server_conn *prev, *next;
};

struct server {
    struct hub *hub;
    struct MHD_Daemon *daemon;
    uint16_t port;
    pthread_mutex_t lock; /* over conns and busy */
    struct server_conn *conns;
    size_t busy;       /* requests under way */
    size_t body_bytes; /* the loop thread's own */
};

/* One request, from its first line to the end of its reply. */
struct server_request {
    char uri[SERVER_URI_MAX];
    bool uri_long, begun, large, crowded;
    const struct api_route *route;
    bool wrong_method;
    struct buf body;
    int status;
    const char *code;
    char method[12];
    int64_t begun_ms;
    size_t sent;
};

/* ---- connections ---- */

static void server_on_connection(void *cls, struct MHD_Connection *c, void **socket_context,
                                 enum MHD_ConnectionNotificationCode what)
{
    struct server *s = cls;
    struct server_conn *conn = *socket_context;

    (void)pthread_mutex_lock(&s->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *fd =
            MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        conn = calloc(1, sizeof(*conn));
        if (conn != NULL) {
            conn->fd = fd != NULL ? (int)fd->connect_fd : -1;
            conn->deadline_ms = clock_mono_ms() + SERVER_REQUEST_MS;
            conn->next = s->conns;
            if (s->conns != NULL)
                s->conns->prev = conn;
            s->conns = conn;
        }
        *socket_context = conn;
    } else if (conn != NULL) {
        if (conn->prev != NULL)
            conn->prev->next = conn->next;
        else
            s->conns = conn->next;
        if (conn->next != NULL)
            conn->next->prev = conn->prev;
        free(conn);
        *socket_context = NULL;
    }
    (void)pthread_mutex_unlock(&s->lock);
}

static void server_deadline(struct server *s, struct MHD_Connection *c, int64_t ms)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct server_conn *conn = info != NULL ? info->socket_context : NULL;

    (void)pthread_mutex_lock(&s->lock);
    if (conn != NULL)
        conn->deadline_ms = clock_mono_ms() + ms;
    (void)pthread_mutex_unlock(&s->lock);
}

/* The library's own time-out starts again with every byte, so a client that drips would hold its place for ever.
   Shutting the socket down makes the loop see an end of file; the descriptor stays open, and ours to shut, until the
   close notice has taken it off the list under the same lock. */
void server_sweep(struct server *s)
{
    int64_t now = clock_mono_ms();

    (void)pthread_mutex_lock(&s->lock);
    for (struct server_conn *c = s->conns; c != NULL; c = c->next)
        if (now > c->deadline_ms && c->fd >= 0)
            (void)shutdown(c->fd, SHUT_RDWR);
    (void)pthread_mutex_unlock(&s->lock);
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

static void server_on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                                enum MHD_RequestTerminationCode how)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    if (r == NULL)
        return;
    /* The route's own path, not what was asked: a stranger's URL may hold anything. */
    log_line(LOG_INFO, "%s %s %d%s%s in=%zu out=%zu ms=%lld%s",
             r->method[0] != '\0' ? r->method : "-", r->route != NULL ? r->route->path : "(none)",
             r->status, r->code != NULL ? " " : "", r->code != NULL ? r->code : "", r->body.len,
             r->sent, (long long)(clock_mono_ms() - r->begun_ms),
             how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut");
    s->body_bytes -= r->body.len;
    buf_free(&r->body);
    free(r);
    *con_cls = NULL;
    server_deadline(s, c, SERVER_REQUEST_MS);
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
        problem_reply(h, q, PROBLEM_METHOD_WRONG, NULL, out);
    else if (r->route == NULL)
        problem_reply(h, q, PROBLEM_ROUTE_UNKNOWN, NULL, out);
    else if (r->crowded)
        problem_reply(h, q, PROBLEM_RATE, NULL, out);
    else if (r->large || buf_done(&r->body, NULL) != ERR_OK)
        problem_reply(h, q, PROBLEM_BODY_LARGE, NULL, out);
    else
        api_answer(h, r->route, q, out);
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
    server_deadline(s, c, SERVER_REPLY_MS);
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
    if (r->uri_long || r->route == NULL || r->large || r->crowded)
        return server_reply(s, c, r);
    return MHD_YES;
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
        size_t before = r->body.len;
        buf_add(&r->body, upload, *upload_len);
        s->body_bytes += r->body.len - before;
        *upload_len = 0;
        /* Without a length in front, more than its maximum or ours ends the connection: a reply cannot be queued
           in mid-body. */
        return r->body.failed || s->body_bytes > SERVER_BODIES_MAX ? MHD_NO : MHD_YES;
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

enum err server_start(struct hub *h, const char *listen, struct server **out, struct why *why)
{
    struct sockaddr_storage at;
    bool v6;
    enum err rc = server_parse(listen, &at, &v6, why);
    if (rc != ERR_OK)
        return rc;
    struct server *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "server: no memory");

    s->hub = h;
    (void)pthread_mutex_init(&s->lock, NULL);
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | (v6 ? MHD_USE_IPv6 : 0U), 0, NULL, NULL, server_on_request,
        s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)SERVER_PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)(SERVER_REQUEST_MS / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_HEADER_MAX, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
        MHD_OPTION_NOTIFY_CONNECTION, server_on_connection, s, MHD_OPTION_NOTIFY_COMPLETED,
        server_on_completed, s, MHD_OPTION_URI_LOG_CALLBACK, server_on_uri, s, MHD_OPTION_END);
    if (s->daemon == NULL) {
        (void)pthread_mutex_destroy(&s->lock);
        free(s);
        return why_set(why, ERR_IO, 0, "cannot listen on %s; is another program using it?", listen);
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
    const struct timespec pause = { .tv_nsec = 10 * 1000000 };
    if (s == NULL)
        return;

    MHD_socket fd = MHD_quiesce_daemon(s->daemon);
    int64_t until = clock_mono_ms() + SERVER_DRAIN_MS;
    while (server_is_busy(s) && clock_mono_ms() < until)
        (void)nanosleep(&pause, NULL);
    MHD_stop_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}
