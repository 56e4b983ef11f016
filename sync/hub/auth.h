/* Who asks: the device whose key signed the request, and whether it may. */
#pragma once

#include "sync/hub/hub.h"

enum auth_needs {
    AUTH_NONE,
    AUTH_KEY,      /* signed by the device it names, enrolled or not */
    AUTH_ENROLLED, /* and enrolled here */
};

/* By the headers alone, so that a body need not be there yet. true: q->device (and q->where) are set. false: out is the
   refusal. */
MUST_USE bool auth_check(struct hub *h, struct hub_request *q, enum auth_needs needs,
                         struct hub_reply *out);

/* Whether the body is the one that was signed for. false: out is the refusal. */
MUST_USE bool auth_body(struct hub *h, struct hub_request *q, struct hub_reply *out);

/* Signs the reply to a request that carried a signature: gives the headers in the request's arena. */
struct auth_headers {
    char digest[HTTPSIG_DIGEST_TEXT];
    char time_ms[24];
    const char *input, *signature; /* NULL when the request carried none */
};
MUST_USE enum err auth_sign(const struct hub *h, struct hub_request *q, const struct hub_reply *r,
                            struct auth_headers *out, struct why *why);

/* The certificate of a device at a site: JSON text, a full stop, the base64 of our signature over the text.
   Serves as hub_enrol's certify, with the hub as its ctx. */
MUST_USE enum err auth_certify(void *hub, struct arena *a, const struct hub_device *where,
                               const char *device, struct clock_now now, const char **out,
                               struct why *why);
