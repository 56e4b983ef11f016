/* What the store tells of a site to whoever carries its lines on a stick. Outputs are in the arena. */
#pragma once

#include "sync/hub/hubstore.h"
#include "sync/log/receipt.h"

enum { HUB_KIOSKS_MAX = 4096 /* of a site, that are looked at */ };

struct hub_site {
    struct hub_device at; /* of nobody in particular */
    uint64_t last;        /* the highest number given out */
};
/* By id, or by name (id NULL). ERR_NOT_FOUND: no such site. */
MUST_USE enum err hubstore_site(struct hubstore *s, const char *id, const char *name,
                                struct hub_site *out, struct why *why);

/* How a device stands to a site. */
enum hub_standing {
    HUB_STRANGER, /* nobody has said that it belongs here */
    HUB_KNOWN,    /* its lines are this site's; the hub has not enrolled it */
    HUB_BELONGS,  /* enrolled */
    HUB_REVOKED,
    HUB_ELSEWHERE, /* another site's */
};
MUST_USE enum err hubstore_standing(struct hubstore *s, const char *site, const char *device,
                                    enum hub_standing *out, struct why *why);

/* The ids of the kiosks that are enrolled and not revoked. */
MUST_USE enum err hubstore_kiosks(struct hubstore *s, const char *site, struct arena *a,
                                  const char *const **out, size_t *out_count, struct why *why);
/* The ids of the kiosks that are revoked, the latest first; at most max. */
MUST_USE enum err hubstore_revoked(struct hubstore *s, const char *site, size_t max,
                                   struct arena *a, const char *const **out, size_t *out_count,
                                   struct why *why);
/* The lines that prove to those kiosks that they are revoked: each one's revocation and its enrolment, without numbers of the
   site (site_no 0). No lines where none of them revokes; at most BUNDLE_LINES_MAX, the newest. */
MUST_USE enum err hubstore_notice(struct hubstore *s, const char *site, const char *const *ids,
                                  size_t count, struct arena *a, struct bundle *out,
                                  struct why *why);
/* Both for a database that is not open as a store: a hub that is being replaced. */
struct sql;
MUST_USE enum err hubstore_revoked_of(struct sql *sql, const char *site, size_t max,
                                      struct arena *a, const char *const **out, size_t *out_count,
                                      struct why *why);
MUST_USE enum err hubstore_notice_of(struct sql *sql, const char *site, const char *const *ids,
                                     size_t count, struct arena *a, struct bundle *out,
                                     struct why *why);
/* What the hub holds of each device without a gap, kiosks first; at most max. Without signatures. */
MUST_USE enum err hubstore_site_heads(struct hubstore *s, const char *site, size_t max,
                                      struct arena *a, struct receipt_head **out, size_t *out_count,
                                      struct why *why);
/* How many bytes the lines above a number have, up to about `most`. */
MUST_USE enum err hubstore_bytes_above(struct hubstore *s, const char *site, uint64_t after,
                                       int64_t *out, struct why *why);
