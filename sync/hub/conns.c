#include "sync/hub/conns.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "platform/base/clock.h"

struct conn {
    int fd;
    int64_t deadline_ms; /* monotonic */
    struct conn *prev, *next;
};

void conns_init(struct conns *c, int64_t request_ms)
{
    *c = (struct conns){ .request_ms = request_ms };
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

    conn->fd = fd != NULL ? (int)fd->connect_fd : -1;
    conn->deadline_ms = clock_mono_ms() + c->request_ms;
    conn->next = c->first;
    if (c->first != NULL)
        c->first->prev = conn;
    c->first = conn;
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

void conns_deadline(struct conns *c, struct MHD_Connection *m, int64_t ms)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(m, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct conn *conn = info != NULL ? info->socket_context : NULL;

    (void)pthread_mutex_lock(&c->lock);
    if (conn != NULL)
        conn->deadline_ms = clock_mono_ms() + ms;
    (void)pthread_mutex_unlock(&c->lock);
}

/* The library's own time-out starts again with every byte, so a client that drips would hold its place for ever.
   Shutting the socket down makes the loop see an end of file; the descriptor stays open, and ours to shut, until the
   close notice has taken it off the list under the same lock. */
void conns_sweep(struct conns *c)
{
    int64_t now = clock_mono_ms();

    (void)pthread_mutex_lock(&c->lock);
    for (struct conn *conn = c->first; conn != NULL; conn = conn->next)
        if (now > conn->deadline_ms && conn->fd >= 0)
            (void)shutdown(conn->fd, SHUT_RDWR);
    (void)pthread_mutex_unlock(&c->lock);
}
