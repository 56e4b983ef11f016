/* What stands of the checks (project_standing.h), read into memory: of one item, or of all at once for a list, by the same
   words but for the item. Used by the judge alone. */
#pragma once

#include "app/store/store.h"
#include "platform/base/arena.h"
#include "platform/base/db.h"

enum standing_of {
    STANDING_LAST,  /* key: item, what: form, value: the interval that the answers set */
    STANDING_FAILS, /* key: item: it has a fail or a fault that stands on that day */
    STANDING_SAID,  /* key: item, what: custody, life, use_by */
    STANDING_DATED, /* key: the event of a register line, value: the use-by date that it has */
    STANDING_LISTS,
};
struct standing_row {
    const char *key, *what, *value, *event;
    int32_t day, next_due;
};
struct standing_list {
    struct standing_row *row; /* by key */
    size_t count, cap;
};
struct standing_rows {
    struct arena a;
    int32_t today;
    bool all; /* of every item: nothing is asked any more */
    struct standing_list list[STANDING_LISTS];
    struct db_stmt ask[STANDING_LISTS]; /* of one item */
};

/* all: everything of every item is read at once. The database's errors are told by standing_rows_end. */
void standing_rows_begin(struct standing_rows *r, struct store *s, int32_t today, bool all);
/* Reads one list of one item, by its key. Nothing is left to do where all was read. */
void standing_rows_one(struct standing_rows *r, enum standing_of of, const char *key);
/* The rows of that key; their number is in out_count. Borrowed until the next standing_rows_one of that list. */
const struct standing_row *standing_rows_of(const struct standing_rows *r, enum standing_of of,
                                            const char *key, size_t *out_count);
/* ERR_NOMEM: there was no room. No row may be trusted after an error. */
MUST_USE enum err standing_rows_end(struct standing_rows *r, struct why *why);
