/* Documents under canny-pack lint: each by itself as it is read, then all that were read against
   each other: ids, references, pictures. Faults go to stdout as "file:line: what". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/arena.h"

enum { LINT_DOCS_MAX = 20000, LINT_REFS_MAX = 200000, LINT_PLACES_MAX = 1000 };

struct lint_doc {
    const char *id, *kind, *path;
    const char *layer;     /* whose word it is: the same id may be in each */
    const char *overrides; /* the id that it names, "" none */
    int revision;
};
struct lint_docs_ref {
    int kind; /* enum doc_ref_kind */
    unsigned line;
    const char *to, *from, *path;
};
struct lint_docs {
    struct arena *kept; /* borrowed */
    struct lint_doc *docs;
    struct lint_docs_ref *refs;
    size_t doc_count, ref_count;
    size_t faults;
    const char **places; /* codes of the documents of the kind place */
    size_t place_count;
    const char *layer;    /* whose the documents are that are read next; NULL: as their path says */
    const char *national; /* a folder whose pictures are there too; NULL */
    bool folder;          /* a whole folder is read, so that what is missing is missing */
    bool quiet;           /* nothing is told, and nothing asked for */
};

/* False: no memory. */
bool lint_docs_begin(struct lint_docs *l, struct arena *kept);
/* One document's bytes. a holds what is gone afterwards. */
void lint_docs_take(struct lint_docs *l, struct arena *a, const char *path, const char *text,
                    size_t len);
/* A file that is not read for a fault of its own: its document is there all the same. */
void lint_docs_unread(struct lint_docs *l, const char *path);
/* kinds: ids of kinds.csv, when one was read. */
void lint_docs_end(struct lint_docs *l, const char *const *kinds, size_t kind_count);
/* After lint_docs_end: employers' documents against those that they stand in for. */
void lint_docs_over(struct lint_docs *l, struct arena *a);
/* Whether a picture of that name lies where a document or a form of that path looks for it. */
bool lint_docs_picture(const struct lint_docs *l, const char *path, const char *name);
/* After lint_docs_end. */
bool lint_docs_has(const struct lint_docs *l, const char *id);
