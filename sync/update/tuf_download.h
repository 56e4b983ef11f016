/* A target of any size into a file of a folder: in pieces, never more of them than were signed for, and under its name only
   once length and hashes are right. */
#pragma once

#include "platform/base/err.h"
#include "sync/update/tuf_client.h"

/* Into dir, under the target's percent-encoded path, or where that is too long "%long-" and the hash of the path. Nothing is
   asked when the folder has the file already. ERR_DENIED: what came is not what was signed; ERR_LIMIT: it is longer
   (both TUF_MIXED); ERR_CONFLICT: another program downloads into the folder. The folder is made if it is missing. */
MUST_USE enum err tuf_download(struct tuf_client *c, update_pour pour, void *ctx,
                               const struct tuf_file *target, const char *dir, struct why *why);
