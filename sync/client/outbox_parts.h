/* What the files of the outbox share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "sync/client/outbox.h"
#include "sync/log/bundle.h"

enum { OUTBOX_ARENA_MAX = 64 * 1024 * 1024 };

/* Kinds of lines that say who belongs to the site, and who asked to be forgotten: the first that a hub is given back. */
#define OUTBOX_MEMBER_KINDS                                                                        \
    "'hub.voice', 'kiosk.enrolled', 'kiosk.revoked', 'kiosk.admitted', 'site.founded',"            \
    " 'person.erased'"

/* Takes our key from the options where the round has none yet. Each step begins so. */
void outbox_begin(struct outbox *b);
/* A number of sync_state; 0 at the start. */
MUST_USE enum err outbox_place(struct outbox *b, const char *key, uint64_t *out, struct why *why);
/* Asks the hub and reads its JSON; another status than 200 is told by outbox_refused. *out_node may be NULL where no
   answer is read. */
MUST_USE enum fault outbox_ask(struct outbox *b, struct arena *a, const struct link_ask *q,
                               struct link_answer *out, const struct json **out_node,
                               struct why *why);
/* What a refusal means, and what is done about it at once: a new epoch is taken, the certificate is shown. b->again then. */
MUST_USE enum fault outbox_refused(struct outbox *b, struct arena *a, const struct link_answer *r,
                                   struct why *why);

/* Some lines of one device, in order, as one bundle. */
struct outbox_batch {
    const char *device;
    bool members; /* only those that say who belongs to the site */
    struct bundle_line *lines;
    size_t count;
    uint64_t last; /* seq */
};
/* Those behind `last`; at most OUTBOX_LINES_MAX. In the arena. */
MUST_USE enum err outbox_gather(struct outbox *b, struct arena *a, struct outbox_batch *batch,
                                struct why *why);
/* *out_acked: what the hub holds of our own lines after it, kept with its signature. */
MUST_USE enum fault outbox_send(struct outbox *b, struct arena *a, const struct outbox_batch *batch,
                                uint64_t *out_acked, struct why *why);
/* What the hub says it holds of us, with its counter-signature: the proof that it had the line. */
MUST_USE enum fault outbox_keep_head(struct outbox *b, const struct json *node, uint64_t *out_acked,
                                     struct why *why);

/* A line of the hub's that is another here. One transaction with the cursor. */
MUST_USE enum fault outbox_heal(struct outbox *b, struct arena *a, const struct bundle_line *line,
                                struct why *why);

/* How many lines are still to come, for the screen: known where the hub has told its heads, 0 else. */
MUST_USE enum err outbox_to_come(struct outbox *b, uint64_t lines, struct why *why);
