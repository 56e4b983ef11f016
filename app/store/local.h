/* What is not an event and stays on this kiosk: drafts, PIN verifiers, settings. Same file, never
   projected, never rebuilt, never sent. */
#pragma once

#include "platform/base/db.h"
#include "platform/base/err.h"

/* Makes the tables where they are missing, and this connection's own (temp.unsaved and
   temp.unsaved_adaptation, the views draft, draft_answer and adaptation_draft). */
MUST_USE enum err local_setup(struct db *db, struct why *why);
/* Drops the draft inside the caller's transaction. */
MUST_USE enum err local_draft_drop(struct db *db, const char *item, const char *form,
                                   struct why *why);
