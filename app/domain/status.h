/* May I use it? One pure rule from the facts of an item to a status and its reasons; every status
   can say why. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/form.h"
#include "platform/base/arena.h"

/* One recurring check an item needs, with its last results (withdrawn ones already left out). */
struct cycle {
    const char *form, *title;
    const char *interval; /* "use" before every use; "7d"; "12m"; "" event-driven, never due */
    enum form_basis basis;
    const char *basis_text;
    int32_t last_day; /* last pass or advise; CALDATE_NONE = never */
    int32_t due_day;  /* entered due day overrides the computed one; CALDATE_NONE otherwise */
};
/* A fail that nothing has answered yet. */
struct open_fail {
    const char *event; /* "device:seq" */
    const char *form, *title, *reason, *actor;
    int32_t day;
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

enum cycle_state {
    CYCLE_IN_DATE,
    CYCLE_DUE,
    CYCLE_OVERDUE,
    CYCLE_NEVER,
    CYCLE_EACH_USE,
    CYCLE_FAILED
};
struct cycle_status {
    const struct cycle *cycle;
    enum cycle_state state;
    int32_t due_day; /* CALDATE_NONE for each-use and event-driven */
    int days;        /* until due; negative = overdue by */
};
struct status {
    enum use use;
    const char *why_short;       /* one line under the big word, in the arena */
    struct cycle_status *cycles; /* most urgent first */
    size_t cycle_count;
    const struct open_fail *fails;
    size_t fail_count;
};

enum { STATUS_SOON_DAYS = 14 }; /* «Due» this long before the day */

/* Due day by a form's interval from a day; CALDATE_NONE for "use" and "". Clamps months. */
int32_t status_due_day(const char *interval, int32_t from_day);
bool status_interval_valid(const char *interval);
/* A sentence: "every 12 months", "before each use", "every week". In the arena. */
const char *status_interval_text(struct arena *a, const char *interval);

struct status status_judge(struct arena *a, bool retired, const struct cycle *cycles,
                           size_t cycle_count, const struct open_fail *fails, size_t fail_count,
                           int32_t today);

/* The paragraphs of «Why?»: rule, basis and source, facts, next step. In the arena. */
struct status_why {
    const char *rule, *facts, *next;
};
struct status_why status_explain(struct arena *a, const struct status *s, int32_t today);
