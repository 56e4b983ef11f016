#include "sync/hub/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/log.h"
#include "sync/hub/server_parts.h"

enum err server_parse(const char *listen, struct sockaddr_storage *out, bool *out_v6,
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

/* Slow clients and long waits are looked for by a thread that waits for nothing else. */
static void *server_sweep(void *ctx)
{
    struct server *s = ctx;
    struct timespec until;

    (void)pthread_mutex_lock(&s->lock);
    while (!s->ending) {
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)SERVER_SWEEP_MS * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&s->ends, &s->lock, &until);
        (void)pthread_mutex_unlock(&s->lock);
        int64_t now_ms = clock_mono_ms();
        conns_sweep(&s->conns);
        gate_sweep(s->bodies, now_ms);
        gate_sweep(s->work, now_ms);
        gate_sweep(s->replies, now_ms);
        (void)pthread_mutex_lock(&s->lock);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void server_sweep_end(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->ending = true;
    (void)pthread_cond_broadcast(&s->ends);
    (void)pthread_mutex_unlock(&s->lock);
    if (s->sweeps)
        (void)pthread_join(s->sweeper, NULL);
    s->sweeps = false;
}

static void server_free(struct server *s)
{
    server_sweep_end(s);
    committer_stop(s->committer);
    committer_free(s->committer);
    for (size_t i = 0; i < s->reader_count; i++)
        hubstore_close(s->readers[i]);
    gate_free(s->bodies);
    gate_free(s->work);
    gate_free(s->replies);
    conns_done(&s->conns);
    (void)pthread_cond_destroy(&s->ends);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

/* How many connections the system has files for. */
static unsigned server_connections(void)
{
    const rlim_t want = SERVER_CONNECTIONS_MAX + SERVER_FILES_MORE;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return SERVER_FILES_MORE;

    if (files.rlim_cur < want) {
        struct rlimit more = files;
        more.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            files = more;
    }
    if (files.rlim_cur >= want)
        return SERVER_CONNECTIONS_MAX;
    unsigned left = files.rlim_cur > 2 * SERVER_FILES_MORE
                        ? (unsigned)files.rlim_cur - SERVER_FILES_MORE
                        : SERVER_FILES_MORE / 2;
    log_line(LOG_WARN, "only %u connections at once: the limit of open files is %llu", left,
             (unsigned long long)files.rlim_cur);
    return left;
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
    return rc == ERR_OK ? committer_start(&s->hub->where, &s->hub->metrics, &s->committer, why)
                        : rc;
}

static enum err server_parts_new(struct server *s, struct why *why)
{
    pthread_condattr_t attr;

    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&s->ends, &attr);
    (void)pthread_condattr_destroy(&attr);
    conns_init(&s->conns, s->hub->request_ms > 0 ? s->hub->request_ms : SERVER_REQUEST_MS,
               SERVER_CROWDED, s);
    s->bodies = gate_new(SERVER_BODIES_MAX, SERVER_BODIES_EACH, SERVER_WAIT_MS);
    s->work = gate_new(SERVER_WORK_MAX, SERVER_WORK_EACH, SERVER_WAIT_MS);
    s->replies = gate_new(SERVER_REPLIES_MAX, SERVER_REPLIES_EACH, SERVER_WAIT_MS);
    if (s->bodies == NULL || s->work == NULL || s->replies == NULL)
        return why_set(why, ERR_NOMEM, 0, "server: no memory");
    return server_stores(s, why);
}

enum err server_not_listening(const char *option, const char *listen, int sys, struct why *why)
{
    switch (sys) {
    case EADDRINUSE:
        return why_set(why, ERR_IO, 0,
                       "another program listens on %s; stop it, or give %s another port", listen,
                       option);
    case EADDRNOTAVAIL:
        return why_set(why, ERR_IO, 0, "%s is not an address of this machine; give %s one that is",
                       listen, option);
    case EACCES:
        return why_set(why, ERR_IO, 0, "not allowed to listen on %s; give %s a port above 1023",
                       listen, option);
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
    rc = server_parts_new(s, why);
    if (rc != ERR_OK) {
        server_free(s);
        return rc;
    }
    const unsigned connections = server_connections();
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (v6 ? MHD_USE_IPv6 : 0U), 0,
        NULL, NULL, server_on_request, s, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)s->reader_count,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        h->behind_proxy || connections < SERVER_CONNECTIONS_MAX ? connections
                                                                : (unsigned)SERVER_PER_ADDRESS_MAX,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)SERVER_BACKLOG, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((s->conns.request_ms + 999) / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_HEADER_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION,
        conns_notify, &s->conns, MHD_OPTION_NOTIFY_COMPLETED, server_on_completed, s,
        MHD_OPTION_URI_LOG_CALLBACK, server_on_uri, s, MHD_OPTION_END);
    if (s->daemon == NULL) {
        rc = server_not_listening("--listen", listen, errno, why);
        server_free(s);
        return rc;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info != NULL ? info->port : 0;
    s->sweeps = pthread_create(&s->sweeper, NULL, server_sweep, s) == 0;
    if (!s->sweeps) {
        server_stop(s);
        return why_set(why, ERR_NOMEM, 0, "server: no thread");
    }
    *out = s;
    return ERR_OK;
}

struct server_tally server_count(struct server *s)
{
    const struct gate_tally bodies = gate_count(s->bodies);
    const struct gate_tally work = gate_count(s->work);
    const struct gate_tally replies = gate_count(s->replies);
    struct server_tally t = {
        .waiting_bodies = bodies.waiting,
        .waiting_work = work.waiting,
        .waiting_replies = replies.waiting,
        .waiting_commit = committer_waiting(s->committer),
        .body_bytes = bodies.bytes,
        .work_bytes = work.bytes,
        .reply_bytes = replies.bytes,
        .waited = bodies.waited + work.waited + replies.waited,
        .late = bodies.late + work.late + replies.late,
    };

    conns_count(&s->conns, &t.connections, &t.opened, &t.cut);
    return t;
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
    /* A connection that is still put aside when the daemon stops would be a fault: the last jobs are done first, and
       nobody waits any more. */
    server_sweep_end(s);
    gate_close(s->bodies);
    gate_close(s->work);
    gate_close(s->replies);
    committer_stop(s->committer);
    if (s->hub->pages != NULL)
        s->hub->pages->close(s->hub->pages->ctx);
    MHD_stop_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
    server_free(s);
}
