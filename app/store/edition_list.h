/* An edition as a list of files, in the order in which they are taken in, and what it is called. */
#pragma once

#include "app/store/edition.h"

enum { EDITION_HELP = -1 /* a page of the program's own */ };

struct edition_item {
    const char *path; /* as an index has it: "employers/ID/docs/a.md" */
    const char *sha;
    const struct edition_file *file; /* NULL: a page of the program's own */
    int turn, role;                  /* role: which of the set's, or EDITION_HELP */
};
struct edition_list {
    struct edition_item *items;
    size_t count;
    char hash[KEYS_ID_TEXT]; /* of the manifests, the place, the program's pages and its format */
    char key[KEYS_ID_TEXT];  /* of the manifests and the format alone: what `bad` remembers */
    char help[KEYS_ID_TEXT]; /* of the program's pages */
    char base[KEYS_ID_TEXT]; /* of what changes how the other files are taken in */
};

/* Files that this program does not read are left out. In the arena; points into the set. ERR_INPUT: a path stands twice.
   ERR_LIMIT: more than an edition may hold. */
MUST_USE enum err edition_list(const struct edition_set *set, struct arena *a,
                               struct edition_list *out, struct why *why);
/* Only `help`, without a list. */
MUST_USE enum err edition_list_help(const struct edition_set *set, struct edition_list *out,
                                    struct why *why);
/* The bytes of one of the program's own pages. */
MUST_USE enum err edition_help(const struct edition_set *set, const struct edition_item *item,
                               struct arena *a, char **out, size_t *out_len, struct why *why);

/* Files of an edition that is there already, by their hashes. */
struct edition_held {
    const char *sha, *path;
};
struct edition_store {
    struct edition_held *rows; /* by hash */
    size_t count;
};
struct db;
MUST_USE enum err edition_store_read(struct db *db, struct arena *a, struct edition_store *out,
                                     struct why *why);
/* NULL: it is not there. */
const struct edition_held *edition_store_find(const struct edition_store *s, const char *sha);
