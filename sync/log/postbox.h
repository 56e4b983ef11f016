/* What is sent to the hub and must not be in the log: an anonymous voice. Rows in the kiosk's database, written by the
   screen and emptied by the worker. A row names nobody; once the hub has said that it holds it, nothing but a count is
   left. Sending again after a cut changes nothing: the hub knows the key. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum { POSTBOX_BODY_MAX = 8 * 1024, POSTBOX_KIND_MAX = 32, POSTBOX_WAITING_MAX = 200 };

struct postbox_row {
    char key[KEYS_RANDOM_ID]; /* random; what makes sending idempotent */
    const char *kind;         /* "voice" */
    const char *body;         /* JSON object, one line; in the arena */
};

MUST_USE enum err postbox_setup(struct db *db, struct why *why);
/* Inside the caller's transaction, if one is open. ERR_LIMIT: the body is too long or POSTBOX_WAITING_MAX wait. */
MUST_USE enum err postbox_put(struct db *db, const char *kind, const char *body, struct why *why);
/* Some row that waits; *out_found false when none does. Which one comes first says nothing of when it was written: they
   go by their random keys. */
MUST_USE enum err postbox_next(struct db *db, struct arena *a, struct postbox_row *out,
                               bool *out_found, struct why *why);
/* The hub holds it: the row goes, the count grows. */
MUST_USE enum err postbox_sent(struct db *db, const char *key, struct why *why);
MUST_USE enum err postbox_counts(struct db *db, int64_t *out_waiting, int64_t *out_sent,
                                 struct why *why);
