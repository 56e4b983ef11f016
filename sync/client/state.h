/* The worker's own table in canny.db, sync_state: keys and texts, read by the screens through query.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"

MUST_USE enum err state_setup(struct db *db, struct why *why);
/* Upserts; each is its own transaction unless the caller has one open. */
MUST_USE enum err state_set(struct db *db, const char *key, const char *value, struct why *why);
MUST_USE enum err state_set_i64(struct db *db, const char *key, int64_t value, struct why *why);
/* "" when absent; in the arena. */
MUST_USE enum err state_get(struct db *db, const char *key, struct arena *a, const char **out,
                            struct why *why);
/* fallback when absent or not a number. */
MUST_USE enum err state_get_i64(struct db *db, const char *key, int64_t fallback, int64_t *out,
                                struct why *why);
