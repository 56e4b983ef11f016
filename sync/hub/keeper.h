/* What the hub does for its content by itself while it serves: signs daily, and publishes from a folder when asked to. A thread
   of its own with a store of its own, so that nobody waits for it. Of several copies on one database each has one: whoever comes
   second finds nothing left to do. */
#pragma once

#include "platform/base/err.h"
#include "sync/hub/hub.h"

enum {
    KEEPER_LOOK_S = 60,          /* how often it looks whether anything is due */
    KEEPER_FOLDER_S = 24 * 3600, /* how often it reads the folder again */
};

struct keeper;
/* folder: a repository that `canny-pack` wrote; NULL none. Both are borrowed until keeper_stop. */
MUST_USE enum err keeper_start(struct hub *h, const char *folder, struct keeper **out,
                               struct why *why);
/* Look now, at the folder too. */
void keeper_poke(struct keeper *k);
void keeper_stop(struct keeper *k); /* accepts NULL */
