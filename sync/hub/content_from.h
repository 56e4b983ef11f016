/* Publishing at this hub what lies elsewhere: a folder that `canny-pack publish` has filled, or another hub whose files this
   one mirrors. Everything goes through the same checks as what is offered by HTTP, so where it comes from need not be trusted. */
#pragma once

#include "sync/hub/content.h"
#include "sync/update/update_get.h"

struct content_from {
    struct hubstore *store;
    update_get get;
    void *ctx;
    const char *
        folder; /* its versions are those that lie there; NULL: those that its timestamp tells of */
    int64_t now_ms;
    bool trust; /* where the hub has no root, its first one is trusted */
    /* Told of every file of metadata that was offered; NULL: nobody. */
    void (*tell)(void *ctx, const char *role, int64_t version, enum content_answer answer,
                 const char *reason);
    void *tell_ctx;
    /* Out. */
    size_t counted; /* metadata that counts from now on */
    size_t refused; /* and that does not */
    size_t older;   /* neither: this hub has a later version */
    size_t files;   /* that were taken for it */
    int64_t bytes;
};
/* ERR_CONFLICT: the hub trusts no root, and may not trust this one. What was refused is told and counted, and the rest goes
   on. */
MUST_USE enum err content_from(struct content_from *f, struct why *why);
