/* One request on its way: from its first line to the end of its reply. */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/base/log.h"
#include "sync/hub/auth.h"
#include "sync/hub/problem.h"
#include "sync/hub/server_parts.h"

void *server_on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    struct server *s = cls;
    struct server_request *r = calloc(1, sizeof(*r));
    (void)c;
    if (r == NULL)
        return NULL;
    r->uri_long = !str_copy(r->uri, sizeof(r->uri), uri);
    r->begun_ms = clock_mono_ms();
    (void)atomic_fetch_add(&s->busy, 1);
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

void server_on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode how)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    if (r == NULL)
        return;
    /* The route's own path, not what was asked: a stranger's URL may hold anything. */
    log_line(LOG_INFO, "%s %s %d%s%s in=%zu out=%zu ms=%lld%s", server_method(r),
             r->route != NULL ? r->route->path : "(none)", r->status, r->code != NULL ? " " : "",
             r->code != NULL ? r->code : "", r->came + r->body.len, r->sent,
             (long long)(clock_mono_ms() - r->begun_ms),
             how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut");
    (void)atomic_fetch_sub(&s->body_bytes, r->body.len);
    arena_done(&r->a);
    buf_free(&r->body);
    free(r);
    *con_cls = NULL;
    conns_deadline(&s->conns, c, s->conns.request_ms);
    (void)atomic_fetch_sub(&s->busy, 1);
}

static void server_v6(const struct in6_addr *address, uint8_t out[LIMIT_ADDRESS])
{
    memcpy(out, address, 8); /* one subscriber has a whole /64 */
}
static void server_v4(const struct in_addr *address, uint8_t out[LIMIT_ADDRESS])
{
    memcpy(out + 12, address, 4);
}

/* The last address of the header: the one that the proxy in front of us wrote; those before it are anybody's words. */
static bool server_forwarded(struct MHD_Connection *c, uint8_t out[LIMIT_ADDRESS])
{
    const char *said = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Forwarded-For");
    struct in6_addr v6;
    struct in_addr v4;
    if (said == NULL)
        return false;

    const char *comma = strrchr(said, ',');
    said = comma != NULL ? comma + 1 : said;
    said += strspn(said, " ");
    if (inet_pton(AF_INET, said, &v4) == 1)
        server_v4(&v4, out);
    else if (inet_pton(AF_INET6, said, &v6) == 1)
        server_v6(&v6, out);
    else
        return false;
    return true;
}

static void server_address(const struct server *s, struct MHD_Connection *c,
                           uint8_t out[LIMIT_ADDRESS])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    memset(out, 0, LIMIT_ADDRESS);
    if (s->hub->behind_proxy && server_forwarded(c, out))
        return;
    if (info == NULL || info->client_addr == NULL)
        return;
    if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, info->client_addr, sizeof(v6));
        server_v6(&v6.sin6_addr, out);
    } else if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, info->client_addr, sizeof(v4));
        server_v4(&v4.sin_addr, out);
    }
}

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

static struct hubstore *server_borrow(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    assert(s->free_readers > 0); /* there is one for each thread */
    struct hubstore *reader = s->readers[--s->free_readers];
    (void)pthread_mutex_unlock(&s->lock);
    return reader;
}

static void server_give_back(struct server *s, struct hubstore *reader)
{
    (void)pthread_mutex_lock(&s->lock);
    s->readers[s->free_readers++] = reader;
    (void)pthread_mutex_unlock(&s->lock);
}

static enum api_step server_judge(struct server *s, struct server_request *r, struct hub_reply *out)
{
    struct hub *h = s->hub;
    struct hub_request *q = &r->q;

    if (r->uri_long || r->fields.bad)
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
    else
        return api_begin(h, r->route, q, out);
    return API_ANSWERED;
}

static enum MHD_Result server_send(struct server *s, struct server_request *r,
                                   const struct hub_reply *reply)
{
    enum MHD_Result sent = MHD_NO;
    struct MHD_Response *m = server_response(s->hub, &r->q, reply);

    if (m != NULL) {
        sent = MHD_queue_response(r->connection, (unsigned)reply->status, m);
        MHD_destroy_response(m);
    }
    r->status = reply->status;
    r->code = reply->code;
    r->sent = reply->len;
    arena_done(&r->a);
    return sent;
}

static void server_on_done(void *ctx)
{
    struct server_request *r = ctx;

    MHD_resume_connection(r->connection);
}

/* All of the request is in. What has to be written goes to the committer, and the connection is put aside meanwhile. */
static enum MHD_Result server_ask(struct server *s, struct MHD_Connection *c,
                                  struct server_request *r)
{
    struct hub_reply reply;
    char *query = strchr(r->uri, '?');

    arena_init(&r->a, SERVER_ARENA_MAX);
    r->connection = c;
    r->fields.a = &r->a;
    r->q.body = r->body.len > 0 ? r->body.data : "";
    r->q.len = r->body.len;
    r->q.a = &r->a;
    (void)MHD_get_connection_values(c, MHD_HEADER_KIND, server_on_field, &r->fields);
    if (query != NULL)
        *query = '\0';
    r->q.message = (struct httpsig_message){
        .method = r->method,
        .path = r->uri,
        .query = query != NULL ? query + 1 : NULL,
        .fields = r->fields.fields,
        .field_count = r->fields.count,
    };
    server_address(s, c, r->q.address);
    r->q.store = server_borrow(s);
    enum api_step step = server_judge(s, r, &reply);
    server_give_back(s, r->q.store);
    conns_deadline(&s->conns, c, SERVER_REPLY_MS);
    if (step == API_ANSWERED)
        return server_send(s, r, &reply);
    if (r->q.job.kind == COMMIT_PUSH) {
        /* Taken apart already: of many that wait, each would be held twice. */
        r->came = r->body.len;
        (void)atomic_fetch_sub(&s->body_bytes, r->body.len);
        buf_free(&r->body);
        r->q.body = "";
        r->q.len = 0;
    }
    r->waits = true;
    r->q.job.done = server_on_done;
    r->q.job.ctx = r;
    MHD_suspend_connection(c);
    committer_give(s->committer, &r->q.job);
    return MHD_YES;
}

static enum MHD_Result server_answer(struct server *s, struct server_request *r)
{
    struct hub_reply reply;

    r->waits = false;
    r->q.store = server_borrow(s);
    api_end(s->hub, r->route, &r->q, &reply);
    server_give_back(s, r->q.store);
    return server_send(s, r, &reply);
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
    r->crowded = atomic_load(&s->body_bytes) + (size_t)(r->large ? 0 : len) > SERVER_BODIES_MAX;
    r->no_length = strcmp(method, "POST") == 0 && length == NULL &&
                   MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Transfer-Encoding") == NULL;
    if (r->uri_long || r->route == NULL || r->large || r->crowded || r->no_length)
        return server_ask(s, c, r);
    return MHD_YES;
}

/* A piece of the body. Without a length in front, one that grows past its maximum or ours is found out here, where no
   reply can be queued yet: the rest is swallowed, up to a point, so that the sender reads why. */
static void server_take(struct server *s, struct server_request *r, const char *bytes, size_t len)
{
    if (!r->large && !r->crowded) {
        size_t before = r->body.len;
        buf_add(&r->body, bytes, len);
        size_t more = r->body.len - before;
        r->large = r->body.failed;
        r->crowded = atomic_fetch_add(&s->body_bytes, more) + more > SERVER_BODIES_MAX;
    } else {
        r->swallowed += len;
    }
}

enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **con_cls)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    (void)url; /* decoded; what was signed is the address as sent */
    (void)version;
    if (r == NULL)
        return MHD_NO;
    if (!r->begun)
        return server_begin(s, c, r, method);
    if (r->waits)
        return server_answer(s, r);
    if (*upload_len > 0) {
        server_take(s, r, upload, *upload_len);
        *upload_len = 0;
        return r->swallowed > SERVER_SWALLOW_MAX ? MHD_NO : MHD_YES;
    }
    return server_ask(s, c, r);
}
