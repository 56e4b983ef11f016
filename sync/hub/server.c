#include "sync/hub/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sync/hub/server_parts.h"

void server_sweep(struct server *s)
{
    conns_sweep(&s->conns);
}

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
    committer_stop(s->committer);
    for (size_t i = 0; i < s->reader_count; i++)
        hubstore_close(s->readers[i]);
    conns_done(&s->conns);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

static size_t server_threads(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    return processors < SERVER_THREADS_MIN   ? SERVER_THREADS_MIN
           : processors > SERVER_THREADS_MAX ? SERVER_THREADS_MAX
                                             : (size_t)processors;
}

/* A store to look things up in for each thread that answers, and those who write. */
static enum err server_stores(struct server *s, struct why *why)
{
    const size_t threads = server_threads();
    enum err rc = ERR_OK;

    while (s->reader_count < threads && rc == ERR_OK) {
        rc = hubstore_open(&s->hub->where, HUBSTORE_READ, &s->readers[s->reader_count], why);
        if (rc == ERR_OK)
            s->reader_count++;
    }
    s->free_readers = s->reader_count;
    return rc == ERR_OK ? committer_start(&s->hub->where, &s->committer, why) : rc;
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
    rc = server_stores(s, why);
    if (rc != ERR_OK) {
        server_free(s);
        return rc;
    }
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (v6 ? MHD_USE_IPv6 : 0U), 0,
        NULL, NULL, server_on_request, s, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)s->reader_count,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)(h->behind_proxy ? SERVER_CONNECTIONS_MAX : SERVER_PER_ADDRESS_MAX),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)((s->conns.request_ms + 999) / 1000),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_HEADER_MAX, MHD_OPTION_NOTIFY_CONNECTION,
        conns_notify, &s->conns, MHD_OPTION_NOTIFY_COMPLETED, server_on_completed, s,
        MHD_OPTION_URI_LOG_CALLBACK, server_on_uri, s, MHD_OPTION_END);
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

void server_stop(struct server *s)
{
    const struct timespec pause = { .tv_nsec = 10000000 };
    if (s == NULL)
        return;

    MHD_socket fd = MHD_quiesce_daemon(s->daemon);
    int64_t until = clock_mono_ms() + SERVER_DRAIN_MS;
    while (atomic_load(&s->busy) > 0 && clock_mono_ms() < until)
        (void)nanosleep(&pause, NULL);
    /* A connection that is still put aside when the daemon stops would be a fault: the last jobs are done first. */
    committer_stop(s->committer);
    s->committer = NULL;
    MHD_stop_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
    server_free(s);
}
