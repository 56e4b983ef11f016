/* Binds this kiosk to a site: a single-use code for a certificate that the hub has signed. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "sync/client/link.h"

/* Asks and stores what came (hub.url, hub.key, site.id, site.name, cert; a new hub or site also acked and cursor 0)
   in one transaction. l->hub "" takes the key of the first answer. */
MUST_USE enum fault enrol_ask(struct db *db, struct link *l, const char *code, const char *name,
                              const char *version, struct why *why);

/* A certificate is JSON text, a full stop, and the base64 of the hub's Ed25519 signature over that text. */
MUST_USE enum err enrol_certificate_check(struct arena *a, const char *cert, const char *hub,
                                          const char *device, const char *site, struct why *why);
