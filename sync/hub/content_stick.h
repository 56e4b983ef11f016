/* The repository onto a stick, below CANNY/content, for kiosks that no network reaches. */
#pragma once

#include "sync/hub/hubstore_content.h"

struct content_stick {
    struct hubstore *store;
    const char *stick; /* where it is mounted */
    size_t files;      /* out: written; what was there already is not */
    int64_t bytes;
};
/* What every role's newest version is made of, the timestamp last: a stick that is pulled out has what it had, or a
   repository that is whole. ERR_OK also where the hub has no content. ERR_FULL, ERR_DENIED: the stick's. */
MUST_USE enum err content_stick(struct content_stick *c, struct why *why);
