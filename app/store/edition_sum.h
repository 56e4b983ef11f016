/* Whether an edition is still, byte for byte, the one that was made: HASH.sum holds the SHA-256 of HASH.db as it was when it was
   finished. A card that loses a bit is not noticed by SQLite, and a limit could be wrong for ever. */
#pragma once

#include "app/store/edition_state.h"

enum edition_sum {
    EDITION_HOLDS,
    EDITION_DIFFERS, /* or cannot be read to its end; or was made by this program and its sum is gone */
    EDITION_UNSUMMED /* made by a program that kept no sum: nothing is known of it */
};

/* Keeps the sum of the database at path, which is about to become the edition's. */
MUST_USE enum err edition_sum_keep(const char *data_dir, const char *hash, const char *path,
                                   struct why *why);
/* Whether one is kept, as it is of each that was made since there are any. */
bool edition_sum_there(const char *data_dir, const char *hash);
/* Reads the whole database, stopping between pieces where stop (may be NULL) says so: ERR_OFFLINE. Any error: it is not known.
   Any thread. */
MUST_USE enum err edition_sum_hold(const char *data_dir, const char *hash, bool (*stop)(void *ctx),
                                   void *ctx, enum edition_sum *out, struct why *why);

/* Whether the screens may show it: it holds its sum; or it has none, is in use or waits, and no file of it is known to be damaged.
   The one before stands in for a damaged one only where it holds its sum. Errors as above: it is not known. */
MUST_USE enum err edition_fit(const char *data_dir, const struct edition_name *name,
                              bool (*stop)(void *ctx), void *ctx, bool *out_fit, struct why *why);
