/* The parts of the store, for its own files only. */
#pragma once

#include "platform/base/fs.h"
#include "sync/hub/hubstore.h"
#include "sync/hub/sql.h"
#include "sync/log/event.h"

struct hub_audit;
struct hubstore {
    struct sql *sql;
    char data[FS_PATH_MAX]; /* "" on a shared database, and of a single file */
    struct keypair self;    /* the hub's own key, once somebody has asked for it; id "" else */
    bool unsure;            /* the last commit broke off: it may have been committed or not */
    int64_t sweep_ms;       /* nothing is swept before this moment (hubstore_blank.c) */
};

enum {
    HUBSTORE_BASE = 3, /* the version of hubstore_schema */
    HUBSTORE_VERSION = 14,
    HUBSTORE_VOICES = 5, /* the version whose voices are rows */
    HUBSTORE_ERASED = 7, /* the first that has table erased */
};
/* The tables (hubstore_schema.c). */
extern const char hubstore_schema[];
extern const char hubstore_schema_shared[];
extern const char *const hubstore_steps[HUBSTORE_VERSION - HUBSTORE_BASE];
/* The tables of before (versions 1 and 2, on SQLite only) become those of the base, inside the caller's transaction
   (hubstore_old.c). */
MUST_USE enum err hubstore_old(struct hubstore *s, int64_t version, struct why *why);

/* One transaction around work, which may be run again from its beginning when what failed passes by itself. again: also
   when it may have been committed after all. */
typedef enum err (*hubstore_work)(struct hubstore *s, void *ctx, struct why *why);
MUST_USE enum err hubstore_in(struct hubstore *s, bool again, hubstore_work work, void *ctx,
                              struct why *why);

/* The hub's own key, kept in the store; borrowed. ERR_CONFLICT: it is lost (hubstore_keys.c). */
MUST_USE enum err hubstore_self(struct hubstore *s, const struct keypair **out, struct why *why);
/* The hub's own key, of a hub that is being founded (hubstore_keys.c). */
MUST_USE enum err hubstore_key_found(struct hubstore *s, struct why *why);
/* The key of a device id under which the hub writes in a site (hubstore_keys.c); and a new one, kept under its id. */
MUST_USE enum err hubstore_voice(struct hubstore *s, const char *voice, struct keypair *out,
                                 struct why *why);
MUST_USE enum err hubstore_voice_new(struct hubstore *s, struct keypair *out, struct why *why);
/* A key that is a row, by its name; and putting one there, where none of that name is. */
MUST_USE enum err hubstore_secret(struct hubstore *s, const char *name, bool *out_found,
                                  struct keypair *out, struct why *why);
MUST_USE enum err hubstore_secret_put(struct hubstore *s, const char *name,
                                      const struct keypair *key, struct why *why);
/* Those that stood in files, or under their site's name, until version 4. */
MUST_USE enum err hubstore_voices_old(struct hubstore *s, struct why *why);

/* hubstore_epoch.c, inside the caller's transaction. */
MUST_USE enum err hubstore_epoch_in(struct hubstore *s, char out[KEYS_RANDOM_ID], struct why *why);
MUST_USE enum err hubstore_epoch_found(struct hubstore *s, struct why *why);
MUST_USE enum err hubstore_alarm_in(struct hubstore *s, const struct hub_alarm *alarm,
                                    struct why *why);

/* Inside the caller's transaction, before it overwrites what must not stay in any file: notes that hubstore_tidy has to sweep
   (hubstore_blank.c). */
MUST_USE enum err hubstore_blanking_in(struct hubstore *s, struct why *why);

/* hubstore_lines.c. ERR_NOT_FOUND: no site has this name. */
MUST_USE enum err hubstore_site_there(struct hubstore *s, const char *name, struct why *why);

/* hubstore_head.c, inside the caller's transaction. What the store has of author->device; unknown: zeros. */
MUST_USE enum err hubstore_author(struct hubstore *s, const char *site, struct lines_author *author,
                                  struct why *why);
void hubstore_hash(struct sql_stmt *q, int col, uint8_t out[KEYS_HASH]);
void hubstore_head_of(const struct lines_author *author, struct hub_head *out);
/* Fills out push->head for push->device. */
MUST_USE enum err hubstore_head_in(struct hubstore *s, struct hub_push *push, struct why *why);
/* Fills out push->signature, under push->head; one that stands already is not made again. */
MUST_USE enum err hubstore_sign_in(struct hubstore *s, struct hub_push *push, struct why *why);
MUST_USE enum err hubstore_status_in(struct hubstore *s, struct hub_push *push, const char *json,
                                     size_t len, struct why *why);

/* hubstore_append.c, inside the caller's transaction. Each push fails alone, in its rc; what is returned fails all. At
   most one push a site. */
MUST_USE enum err hubstore_append_in(struct hubstore *s, struct hub_push **pushes, size_t count,
                                     struct why *why);
/* Whose line it is, for ever. ERR_DENIED: another site's. */
MUST_USE enum err hubstore_own(struct hubstore *s, const char *device, const char *site,
                               struct why *why);
/* Writes a line by the voice of the site (hubstore_say.c). */
MUST_USE enum err hubstore_say(struct hubstore *s, const struct hub_device *where,
                               const struct event_draft *draft, struct clock_now now,
                               struct arena *a, struct why *why);

/* hubstore_session.c, inside the caller's transaction: a session of somebody for whom an issuer vouches. */
MUST_USE enum err hubstore_session_in(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                      const char *account, const struct hub_audit *audit,
                                      struct why *why);

/* hubstore_enrol.c and others, inside the caller's transaction. */
MUST_USE enum err hubstore_enrol_in(struct hubstore *s, const struct hub_enrol *ask,
                                    struct arena *a, struct hub_enrolled *out, struct why *why);
/* The device's row, its certificate and its line. */
MUST_USE enum err hubstore_enrol_new(struct hubstore *s, const struct hub_enrol *ask,
                                     const struct hub_device *where, struct arena *a,
                                     const char **out_cert, struct why *why);
MUST_USE enum err hubstore_nonce_in(struct hubstore *s, const char *device, const char *nonce,
                                    int64_t now_ms, struct why *why);
MUST_USE enum err hubstore_post_in(struct hubstore *s, const struct hub_post *post,
                                   struct clock_now now, struct why *why);

/* hubstore_person.c: what lines say of names, as hubstore_follow comes to them; inside its transaction. badge: the line
   names a badge, else a name. */
MUST_USE enum err hubstore_person_named(struct hubstore *s, const char *site, const struct event *e,
                                        bool badge, struct why *why);
MUST_USE enum err hubstore_person_erased(struct hubstore *s, const char *site,
                                         const struct event *e, struct arena *a, struct why *why);
