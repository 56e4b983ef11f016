/* How often one may ask. Before the signature is looked at the address is what there is to go by; a school, or a whole
   council, may have one address for all its kiosks, so whoever proves to be a kiosk of ours is counted by its key instead,
   and costs its address nothing. */
#pragma once

#include "sync/hub/hub.h"

enum {
    GUARD_STRANGER_BURST = 400, /* requests of an address that no kiosk of ours signed */
    GUARD_STRANGER_MINUTE = 2400,
    GUARD_KIOSK_BURST = 1000, /* requests of one kiosk */
    GUARD_KIOSK_MINUTE = 3600,
    /* Wrong signatures in the name of one kiosk, from one address that is over its measure. */
    GUARD_CLAIM_BURST = 10,
    GUARD_CLAIM_MINUTE = 10,
    /* Files of content, which are small, are by nobody's leave and may be thousands: of an address that may be a council's. */
    GUARD_CONTENT_BURST = 30000,
    GUARD_CONTENT_MINUTE = 30000,
    GUARD_OFFER_BURST = 60, /* metadata that nobody has signed, of an address */
    GUARD_OFFER_MINUTE = 60,
    GUARD_TRY_BURST = 10, /* wrong enrolment codes of an address */
    GUARD_TRY_MINUTE = 10,
    /* Spread over Retry-After, so that those refused together do not come back together. */
    GUARD_JITTER_S = 10,
    GUARD_BUSY_S = 5, /* Retry-After of a hub that has too much to do */
    GUARD_BUSY_JITTER_S = 25,
};

void guard_init(struct hub *h);
/* Before anything of the request is believed. false: out is the refusal. */
MUST_USE bool guard_before(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* The same of a file of content. */
MUST_USE bool guard_content(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* Whether the address may offer metadata (wrong: what it has just offered was signed by nobody). false: out is the refusal. */
bool guard_offers(struct hub *h, struct hub_request *q, bool wrong, struct hub_reply *out);
/* Of one who brought what was asked for: it costs his address nothing. */
void guard_welcome(struct hub *h, struct hub_request *q);
/* auth_check has refused it, with this code. */
void guard_wrong(struct hub *h, struct hub_request *q, const char *code);
/* auth_check has passed it: a kiosk of ours (q->device), whose own measure counts now. false: out is the refusal. */
MUST_USE bool guard_after(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* Too much to do, as an answer. */
void guard_busy(const struct hub *h, struct hub_request *q, struct hub_reply *out);
