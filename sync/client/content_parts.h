/* What the parts of the content's client share: content.c has runs and when they are due, content_tell.c what kiosk, hub and
   people are told. */
#pragma once

#include <pthread.h>

#include "sync/client/content.h"

struct content_hold {
    char role[MANIFEST_ROLE];
    int percent;
};

struct content_client {
    struct content_client_options o;
    char *dir, *device;   /* our copies of what o borrows */
    pthread_mutex_t run;  /* held for a whole run: one at a time */
    pthread_mutex_t lock; /* of all below; never held while anything is asked or written */

    char constituency[CONTENT_PLACE_MAX], school[CONTENT_PLACE_MAX];
    struct content_hold holds[UPDATER_ROLES_MAX];
    size_t hold_count;
    int64_t
        told; /* the hub's newest timestamp, as it told with the last round; 0: it holds no content, or did not tell */
    int64_t held;    /* ours, when all was done */
    bool full;       /* the next run looks at everything, whatever the timestamp says */
    int64_t next_ms; /* monotonic: after failures, not before */
    unsigned failures;

    struct updater_report report;
    bool any;
    int64_t checked_ms; /* wall */
    int64_t kept_ms;    /* the same as it is written down */
    enum updater_fault fault;
    char why[UPDATER_WHY_MAX];
    size_t done, all;
    int64_t progress_ms; /* monotonic: when it was last told */
};

/* The time by which what is offered has expired, or has not. A clock that nobody vouches for says nothing: then the latest time that is known to have passed counts. The hub's own
   signed word stands above the network's, which nobody signs: one wrong answer of NTP would shut good content out for good.
   hub_ms: the hub's time as of now, where this kiosk's own clock does not go by it; 0 none. */
MUST_USE enum err content_time(struct db *db, struct clock_now now, int64_t hub_ms, int64_t *out,
                               struct why *why);
