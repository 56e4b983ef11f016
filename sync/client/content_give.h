/* Signed content from one kiosk of a school to the others: what this kiosk holds of its roles is put on a stick as a repository
   that they install from (sync/update/REPOSITORY.md). Nobody has to trust this kiosk for it: everything is as its publishers
   signed it. On the thread of whoever carries the stick. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sync/client/content.h"
#include "sync/client/stick.h"

struct content_outlet {
    const char *root; /* the repository's folder on the stick; made where it is missing */
    bool (*cancelled)(void *ctx);
    void (*progress)(void *ctx, size_t done, size_t all); /* files */
    void *ctx;
};

/* The root that this kiosk trusts: its version, and its hash; 0: none. */
int64_t content_client_root(struct content_client *c, char out_hash[KEYS_ID_TEXT]);
/* Whether what the folder holds is newer than what is here, or everything is to be looked at anew. */
bool content_client_can_take(struct content_client *c, const char *root);
/* Whether what is here is newer than what the folder holds whole. Reads two small files. */
bool content_client_can_give(struct content_client *c, const char *root);
/* Writes what is missing there: files first, the timestamp last, so that a stick that is pulled out too early has what it had
   before, and the next time goes on. *out_files: how many were written. What is wrong stands in why. */
enum stick_gave content_client_give(struct content_client *c, const struct content_outlet *o,
                                    size_t *out_files, struct why *why);
