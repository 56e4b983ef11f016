/* Sites that kiosks founded without a hub: taking one over, and its kiosks with it (sync/PROTOCOL.md, «A site without a
   hub»). Inside the caller's transaction; for the store's own files only. */
#pragma once

#include "sync/hub/hubstore_parts.h"

/* The site of a code becomes the one that the asker belongs to, if nothing stands in the way; where is the code's before,
   and the one to enrol at after. *out_fits false: another site's, or not empty any more. */
MUST_USE enum err hubstore_adopt_in(struct hubstore *s, const struct hub_enrol *ask,
                                    struct hub_device *where, bool *out_fits, struct why *why);
/* The founder and whoever a good admission among a push's lines lets in become the site's, so that their lines can be taken.
   Before the authors of the push are judged. */
MUST_USE enum err hubstore_admit_in(struct hubstore *s, struct hub_push *push, struct why *why);
/* ERR_DENIED: the push's sender is not this site's, after all that its lines say. */
MUST_USE enum err hubstore_belongs_in(struct hubstore *s, const struct hub_push *push,
                                      struct why *why);
/* Certificates and lines for those, once the push stands. Does nothing for one that failed, or without push->certify. */
MUST_USE enum err hubstore_admitted_in(struct hubstore *s, struct hub_push *push, struct why *why);
/* Where the site's kiosks find the hub: "" when nobody has said. */
MUST_USE enum err hubstore_url_in(struct hubstore *s, const char *site, char out[HUB_URL_MAX],
                                  struct why *why);
