/* What kiosk and hub both say in HTTP: paths, headers, limits, and the blobs that go along with lines. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "sync/client/httpsig.h"
#include "sync/log/bundle.h"

#define PROTO_ENROL "/v1/enrol"
#define PROTO_EVENTS "/v1/events"
#define PROTO_STATUS "/v1/status"
#define PROTO_FILES "/v1/files"
#define PROTO_POST "/v1/post" /* what names nobody */
#define PROTO_HEADS "/v1/heads"
#define PROTO_FORK "/v1/fork"
#define PROTO_CONTENT "/v1/content/"
#define PROTO_HUB_HEADER "canny-hub"     /* request: the id of the hub it is meant for */
#define PROTO_EPOCH_HEADER "canny-epoch" /* request: the hub's epoch that the asker goes by */
#define PROTO_EPOCH_NONE "none"          /* it knows of none yet */
#define PROTO_TIME_HEADER                                                                          \
    "canny-time" /* reply: the hub's time in ms since 1970, covered by its signature */
/* Reply to a reading of lines: which order of the site's lines it is of, «AFTER NEXT SIGNATURE», covered by the reply's
   signature (sync/PROTOCOL.md, «Tokens»). */
#define PROTO_ORDER_HEADER "canny-order"
#define PROTO_HUB_UNKNOWN "unknown" /* canny-hub of an enrolment by a typed code */
#define PROTO_LABEL "canny"         /* of our signatures */

enum {
    PROTO_WINDOW_S = 300,                            /* how far `created` may be off, each way */
    PROTO_EVENTS_MAX = BUNDLE_BYTES_MAX + 64 * 1024, /* bytes of a body of events */
    PROTO_SMALL_MAX = 16 * 1024,                     /* bytes of any other body */
    PROTO_PULL_MAX = 1000,                           /* lines of one answer */
    PROTO_NAME_MAX = 121,                            /* a site's or kiosk's name, with NUL */
    PROTO_TOKEN = 17,                                /* 16 hex digits, with NUL */
};

/* The parts that a request's and a reply's signature must cover; all they are made to cover. */
void proto_request_parts(struct httpsig_input *in);
void proto_reply_parts(struct httpsig_input *in);
bool proto_request_covered(const struct httpsig_input *in);
bool proto_reply_covered(const struct httpsig_input *in);
/* What an enrolment need not cover and every other request must. */
bool proto_epoch_covered(const struct httpsig_input *in);
/* A reply that tells of an order covers that as well. */
void proto_order_parts(struct httpsig_input *in);
bool proto_order_covered(const struct httpsig_input *in);

/* The blobs that these lines name and that this database holds, each once, at most BUNDLE_LINES_MAX. Any text of
   64 hex digits in a body may be such a name, so that a kind of line not known here takes its blobs along too. */
MUST_USE enum err proto_blobs(struct db *db, struct arena *a, const struct bundle_line *lines,
                              size_t count, struct bundle_blob **out, size_t *out_count,
                              struct why *why);

/* Takes in those that a bundle brings, in one transaction. Before its lines, so that names are there when the lines that name
   them are projected. */
MUST_USE enum err proto_blobs_take(struct db *db, const struct bundle *in, struct why *why);

/* The text under the hub's counter-signature of a device's head, in one of the hub's epochs. */
MUST_USE char *proto_head_text(struct arena *a, const char *hub, const char *epoch,
                               const char *device, uint64_t seq, const char *hash);
/* The text under the hub's signature of a number of the site's order and of the token that was given with it. */
MUST_USE char *proto_order_text(struct arena *a, const char *hub, const char *epoch,
                                const char *site, uint64_t no, const char *token);
