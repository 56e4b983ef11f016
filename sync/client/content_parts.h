/* What the parts of the content's client share: content.c has runs and when they are due, content_folder.c those
   from a folder, content_mend.c what is damaged, content_tell.c what kiosk, hub and people are told. */
#pragma once

#include <pthread.h>

#include "platform/base/fs.h"
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
    /* The hub's newest timestamp, as it told with the last round; 0: it holds no content, or did not tell. */
    int64_t told;
    int64_t held;    /* ours, when all was done */
    bool renew;      /* the place has changed, and what is here was not made anew for it yet */
    bool mend;       /* what was in use is damaged: a run without asking anybody comes first */
    bool full;       /* the next run looks at everything, whatever the timestamp says */
    int64_t next_ms; /* monotonic: not before; after failures, and where the hub is silent */
    unsigned wanted; /* tries left to give the hub back what it lost, before it is asked for more */
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

/* A run's own; c and db are set by whoever runs, one of folder and turn, or neither to go on with what is here. */
struct content_run {
    struct content_client *c;
    struct db *db;
    const struct content_folder *folder;
    struct content_turn *turn;
    struct content_hub hub;
    int64_t until_ms, end_ms; /* monotonic */
    bool put_off, dragged;    /* a question was broken off: somebody waits, or the turn was over */
    char constituency[CONTENT_PLACE_MAX], school[CONTENT_PLACE_MAX];
};

/* A run, with c->run held. hub_ms: the hub's time as of now, where this kiosk's own clock does not go by it; 0 none. */
void content_do(struct content_run *r, struct clock *clock, int64_t hub_ms,
                const struct updater_source *source, bool all, struct updater_report *out);
/* How far the hub lets a role go, for updater_source. ctx is the run. */
int content_cap(void *ctx, const char *role);

/* The time by which what is offered has expired, or has not. A clock that nobody vouches for says nothing: then the latest time
   that is known to have passed counts. The hub's own signed word stands above the network's, which nobody signs: one wrong answer
   of NTP would shut good content out for good. hub_ms: the hub's time as of now, where this kiosk's own clock does not go by it;
   0 none. */
MUST_USE enum err content_time(struct db *db, struct clock_now now, int64_t hub_ms, int64_t *out,
                               struct why *why);
/* Where the hub has asked for what it lost: gives it what is here (content_return.c). Before anything is taken from it: what is
   older would take the place of the files that are to be given. False: it is tried again with the next round, and nothing is
   to be taken yet. Takes c->run while it reads. */
bool content_return(struct content_client *c, struct content_hub *hub);
