/* One signed question to the hub and its verified answer. Learns the hub's time where ours is off. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/keys.h"
#include "sync/client/fault.h"
#include "sync/client/netcheck.h"
#include "sync/client/proxy.h"

struct link {
    const char *url; /* "https://hub.example" */
    char hub
        [KEYS_ID_TEXT]; /* the hub's id; "" before an enrolment by a typed code: then the first answer's */
    const struct keypair *self;
    struct clock *clock;
    int64_t offset_ms; /* what to add to our wall clock for the hub's: also where --now pins ours */
    const char *ca_dir;
    bool (*cancelled)(void *ctx);
    void *ctx;
    int64_t total_ms;           /* of one request; 0 the usual */
    const struct proxy *proxy;  /* NULL none */
    struct net_way way;         /* how far the last request got */
    char epoch[KEYS_RANDOM_ID]; /* the hub's that we go by; "" none yet */
};

struct link_ask {
    const char *method;
    const char *path;
    const char *query; /* NULL none */
    const char *type;  /* of the body; NULL for GET */
    const void *body;
    size_t len;
};
/* In the arena. */
struct link_answer {
    int status;
    const char *body; /* NUL-terminated */
    size_t len;
    const char *problem;    /* the code of a problem+json, "" else */
    const char *order;      /* PROTO_ORDER_HEADER where the signature covers it, "" else */
    int64_t hub_ms;         /* the hub's time */
    int64_t retry_after_ms; /* 0 none */
};

/* FAULT_NONE: the hub's own answer, status below 500 and not 401 or 429, is in out. Other faults: out has
   retry_after_ms (and, where a hub answered, its problem); why has words for the log. */
MUST_USE enum fault link_ask(struct link *l, struct arena *a, const struct link_ask *q,
                             struct link_answer *out, struct why *why);
