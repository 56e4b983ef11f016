/* /metrics for Prometheus. On a listener of its own, and none unless asked for: so a proxy in front of the hub never
   passes it on. Numbers only. */
#pragma once

#include <stdint.h>

#include "sync/hub/server.h"

enum {
    WATCH_CONNECTIONS_MAX = 16,
    WATCH_REQUEST_S = 10,
    WATCH_TEXT_MAX = 256 * 1024,
};

struct watch;
/* Hub and server are borrowed until watch_stop. ERR_INPUT: not an address. */
MUST_USE enum err watch_start(struct hub *h, struct server *s, const char *listen,
                              struct watch **out, struct why *why);
uint16_t watch_port(const struct watch *w);
void watch_stop(struct watch *w); /* accepts NULL */

/* Everything, in the text format of Prometheus (watch_text.c). counts: NULL where the store does not answer. */
struct buf;
void watch_text(struct hub *h, const struct server_tally *tally, const struct hub_counts *counts,
                struct hubstore *s, struct buf *out);
