/* The hub's parts, and one request on its way through them. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/keys.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"
#include "sync/hub/commit.h"
#include "sync/hub/hubstore.h"
#include "sync/hub/limit.h"
#include "sync/hub/metrics.h"

struct pages;
struct hub {
    struct hubstore_where where; /* to open it once more */
    struct hubstore *store;
    struct keypair self; /* its id is the hub's */
    struct clock *clock;
    pthread_mutex_t lock;          /* over the limits */
    struct limit requests;         /* by address, of strangers */
    struct limit kiosks;           /* by device */
    struct limit claims;           /* wrong signatures, by address and the device they name */
    struct limit tries;            /* wrong enrolment codes, by address */
    struct limit offers;           /* metadata that nobody has signed, by address */
    struct limit content;          /* files of content, by address */
    atomic_bool crowded;           /* so many requests are remembered that no more are taken */
    bool behind_proxy;             /* whoever connects is a proxy, which says who asks */
    atomic_int_least64_t store_ms; /* monotonic: when the store last answered */
    /* Monotonic: when a kiosk was last asked for what was lost. */
    atomic_int_least64_t content_asked_ms;
    struct metrics metrics;
    atomic_int away;           /* pages that wait for an issuer of identities */
    const struct pages *pages; /* for people (pages.h); NULL: none */
    int64_t request_ms;        /* how long a client may take over a request; 0: SERVER_REQUEST_MS */
};

/* Strings and body are borrowed until the reply is on its way. */
struct hub_request {
    struct httpsig_message message; /* method, path, query, headers */
    const char *body;
    size_t len;
    uint8_t address[LIMIT_ADDRESS];
    bool charged; /* to the address's measure */
    struct arena *a;
    char device[KEYS_ID_TEXT]; /* "" until auth has verified it */
    struct hub_device where;   /* set for routes that only enrolled kiosks may use */
    char nonce[HTTPSIG_NONCE_MAX];
    uint64_t after, own;          /* GET of events */
    struct hubstore *store;       /* to look things up in; nothing is written there */
    struct commit_job job;        /* what is to be written, and then how that went */
    struct content_name *content; /* GET and PUT of content: what is asked for */
    size_t reply_bytes;           /* of a GET that writes nothing: how much room its reply takes */
    int64_t held_version;         /* of a refusal of metadata: the version that the hub has */
};

struct hub_header {
    const char *name, *value;
};
struct hub_reply {
    int status;
    const char *type;
    const char *code; /* of a problem, for the log; NULL none */
    const void *body; /* in the request's arena */
    size_t len;
    int64_t retry_after_s; /* 0 none */
    bool lasting;          /* the body stays where it is as long as the hub runs */
    const char *order;     /* PROTO_ORDER_HEADER, signed for; NULL none */
    const char *allow;     /* methods that the path has, NULL none to tell */
    /* Content: for anybody and any cache, with few headers, as each is one of thousands. */
    bool open;
    const char *cache; /* Cache-Control; NULL no-store */
    const char *etag;  /* NULL none */
    /* A page: for a browser, with headers of its own and without a signature. */
    bool page;
    const struct hub_header *headers;
    size_t header_count;
};

/* The hub's own time: what the kiosks learn from it. */
struct clock_now hub_now(const struct hub *h);
enum { HUB_STORE_MS = 10000 }; /* a store that has not answered for so long is taken for gone */
/* Whether the address may try one more code (wrong: it just gave a wrong one); else in how many seconds. */
bool hub_may_try(struct hub *h, const uint8_t address[LIMIT_ADDRESS], bool wrong,
                 int64_t *out_wait_s);
