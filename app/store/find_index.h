/* The index of the search in memory: every word of the documents in force with the documents that have
   it. Read once from content.db; some megabytes for ten thousand documents. */
#pragma once

#include <stdint.h>

#include "app/store/find_build.h"
#include "app/store/find_words.h"
#include "platform/base/arena.h"
#include "platform/base/db.h"

struct find_term {
    const char *text, *key;
    const uint8_t *posts;
    uint32_t doc_count, bytes;
    uint32_t letters; /* which letters its key has: a quick no for slips */
    uint8_t key_len, stem_len;
};

struct find_doc {
    bool there; /* false: no document in force has this place */
    bool withdrawn;
    bool ours;    /* of the constituency that this kiosk belongs to */
    uint8_t kind; /* in kinds */
    uint8_t title_words, plain_words;
    int32_t hide_after;
    /* Among all by their ids: settles what fits equally well. Places differ from kiosk to kiosk. */
    uint32_t order;
    uint32_t replaced; /* the place of what stands in for a withdrawn one, and 1 more; 0 none */
};

enum { FIND_KINDS_MAX = 64 };

struct find_index {
    struct arena a;
    struct find_term *terms, *names; /* both by text; names begin with = (find_name) */
    size_t term_count, name_count;
    const struct find_term **by_key; /* the terms, by key */
    struct find_doc *docs;           /* by place */
    size_t doc_count;
    size_t in_force;
    const char *kinds[FIND_KINDS_MAX];
    size_t kind_count;
};

/* ERR_INPUT: the blobs are damaged. */
MUST_USE enum err find_index_load(struct db *db, const char *constituency, struct find_index **out,
                                  struct why *why);
void find_index_free(struct find_index *x);

/* The postings of a term, one after the other. */
struct find_posts {
    const uint8_t *at, *end;
    uint32_t place;
    unsigned fields;
};
struct find_posts find_posts(const struct find_term *t);
bool find_posts_next(struct find_posts *p);

/* Which letters a key has. */
uint32_t find_letters(const char *key);
unsigned find_letter_count(uint32_t letters);
/* The number at *at, which goes behind it; false past the end. */
bool find_varint(const uint8_t **at, const uint8_t *end, uint32_t *out);
/* One of the two blobs of a database's index, "terms" or "posts", to be read in place; close it with sqlite3_blob_close.
   ERR_INPUT: there is no index. */
MUST_USE enum err find_part_open(struct db *db, const char *part, sqlite3_blob **out,
                                 size_t *out_len, struct why *why);
