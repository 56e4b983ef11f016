#include "sync/hub/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/log.h"
#include "sync/hub/problem.h"
#include "sync/hub/server_parts.h"

struct watch {
    struct hub *hub;
    struct server *server;
    struct hubstore *store; /* for the one thread that answers */
    struct MHD_Daemon *daemon;
    uint16_t port;
};

static enum MHD_Result watch_send(struct MHD_Connection *c, int status, const char *type,
                                  const void *body, size_t len)
{
    union {
        const void *in;
        void *out;
    } as = { .in = body };
    struct MHD_Response *m = MHD_create_response_from_buffer(len, as.out, MHD_RESPMEM_MUST_COPY);
    if (m == NULL)
        return MHD_NO;

    (void)MHD_add_response_header(m, "Content-Type", type);
    (void)MHD_add_response_header(m, "Cache-Control", "no-store");
    enum MHD_Result sent = MHD_queue_response(c, (unsigned)status, m);
    MHD_destroy_response(m);
    return sent;
}

static enum MHD_Result watch_refuse(struct watch *w, struct MHD_Connection *c, enum problem problem)
{
    struct arena a;
    struct hub_reply reply;

    arena_init(&a, WATCH_TEXT_MAX);
    struct hub_request q = { .a = &a };
    problem_reply(w->hub, &q, problem, NULL, &reply);
    enum MHD_Result sent = watch_send(c, reply.status, reply.type, reply.body, reply.len);
    arena_done(&a);
    return sent;
}

static enum MHD_Result watch_tell(struct watch *w, struct MHD_Connection *c)
{
    const struct server_tally tally = server_count(w->server);
    struct hub_counts counts = { 0 };
    struct why why = { 0 };
    struct buf b;

    bool counted = hubstore_count(w->store, &counts, &why) == ERR_OK;
    if (!counted)
        log_line(LOG_ERROR, "metrics: %s", why.text);
    buf_init(&b, WATCH_TEXT_MAX);
    watch_text(w->hub, &tally, counted ? &counts : NULL, w->store, &b);
    enum MHD_Result sent =
        buf_done(&b, NULL) == ERR_OK
            ? watch_send(c, 200, "text/plain; version=0.0.4; charset=utf-8", b.data, b.len)
            : watch_refuse(w, c, PROBLEM_STORE);
    buf_free(&b);
    return sent;
}

static enum MHD_Result watch_on_request(void *cls, struct MHD_Connection *c, const char *url,
                                        const char *method, const char *version, const char *upload,
                                        size_t *upload_len, void **con_cls)
{
    struct watch *w = cls;
    (void)version;
    (void)upload;
    (void)con_cls;
    if (*upload_len > 0)
        return MHD_NO;
    if (strcmp(url, "/metrics") != 0)
        return watch_refuse(w, c, PROBLEM_ROUTE_UNKNOWN);
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return watch_refuse(w, c, PROBLEM_METHOD_WRONG);
    return watch_tell(w, c);
}

enum err watch_start(struct hub *h, struct server *s, const char *listen, struct watch **out,
                     struct why *why)
{
    struct sockaddr_storage at;
    bool v6 = false;
    enum err rc = server_parse(listen, &at, &v6, why);
    if (rc != ERR_OK)
        return rc;
    struct watch *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return why_set(why, ERR_NOMEM, 0, "metrics: no memory");

    w->hub = h;
    w->server = s;
    rc = hubstore_open(&h->where, HUBSTORE_READ, &w->store, why);
    if (rc != ERR_OK) {
        watch_stop(w);
        return rc;
    }
    w->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | (v6 ? MHD_USE_IPv6 : 0U), 0, NULL, NULL, watch_on_request,
        w, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)WATCH_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WATCH_REQUEST_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_HEADERS_MAX, MHD_OPTION_END);
    if (w->daemon == NULL) {
        rc = server_not_listening("--metrics-listen", listen, errno, why);
        watch_stop(w);
        return rc;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT);
    w->port = info != NULL ? info->port : 0;
    *out = w;
    return ERR_OK;
}

uint16_t watch_port(const struct watch *w)
{
    return w->port;
}

void watch_stop(struct watch *w)
{
    if (w == NULL)
        return;
    if (w->daemon != NULL)
        MHD_stop_daemon(w->daemon);
    hubstore_close(w->store);
    free(w);
}
