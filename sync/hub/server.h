/* The HTTP server around the hub (libmicrohttpd): a few event-loop threads that take requests apart, verify and answer
   them; what is to be written waits, with its connection put aside, for the committer. Bounds everything that a stranger
   can make it hold: whoever comes when too much is under way waits, put aside, until there is room, and is told to come
   later only if that takes too long. */
#pragma once

#include <stdint.h>

#include "platform/base/err.h"
#include "sync/hub/hub.h"

enum {
    SERVER_THREADS_MIN = 2,
    SERVER_THREADS_MAX = 4,         /* as many as there are processors, within these */
    SERVER_CONNECTIONS_MAX = 4096,  /* fewer where the system lends fewer files */
    SERVER_FILES_MORE = 256,        /* besides connections */
    SERVER_PER_ADDRESS_MAX = 3072,  /* a council's kiosks may share one address */
    SERVER_CROWDED = 3072,          /* from here on connections that do nothing are dropped early */
    SERVER_BACKLOG = 4096,          /* who waits to be accepted */
    SERVER_HEADER_MAX = 32 * 1024,  /* memory for a connection's headers and buffers */
    SERVER_HEADERS_MAX = 16 * 1024, /* all of a request's */
    SERVER_URI_MAX = 4096, /* with what an issuer sends back by a browser: its codes are long */
    /* From the connection to its whole request, where the hub sets none. */
    SERVER_REQUEST_MS = 15000,
    SERVER_SWALLOW_MAX = 16 * 1024 * 1024, /* of a body without a length that grew too large */
    SERVER_REPLY_MS = 60000,               /* and from there to the end of the reply */
    SERVER_DRAIN_MS = 5000,                /* what is under way may take this long yet at the end */
    SERVER_WAIT_MS = 20000, /* for room; a kiosk gives a request up after thirty seconds */
    SERVER_SWEEP_MS = 500,
    /* Bytes under way, of all together, and of one kiosk while others wait. */
    SERVER_BODIES_MAX = 48 * 1024 * 1024,
    SERVER_BODIES_EACH = 8 * 1024 * 1024,
    SERVER_WORK_MAX = 2 * 1024 * 1024, /* taken apart, waiting for the disk */
    SERVER_WORK_EACH = 1024 * 1024,
    SERVER_REPLIES_MAX = 32 * 1024 * 1024, /* not yet read by who asked */
    SERVER_REPLIES_EACH = 8 * 1024 * 1024,
    SERVER_ARENA_MAX = 96 * 1024 * 1024, /* one request at work */
};

struct server;
/* What is going on, for whoever watches. */
struct server_tally {
    size_t connections, waiting_bodies, waiting_work, waiting_replies, waiting_commit;
    size_t body_bytes, work_bytes, reply_bytes;
    uint64_t opened, cut, waited, late;
};

/* listen: "127.0.0.1:8080", "[::1]:0". The hub is borrowed until server_stop. ERR_INPUT: not an address. */
MUST_USE enum err server_start(struct hub *h, const char *listen, struct server **out,
                               struct why *why);
uint16_t server_port(const struct server *s);
struct server_tally server_count(struct server *s);
/* Takes no more connections, lets what is under way end, stops. */
void server_stop(struct server *s);
