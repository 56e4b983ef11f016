/* What the hub says of a device under its own key: that it belongs to a site (a certificate), or no longer does (a
   revocation). Kiosks keep both, and give them back to a hub that was restored from before. Pure. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/client/proto.h"
#include "sync/hub/hubstore.h"

#define CERT_ENROLLED "canny.certificate"
#define CERT_REVOKED "canny.revocation"

enum { CERT_MAX = 4096 }; /* bytes of one */

struct cert {
    char site[KEYS_RANDOM_ID];
    char site_name[PROTO_NAME_MAX];
    char voice[KEYS_ID_TEXT]; /* under which the hub wrote in that site when it said so */
    char device[KEYS_ID_TEXT];
    int64_t issued_ms;
};

/* What is to be said of a device that is at, or was at, where. */
struct cert cert_of(const struct hub_device *where, const char *device, int64_t issued_ms);
/* type: CERT_ENROLLED or CERT_REVOKED. A JSON text, a full stop, and the base64 of the hub's signature over the text; in the
   arena. */
MUST_USE enum err cert_make(struct arena *a, const struct keypair *hub, const char *type,
                            const struct cert *of, const char **out, struct why *why);
/* ERR_INPUT, ERR_LIMIT: it cannot be read; ERR_DENIED: it is not the word of the hub with this id. text NULL: ERR_INPUT. */
MUST_USE enum err cert_read(struct arena *a, const char *text, const char *type, const char *hub,
                            struct cert *out, struct why *why);
