/* Projections: what the log's lines mean, as tables that can be dropped and built again. A row
   comes from one line alone, or is computed afresh from the rows of one subject, so that the same
   lines give the same tables in whatever order they came.

   Where each rule stands. What a check's body says and when an item may be used is app/domain's
   (check.h, status.h), pure, for the hub as well. So is which of several lines of the register is in
   force, what makes a clash of labels and which badge counts (app/domain/register.h); here the same
   rules stand once more as SQL, and tests/app/store/test_register_rules holds the two to each other.
   What a check is worth (undone, corrected, waiting) is SQL alone: project_rules.h. The hub keeps
   lines and projects no register yet; before it does, those rules get their pure twin too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "sync/log/event.h"

enum {
    PROJECT_VERSION = 22, /* raised whenever tables or rules change: the next open builds again */
    PROJECT_ID_MAX = 64,  /* bytes of an item's or a person's id */
    PROJECT_LABEL_MAX = 200, /* bytes of a label */
    PROJECT_TEXT_MAX = 500,  /* bytes of a name, a room ... */
    PROJECT_REPLACES_MAX = 64,
    PROJECT_FACTS_MAX = 64,
};

/* A line on its way into the tables. One that left its chain comes as it was written, under the id that carried lines have
   (project_carried.c); its stamp is lengthened by its hash, so that no two lines ever share one: a copied card may give two
   lines the same device, number and stamp. */
enum { PROJECT_HLC = HLC_TEXT + 16 };
struct project_line {
    const struct event *event;
    const struct project_read *read; /* of the line as it came; NULL: not worked out */
    char id[EVENT_ID_TEXT];
    char hlc[PROJECT_HLC];
    int64_t at_ms;
    bool carried;
    bool own; /* its body is what the log has under this id, word for word */
    /* All lines are being applied: what is worked out at the end need not be kept by each. */
    bool rebuild;
};

/* What can be worked out of an event before its turn comes, and on any thread. */
struct project_read {
    const struct json *body;   /* of which all this is */
    const struct check *check; /* check_read's, where it is a check's and well-formed; else NULL */
    bool names;                /* a text in it may be the name of a line */
    bool files;                /* it may name files: files_name */
};
/* In the arena; NULL: no memory. */
const struct project_read *project_read(struct arena *a, const struct event *event);

/* What one kind of line does. ERR_INPUT: the body is not of this kind's shape, nothing was written,
   and the line waits; any other error is the disk's. */
struct projection {
    const char *kind;
    enum err (*apply)(struct db *db, const struct project_line *line, struct arena *a,
                      struct why *why);
};
enum err project_item_registered(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why);
enum err project_item_labelled(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_item_document(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_person_added(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why);
enum err project_badge_issued(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why);
enum err project_check_recorded(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why);
enum err project_check_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why);
enum err project_check_countersigned(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why);
enum err project_competence_granted(struct db *db, const struct project_line *line, struct arena *a,
                                    struct why *why);
enum err project_site_calendar(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_site_constituency(struct db *db, const struct project_line *line, struct arena *a,
                                   struct why *why);
enum err project_site_founded(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why);
enum err project_kiosk_enrolled(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why);
enum err project_kiosk_admitted(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why);
enum err project_kiosk_revoked(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_hub_voice(struct db *db, const struct project_line *line, struct arena *a,
                           struct why *why);
enum err project_kiosk_forked(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why);
/* What a site.founded says of its writer; project_site_founded calls it. */
enum err project_kiosk_founded(struct db *db, const struct project_line *line, struct why *why);
/* What a row of kiosk_row says. */
enum project_kiosk_how {
    KIOSK_NAMED, /* it names a kiosk, and proves nothing */
    KIOSK_FOUNDED,
    KIOSK_ADMITTED,
    KIOSK_ENROLLED,
    KIOSK_REVOKED,
};
enum err project_letter_queued(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_letter_answered(struct db *db, const struct project_line *line, struct arena *a,
                                 struct why *why);
enum err project_letter_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                  struct why *why);
enum err project_assessment_adapted(struct db *db, const struct project_line *line, struct arena *a,
                                    struct why *why);
enum err project_assessment_approved(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why);
enum err project_assessment_declined(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why);
enum err project_assessment_withdrawn(struct db *db, const struct project_line *line,
                                      struct arena *a, struct why *why);
enum err project_assessment_suggested(struct db *db, const struct project_line *line,
                                      struct arena *a, struct why *why);
enum err project_suggestion_answered(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why);
enum err project_document_read(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_document_considered(struct db *db, const struct project_line *line,
                                     struct arena *a, struct why *why);
enum err project_document_incident(struct db *db, const struct project_line *line, struct arena *a,
                                   struct why *why);
enum err project_document_reviewed(struct db *db, const struct project_line *line, struct arena *a,
                                   struct why *why);

enum err project_stop_seen(struct db *db, const struct project_line *line, struct arena *a,
                           struct why *why);
enum err project_stop_answered(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_stop_cleared(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why);
enum err project_stop_withdrawn(struct db *db, const struct project_line *line, struct arena *a,
                                struct why *why);

enum err project_person_erased(struct db *db, const struct project_line *line, struct arena *a,
                               struct why *why);
enum err project_clock_learnt(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why);

/* Told now and then while the tables are built from the log: so many lines of so many. */
struct project_told {
    void (*tell)(void *ctx, uint64_t done, uint64_t total);
    void *ctx;
};
enum { PROJECT_TOLD_LINES = 256 }; /* between one telling and the next */
/* Makes the tables where they are missing; builds them from the log where another PROJECT_VERSION
   made them; else takes up what waited for this release (project_catch_up). told (may be NULL) hears how far a building has
   come: of years of records it takes minutes. */
MUST_USE enum err project_setup(struct db *db, const struct project_told *told, struct why *why);
/* Drops the tables and applies every line of the log again, in one transaction. */
MUST_USE enum err project_rebuild(struct db *db, struct why *why);
/* Makes the tables in an empty database and fills them from another one's log, with the lines up to
   the end of that civil day only: the state as it stood then. */
MUST_USE enum err project_as_at(struct db *log, int32_t day, struct db *to, struct why *why);
enum project_took {
    PROJECT_APPLIED,
    PROJECT_UNKNOWN,   /* kind or version from a later release: waits */
    PROJECT_MALFORMED, /* a kind we know with a body we do not: waits, and why says what is wrong */
};
/* Applies one stored line; text is the line itself, whose "v" decides whether we know its body
   (NULL: we wrote it ourselves). A line that waits is no error. out (may be NULL). */
MUST_USE enum err project_apply(struct db *db, const struct event *event, const char *text,
                                size_t len, enum project_took *out, struct why *why);
/* The same of one that comes in, with what is known of it: known is a project_read. */
MUST_USE enum err project_apply_line(struct db *db, const struct event *event,
                                     const struct event_line *line, struct why *why);
/* What an event is to the projections: the line itself, or the one that it carries, which is counted once however many
   carry it. Texts that name carried lines are put as the log knows them now (evlog_carry.h), so they have to be worked out
   again when that changes. *out_event is in the arena. *out_speaks false: there is nothing to apply, as its chain holds
   the line or another one that carries it comes first. ERR_INPUT: a carried line that is none. */
MUST_USE enum err project_meant(struct db *log, const struct event *event, const char *text,
                                size_t len, struct arena *a, struct project_line *line,
                                struct event *out_event, bool *out_speaks, struct why *why);
/* Puts a line aside: reason "kind", "version" or "malformed". */
MUST_USE enum err project_wait(struct db *db, const struct project_line *line, const char *reason,
                               struct why *why);
/* Whether this release knows what a kind of line does. */
bool project_knows(const char *kind);
/* Applies the lines that were put aside by an older release and that this one understands. */
MUST_USE enum err project_catch_up(struct db *db, struct why *why);
/* SHA-256 over every table's rows in order, and over the views that judge them. */
MUST_USE enum err project_digest(struct db *db, char out[KEYS_ID_TEXT], struct why *why);

/* For the projections. A member that must be text of at most max bytes without control characters;
   absent is "". false: it is there and is not that. */
MUST_USE bool project_text(const struct json *body, const char *key, size_t max, const char **out);
/* Whether text is valid UTF-8 of at most max bytes without control characters. */
bool project_text_ok(const char *text, size_t max);
/* The same for what was written in a field of many lines: line breaks are text too. */
MUST_USE bool project_prose(const struct json *body, const char *key, size_t max, const char **out);
bool project_prose_ok(const char *text, size_t max);
/* Notes that the line replaces those that body.replaces names (a string or an array of them). */
MUST_USE enum err project_replaces(struct db *db, const struct project_line *line,
                                   const char *subject, struct why *why);
/* A name or badge of somebody who was erased before it came goes like those that were here. */
MUST_USE enum err project_erased_already(struct db *db, const char *person, const char *hash,
                                         struct why *why);
/* A label as it is compared: outer spaces off, ASCII letters raised. At most PROJECT_LABEL_MAX
   bytes. */
void project_label_key(char out[PROJECT_LABEL_MAX + 1], const char *label);
