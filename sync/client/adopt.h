/* A site that kiosks founded without a hub (sync/PROTOCOL.md, «A site without a hub»), and the hub that takes it over.
   What this kiosk belongs to stands in sync_state: site.id and site.name, with a hub or without, and site.founder where
   no hub made the site and it is known who did. */
#pragma once

#include <stdbool.h>

#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"

/* Writes the member "founded" of an enrolment, where this kiosk's site has no hub yet; else nothing. url: where it reaches
   the hub that it asks, for those who hear of it by a stick. */
MUST_USE enum err adopt_tell(struct db *db, struct json_out *j, const char *url, struct why *why);

/* Looks whether a stored line says that a hub has enrolled this kiosk, while it knows of none: a kiosk.enrolled about
   it, with a certificate that the hub of that certificate has signed, for this kiosk's own site. Then that hub's key
   and address are kept with it (hub.key, cert, hub.url; acked and cursor at 0), in one transaction. One whose line had
   no address takes it from a later line that does. Quick when there is nothing to do. */
MUST_USE enum err adopt_taken(struct db *db, const struct keypair *self, bool *out_changed,
                              struct why *why);
