/* When a check is due: civil dates from an interval, its basis and the school's calendar. Pure.

   Months are calendar months with the day clamped (31 August + 6 months = 28 or 29 February).
   The computed day is the last lawful one; overdue starts the next day. A date on a closed day
   moves earlier, never later, where LAW, SCHEME or ACOP set it, and where GUIDE sets it in months
   or years. Only a check that is wanted «in session» and that GUIDE, PRACTICE or nobody sets may
   wait for the school to open: it is due before first use then. A blank is no date: nothing here
   turns it into today. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/calendar.h"
#include "app/domain/form.h"
#include "platform/base/arena.h"

enum interval_unit {
    INTERVAL_EVENT,  /* "": when something calls for it */
    INTERVAL_USE,    /* "use" */
    INTERVAL_SCHEME, /* "scheme": the date is entered, never computed */
    INTERVAL_TERM,   /* "term": once a term; four months where no calendar says when */
    INTERVAL_DAYS,
    INTERVAL_WEEKS,
    INTERVAL_MONTHS,
    INTERVAL_YEARS,
};
enum { SCHEDULE_TERM_MONTHS = 4 };

struct interval {
    enum interval_unit unit;
    int count; /* of days, weeks, months, years; else 0 */
};

/* Reads "use", "", "term", "scheme" or a count with d, w, m or y (at most ten years of days or weeks,
   twenty of months or years). NULL is "". Writes *out only when it returns true. */
bool interval_parse(const char *text, struct interval *out);
/* About how many days lie between two; 0 for event, use and scheme. */
int interval_days(const struct interval *interval);
/* A phrase: "every 12 months", "before each use", "each term". In the arena; NULL when it is
   full. */
const char *interval_text(struct arena *a, const char *interval);

/* The day count intervals after first_day: months are added to that first day each time, so that
   31 August, 28 February, 31 August follow each other. CALDATE_NONE for event, use, scheme. */
int32_t schedule_chain(const char *interval, int32_t first_day, int count);

/* The next date of a chain that began on first_day (0 or CALDATE_NONE: none is known), when last_day
   is one of its days that was clamped: first 31 August, last 28 February, every 6 months: 31 August.
   CALDATE_NONE otherwise, and for LAW, SCHEME and ACOP, which count from the last check. */
int32_t schedule_unclamped(const char *interval, enum form_basis basis, int32_t first_day,
                           int32_t last_day);

struct due {
    int32_t lawful;        /* as computed or entered: the last good day; CALDATE_NONE none */
    int32_t due;           /* the day to plan for; CALDATE_NONE with lawful */
    const char *moved_why; /* why the two differ, or why they could not; NULL. A constant */
    bool first_use;        /* due is when the school opens again: before first use */
};
enum { SCHEDULE_ENTERED_DAYS_MAX = 3660 /* ten years: beyond that it is a slip */ };
/* last_day is the day of the last pass, entered the next date as a report or scheme gives it (each
   CALDATE_NONE for none). An entered date stands instead of the computed one; where LAW sets the
   interval it can only be nearer. One more than ten years after the last pass is not believed. */
struct due schedule_due(const char *interval, bool in_session, enum form_basis basis,
                        int32_t last_day, int32_t entered, const struct calendar *calendar);

enum due_list { LIST_NOW, LIST_HALF_TERM, LIST_OVERDUE, LIST_SUMMER };
/* The last day whose checks belong in the list: now: those called «Due», two weeks on; this half-
   term: its last open day; overdue: yesterday; before the summer: all that fall due before the
   school opens again after it. */
int32_t schedule_until(enum due_list list, const struct calendar *calendar, int32_t today);
/* The day to plan a check for by somebody who works in term time only: a date of LAW or SCHEME in
   the summer (in July or August where no calendar says) becomes the last open day before it, when
   that day is still to come. Other dates stay. */
int32_t schedule_term_time(int32_t due, enum form_basis basis, const struct calendar *calendar,
                           int32_t today);

struct past_result {
    int32_t day;
    enum form_outcome outcome;
};
struct suggestion {
    const char *interval; /* the same one when nothing speaks for another */
    const char *words;    /* what speaks for it, and that a person decides; in the arena */
};
/* The interval that an item's record speaks for (IET Code of Practice: the duty holder's risk
   assessment decides). A fail in the last 24 months: one step shorter. Two years and two checks
   without fail or advice: one step longer. Only where GUIDE or PRACTICE sets months or years. Order
   of the results is free; those after today count for nothing. */
struct suggestion schedule_suggest(struct arena *a, const char *interval, enum form_basis basis,
                                   const struct past_result *results, size_t count, int32_t today);
