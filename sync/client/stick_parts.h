/* Between stick.c, stick_in.c, stick_out.c and stick_notice.c. */
#pragma once

#include "sync/client/stick.h"
#include "sync/client/stick_folder.h"
#include "sync/log/bundle.h"
#include "sync/log/receipt.h"

enum { STICK_TO_MAX = BUNDLE_RECEIVERS_MAX - 1 /* and ourselves */ };
enum { STICK_ARENA = 2 * BUNDLE_ARENA, STICK_LIST_ARENA = 8 * 1024 * 1024 };

/* Keys that a bundle is sealed to. */
struct stick_to {
    uint8_t (*keys)[KEYS_PUBLIC];
    size_t count;
    char hash[KEYS_ID_TEXT]; /* of all of them, in order: how a bundle of ours is known again */
};
struct stick_batch {
    struct bundle_line *lines;
    size_t count;
    size_t bytes;
};
/* The lines by which those who were taken out of the site hear of it (stick_notice.c). */
struct stick_notice {
    struct stick_batch batch;
    struct stick_to to; /* hash: of the lines too */
    size_t there;       /* bundles of it that stand on the stick already */
};

struct stick_work {
    struct stick *s;
    struct stick_folder folder;
    struct arena list; /* names and members, for the whole of it */
    struct arena a;    /* one bundle or receipt; reset for each */
    struct stick_member *members;
    size_t member_count;
    uint64_t read;              /* bytes, against STICK_ROUND_MAX */
    uint8_t (*to)[KEYS_PUBLIC]; /* receivers, sorted; by stick_write_bundles */
    size_t to_count;
    char epoch[KEYS_RANDOM_ID]; /* of the hub's receipt on this stick; "" none there */
    bool counting;              /* stick_look */
    struct stick_notice notice;
};

void stick_note(struct stick_work *w, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);
void stick_progress(struct stick_work *w);
bool stick_stopped(struct stick_work *w);
MUST_USE enum err stick_members(struct stick_work *w, struct why *why);
bool stick_belongs(const struct stick_work *w, const char *device);
/* ERR_IO and ERR_NOMEM end the work; whatever else is wrong with one file concerns that file. */
bool stick_ends(enum err rc);

/* Receipts of others: kept in our own tables. */
MUST_USE enum err stick_read_receipts(struct stick_work *w, struct why *why);
/* Bundles of others. */
MUST_USE enum err stick_read_bundles(struct stick_work *w, struct why *why);
/* What is missing, and our receipt. counting: only tallies. */
MUST_USE enum err stick_write_bundles(struct stick_work *w, struct why *why);
MUST_USE enum err stick_write_receipt(struct stick_work *w, struct why *why);
/* One bundle to the receivers from the given one on, and to ourselves. ERR_LIMIT: the plug's bound. */
MUST_USE enum err stick_write_bundle(struct stick_work *w, const struct stick_batch *batch,
                                     const struct stick_to *to, size_t from, struct why *why);

/* Gathers w->notice, sealed to the revoked and to the others (to). It stays empty where nobody is revoked. */
MUST_USE enum err stick_notice_read(struct stick_work *w, const struct stick_to *to,
                                    struct why *why);
/* How many of its lines are not on the stick. */
size_t stick_notice_missing(const struct stick_work *w);
MUST_USE enum err stick_notice_write(struct stick_work *w, struct why *why);
/* The line of the bundle that revokes this kiosk and holds the known hub's own signature for it; NULL: none. Whoever sealed the
   bundle need not be trusted. */
const struct bundle_line *stick_notice_own(struct stick_work *w, const struct bundle *b);
