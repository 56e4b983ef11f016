/* The site that this kiosk belongs to, with a hub or without, and its kiosks (sync/PROTOCOL.md, «A site without a hub»).
   Where it belongs stands in sync_state (site.id, site.name, site.founder, site.by), which the worker reads too. */
#pragma once

#include "app/store/store.h"
#include "sync/log/admission.h"

enum { SITE_KIOSKS_MAX = 500, SITE_KIOSK_NAME_MAX = 64 };

struct site {
    const char *id, *name; /* "" none yet */
    const char *hub;       /* the hub's key; "" none */
    const char *by;        /* who admitted this kiosk; "" nobody */
    bool member;           /* the log shows that this kiosk belongs to it */
};
/* In the arena. */
MUST_USE enum err site_read(struct store *s, struct arena *a, struct site *out, struct why *why);

/* What an admission's code carries. */
struct site_code {
    char site[KEYS_RANDOM_ID], name[ADMISSION_NAME_MAX + 1], by[KEYS_ID_TEXT], to[9];
    int64_t at_ms;
    char sig[96]; /* base64 */
};
/* Admits another kiosk: founds the site first where this kiosk has none (with this name, this kiosk called own_name), writes
   `kiosk.admitted`, all in one transaction. The same kiosk again gets a new admission. actor's badge and PIN the screen has
   proved. ERR_INPUT: the key is no device's; ERR_CONFLICT: it is this kiosk itself, or was revoked, or this kiosk does not
   belong to its site any more. */
MUST_USE enum err site_admit(struct store *s, struct clock_now now, const char *actor,
                             const char *key, const char *name, const char *site_name,
                             const char *own_name, struct site_code *out, struct why *why);
/* Takes the answer: this kiosk belongs to that site from now on. The sentences can be shown. ERR_DENIED: for another kiosk,
   or the signature is not right; ERR_CONFLICT: this kiosk belongs to another site; ERR_INPUT: it is too old, or damaged. */
enum { SITE_ADMIT_DAYS = 14 };
MUST_USE enum err site_join(struct store *s, struct clock_now now, const struct site_code *code,
                            struct why *why);

struct site_kiosk {
    const char *id, *name; /* the name that was given last; "" none */
    int64_t since_ms;      /* when it came to belong; 0 not known */
    int64_t heard_ms;      /* its last line here, or its last receipt; 0 nothing yet */
    bool self, revoked, founder;
};
/* Everybody who ever belonged to the site, this kiosk first, then by name; the revoked last. In the arena. */
MUST_USE enum err site_kiosks(struct store *s, struct arena *a, struct site_kiosk **out,
                              size_t *out_count, struct why *why);

/* After lines came by stick: notes who founded the site, which an enrolment tells the hub. On any connection. */
MUST_USE enum err site_settle(struct db *db, struct why *why);
/* Whether the log holds a revocation of this kiosk, signed by the hub that it knows. */
MUST_USE enum err site_revoked(struct db *db, const char *self, bool *out, struct why *why);
/* For the stick: ids of everybody who ever belonged to the site, and who admitted this kiosk, whose lines have not come
   yet. On any connection to the store's file. */
struct site_member {
    const char *id;
    bool now;
};
MUST_USE enum err site_members(struct db *db, const char *site, struct arena *a, size_t max,
                               struct site_member **out, size_t *out_count, struct why *why);
