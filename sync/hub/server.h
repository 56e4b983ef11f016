/* The HTTP server around the hub (libmicrohttpd): a few event-loop threads that take requests apart, verify and answer
   them; what is to be written waits, with its connection put aside, for the committer. Bounds everything that a stranger
   can make it hold. */
#pragma once

#include <stdint.h>

#include "platform/base/err.h"
#include "sync/hub/hub.h"

enum {
    SERVER_THREADS_MIN = 2,
    SERVER_THREADS_MAX = 8, /* as many as there are processors, within these */
    SERVER_CONNECTIONS_MAX = 256,
    SERVER_PER_ADDRESS_MAX = 128,  /* a council's kiosks may share one address */
    SERVER_HEADER_MAX = 32 * 1024, /* memory for a connection's headers and buffers */
    SERVER_URI_MAX = 512,
    SERVER_REQUEST_MS =
        15000, /* from the connection to its whole request, where the hub sets none */
    SERVER_SWALLOW_MAX = 8 * 1024 * 1024, /* of a body without a length that grew too large */
    SERVER_REPLY_MS = 60000,              /* and from there to the end of the reply */
    SERVER_DRAIN_MS = 5000,               /* what is under way may take this long yet at the end */
    SERVER_BODIES_MAX = 64 * 1024 * 1024, /* of all requests under way together */
    SERVER_ARENA_MAX = 96 * 1024 * 1024,  /* one request at work */
};

struct server;
/* listen: "127.0.0.1:8080", "[::1]:0". The hub is borrowed until server_stop. ERR_INPUT: not an address. */
MUST_USE enum err server_start(struct hub *h, const char *listen, struct server **out,
                               struct why *why);
uint16_t server_port(const struct server *s);
/* Drops whoever is too slow; call it about every second. */
void server_sweep(struct server *s);
/* Takes no more connections, lets what is under way end, stops. */
void server_stop(struct server *s);
