/* The way to the hub in six steps, for whoever has to find out what is in the way: the hub's name, a route, the proxy, TLS, the
   hub's identity, the hub itself. Read off a request that was made anyway: nothing is sent for it. Pure. */
#pragma once

#include <stdbool.h>

#include "sync/client/fault.h"

enum net_step {
    NET_NAME,     /* an address is found for the hub's name, or for the proxy's where one is set */
    NET_ROUTE,    /* and the machine there is reached */
    NET_PROXY,    /* the proxy passes us on */
    NET_TLS,      /* the certificate is verified */
    NET_IDENTITY, /* the answer is signed by our hub's key */
    NET_HUB,      /* and the hub does what it is asked */
    NET_STEPS,
};

enum net_result {
    NET_UNKNOWN, /* not reached */
    NET_OK,
    NET_FAILED,
    NET_NONE, /* there is no such step here: no proxy is set, or the hub is on this machine */
};

/* How far the last request got. */
struct net_way {
    bool proxied;    /* it goes by the proxy */
    bool plain;      /* http to this machine itself: no TLS */
    bool named;      /* an address was found */
    bool routed;     /* somebody's machine took the connection, or refused it */
    bool passed;     /* the proxy let us through */
    bool secure;     /* TLS stands, verified */
    bool identified; /* the answer was signed by the hub */
};

struct netcheck {
    enum net_result steps[NET_STEPS];
};

/* FAULT_NONE: all is well. Otherwise one step has failed, those behind it were not reached, and before it stands what the way
   tells. FAULT_STORE is a matter of this kiosk and fails none. */
void netcheck_of(enum fault fault, const struct net_way *way, struct netcheck *out);

/* As the worker keeps it: a letter a step. out has room for NET_STEPS and the NUL. False for anything else. */
void netcheck_text(const struct netcheck *n, char out[NET_STEPS + 1]);
bool netcheck_parse(const char *text, struct netcheck *out);
