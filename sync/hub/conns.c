#include "sync/hub/conns.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "platform/base/clock.h"

struct conn {
    struct conns *of;
    int fd;
    enum conn_state state;
    bool proven, cut;
    int refused;
    int64_t since_ms, deadline_ms; /* monotonic */
    struct conn *prev, *next;
};

void conns_init(struct conns *c, int64_t request_ms, size_t crowded, void *owner)
{
    *c = (struct conns){ .request_ms = request_ms, .crowded = crowded, .owner = owner };
    (void)pthread_mutex_init(&c->lock, NULL);
}

void conns_done(struct conns *c)
{
    (void)pthread_mutex_destroy(&c->lock);
}

static struct conn *conns_add(struct conns *c, struct MHD_Connection *m)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(m, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct conn *conn = calloc(1, sizeof(*conn));
    if (conn == NULL)
        return NULL;

    conn->of = c;
    conn->fd = fd != NULL ? (int)fd->connect_fd : -1;
    conn->state = CONN_READS;
    conn->since_ms = clock_mono_ms();
    conn->deadline_ms = conn->since_ms + c->request_ms;
    conn->next = c->first;
    if (c->first != NULL)
        c->first->prev = conn;
    c->first = conn;
    c->count++;
    c->opened++;
    return conn;
}

static void conns_remove(struct conns *c, struct conn *conn)
{
    if (conn->prev != NULL)
        conn->prev->next = conn->next;
    else
        c->first = conn->next;
    if (conn->next != NULL)
        conn->next->prev = conn->prev;
    c->count--;
    free(conn);
}

void conns_notify(void *conns, struct MHD_Connection *m, void **socket_context,
                  enum MHD_ConnectionNotificationCode what)
{
    struct conns *c = conns;

    (void)pthread_mutex_lock(&c->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = conns_add(c, m);
    } else if (*socket_context != NULL) {
        conns_remove(c, *socket_context);
        *socket_context = NULL;
    }
    (void)pthread_mutex_unlock(&c->lock);
}

static struct conn *conns_of(struct MHD_Connection *m)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(m, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? info->socket_context : NULL;
}

void conns_set(struct conns *c, struct MHD_Connection *m, enum conn_state state, int64_t ms)
{
    struct conn *conn = conns_of(m);
    if (conn == NULL)
        return;

    (void)pthread_mutex_lock(&c->lock);
    conn->state = state;
    conn->since_ms = clock_mono_ms();
    conn->deadline_ms = conn->since_ms + ms;
    (void)pthread_mutex_unlock(&c->lock);
}

void conns_proven(struct conns *c, struct MHD_Connection *m)
{
    struct conn *conn = conns_of(m);
    if (conn == NULL)
        return;

    (void)pthread_mutex_lock(&c->lock);
    conn->proven = true;
    (void)pthread_mutex_unlock(&c->lock);
}

void *conns_owner(struct MHD_Connection *m)
{
    const struct conn *conn = conns_of(m);

    return conn != NULL ? conn->of->owner : NULL;
}

void conns_refused(struct conns *c, struct MHD_Connection *m, int status)
{
    struct conn *conn = conns_of(m);
    if (conn == NULL)
        return;

    (void)pthread_mutex_lock(&c->lock);
    conn->refused = status;
    (void)pthread_mutex_unlock(&c->lock);
}

int conns_was_refused(struct conns *c, struct MHD_Connection *m)
{
    struct conn *conn = conns_of(m);
    if (conn == NULL)
        return 0;

    (void)pthread_mutex_lock(&c->lock);
    int status = conn->refused;
    conn->refused = 0;
    (void)pthread_mutex_unlock(&c->lock);
    return status;
}

/* In a crowd whoever holds a place for nothing gives it up, and a stranger has half the time. */
static bool conns_over(const struct conns *c, const struct conn *conn, int64_t now_ms)
{
    if (now_ms > conn->deadline_ms)
        return true;
    if (c->count < c->crowded)
        return false;
    if (conn->state == CONN_IDLE)
        return now_ms - conn->since_ms > CONNS_IDLE_MS;
    return conn->state == CONN_READS && !conn->proven &&
           now_ms - conn->since_ms > c->request_ms / 2;
}

/* The library's own time-out starts again with every byte, so a client that drips would hold its place for ever.
   Shutting the socket down makes the loop see an end of file; the descriptor stays open, and ours to shut, until the
   close notice has taken it off the list under the same lock. */
void conns_sweep(struct conns *c)
{
    int64_t now = clock_mono_ms();

    (void)pthread_mutex_lock(&c->lock);
    for (struct conn *conn = c->first; conn != NULL; conn = conn->next) {
        if (conn->cut || conn->fd < 0 || !conns_over(c, conn, now))
            continue;
        conn->cut = true;
        c->cut++;
        (void)shutdown(conn->fd, SHUT_RDWR);
    }
    (void)pthread_mutex_unlock(&c->lock);
}

void conns_count(struct conns *c, size_t *out_open, uint64_t *out_opened, uint64_t *out_cut)
{
    (void)pthread_mutex_lock(&c->lock);
    *out_open = c->count;
    *out_opened = c->opened;
    *out_cut = c->cut;
    (void)pthread_mutex_unlock(&c->lock);
}
