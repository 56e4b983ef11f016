/* Pages for people: whatever is asked for that is no request of a kiosk's. Whoever makes them has threads of his own, as a page
   may take longer than kiosks can wait for. */
#pragma once

#include <stddef.h>

#include "sync/hub/hub.h"

/* The server's until it is given, and again once done was called. */
struct pages_job {
    struct hub_request *q;
    struct hub_reply reply; /* out; its strings are in the request's arena or last */
    const char *route; /* out: the pattern that was asked for, for the log; lasts. NULL: none */
    void (*done)(void *ctx); /* by whatever thread did it */
    void *ctx;
    struct pages_job *next; /* the queue's */
};

struct pages {
    void *ctx;
    /* The most bytes that a body sent there may have; 0: none is taken. */
    size_t (*body_max)(void *ctx, const struct hub_request *q);
    /* Never waits. False: so many are under way that this one is not taken. */
    bool (*ask)(void *ctx, struct pages_job *job);
    /* Does what it was given, and takes no more: every job's done has been called when it returns. */
    void (*close)(void *ctx);
};
