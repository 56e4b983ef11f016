/* May I use it? One pure rule from the facts of an item to a status and its reasons; every status
   can say why. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/calendar.h"
#include "app/domain/form.h"
#include "app/domain/schedule.h"
#include "app/domain/stop.h"
#include "platform/base/arena.h"

/* One recurring check an item needs, with its last results (withdrawn and corrected ones, and those
   that wait for a countersignature, already left out). */
struct cycle {
    const char *form, *title;
    const char *interval; /* as schedule.h reads it */
    enum form_basis basis;
    const char *basis_text;
    int32_t last_day;  /* last pass or advise; CALDATE_NONE = never */
    int32_t due_day;   /* entered due day overrides the computed one; CALDATE_NONE otherwise */
    bool in_session;   /* the interval counts only while the school is open */
    int32_t first_day; /* the day the chain of checks started, so that clamped months do not drift;
                          0 or CALDATE_NONE: not known */
    const char *competence, *source, *edition, *confidence;
    /* Title of the other check whose pass served for this one; NULL: its own. */
    const char *served_by;
    bool moves; /* it says who has the item, and nothing of its condition */
};
/* A fail that nothing has answered yet, or a fault still open. */
struct open_fail {
    const char *event; /* "device:seq" */
    const char *form, *title, *reason, *actor;
    int32_t day;
    const char *fail_action; /* "F2" ...; "" or NULL when the record does not say */
};

/* A recall or stop notice that holds the item back. */
struct stop_hit {
    struct stop stop;      /* as stop_told gives it */
    enum stop_match match; /* STOP_IN or STOP_MAYBE */
    const char *missing;   /* STOP_MAYBE: what has to be read from its plate */
    bool found;            /* somebody found it and took it out of use */
    bool gone;             /* the last answer: it is not here */
    bool answered;         /* somebody has answered to this revision */
    bool cleared, open;    /* a release counts; an answer that none names */
    int32_t day;           /* of the last answer; CALDATE_NONE */
    const char *actor;     /* who gave it; "" */
};

enum use {
    USE_OK /* «In date» */,
    USE_DUE /* may be used; a check is due soon or before use */,
    USE_OVERDUE,
    USE_NEVER_CHECKED,
    USE_DO_NOT,
    USE_RETIRED,
    USE_NO_CHECKS /* nothing says that it is good: no check is laid down, and none was made */
};

/* What made the status what it is: the gravest cause alone, in this order. */
enum status_cause {
    CAUSE_MEMORY,    /* there was no room to judge */
    CAUSE_UNKNOWN,   /* which checks are laid down for it is not known now: the forms are damaged */
    CAUSE_RECALL,    /* a signed notice holds it back: quarantine */
    CAUSE_FAIL,      /* an open fail: quarantine */
    CAUSE_LOST,      /* recorded as lost */
    CAUSE_RETIRED,   /* out of service for good */
    CAUSE_ENDED,     /* its life line has ended: destroyed */
    CAUSE_STOP,      /* a check of LAW or SCHEME is late, was never made, or found a fault */
    CAUSE_FAULT,     /* an open fault that is not critical */
    CAUSE_USE_BY,    /* past its use-by date */
    CAUSE_NOT_BACK,  /* out, and not back by its time */
    CAUSE_OVERDUE,   /* another check is late: nags */
    CAUSE_LIVE,      /* a culture that is not destroyed yet */
    CAUSE_NEVER,     /* a check was never made */
    CAUSE_FIRST_USE, /* the school was closed: a check before first use */
    CAUSE_DUE,
    CAUSE_USE_BY_SOON,
    CAUSE_EACH_USE, /* the before-use check of today is wanting */
    CAUSE_CLOCK,    /* in date as far as the kiosk's clock can tell, and it cannot */
    CAUSE_OUT,      /* somebody has it; nothing else is the matter */
    CAUSE_OK,
    CAUSE_NO_CHECKS,
};

enum cycle_state {
    CYCLE_IN_DATE,
    CYCLE_DUE,
    CYCLE_OVERDUE,
    CYCLE_NEVER,
    CYCLE_EACH_USE,
    CYCLE_FAILED,
    CYCLE_FAULT,     /* an open fault that is not critical: no pass counts until it is put right */
    CYCLE_FIRST_USE, /* the school was closed when it fell due: before first use */
};
struct cycle_status {
    const struct cycle *cycle;
    enum cycle_state state;
    int32_t due_day;       /* the day to plan for; CALDATE_NONE for each-use and event-driven */
    int days;              /* until due_day; negative = overdue by */
    int32_t lawful_day;    /* the last good day, where due_day was moved earlier; else due_day */
    const char *moved_why; /* why; NULL when the day was not moved */
};

/* All that is known about an item now. Days are CALDATE_NONE and text "" or NULL when unknown. */
struct status_facts {
    bool retired, lost;
    const char *retired_why;
    const struct cycle *cycles;
    size_t cycle_count;
    const struct open_fail *fails; /* quarantine */
    size_t fail_count;
    const struct open_fail *faults; /* not critical, still open */
    size_t fault_count;
    const struct stop_hit *stops; /* notices that hold it back */
    size_t stop_count;
    const struct calendar *calendar; /* NULL: none */
    const char *life;                /* the stage: "incubated"; "" no stage recorded yet */
    int32_t life_day;
    bool life_kind;  /* its kind has a life line: amber until ended */
    bool life_ended; /* the stage is the one that ends it */
    bool out;        /* custody: somebody has it */
    const char *out_who, *out_place;
    int64_t back_by_ms; /* wall clock; 0 none */
    int32_t out_day;
    int32_t use_by; /* the last good day; CALDATE_NONE none */
    bool clock_untrusted;
    bool checks_unknown; /* the forms cannot be read: that none is there says nothing */
    int32_t today;
    int minutes; /* after midnight, local */
};

struct status {
    enum use use;
    const char *why_short;       /* one line under the big word, in the arena */
    struct cycle_status *cycles; /* most urgent first */
    size_t cycle_count;
    const struct open_fail *fails; /* as given; a screen may put names in their stead */
    size_t fail_count;
    const struct status_facts *facts; /* a copy in the arena; NULL with CAUSE_MEMORY */
    enum status_cause cause;
    const struct open_fail *faults; /* as given, like fails */
    size_t fault_count;
    const struct stop_hit *stops; /* as given */
    size_t stop_count;
};

enum { STATUS_USE_BY_UNKNOWN = 0 }; /* a use-by day that cannot be read: taken as long past */
enum { STATUS_SOON_DAYS = 14 }; /* «Due» this long before the day, or a quarter of the interval */

bool status_interval_valid(const char *interval);
/* A sentence: "every 12 months", "before each use", "every week". In the arena. */
const char *status_interval_text(struct arena *a, const char *interval);

/* What the facts point to must outlive the status. */
struct status status_judge(struct arena *a, const struct status_facts *facts);

/* Whether a check belongs in a list. Fails and faults, and what is late or was never made, belong in
   every one but that «overdue» leaves out a first check that no law or scheme asks for. term_time:
   whoever asks works in term time only, so that summer dates of LAW and SCHEME come before it. */
bool status_in_list(const struct cycle_status *c, enum due_list list,
                    const struct calendar *calendar, bool term_time, int32_t today);

/* The paragraphs of «Why?»: rule, basis and source, facts, next step. In the arena. */
struct status_why {
    const char *rule, *facts, *next;
};
struct status_why status_explain(struct arena *a, const struct status *s, int32_t today);
/* Whether it may go out to somebody. What may not be used stays where it is, and so does what an approved code of practice
   wants checked and nobody has checked in time: a source with a late leak test. */
bool status_may_leave(const struct status *s);
