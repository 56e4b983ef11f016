/* The kiosk's store: the log applied to projections, in DATA/canny.db; and what is not an event
   (drafts, PIN verifiers, settings) in the same file. Every write here is on the disk when the call
   returns. One connection a thread: the worker opens its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/check.h"
#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "sync/log/event.h"
#include "sync/log/evlog.h"

struct store {
    struct db db;
    struct keypair self; /* DATA/device.key */
    char dir[512];
};

/* Opens or makes DATA. ERR_DENIED: read-only; ERR_FULL; ERR_INPUT: damaged (the sentence says what
   to do). */
MUST_USE enum err store_open(struct store *s, const char *dir, struct why *why);
void store_close(struct store *s);

/* Appends one event of our own and applies it to the projections: one transaction. out_id
   ("device:seq") may be NULL. */
MUST_USE enum err store_record(struct store *s, struct clock_now now,
                               const struct event_draft *draft, char out_id[EVENT_ID_TEXT],
                               struct why *why);
/* Takes in others' lines and applies them, all in one transaction; *out_new counts those not here
   before. ERR_INPUT, ERR_LIMIT: a line is none, or there are more than STORE_INGEST_MAX;
   ERR_CONFLICT: a line does not fit the chain it names, or another one stands in its place. Nothing
   is taken then. A line of a kind not known here is kept, and its projection waits. */
MUST_USE enum err store_ingest(struct store *s, struct clock_now now, const char *const *lines,
                               const size_t *lens, size_t count, size_t *out_new, struct why *why);
/* Drops the projections and builds them again from the log. */
MUST_USE enum err store_rebuild(struct store *s, struct why *why);
/* A digest over all projection tables' rows, ordered: equal in any two stores with the same
   lines. */
MUST_USE enum err store_digest(struct store *s, char out[KEYS_ID_TEXT], struct why *why);
/* The latest stamp recorded, for the clock's floor; 0 when none. */
MUST_USE enum err store_latest_ms(struct store *s, int64_t *out, struct why *why);

/* Event kinds of this release, written through these (body built inside):
     site.founded, item.registered, item.labelled, person.added, badge.issued, check.recorded,
     check.withdrawn. kiosk.enrolled is the hub's to write. */
struct item_draft {
    const char *id;    /* NULL: a new random one */
    const char *label; /* the code on it; NULL or "": none yet */
    const char *kind;  /* equipment kind id */
    /* The name is needed; the others NULL or "" when unknown. */
    const char *name, *detail, *room, *shelf, *maker, *model, *serial;
    /* Event id of the register line that this one replaces; NULL for a new item. */
    const char *replaces;
};
MUST_USE enum err store_register_item(struct store *s, struct clock_now now, const char *actor,
                                      const struct item_draft *item, char out_item[KEYS_RANDOM_ID],
                                      struct why *why);
/* Puts a further (or new) label on an existing item. Here and in store_register_item: ERR_CONFLICT
   when another item that this kiosk knows carries the label; ERR_INPUT or ERR_LIMIT for what cannot
   be a label (the sentence says). Nothing is written when the item has the label already. */
MUST_USE enum err store_link_label(struct store *s, struct clock_now now, const char *actor,
                                   const char *item, const char *label, struct why *why);
MUST_USE enum err store_add_person(struct store *s, struct clock_now now, const char *actor,
                                   const char *person_id, const char *name, const char *role,
                                   char out_person[KEYS_RANDOM_ID], struct why *why);
/* Only the badge's hash goes into the line. */
MUST_USE enum err store_issue_badge(struct store *s, struct clock_now now, const char *actor,
                                    const char *person, const char *badge_code, struct why *why);
/* Also drops the draft of (item, form), in the same transaction: a record and its draft never both
   exist. */
MUST_USE enum err store_record_check(struct store *s, struct clock_now now, const char *actor,
                                     const struct check *c, char out_id[EVENT_ID_TEXT],
                                     struct why *why);
/* Undo within eight seconds. ERR_DENIED: later, by another person or on another kiosk;
   ERR_NOT_FOUND: no such check here. */
enum { STORE_UNDO_MS = 8000 };
MUST_USE enum err store_withdraw_check(struct store *s, struct clock_now now, const char *actor,
                                       const char *event, struct why *why);

/* PIN verifiers stay on this kiosk. Five wrong ones in a row lock the person's PIN for one minute;
   each wrong one after that for two, four ... up to 64. A right one begins anew. out_wait_s is set
   with PIN_LOCKED, and with the PIN_WRONG that locks. */
MUST_USE enum err store_set_pin(struct store *s, const char *person, const char *pin,
                                struct why *why);
enum pin_answer { PIN_RIGHT, PIN_WRONG, PIN_LOCKED, PIN_NONE /* none set on this kiosk */ };
MUST_USE enum err store_try_pin(struct store *s, struct clock_now now, const char *person,
                                const char *pin, enum pin_answer *out, int *out_wait_s,
                                struct why *why);

/* Drafts: answers given so far, one draft an item and form; each answer is saved as it is given.
   person is who answered last: one put with "" (nobody signed in) leaves it. form_version is the
   one the draft was begun with. value NULL takes the answer back. */
struct draft {
    const char *item, *form, *form_version, *person;
    int64_t started_ms, saved_ms;
    const char **fields, **values;
    size_t count;
};
MUST_USE enum err store_draft_put(struct store *s, struct clock_now now, const char *person,
                                  const char *item, const char *form, const char *version,
                                  const char *field, const char *value, struct why *why);
MUST_USE enum err store_draft_get(struct store *s, const char *item, const char *form,
                                  struct arena *a, struct draft *out, bool *out_found,
                                  struct why *why);
MUST_USE enum err store_draft_list(struct store *s, struct arena *a, struct draft **out,
                                   size_t *out_count, struct why *why);
MUST_USE enum err store_draft_drop(struct store *s, const char *item, const char *form,
                                   struct why *why);

/* Small settings of this kiosk ("hub.url", "hub.key", "site.id", "site.name", "room", ...). */
MUST_USE enum err store_set(struct store *s, const char *key, const char *value, struct why *why);
/* "" when absent; in the arena. */
MUST_USE enum err store_get(struct store *s, const char *key, struct arena *a, const char **out,
                            struct why *why);

/* Like store_ingest, on a connection that the caller already holds to the same file (the worker's
   own), inside its transaction if one is open, so that a cursor may commit together with the
   lines. */
MUST_USE enum err store_ingest_db(struct db *db, struct clock_now now, const char *const *lines,
                                  const size_t *lens, size_t count, size_t *out_new,
                                  struct why *why);
enum { STORE_INGEST_MAX = 5000 }; /* lines a call */

/* The school that this store's log belongs to, as site.founded says; the first founded wins. */
MUST_USE enum err store_found_site(struct store *s, struct clock_now now, const char *site,
                                   const char *name, struct why *why);
/* Whether a PIN may be chosen: six digits or more, no run, not all the same. The sentence says what
   to do. */
MUST_USE enum err store_pin_fit(const char *pin, struct why *why);
enum { STORE_PIN_MIN = 6, STORE_PIN_MAX = 32 };

/* Claims DATA, made if missing, for one kiosk: two of them at once would each make a key and a content index, and the last
   file written would win over a log that runs already. Before store_open; held until fs_unlock. ERR_CONFLICT: another
   kiosk runs on it. The errors of store_open too. */
MUST_USE enum err store_claim(const char *dir, struct fs_lock *out, struct why *why);
