/* The kiosk's side of sync: one thread that sends what was recorded, pulls what the site's others recorded, and never
   makes a screen wait. It has a database connection of its own, and takes lines in through the function handed down. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/client/netcheck.h"
#include "sync/client/proxy.h"
#include "sync/log/event.h"
#include "sync/log/evlog_fork.h"

struct content_client;
struct worker_options {
    const char *data_dir; /* canny.db is inside */
    struct keypair self;
    struct clock *clock;
    /* Takes in lines in one transaction (app hands down store_ingest). db is the worker's own connection. */
    enum err (*ingest)(void *ctx, struct db *db, struct clock_now now,
                       const struct event_line *lines, size_t count, size_t *out_new,
                       struct why *why);
    /* What ingest would have to find out of a line by itself, worked out on another thread while lines before it are taken in:
       pure, in the arena, handed on as event_line.known. NULL result: it finds out by itself. read NULL: always. */
    const void *(*read)(struct arena *a, const struct event *e);
    /* Heals a fork (app hands down store_fork_db): what sync/log/evlog_fork.h says, and the line taken in. NULL: the
       log alone. */
    enum err (*fork)(void *ctx, struct db *db, struct clock_now now, const struct evlog_fork *f,
                     struct why *why);
    /* Something a screen shows has changed (called on the worker's thread). */
    void (*changed)(void *ctx);
    void *ctx;
    const char *ca_dir;  /* further CAs, NULL none */
    const char *version; /* of the program, for status */
    int64_t request_ms;  /* the most a request may take; 0: 30 s */
    /* Looked after once a round went well; NULL: no signed content. */
    struct content_client *content;
    /* A repository that stands in for the hub's, borrowed; NULL: none. */
    const char *content_folder;
};

struct worker;
/* Settings are read from the sync_state table (worker.c sets it up): hub url, hub key, site, acknowledged seq, cursor,
   back-off. Does nothing until a hub is set. */
MUST_USE enum err worker_start(const struct worker_options *o, struct worker **out,
                               struct why *why);
void worker_stop(
    struct worker *w); /* waits at most two seconds for a request under way, then abandons it */
void worker_wake(struct worker *w); /* something was recorded, or «Try now»: try at once */
void worker_net(struct worker *w,
                bool on); /* drive script's `net off`: every request fails as «no network» */

/* Binds this kiosk to a site. hub_key hex or "" (typed code: the first answer's key is taken). Runs on the thread;
   the result is in worker_enrol_result. */
void worker_enrol(struct worker *w, const char *hub_url, const char *code, const char *hub_key,
                  const char *device_name);
enum worker_enrolled {
    WORKER_ENROL_NONE,
    WORKER_ENROL_BUSY,
    WORKER_ENROL_DONE,
    WORKER_ENROL_FAILED
};
enum worker_enrolled worker_enrol_result(struct worker *w, struct why *out_why);
/* How many rounds have ended since start, for tests and the drive step `sync`; success tells of the last: true only
   when a hub was asked and all of the round was done, so false while no hub is set. */
uint64_t worker_rounds(struct worker *w, bool *out_success);
/* How many have begun. One that is under way knows nothing of what was recorded or set since: who wants to know how that went
   keeps this number, wakes the worker, and waits until more have ended than that. */
uint64_t worker_begun(struct worker *w);

/* Written into the data folder where the hub, by its signed answer, has taken this kiosk out of use: all of the folder
   is to be deleted, by whoever runs on it now (worker_revoked) or opens it next. */
#define WORKER_WIPE "wipe"
bool worker_revoked(struct worker *w);
/* The hub's revocation came another way, by stick: the same follows. Its signature is the caller's to have verified. */
void worker_revoke(struct worker *w);

/* The proxy that is set, and setting it; the next request goes by it. Its file is read anew for each round, so that IT may
   put one there too. The errors of proxy.h. */
MUST_USE enum err worker_proxy(struct worker *w, struct proxy *out, struct why *why);
MUST_USE enum err worker_set_proxy(struct worker *w, const struct proxy *p, struct why *why);

/* Tables the worker keeps in canny.db; query.h reads them. Idempotent.
     sync_state(key primary key, value): hub.url hub.key site.id site.name cert kiosk.name epoch acked acked.head
                                        acked.signature cursor debt (epoch.h) to_come (lines that a long reading
                                        has yet to bring) last_success_ms next_try_ms fault fault_means fault_do fault_code
                                        way (netcheck_text of the last round or enrolment)
                                        stick.taken_ms stick.given stick.given_ms (stick.h) */
MUST_USE enum err worker_setup(struct db *db, struct why *why);
