/* Between stick.c, stick_in.c and stick_out.c. */
#pragma once

#include "sync/client/stick.h"
#include "sync/client/stick_folder.h"
#include "sync/log/bundle.h"
#include "sync/log/receipt.h"

enum { STICK_ARENA = 2 * BUNDLE_ARENA, STICK_LIST_ARENA = 8 * 1024 * 1024 };

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
