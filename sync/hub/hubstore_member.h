/* Who belongs to a site, by what the hub has signed (sync/PROTOCOL.md, «Giving back»). Inside the caller's transaction; for
   the store's own files only. */
#pragma once

#include "sync/hub/hubstore_parts.h"

/* What a push's lines show of members: devices and voices that a certificate or a revocation of this hub's names become the
   site's, enrolments that were lost are made again, and who was revoked is revoked. A text that the hub did not sign
   does nothing. Before the authors of the push are judged. */
MUST_USE enum err hubstore_members_in(struct hubstore *s, const struct hub_push *push,
                                      struct why *why);
/* From that moment on, if it was not before; a device that is not known is made so. */
MUST_USE enum err hubstore_revoked_in(struct hubstore *s, const char *site, const char *device,
                                      int64_t at_ms, struct why *why);
/* Revokes a device of the site and writes its line, where no line says so already. */
MUST_USE enum err hubstore_revoke_in(struct hubstore *s, const struct hub_device *where,
                                     const char *device, struct clock_now now, struct arena *a,
                                     struct why *why);
/* Enrolments without a code (hubstore_rejoin.c): by a certificate, and of a card that was copied. */
MUST_USE enum err hubstore_rejoin_in(struct hubstore *s, const struct hub_enrol *ask,
                                     struct arena *a, struct hub_enrolled *out, struct why *why);
MUST_USE enum err hubstore_fork_in(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                                   struct hub_enrolled *out, struct why *why);
/* What the hub has of a device that wants to be enrolled; "" and NULL where it has nothing. In the arena. */
struct member_has {
    char site[KEYS_RANDOM_ID]; /* to which it belongs for ever */
    const char *cert, *was;
    bool enrolled, revoked;
};
MUST_USE enum err hubstore_has_in(struct hubstore *s, const char *device, struct arena *a,
                                  struct member_has *out, struct why *why);
