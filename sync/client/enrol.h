/* Binds this kiosk to a site: a single-use code for a certificate that the hub has signed. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/json.h"
#include "sync/client/link.h"

/* Asks and stores what came (hub.url, hub.key, site.id, site.name, cert, kiosk.name; another hub, site or epoch begins anew:
   epoch.h) in one transaction. l->hub "" takes the key of the first answer. */
MUST_USE enum fault enrol_ask(struct db *db, struct link *l, const char *code, const char *name,
                              const char *version, struct why *why);

/* Shows the certificate to a hub that does not know us, as one that was put back from before our enrolment does not. Once:
   FAULT_KEY where there is no certificate, or the hub does not take it. */
MUST_USE enum fault enrol_rejoin(struct db *db, struct link *l, const char *version,
                                 struct why *why);
/* What an enrolment's answer says, for the key `device`: stored inside the caller's transaction. ERR_INPUT, ERR_DENIED: it is
   none, or not for that key. */
MUST_USE enum err enrol_take(struct db *db, struct link *l, struct arena *a,
                             const struct json *node, const char *device, struct why *why);
