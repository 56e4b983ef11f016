/* Whose a document is: the sample's, the nation's, a sector's, or an employer's, whose folder counts
   only on a kiosk that belongs to it. */
#pragma once

#include "app/domain/doc.h"
#include "app/store/content_take.h"

/* Higher wins. */
enum content_rank { RANK_SAMPLE, RANK_NATIONAL, RANK_SECTOR, RANK_EMPLOYER };

enum { CONTENT_EMPLOYERS_MAX = 200, EMPLOYER_ID_MAX = 64 };

struct content_employer {
    struct content_employer *next;
    char id[EMPLOYER_ID_MAX + 1];
    bool taken;
    const char *name, *kind; /* kept with the indexer */
    const char *constituency, *site;
};

/* employers/ID/issuer.yaml: remembers the employer, and tells when its content is another kiosk's. */
enum err index_issuer(struct indexer *x, const char *path, const char *source, size_t len,
                      struct why *why);
/* The employer whose file this is; NULL when it is none's, or its issuer.yaml was no good. */
const struct content_employer *index_employer(const struct indexer *x, const char *path);
/* Tells which employers' folders were left out, and why; after the documents, whose places name the
   constituencies. */
void index_refusals(struct indexer *x);
/* The layer of a document that stands in this file: "sample" ... "school" and its rank. ERR_INPUT: the
   file may not claim the one it names. */
enum err index_layer(struct indexer *x, const char *path, const struct doc *d, const char **out,
                     enum content_rank *out_rank, struct why *why);
/* Marks which documents and forms are in force, and which stand over or under others of the same id. What it
   refuses is told and left out of force; nothing that it marks goes away, so it may be done again. */
enum err index_settle(struct indexer *x, struct why *why);
