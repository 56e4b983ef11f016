/* What the hub needs stored, as one struct of functions, so that SQLite in one file and a shared PostgreSQL serve the
   same program. Every call is one transaction of its own; outputs are in the caller's arena. Not thread-safe: one
   a thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/client/proto.h"
#include "sync/log/bundle.h"
#include "sync/log/evlog.h"

enum {
    HUB_NONCES_MAX = 1000000, /* remembered at once, over all devices */
    HUB_CODES_MAX = 1000,     /* codes that may still be used, over all sites */
    HUB_ALARMS_MAX = 10000,   /* kept; older ones give way */
    HUB_POSTS_MAX = 100000,   /* kept without a name; more are refused */
};

/* A kiosk that may speak for a site. */
struct hub_device {
    char site[KEYS_RANDOM_ID];
    char site_name[PROTO_NAME_MAX];
    char voice[KEYS_ID_TEXT]; /* the device id under which the hub writes this site's lines */
};

enum hub_enrol_answer {
    HUB_ENROLLED,
    HUB_CODE_WRONG,
    HUB_CODE_USED,
    HUB_CODE_EXPIRED,
    HUB_OTHER_SITE
};

/* Makes a certificate's text for a device that is about to be enrolled; in the arena. */
typedef enum err (*hub_certify)(void *ctx, struct arena *a, const struct hub_device *where,
                                const char *device, struct clock_now now, const char **out,
                                struct why *why);
struct hub_enrol {
    const uint8_t *code_hash; /* KEYS_HASH bytes */
    const char *device;
    const char *name;
    struct clock_now now;
    hub_certify certify;
    void *ctx;
};
struct hub_enrolled {
    enum hub_enrol_answer answer;
    struct hub_device where;
    const char *cert;
};

/* A bundle to store, and what the hub then holds. */
struct hub_push {
    const char *device; /* the sender */
    const char *site;
    const struct bundle *bundle;
    struct clock_now now;
};
struct hub_head {
    uint64_t seq; /* the highest below which none is missing */
    char hash[KEYS_ID_TEXT];
    size_t fresh; /* lines that were new */
};

/* What came without a name: neither person nor kiosk nor moment is kept. */
struct hub_post {
    const char *key, *kind, *body; /* body: a JSON object */
    const char *month;             /* "2026-11"; out only */
};
typedef bool (*hub_post_visit)(void *ctx, const struct hub_post *post);

/* A letter that a school queued, and an answer to one. */
struct hub_letter {
    const char *id, *site_name, *at, *to, *about, *question;
    size_t answers;
};
typedef bool (*hub_letter_visit)(void *ctx, const struct hub_letter *letter);
struct hub_answer {
    const char *letter, *text, *by;
};

struct hubstore {
    void *ctx;
    void (*close)(void *ctx);

    /* A code for the site of that name, which is made when there is none. ERR_LIMIT: HUB_CODES_MAX are open. */
    enum err (*code_add)(void *ctx, const char *site_name, const uint8_t code_hash[KEYS_HASH],
                         int64_t expires_ms, struct clock_now now, struct why *why);
    /* Uses the code up, binds the device, writes the kiosk.enrolled line; or says why not. The same device with
       the same code again gets the same answer. */
    enum err (*enrol)(void *ctx, const struct hub_enrol *ask, struct arena *a,
                      struct hub_enrolled *out, struct why *why);
    /* ERR_NOT_FOUND: not enrolled. */
    enum err (*device)(void *ctx, const char *device, struct hub_device *out, struct why *why);
    /* ERR_CONFLICT: this device used the nonce within the window already. ERR_LIMIT: too many to remember. */
    enum err (*nonce)(void *ctx, const char *device, const char *nonce, int64_t now_ms,
                      struct why *why);

    /* Stores all lines or none. ERR_CONFLICT: another line stands there, or one does not chain. ERR_DENIED: a line
       of another site's device. ERR_INPUT, ERR_LIMIT: a line that is no event. */
    enum err (*append)(void *ctx, const struct hub_push *push, struct hub_head *out,
                       struct why *why);
    enum err (*head)(void *ctx, const char *device, struct hub_head *out, struct why *why);
    /* Keeps the counter-signature given for a head. */
    enum err (*head_signed)(void *ctx, const char *device, const struct hub_head *head,
                            const char *signature, struct why *why);
    /* The site's lines with numbers above `after`, at most max of them, with their blobs: fills out->lines,
       ->blobs and ->next (the last number read; at the end the site's highest, which may be below `after`). */
    enum err (*since)(void *ctx, const char *site, uint64_t after, size_t max, struct arena *a,
                      struct bundle *out, struct why *why);
    enum err (*status)(void *ctx, const char *device, const char *json, size_t len, int64_t now_ms,
                       struct why *why);
    /* For whoever looks after the fleet. */
    enum err (*alarm)(void *ctx, const char *device, const char *code, const char *text,
                      int64_t now_ms, struct why *why);

    /* Lines in (hlc, device, seq) order; of one site by its name, or all (NULL). ERR_NOT_FOUND: no such site. */
    enum err (*each)(void *ctx, const char *site_name, evlog_visit visit, void *visit_ctx,
                     struct why *why);
    /* Keeps it; the same key again changes nothing. ERR_FULL: HUB_POSTS_MAX are there. */
    enum err (*post_take)(void *ctx, const struct hub_post *post, struct clock_now now,
                          struct why *why);
    /* By month. */
    enum err (*posts)(void *ctx, hub_post_visit visit, void *visit_ctx, struct why *why);
    /* Oldest first. */
    enum err (*letters)(void *ctx, hub_letter_visit visit, void *visit_ctx, struct why *why);
    /* A line by the voice of the letter's site, which its kiosks pull. ERR_NOT_FOUND: no such letter came. */
    enum err (*answer)(void *ctx, const struct hub_answer *answer, struct clock_now now,
                       struct why *why);
    enum err (*verify)(void *ctx, evlog_tell tell, void *tell_ctx, struct evlog_verdict *out,
                       struct why *why);
};

/* dir/hub.db, and the sites' keys beside it. make: a folder with no hub in it becomes one; else ERR_NOT_FOUND. */
MUST_USE enum err hubstore_sqlite_open(const char *dir, bool make, struct hubstore *out,
                                       struct why *why);
