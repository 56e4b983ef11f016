/* What the parts of the worker share: worker.c has the thread and what others call, worker_round.c what the thread does when
   its turn comes. */
#pragma once

#include <pthread.h>

#include "platform/base/keys.h"
#include "sync/client/backoff.h"
#include "sync/client/http.h"
#include "sync/client/netcheck.h"
#include "sync/client/proxy.h"
#include "sync/client/worker.h"

enum { WORKER_CODE_MAX = 64 };

/* An enrolment that somebody asked for. */
struct worker_ask {
    char url[HTTP_URL_MAX];
    char code[WORKER_CODE_MAX];
    char hub[KEYS_ID_TEXT];
    char name[121];
};

struct worker {
    struct worker_options o;
    char *data_dir, *ca_dir, *version; /* our copies of what o borrows */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t turn;

    /* Under the lock. */
    bool stop, wake, offline;
    int64_t stop_by_ms;
    struct worker_ask ask;
    enum worker_enrolled enrolled;
    struct why enrol_why;
    uint64_t begun; /* rounds, and how many of them have ended */
    uint64_t rounds;
    bool success;
    bool revoked;

    /* The thread's own. */
    struct db db;
    struct backoff backoff;
    int64_t next_ms;       /* monotonic: the next round by itself */
    int64_t check_ms;      /* the clock's monotonic: when content is held against its sum */
    int64_t not_before_ms; /* monotonic: Retry-After, which a wake does not shorten */
    int64_t offset_ms;     /* the hub's time minus our wall clock, as last learnt */
    struct proxy proxy;    /* of the round or the enrolment under way */
    struct net_way way;    /* how far its last request got */
};

/* Exchanges with the hub once, where one is set, keeps what the screen reads and sets when the next round is due. Only on the
   worker's thread. */
void worker_round(struct worker *w);

/* Holds content against its sum, giving way to whatever else is due. Only on the worker's thread. */
void worker_check(struct worker *w);

/* Enrols with the hub of ask and keeps the result for worker_enrol_result. Only on the worker's thread. */
void worker_round_enrol(struct worker *w, const struct worker_ask *ask);
