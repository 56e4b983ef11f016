/* Makes the index of the search while documents are taken in: which word stands in which document, and
   where in it. Written as two blobs into table find; find_index.h reads them. */
#pragma once

#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"

/* Where a word stands; one bit each. What a posting keeps of a word in a document. */
enum find_field {
    FIND_TITLE = 1,
    FIND_PLAIN = 2,   /* the title as people say it */
    FIND_KEYWORD = 4, /* keywords, formulae, codes, names */
    FIND_ALSO = 8,    /* a synonym of a word in one of those */
    FIND_SUMMARY = 16,
    FIND_BODY = 32,
    FIND_KIND = 64, /* what kind it is, its subjects and stages */
};

struct find_build; /* opaque */

struct find_build *find_build_new(void); /* NULL: no memory */
void find_build_free(struct find_build *b);
/* Adds the words of a text to document `place`, whose texts come one after the other. Returns how many
   there were that say something (no stop words). What does not fit is told by find_build_write. */
size_t find_build_add(struct find_build *b, uint32_t place, const char *text, unsigned fields);
/* Adds one word as it is (already cut and folded). */
void find_build_word(struct find_build *b, uint32_t place, const char *word, unsigned fields);
/* Into table find; only documents whose byte in in_force is set count. */
MUST_USE enum err find_build_write(struct find_build *b, const uint8_t *in_force, size_t places,
                                   struct db *db, struct why *why);
/* The same where most documents are as they were: old_db has the index of before, in which the documents whose byte in drop is
   set are passed over (one byte for each of drop_places; later ones are new); what was added here comes in their place. The
   same bytes as find_build_write of all of them. ERR_INPUT: the index of before is damaged. */
struct find_before {
    struct db *db;
    const uint8_t *drop;
    size_t drop_places;
};
MUST_USE enum err find_build_renew(struct find_build *b, const struct find_before *before,
                                   const uint8_t *in_force, size_t places, struct db *db,
                                   struct why *why);
