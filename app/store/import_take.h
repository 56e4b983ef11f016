/* A register that a spreadsheet brings, recorded whole: items, and the days their checks were last
   made. */
#pragma once

#include "app/domain/import.h"
#include "app/store/content.h"
#include "app/store/store.h"

/* What the content knows, for import_parse. In the arena. */
MUST_USE enum err import_known_names(struct content *c, int32_t today, struct arena *a,
                                     struct import_known *out, struct why *why);
/* Faults that only the store can tell: a label that an item here carries, a kit that is neither in the
   file nor here. They are added to in. */
MUST_USE enum err import_check_store(struct store *s, struct arena *a, struct import *in,
                                     struct why *why);
/* Records every item and every last date in one transaction, the dates as records that are marked
   imported and name the file. The register's lines are the actor's ("": nobody was signed in), the
   dates' are nobody's. Call it only without faults (ERR_INPUT). */
MUST_USE enum err import_take(struct store *s, struct content *c, struct clock_now now,
                              const struct import *in, const char *actor, const char *file,
                              struct why *why);

/* The same in pieces, for a screen that has to keep drawing. The transaction stays open between
   them: until import_end nothing else may be written through this store, as a rollback would take it
   along. What it was begun with is borrowed until the end. */
struct import_run {
    struct store *store;
    struct content *content;
    struct clock_now now;
    const struct import *in;
    const char *actor, *file;
    struct arena arena;
    char (*ids)[KEYS_RANDOM_ID];
    size_t done; /* items */
    bool open;
};
MUST_USE enum err import_begin(struct import_run *r, struct store *s, struct content *c,
                               struct clock_now now, const struct import *in, const char *actor,
                               const char *file, struct why *why);
/* Takes up to so many items more. After an error only import_end may follow, without keep. */
MUST_USE enum err import_step(struct import_run *r, size_t items, struct why *why);
/* keep: all of it stands; otherwise, or while items are left, none does. Accepts one that is not
   open. */
enum err import_end(struct import_run *r, bool keep, struct why *why);
