/* A school's year: terms, holidays and single closed days, from a council's calendar in content. Pure.

   A civil day is closed when it is a Saturday or Sunday, when no term holds it, or when a holiday
   or closed row does. Where there is no calendar, and before its first and after its last row,
   weekends alone are closed: what nobody has said may not move a date.

   The file (content, `calendars/NAME.csv`, one a council; NAME is the calendar's id):
     id,name,first,last,kind          the column id may be left out; the order is free
     ,Somewhere council,,,calendar    at most one: the calendar's own name; no dates
     ,Autumn term,2026-08-17,2026-12-22,term
     ,October holiday,2026-10-12,2026-10-16,holiday
     ,Staff training,2026-11-16,2026-11-16,closed
   Both days are included. Terms may not overlap each other. A term is what a check of the interval
   `term` is made once in; a holiday inside it does not end it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    CALENDAR_BYTES_MAX = 64 * 1024,
    CALENDAR_SPANS_MAX = 200,
    CALENDAR_NAME_MAX = 100,   /* bytes */
    CALENDAR_BREAK_DAYS = 5,   /* closed days in a row that are a break and not a long weekend */
    CALENDAR_SUMMER_DAYS = 21, /* the shortest break that is the summer's */
};

struct calendar_span {
    int32_t first_day, last_day;
    bool open; /* a term; otherwise a holiday or a closed day */
    const char *name;
};
struct calendar {
    const char *id, *name;             /* id: the reader of the file sets it; "" from the parser */
    const struct calendar_span *spans; /* by first day */
    size_t count;
};

/* All in the arena, id "". ERR_INPUT and ERR_LIMIT name row and column; *out is written only on
   success. */
MUST_USE enum err calendar_parse(struct arena *a, const char *csv, size_t len, struct calendar *out,
                                 struct why *why);

/* c may be NULL in all that follow. */
bool calendar_open(const struct calendar *c, int32_t day);
/* Whether the calendar's rows reach that day. */
bool calendar_knows(const struct calendar *c, int32_t day);
/* The last day that its rows reach; CALDATE_NONE without a calendar. */
int32_t calendar_ends(const struct calendar *c);
/* The first open day on or after day, and the last one on or before it; CALDATE_NONE when none lies
   within a year. */
int32_t calendar_next_open(const struct calendar *c, int32_t day);
int32_t calendar_last_open(const struct calendar *c, int32_t day);
/* The term that holds the day (a holiday inside it too); NULL between terms. */
const struct calendar_span *calendar_term_of(const struct calendar *c, int32_t day);
/* The last open day of the term after the one that holds day (between terms: of the next one);
   CALDATE_NONE when the calendar does not reach it. */
int32_t calendar_next_term_end(const struct calendar *c, int32_t day);
/* In a break: the day the school opens again. Else the day it opened after the last break, at most
   a year back. CALDATE_NONE when there is none. */
int32_t calendar_first_day_after_closure(const struct calendar *c, int32_t day);
/* The last open day before the next break; in a break, of the half-term that follows it. Without a
   calendar six weeks on. */
int32_t calendar_half_term_end(const struct calendar *c, int32_t day);
/* First and last closed day of the summer that day lies in, or of the next one. Without a calendar
   1 July and 31 August. */
int32_t calendar_summer_start(const struct calendar *c, int32_t day);
int32_t calendar_summer_end(const struct calendar *c, int32_t day);
