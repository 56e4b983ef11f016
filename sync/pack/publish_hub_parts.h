/* `canny-pack publish` to a hub: what its files share. */
#pragma once

#include "sync/pack/hub_way.h"
#include "sync/pack/publish.h"

struct hub {
    struct publish *p;
    struct hub_way way;
    struct arena a; /* one request at a time */
    size_t sent;
    uint64_t bytes;
};

/* What came back. */
struct hub_answer {
    int status;
    const struct json *body; /* NULL: none, or no JSON */
    const char *code;        /* of a refusal; "" none */
    const uint8_t *raw;
    size_t len;
};

/* name: below /v1/content/. ERR_OFFLINE: it was not a hub that answered, or nobody. In h->a. */
MUST_USE enum err hub_ask(struct hub *h, const char *method, const char *name, const void *data,
                          size_t len, struct hub_answer *out, struct why *why);

/* publish_hub_before.c: before anything staged becomes the newest here. ERR_CONFLICT: the hub holds another file of that
   version, or a later one: somebody else has published meanwhile. */
MUST_USE enum err hub_before(struct hub *h, const char *const *roles, const bool *complete,
                             size_t count, struct why *why);
/* How the hub's file of the version of ours compares. */
enum hub_same {
    HUB_SAME,
    HUB_OTHER,
    HUB_NONE, /* it has none of that version any more, or yet */
};
MUST_USE enum err hub_compare(struct hub *h, const struct repo_meta *m, enum hub_same *out,
                              struct why *why);
/* The refusals that follow. */
enum err hub_stranger(const struct hub *h, int64_t root, struct why *why);
enum err hub_overtaken(const struct hub *h, const char *role, int64_t version, struct why *why);
