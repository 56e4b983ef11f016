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
#include "sync/log/evlog_fork.h"

struct store {
    struct db db;
    struct keypair self; /* DATA/device.key; store_key_again where it may have changed */
    char dir[512];
    struct keypair pins;       /* of the verifiers of PINs: the first key of this card */
    char wrote[EVENT_ID_TEXT]; /* the last line of the transaction under way; "" none */
    struct stops *stops;       /* as last read (stops.h); NULL: not yet */
    bool stops_lent;           /* another store's: of a day gone by */
    bool unsaved;              /* something of a draft is in memory alone: store_drafts_save */
};

/* Opens or makes DATA. ERR_DENIED: read-only; ERR_FULL; ERR_INPUT: damaged (the sentence says what
   to do). */
MUST_USE enum err store_open(struct store *s, const char *dir, struct why *why);
/* The same, telling (project.h; NULL: nobody) how far the tables are built again where a new release asks for that: minutes
   for years of records. */
struct project_told;
MUST_USE enum err store_open_told(struct store *s, const char *dir, const struct project_told *told,
                                  struct why *why);
void store_close(struct store *s);

/* Takes up the key that the worker changed to, where it did (sync/log/device_key.h). Writing does that by itself. */
MUST_USE enum err store_key_again(struct store *s, struct why *why);
/* For the worker: heals a fork in one transaction. Our lines leave the chain, carried whole; the hub's is taken in; the
   tables say what the log says then. */
MUST_USE enum err store_fork_db(struct db *db, struct clock_now now, const struct evlog_fork *f,
                                struct why *why);

/* Appends one event of our own and applies it to the projections: one transaction. out_id
   ("device:seq") may be NULL. */
MUST_USE enum err store_record(struct store *s, struct clock_now now,
                               const struct event_draft *draft, char out_id[EVENT_ID_TEXT],
                               struct why *why);
/* Ends a transaction in which something may have been recorded, as its work went (db_finish); nothing else may end one. After
   the outermost commit the last line written in it is read back: the screen says «Recorded» only of what is found. ERR_IO: it
   was committed and is not there. */
MUST_USE enum err store_finish(struct store *s, enum err rc, struct why *why);
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
     site.founded, site.calendar, site.constituency, item.registered, item.labelled, person.added, badge.issued,
     competence.granted, check.recorded, check.withdrawn, check.countersigned. kiosk.enrolled is the
     hub's to write. */
struct fact {
    const char *key, *value; /* "nuclide", "Sr-90" */
};
enum { STORE_FACTS_MAX = 64, STORE_TRAY_MAX = 200 };
struct item_draft {
    const char *id;    /* NULL: a new random one */
    const char *label; /* the code on it; NULL or "": none yet */
    const char *kind;  /* equipment kind id */
    /* The name is needed; the others NULL or "" when unknown. */
    const char *name, *detail, *room, *shelf, *maker, *model, *serial;
    /* Event id of the register line that this one replaces; NULL for a new item. */
    const char *replaces;

    /* What a screen that changes a name does not know must not get lost: where replaces is given,
       NULL keeps what that line says, "" takes it away. */
    const char *school;      /* where it belongs, of several that a technician serves */
    const char *kit;         /* item id of the kit it is a member of */
    const char *retired_why; /* why it is retired, or how it was lost */
    bool retired, lost;      /* as they are from now on */
    /* NULL with replaces: the facts of that line; an empty value takes one away. */
    const struct fact *facts;
    size_t fact_count;
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
/* The line names the badge by a blob beside the log. */
MUST_USE enum err store_issue_badge(struct store *s, struct clock_now now, const char *actor,
                                    const char *person, const char *badge_code, struct why *why);
/* The person is named no longer, here at once and wherever the line comes to: names, badges, PIN and what is the person's own
   go; records stay and name nobody. reason: "asked", "left" ... ERR_DENIED: nobody says so. ERR_NOT_FOUND. */
MUST_USE enum err store_erase_person(struct store *s, struct clock_now now, const char *actor,
                                     const char *person, const char *reason, struct why *why);
/* Also drops the draft of (item, form), in the same transaction: a record and its draft never both
   exist. */
MUST_USE enum err store_record_check(struct store *s, struct clock_now now, const char *actor,
                                     const struct check *c, char out_id[EVENT_ID_TEXT],
                                     struct why *why);
/* A tray: a record for each, all or none, in one transaction; at most STORE_TRAY_MAX (ERR_LIMIT).
   ERR_CONFLICT: two of them are of the same item and form. out_ids has count places, or is NULL. */
MUST_USE enum err store_record_checks(struct store *s, struct clock_now now, const char *actor,
                                      const struct check *checks, size_t count,
                                      char (*out_ids)[EVENT_ID_TEXT], struct why *why);
/* A check whose form makes an item: the record and the new item's register line, both or neither.
   The new item's facts are those of made, then the fact rows of the check, then `parent`, the id of
   the check's item. An undo of the check retires the item. */
MUST_USE enum err store_record_making(struct store *s, struct clock_now now, const char *actor,
                                      const struct check *c, const struct item_draft *made,
                                      char out_id[EVENT_ID_TEXT], char out_item[KEYS_RANDOM_ID],
                                      struct why *why);
/* A record that corrects another names it and says why (check.corrects, .corrects_why): ERR_INPUT
   where it is not of the same item and form, or the reason is missing. What the corrected one
   released stays released only when the new one names it too; a quarantining fail is corrected by
   another quarantining one, or answered by a release like any other.

   Countersignature by another person than the signer (ERR_DENIED for himself), whose badge and PIN
   the screen has proved. code "" : the one that the check waits for; ERR_INPUT when it waits for
   another or for none. */
MUST_USE enum err store_countersign(struct store *s, struct clock_now now, const char *actor,
                                    const char *check_event, const char *code, struct why *why);
/* until_iso NULL or "": no end; a day gone by takes the competence away. It replaces what the person
   has of that code. */
MUST_USE enum err store_grant(struct store *s, struct clock_now now, const char *actor,
                              const char *person, const char *code, const char *until_iso,
                              const char *basis, struct why *why);
/* The school's calendar by its id in the content; "" none. */
MUST_USE enum err store_set_calendar(struct store *s, struct clock_now now, const char *actor,
                                     const char *calendar, struct why *why);
/* The constituency that the kiosk belongs to, by the code of its place document ("S12000030", "X-SCIS"); ""
   none. The content is indexed again for it when the kiosk comes home. */
MUST_USE enum err store_set_constituency(struct store *s, struct clock_now now, const char *actor,
                                         const char *constituency, struct why *why);
/* Undo within eight seconds. ERR_DENIED: later, by another person or on another kiosk;
   ERR_NOT_FOUND: no such check here. */
enum {
    STORE_UNDO_MS = 8000,
    /* A line is not stamped before the one before it: so far it may stand ahead of the clock. */
    STORE_AHEAD_MS = 2000,
};
MUST_USE enum err store_withdraw_check(struct store *s, struct clock_now now, const char *actor,
                                       const char *event, struct why *why);
/* A whole tray's undo: all or none. */
MUST_USE enum err store_withdraw_checks(struct store *s, struct clock_now now, const char *actor,
                                        const char (*events)[EVENT_ID_TEXT], size_t count,
                                        struct why *why);

/* Recalls and stop notices (stops.h). Lines: stop.seen, stop.answered, stop.cleared, stop.withdrawn. */
struct stop_about {
    const char *key; /* of the notice */
    int revision;
};
enum { STORE_STOP_ITEMS_MAX = 500 };
/* Somebody at this kiosk has read it; nobody need be signed in. items: those that it holds back here now, for the hub's count;
   of more than STORE_STOP_ITEMS_MAX the first. */
MUST_USE enum err store_stop_seen(struct store *s, struct clock_now now, const char *actor,
                                  const struct stop_about *about, const char *const *items,
                                  size_t count, struct why *why);
/* What was found: "found" (and taken out of use) or "gone" (not here, not ours). A line for each item, all or none; at most
   STORE_TRAY_MAX (ERR_LIMIT). It takes the place of what was answered before. out_ids has count places, or is NULL. */
MUST_USE enum err store_stop_answer(struct store *s, struct clock_now now, const char *actor,
                                    const struct stop_about *about, const char *answer,
                                    const char *const *items, size_t count,
                                    char (*out_ids)[EVENT_ID_TEXT], struct why *why);
/* Puts one item back: badge and PIN were proved by the screen; the competence is held here (STOP_RELEASERS), in date.
   reason "repaired", "not-affected" ...; note: what was looked at or done (ERR_INPUT without one). ERR_DENIED. */
struct stop_release {
    const char *item, *reason, *note;
};
MUST_USE enum err store_stop_clear(struct store *s, struct clock_now now, const char *actor,
                                   const struct stop_about *about,
                                   const struct stop_release *release, char out_id[EVENT_ID_TEXT],
                                   struct why *why);
/* Undo of answers or a release, within STORE_UNDO_MS, all or none. The errors of store_withdraw_check. */
MUST_USE enum err store_stop_withdraw(struct store *s, struct clock_now now, const char *actor,
                                      const char (*events)[EVENT_ID_TEXT], size_t count,
                                      struct why *why);

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
   one the draft was begun with. value NULL takes the answer back. What could not be saved (a full disk) stands in the draft
   all the same as long as the store is open, and store.unsaved says that store_drafts_save should be called again. */
struct draft {
    const char *item, *form, *form_version, *person;
    int64_t started_ms, saved_ms;
    const char **fields, **values;
    size_t count;
};
/* What a draft is kept under beside the form's id: its version, and whose it is where that is an employer, as two forms may have
   one version. */
enum { STORE_DRAFT_VERSION = 96 };
struct form;
void store_draft_version(const struct form *f, char out[STORE_DRAFT_VERSION]);
MUST_USE enum err store_draft_put(struct store *s, struct clock_now now, const char *person,
                                  const char *item, const char *form, const char *version,
                                  const char *field, const char *value, struct why *why);
/* Answers that belong together, all or none: half of them would be a record that nobody meant. */
MUST_USE enum err store_draft_put_all(struct store *s, struct clock_now now, const char *person,
                                      const char *item, const char *form, const char *version,
                                      const struct fact *answers, size_t count, struct why *why);
MUST_USE enum err store_drafts_save(struct store *s, struct why *why);
/* After lines came from elsewhere: what was not saved of somebody who is to be named no longer goes from memory too. */
MUST_USE enum err store_drafts_forget(struct store *s, struct why *why);
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
   lines. Then an error leaves some of them: the caller takes the whole transaction back. */
MUST_USE enum err store_ingest_db(struct db *db, struct clock_now now,
                                  const struct event_line *lines, size_t count, size_t *out_new,
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
