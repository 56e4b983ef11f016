/* The open connections, how far each is and when it must be further: what ends a client that drips. Used by the
   server's loop threads and by whoever sweeps. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONNS_IDLE_MS = 1000, /* how long one may be open for nothing where there are very many */
};

enum conn_state {
    CONN_IDLE,  /* between two requests */
    CONN_READS, /* a request is on its way to us */
    CONN_WORKS, /* it waits for us, or reads our answer */
};

struct conns {
    pthread_mutex_t lock;
    struct conn *first;
    size_t count;
    size_t crowded;     /* from so many on they are looked at more strictly */
    int64_t request_ms; /* from accept to the end of the first request */
    uint64_t opened, cut;
    void *owner;
};

void conns_init(struct conns *c, int64_t request_ms, size_t crowded, void *owner);
void conns_done(struct conns *c); /* the daemon has stopped: none is left */
/* MHD_OPTION_NOTIFY_CONNECTION, with the conns as its cls. */
void conns_notify(void *conns, struct MHD_Connection *m, void **socket_context,
                  enum MHD_ConnectionNotificationCode what);
/* This connection is so far, and has so many milliseconds from now. */
void conns_set(struct conns *c, struct MHD_Connection *m, enum conn_state state, int64_t ms);
/* A kiosk of ours has signed a request on it. */
void conns_proven(struct conns *c, struct MHD_Connection *m);
/* c->owner of the conns that this one stands in, NULL none. */
void *conns_owner(struct MHD_Connection *m);
/* The library itself refused what came, with this status; 0: it did not. Asking forgets it. */
void conns_refused(struct conns *c, struct MHD_Connection *m, int status);
int conns_was_refused(struct conns *c, struct MHD_Connection *m);
/* Shuts down whatever is past its deadline; where there are very many, also who is idle, and strangers sooner. */
void conns_sweep(struct conns *c);
/* Open now, opened and cut since the start. */
void conns_count(struct conns *c, size_t *out_open, uint64_t *out_opened, uint64_t *out_cut);
