/* What screens read. Rows are in the caller's arena; text is never NULL, "" when unknown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/status.h"
#include "app/store/content.h"
#include "app/store/store.h"

struct item {
    const char *id, *label, *kind, *name, *detail, *room, *shelf, *maker, *model, *serial;
    /* The register line in force; a draft that changes the item names it in replaces. */
    const char *event;
    bool retired, clash; /* clash: another item carries the same label */
};
enum { QUERY_ITEMS_MAX = 5000, QUERY_HISTORY_MAX = 500 };

/* ERR_NOT_FOUND: no item of that id is known here. */
MUST_USE enum err query_item(struct store *s, const char *id, struct arena *a, struct item *out,
                             struct why *why);
/* Items that carry the label (case of letters ignored): 0 unknown, 1 the usual, more a clash to
   settle. */
MUST_USE enum err query_label(struct store *s, const char *label, struct arena *a,
                              struct item **out, size_t *out_count, struct why *why);
/* Items that hold all of the words; "": all. By room, shelf, name; at most QUERY_ITEMS_MAX. */
MUST_USE enum err query_items(struct store *s, const char *words, struct arena *a,
                              struct item **out, size_t *out_count, struct why *why);

/* The item's status now: cycles from the content's forms that apply to its kind, results from the
   projections. */
MUST_USE enum err query_status(struct store *s, struct content *c, const struct item *item,
                               int32_t today, struct arena *a, struct status *out, struct why *why);

struct past_check {
    const char *event, *form, *title, *person, *reason;
    enum form_outcome outcome;
    int32_t day;
    int64_t at_ms;
    enum clock_trust trust;
    bool withdrawn, answered; /* answered: a pass or an advice that stands names it */
    const char *body;         /* JSON of the record */
};
MUST_USE enum err query_history(struct store *s, const char *item, struct arena *a,
                                struct past_check **out, size_t *out_count,
                                struct why *why); /* newest first */
MUST_USE enum err query_check(struct store *s, const char *event, struct arena *a,
                              struct past_check *out, struct why *why);

struct due_row {
    struct item item;
    struct cycle_status status;
    const char *form, *title;
    bool do_not; /* the item is in quarantine */
};
/* Everything due by the day (and every item in quarantine), in walking order: room, shelf, name. */
MUST_USE enum err query_due(struct store *s, struct content *c, int32_t today, int32_t until,
                            struct arena *a, struct due_row **out, size_t *out_count,
                            struct why *why);

struct person {
    const char *id, *name, *role, *initials;
    bool has_pin; /* on this kiosk */
};
/* By name. */
MUST_USE enum err query_people(struct store *s, struct arena *a, struct person **out,
                               size_t *out_count, struct why *why);
MUST_USE enum err query_person(struct store *s, const char *id, struct arena *a, struct person *out,
                               struct why *why);
/* ERR_NOT_FOUND when no badge in force has the code; ERR_CONFLICT when two people hold it (issued
   while kiosks were apart): neither may be signed in by it. */
MUST_USE enum err query_badge(struct store *s, const char *badge_code, struct arena *a,
                              struct person *out, struct why *why);

/* The four facts, and what else the sync screen tells. Written by the worker, read here. */
struct sync_facts {
    uint64_t saved;   /* lines in this kiosk's log, everybody's */
    uint64_t waiting; /* our own not yet acknowledged */
    int64_t oldest_waiting_ms, last_success_ms, next_try_ms; /* wall; 0 none */
    const char *hub, *site, *site_name;
    const char *fault;                               /* "" or what happened */
    const char *fault_means, *fault_do, *fault_code; /* "S-203" */
    uint64_t not_understood;                         /* lines whose projection waits */
};
MUST_USE enum err query_sync(struct store *s, struct arena *a, struct sync_facts *out,
                             struct why *why);
