/* The kiosk's side of signed content: when to look for it, where, at which time, and what a person is told of it. The worker
   asks the hub after its rounds, the porter a stick, and the start a folder; one of them at a time. All of it is on their
   threads: screens look at what it says (content_client_view) and wait for nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "sync/client/content_hub.h"
#include "sync/client/fault.h"
#include "sync/client/link.h"
#include "sync/update/updater.h"

enum {
    CONTENT_KEEP_MS = 600000, /* how often «last checked» is written down while nothing is new */
    CONTENT_TURN_MS = 20000,  /* files are fetched for so long at a time: records come first */
    CONTENT_END_MS = 300000,  /* whatever is on its way then is broken off */
    CONTENT_LEAST_MS = 3000,  /* but for so long at the least: most updates are done by then */
    CONTENT_AGAIN_MIN_MS = 60000, /* after a failure; doubled with each more */
    CONTENT_AGAIN_MAX_MS = 3600000,
    /* How often a hub is asked that says nothing of content with its rounds. */
    CONTENT_ASK_MS = 3600000,
    CONTENT_PLACE_MAX = 200,
    CONTENT_CHECK_MS = 24 * 3600 * 1000, /* how often what is in use is held against its sum */
};

struct content_client_options {
    const char *dir;    /* DATA/content */
    const char *device; /* the kiosk's id */
    /* As updater_ports, with the connection of whoever runs: the kiosk's database. */
    enum err (*stops_take)(void *ctx, struct db *db, const char *role, const char *bytes,
                           size_t len, struct why *why);
    enum err (*stops_keep)(void *ctx, struct db *db, const char *const *roles, size_t count,
                           struct why *why);
    enum err (*installed)(void *ctx, struct updater_installed *out, struct why *why);
    enum err (*missing)(void *ctx, const struct updater_set *set, const struct updater_blobs *blobs,
                        struct arena *a, const struct manifest_file ***out, size_t *out_count,
                        struct why *why);
    enum err (*build)(void *ctx, const struct updater_set *set, const struct updater_blobs *blobs,
                      struct updater_refusal *out, struct why *why);
    /* Makes what is here anew for another place; ERR_OK where it need not be. */
    enum err (*renew)(void *ctx, const char *constituency, const char *school, struct why *why);
    /* Reads what is in use through, stopping where stop says so (ERR_OFFLINE). What it finds it tells whoever shows it, who sets it
       aside and calls content_client_mend. NULL: nobody does. */
    enum err (*check)(void *ctx, bool (*stop)(void *ctx), void *stop_ctx, struct why *why);
    /* Whether what was in use is damaged, and nothing newly made has taken its place. Any thread; NULL: never. */
    bool (*damaged)(void *ctx);
    /* The files of the editions that are here, for other kiosks: opened, read in the arena, closed (accepts NULL). On the thread
       of whoever gives. ERR_NOT_FOUND: no edition here has it. */
    enum err (*files_open)(void *ctx, void **out, struct why *why);
    enum err (*files_read)(void *files, const struct manifest_file *f, struct arena *a,
                           uint8_t **out, struct why *why);
    void (*files_close)(void *files);
    /* What the screens tell has changed; or an edition was made that waits for a good moment. On the thread of the run. */
    void (*changed)(void *ctx);
    void *ctx;
};

struct content_client; /* opaque; any thread */
/* Reads from db (canny.db, with worker_setup done) what was last told. */
MUST_USE enum err content_client_new(const struct content_client_options *o, struct db *db,
                                     struct content_client **out, struct why *why);
void content_client_free(struct content_client *c); /* accepts NULL */

/* Where the kiosk belongs; "" not known. True: that is another place, and its content is to be looked at anew. */
bool content_client_place(struct content_client *c, const char *constituency, const char *school);

/* The same where only the constituency may be another. */
bool content_client_constituency(struct content_client *c, const char *constituency);

/* ---- runs; each reports what content_client_view then says ---- */

/* Where the place has changed: what is here is made anew for it, without asking anybody. On the worker's thread, and
   at the start. */
void content_client_renew(struct content_client *c);
/* Whether that is still to be done: what is here is of another place. */
bool content_client_renewing(struct content_client *c);
/* What is stored already, without asking anybody: gone on with after a power cut. */
void content_client_resume(struct content_client *c, struct db *db, struct clock *clock);
/* What was in use is damaged: it is to be made again. Main thread. */
void content_client_mend(struct content_client *c);
/* Where that is so: from what is here, on the worker's thread. What is wanting is fetched by the next run, whoever it asks. */
void content_client_mend_here(struct content_client *c, struct db *db, struct clock *clock);
/* Holds what is in use against its sum, on the worker's thread. */
enum content_checked {
    CONTENT_CHECKED,
    CONTENT_CHECK_STOPPED, /* it gave way, and is to be done again */
    CONTENT_CHECK_DAMAGED, /* something is still to be made again: content_client_mend_here */
};
enum content_checked content_client_check(struct content_client *c, bool (*stop)(void *ctx),
                                          void *ctx);
/* A repository in a folder: handed over at the start (trusted: its first root counts where there is none yet), or a stick's. */
struct content_folder {
    const char *root;   /* the repository */
    const char *source; /* "folder", "stick" */
    bool trusted;
    /* A root that counts where there is none yet: its version and its hash; version 0: none. */
    int64_t root_version;
    const char *root_hash;
    bool (*cancelled)(void *ctx);
    void (*progress)(void *ctx, size_t done, size_t all);
    void *ctx;
};
void content_client_folder(struct content_client *c, struct db *db, struct clock *clock,
                           const struct content_folder *f, struct updater_report *out);
/* Whether everything is to be looked at anew, as after content_client_place. */
bool content_client_wants(struct content_client *c);
/* Whether a folder holds a repository. */
bool content_folder_is(const char *root);
/* The hub, if it is time. link is that of the round that went well; out_more: there is more to fetch, come again soon. */
struct content_turn {
    struct link *link;
    bool (*yield)(void *ctx); /* something else is due; ctx is the link's */
    int64_t turn_ms, end_ms;  /* 0: CONTENT_TURN_MS, CONTENT_END_MS */
    bool more;                /* out */
};
void content_client_hub(struct content_client *c, struct db *db, struct content_turn *t);

/* ---- what kiosk and hub tell each other with each round ---- */

/* Adds the member "content" of POST /v1/status. */
void content_client_status(struct content_client *c, struct json_out *j);
/* The answer to it. */
void content_client_told(struct content_client *c, const struct json *answer);

/* ---- what a person is told ---- */

struct content_view {
    bool any; /* content was ever looked for, or installed, or did not come */
    char edition[MANIFEST_EDITION_MAX + 1]; /* the nation's in use; "" none */
    char newest[MANIFEST_EDITION_MAX + 1];  /* seen, where it is another; "" */
    int64_t checked_ms;                     /* wall; when the newest was last seen; 0 never */
    const char *what, *means, *todo, *code; /* what is wrong; "" nothing. Static */
    char why[UPDATER_WHY_MAX];              /* for IT: role, file, reason; "" */
    size_t done, all;                       /* files fetched of a run under way; all 0: none is */
    bool making;                            /* what is here is being made anew, for another place */
    bool damaged; /* what was in use is damaged and not shown; the edition before may be */
    struct updater_role roles[UPDATER_ROLES_MAX];
    size_t count;
};
void content_client_view(struct content_client *c, struct content_view *out);
/* The words for a failure; "" texts where all is well. */
const struct fault_text *content_fault_text(enum updater_fault fault);
/* Those for a damaged edition, where the one before is shown meanwhile, or none. */
const struct fault_text *content_damaged_text(bool before);
