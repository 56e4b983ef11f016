/* The open connections and when each must be done: what ends a client that drips. Used by the server's loop thread and
   by whoever sweeps. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdint.h>

struct conns {
    pthread_mutex_t lock;
    struct conn *first;
    int64_t request_ms; /* from accept to the end of the first request */
};

void conns_init(struct conns *c, int64_t request_ms);
void conns_done(struct conns *c); /* the daemon has stopped: none is left */
/* MHD_OPTION_NOTIFY_CONNECTION, with the conns as its cls. */
void conns_notify(void *conns, struct MHD_Connection *m, void **socket_context,
                  enum MHD_ConnectionNotificationCode what);
/* This connection has so many milliseconds from now. */
void conns_deadline(struct conns *c, struct MHD_Connection *m, int64_t ms);
/* Shuts down whatever is past its deadline. */
void conns_sweep(struct conns *c);
