/* A life of the hub, as the kiosk knows it (sync/PROTOCOL.md, «Epoch»). In sync_state: epoch; cursor, read and acked,
   which count for this epoch alone; debt 1: everything held is to be given back. */
#pragma once

#include "platform/base/db.h"
#include "platform/base/err.h"

/* Inside the caller's transaction, or in one of its own: nothing that was known of the hub counts any more, and everything is
   owed to it. */
MUST_USE enum err epoch_begin(struct db *db, const char *epoch, struct why *why);
/* The site's order is to be read from its start. */
MUST_USE enum err epoch_reread(struct db *db, struct why *why);
/* Forgets what the hub acknowledged of us; also where our key has changed. */
MUST_USE enum err epoch_forget_acked(struct db *db, struct why *why);
