/* What notices hold back of one item or of all: the notices themselves and what people said, read once for a list. Used by
   the judge and by the questions about notices. */
#pragma once

#include "app/domain/status.h"
#include "app/store/query.h"
#include "app/store/stops.h"

/* Something that somebody said of an item, and that stands. */
struct stop_said_row {
    const char *item, *notice, *mark, *event, *actor;
    int revision;
    bool open; /* no release names it */
    int64_t at_ms;
};
/* What is in a bottle. */
struct stop_inside {
    const char *item, *chemical;
};

struct stop_rows {
    struct arena a;
    struct store *store;
    const struct stops *stops;
    struct query_when when;
    bool all;                   /* what people said of every item was read at once */
    bool chemicals;             /* some notice is about chemicals */
    struct stop_said_row *said; /* by item */
    size_t said_count, said_cap;
    struct stop_inside *inside; /* by item */
    size_t inside_count, inside_cap;
    struct db_stmt ask, ask_inside;
    enum err rc;
    struct why why;
};

/* Errors are told by stop_rows_end, and no hit may be trusted then. */
void stop_rows_begin(struct stop_rows *r, struct store *s, struct query_when when, bool all);
/* The notices that hold the item back, in the arena; NULL for none. */
const struct stop_hit *stop_rows_hits(struct stop_rows *r, const struct item *item, struct arena *a,
                                      size_t *out_count);
MUST_USE enum err stop_rows_end(struct stop_rows *r, struct why *why);
