/* The time of lines that were stamped while nobody vouched for the clock. Beside each of them the kiosk
   keeps how long the machine had run; once the time is told, one line of its own says how far the
   earlier ones of that run were off. The lines themselves are never rewritten. */
#pragma once

#include "app/store/store.h"

enum {
    TIMES_OFF_MS = 60000,  /* a clock off by no more is told of only where lines were made by it */
    TIMES_SPANS_MAX = 500, /* stretches of lines with one offset, in one line of the log */
};

/* Notes our own line, inside its transaction. Nothing for trusted time, or where the machine's run is
   not known. */
MUST_USE enum err times_mark(struct db *db, const struct event *event, struct clock_now now,
                             struct why *why);
/* Our time is trusted now. Records `clock.learnt` where lines of this run of the machine wait for it, or
   where learnt (NULL: the time was trusted from the start) says that the clock was off by more than
   TIMES_OFF_MS; else nothing. *out_recorded may be NULL. */
MUST_USE enum err store_learn_time(struct store *s, struct clock_now now,
                                   const struct clock_learnt *learnt, bool *out_recorded,
                                   struct why *why);
/* The trusted time that this machine's run was last told, for clock_options.told; zeroed when none. */
MUST_USE enum err store_time_told(struct store *s, struct clock_now *out, struct why *why);
