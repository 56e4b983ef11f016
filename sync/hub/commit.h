/* What requests have the store write. Jobs that wait together go into one transaction, with one wait for the disk, and
   each fails alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/client/httpsig.h"
#include "sync/hub/hubstore.h"

enum { COMMIT_JOBS_MAX = 256, COMMIT_LINES_MAX = 2000 };

enum commit_kind {
    COMMIT_NONCE, /* that the request was made, and nothing else */
    COMMIT_PUSH,
    COMMIT_STATUS,
    COMMIT_POST,
    COMMIT_ENROL,
    COMMIT_FILE,
    COMMIT_OFFER,
    COMMIT_PUT,
};

struct content_offer;
struct content_put;
struct hub_file;
struct hub_install;
/* The caller's until it is handed over, and again once it is done. */
struct commit_job {
    enum commit_kind kind;
    const char *device,
        *nonce; /* whose request it is, and its number; "" of nobody in particular */
    struct clock_now now;
    struct hub_push push; /* PUSH, STATUS */
    const char *json;     /* STATUS: text of json_len bytes */
    size_t json_len;
    struct hub_post post;  /* POST */
    struct hub_enrol ask;  /* ENROL */
    struct hub_file *file; /* FILE, and how that went */
    /* STATUS: what content the kiosk has; NULL it does not say. */
    const struct hub_install *installs;
    size_t install_count;
    struct content_offer *offer; /* OFFER, and how that went */
    struct content_put *put;     /* PUT, likewise */
    struct arena *a;             /* ENROL: for the answer */
    /* Out. */
    bool replayed; /* the nonce was used before: nothing was done */
    struct hub_enrolled enrolled;
    enum err rc;
    struct why why;
    /* Told when it is done, by whatever thread did it; NULL: nobody. */
    void (*done)(void *ctx);
    void *ctx;
    struct commit_job *next; /* the queue's */
};

/* Does them all; each one's rc says how it went. At most COMMIT_JOBS_MAX. `done` is not called here. */
void commit_group(struct hubstore *s, struct commit_job **jobs, size_t count);
