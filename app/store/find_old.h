/* The index of the search of an edition before, term after term in the order of their texts. Its postings, some megabytes, are
   read a piece at a time: a kiosk that makes an edition has little memory left beside its screens. */
#pragma once

#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"

struct find_old {
    const char *text; /* borrowed until the next; NULL: no more */
    const uint8_t *post, *post_end;
    bool damaged;
    /* private */
    const uint8_t *at, *end; /* of the terms */
    struct db_stmt terms;
    sqlite3_blob *posts;
    size_t posts_len, posts_at;
    struct arena a;
    uint8_t *piece;
    size_t piece_size, piece_from, piece_len;
};

/* Before the first term. ERR_INPUT: there is no index. Whatever it returns, find_old_close gives back what it took. */
MUST_USE enum err find_old_open(struct find_old *o, struct db *db, struct why *why);
void find_old_next(struct find_old *o);
void find_old_close(struct find_old *o); /* accepts a zeroed one */
