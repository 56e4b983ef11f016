/* What screens read. Rows are in the caller's arena; text is never NULL, "" when unknown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/competence.h"
#include "app/domain/status.h"
#include "app/store/content.h"
#include "app/store/store.h"
#include "platform/base/json.h"

struct item {
    const char *id, *label, *kind, *name, *detail, *room, *shelf, *maker, *model, *serial;
    /* The register line in force; a draft that changes the item names it in replaces. */
    const char *event;
    bool retired, clash; /* clash: another item carries the same label */
    bool lost;
    const char *school, *kit; /* kit: the item id of the kit that it belongs to */
    const char *retired_why;
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

/* The item's facts: those of its register line, overlaid by what standing checks answered; by key. */
MUST_USE enum err query_facts(struct store *s, const char *item, struct arena *a, struct fact **out,
                              size_t *out_count, struct why *why);
/* Of those; "" when it has none of that key. */
const char *fact_value(const struct fact *facts, size_t count, const char *key);
/* The members of a kit, in walking order. */
MUST_USE enum err query_members(struct store *s, const char *kit, struct arena *a,
                                struct item **out, size_t *out_count, struct why *why);
/* The schools that items belong to, by name; "" is left out. */
MUST_USE enum err query_schools(struct store *s, struct arena *a, const char ***out,
                                size_t *out_count, struct why *why);

/* The calendar that the school keeps, as site.calendar names it; NULL when none is named or the content
   has it not: a calendar that is another's might let a check wait in weeks that this school is open.
   Borrowed from the content. */
MUST_USE enum err query_calendar(struct store *s, struct content *c, const struct calendar **out,
                                 struct why *why);

/* The code of the constituency that the kiosk belongs to; "" while nobody has said. */
MUST_USE enum err query_constituency(struct store *s, struct arena *a, const char **out,
                                     struct why *why);
/* The same on any connection. */
MUST_USE enum err query_constituency_db(struct db *db, struct arena *a, const char **out,
                                        struct why *why);

/* The item's status now: cycles from the content's forms that apply to its kind, results from the
   projections. */
MUST_USE enum err query_status(struct store *s, struct content *c, const struct item *item,
                               int32_t today, struct arena *a, struct status *out, struct why *why);

/* The same with the time of day and with what the clock is worth; query_status takes the beginning of
   the day by a clock that can be trusted. */
struct query_when {
    int32_t today;
    int minutes; /* after midnight, local */
    bool clock_untrusted;
};
MUST_USE enum err query_status_now(struct store *s, struct content *c, const struct item *item,
                                   struct query_when when, struct arena *a, struct status *out,
                                   struct why *why);

struct past_check {
    const char *event, *form, *title, *person, *reason;
    enum form_outcome outcome;
    int32_t day;
    int64_t at_ms;
    enum clock_trust trust;
    bool withdrawn, answered; /* answered: a pass or an advice that stands names it */
    const char *life;         /* the stage that it says the item is in; "" none */
    const char *picture;      /* the first one's hash; "" none */
    const char *item;
    const char *corrected_by, *corrects; /* event ids, "" none */
    const char *countersign,
        *countersigned_by; /* the code that it wants, "" none; the person who did */
    const char *fail_action;
    /* It counts: not withdrawn, not corrected, and a pass that wants a countersignature has it. */
    bool counts;
    bool imported; /* «From the spreadsheet»; reason names the file */
    const char *tray;
    /* Its time was not trusted, and the kiosk that made it learnt later that it was off_ms earlier than
       the true one: at_ms + off_ms is when it was made. */
    bool placed;
    int64_t off_ms;
};
MUST_USE enum err query_history(struct store *s, const char *item, struct arena *a,
                                struct past_check **out, size_t *out_count,
                                struct why *why); /* newest first */
/* Of every item, from that day on, newest first; at most QUERY_HISTORY_MAX. */
MUST_USE enum err query_recent(struct store *s, int32_t since_day, struct arena *a,
                               struct past_check **out, size_t *out_count, struct why *why);
MUST_USE enum err query_check(struct store *s, const char *event, struct arena *a,
                              struct past_check *out, struct why *why);
/* What was recorded, as JSON; in the arena. ERR_NOT_FOUND. */
MUST_USE enum err query_check_body(struct store *s, const char *event, struct arena *a,
                                   const struct json **out, struct why *why);

/* What a list of checks is asked for. */
struct due_ask {
    struct query_when when;
    unsigned lists; /* bits 1u << enum due_list: rows that belong in none of these are left out */
    bool term_time; /* whoever asks works in term time only (status_in_list) */
};
struct due_row {
    struct item item;
    struct cycle_status status;
    const char *form, *title;
    bool do_not;    /* the item reads «Do not use»: quarantine, or its law's date is past */
    unsigned lists; /* bits 1u << enum due_list: where it belongs */
    /* The row is of a recall or stop notice and of no check: form "", title the notice's. NULL otherwise. */
    const struct stop_hit *recall;
};
enum { DUE_LISTS_ALL = 15 };
/* Every check that belongs in one of the lists, as status_in_list judges it, in walking order: room,
   shelf, name. Every item in quarantine and every open fault stands in all of them, also when the
   content has their form no longer. Stock near or past its use-by date has form "". */
MUST_USE enum err query_due(struct store *s, struct content *c, const struct due_ask *ask,
                            struct arena *a, struct due_row **out, size_t *out_count,
                            struct why *why);

/* Recalls and stop notices that hold, by key. */
struct notice_item {
    struct item item;
    struct stop_hit hit;
};
struct notice {
    struct stop stop;  /* as stop_told gives it */
    const char *about; /* what it is about, in a line */
    bool seen;         /* on this kiosk, in this revision */
    /* And it holds back other items now than this kiosk last said: something was registered, or its plate was read. */
    bool moved;
    const char **docs; /* activities and chemicals that it stops */
    size_t doc_count;
    struct notice_item *items;  /* that it holds back, in walking order */
    const char **ids;           /* theirs, sorted */
    size_t item_count, waiting; /* waiting: nobody has answered for */
    size_t maybe;               /* whose plate has to be looked at */
};
MUST_USE enum err query_notices(struct store *s, struct content *c, struct query_when when,
                                struct arena *a, struct notice **out, size_t *out_count,
                                struct why *why);
/* Those that stop the activity or the chemical of that id; also: another id that it stands for (what it overrides), or
   NULL. Without their items. */
MUST_USE enum err query_stopped(struct store *s, const char *doc, const char *also,
                                struct query_when when, struct arena *a, struct stop **out,
                                size_t *out_count, struct why *why);
/* What was said of an item under any notice, undone and replaced answers left out; the newest first. */
struct stop_past {
    const char *event, *notice, *mark, *why, *note, *person;
    int64_t at_ms;
};
MUST_USE enum err query_stop_past(struct store *s, const char *item, struct arena *a,
                                  struct stop_past **out, size_t *out_count, struct why *why);

struct person {
    const char *id, *name, *role, *initials;
    bool has_pin; /* on this kiosk */
};
/* By name; without those whose names were erased. */
MUST_USE enum err query_people(struct store *s, struct arena *a, struct person **out,
                               size_t *out_count, struct why *why);
MUST_USE enum err query_person(struct store *s, const char *id, struct arena *a, struct person *out,
                               struct why *why);
/* Whether the person is to be named no longer. */
MUST_USE enum err query_erased(struct store *s, const char *person, bool *out, struct why *why);
/* ERR_NOT_FOUND when no badge in force has the code; ERR_CONFLICT when two people hold it (issued
   while kiosks were apart): neither may be signed in by it. */
MUST_USE enum err query_badge(struct store *s, const char *badge_code, struct arena *a,
                              struct person *out, struct why *why);

/* A person's competences, the newest grant of each code, by code; lapsed ones too. */
MUST_USE enum err query_grants(struct store *s, const char *person, struct arena *a,
                               struct grant **out, size_t *out_count, struct why *why);
/* Who at the school has the competence in date, by name. */
MUST_USE enum err query_holders(struct store *s, const char *code, int32_t today, struct arena *a,
                                struct person **out, size_t *out_count, struct why *why);

/* What a scanned code is, for forms: an item, or a person's badge (kind "person", item their id).
   do_not: its status says so. A label that two items carry is nobody's. */
MUST_USE enum err query_thing(struct store *s, struct content *c, const char *code, int32_t today,
                              struct arena *a, struct form_thing *out, bool *out_found,
                              struct why *why);
/* Every check that the instrument took part in, newest first. */
MUST_USE enum err query_touched(struct store *s, const char *instrument_item, struct arena *a,
                                struct past_check **out, size_t *out_count, struct why *why);

struct reading {
    const char *event, *form, *field, *label, *unit;
    const char *text; /* as it was read: ">19.99" */
    int32_t day;
    double value;
    bool has_low, has_high; /* the limits that it was judged by, computed ones too */
    double low, high;
    enum form_outcome outcome; /* of the record */
};
/* Readings of records that count or failed, oldest first. form "" any; field "" all that have a unit
   or a limit. */
MUST_USE enum err query_readings(struct store *s, const char *item, const char *form,
                                 const char *field, struct arena *a, struct reading **out,
                                 size_t *out_count, struct why *why);

struct as_at_row {
    struct item item;
    struct status status;
};
/* The register at the end of that day: every item then known, and its status then; in walking order. From today on it is
   what stands now. A day gone by is judged from the lines up to that day alone, which are all applied afresh in memory:
   ERR_LIMIT where the kiosk holds more than AS_AT_LINES_MAX, since the screen would stand still for minutes. */
enum { AS_AT_LINES_MAX = 100000 };
MUST_USE enum err query_as_at(struct store *s, struct content *c, int32_t day, int32_t today,
                              struct arena *a, struct as_at_row **out, size_t *out_count,
                              struct why *why);

struct custody_row {
    struct item item;
    const char *who, *place, *event; /* who: a person's name, or as it was typed */
    int32_t day;
    int64_t back_by_ms; /* 0 none */
    bool late;
};
/* What is out, the longest overdue first. */
MUST_USE enum err query_out(struct store *s, int64_t now_ms, struct arena *a,
                            struct custody_row **out, size_t *out_count, struct why *why);

struct life_row {
    struct item item;
    const char *stage; /* "" when nothing was recorded yet */
    int32_t day;
    bool ended;
};
/* Items of the kinds that have a line of life, the live ones first. */
MUST_USE enum err query_life(struct store *s, struct content *c, int32_t today, struct arena *a,
                             struct life_row **out, size_t *out_count, struct why *why);
/* Checks that wait for a countersignature, newest first. */
MUST_USE enum err query_awaiting(struct store *s, struct arena *a, struct past_check **out,
                                 size_t *out_count, struct why *why);

/* The four facts, and what else the sync screen tells. Written by the worker, read here. */
struct sync_facts {
    uint64_t saved;   /* lines in this kiosk's log, everybody's */
    uint64_t waiting; /* our own not yet acknowledged */
    int64_t oldest_waiting_ms, last_success_ms, next_try_ms; /* wall; 0 none */
    const char *hub, *site, *site_name;
    const char *fault;                               /* "" or what happened */
    const char *fault_means, *fault_do, *fault_code; /* "S-203" */
    uint64_t not_understood;                         /* lines whose projection waits */
    const char *way;                                 /* netcheck_text of the last try, "" before */
    /* Attachments: named by a record and not confirmed by the hub; damaged here and not fetched again yet; why the hub took
       none in the last round, "" nothing. */
    uint64_t files_waiting, files_waiting_bytes, files_lost;
    const char *files_trouble;
    uint64_t to_come;  /* lines that a long first reading has yet to bring; 0: none, or not known */
    int64_t forked_ms; /* when this card, restored or copied, went on as a new kiosk; 0 never */
    /* By stick: when something was last taken from one, and when all of ours was last put on one; 0 never. to_put: our lines
       that no other kiosk is known to hold and that are on no stick yet; files_to_put: the same of our files. */
    int64_t stick_taken_ms, stick_given_ms;
    uint64_t to_put, files_to_put;
    bool unread; /* none of this could be read */
};
/* The name of the kiosk that this card replaces, as the hub's enrolment says; "" none. It is where a kiosk stands, as a
   rule. */
MUST_USE enum err query_replaced_room(struct store *s, struct arena *a, const char **out,
                                      struct why *why);
/* How many lines about it (an item, a person, a document) this release does not understand: they are
   kept, and what they say is not shown yet. */
MUST_USE enum err query_waiting_about(struct store *s, const char *subject, size_t *out,
                                      struct why *why);
MUST_USE enum err query_sync(struct store *s, struct arena *a, struct sync_facts *out,
                             struct why *why);
