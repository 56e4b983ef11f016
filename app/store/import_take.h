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
   imported and name the file. Call it only without faults. */
MUST_USE enum err import_take(struct store *s, struct content *c, struct clock_now now,
                              const struct import *in, const char *file, struct why *why);
