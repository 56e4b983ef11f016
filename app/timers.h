/* Timers that a form's rows start: a five-minute count, a two-minute flush. They run while other screens are used, and
   through a restart of the kiosk: what is kept beside the draft is when one began. Pure: the caller reads the clock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/clock.h"

enum { TIMERS_MAX = 8, TIMERS_TEXT = 64, TIMERS_SECONDS_MAX = 24 * 3600 };

struct timer {
    char item[64], form[96], field[96];
    char label[160];  /* the row's question */
    char name[160];   /* the item's name */
    char unit[8];     /* of the row: "min", else seconds */
    char version[96]; /* of the form, for its draft (store_draft_version) */
    int seconds;
    int64_t start_mono_ms; /* by the monotonic clock of this run of the kiosk */
    int64_t start_wall_ms; /* to be found again after a restart */
    bool done;             /* told; the value is in the row */
};
struct timers {
    struct timer rows[TIMERS_MAX];
    size_t count;
};

/* NULL when none runs for the row. */
const struct timer *timers_find(const struct timers *t, const char *item, const char *form,
                                const char *field);
/* Starts one, anew if the row has one. false: as many run as can. */
bool timers_start(struct timers *t, const struct timer *timer, struct clock_now now);
void timers_drop(struct timers *t, const char *item, const char *form, const char *field);
void timers_drop_form(struct timers *t, const char *item, const char *form);

/* Whole seconds left, rounded up; 0 when it has run out. */
int timer_left_s(const struct timer *t, struct clock_now now);
/* Whole seconds run, at most what was asked for. */
int timer_run_s(const struct timer *t, struct clock_now now);
/* The next that has run out and was not told; it is marked as told. NULL: none. */
struct timer *timers_due(struct timers *t, struct clock_now now);
/* The one that ends first of those that run; NULL: none. */
const struct timer *timers_first(const struct timers *t, struct clock_now now);
/* When something changes on the screen: the next whole second of the first one. INT64_MAX: none runs. */
int64_t timers_due_ms(const struct timers *t, struct clock_now now);

/* "4:31", "1:02:00". */
void timer_words(char out[TIMERS_TEXT], int seconds);
/* What the row says after so long: seconds, or minutes with up to two decimals where the unit is min. */
void timer_value(char out[TIMERS_TEXT], const char *unit, int seconds);

/* How one is kept beside its draft: under the key "timer:FIELD", as "SECONDS WALL_MS". */
bool timer_key(char *out, size_t size, const char *field);
void timer_write(char out[TIMERS_TEXT], const struct timer *t);
/* Takes it up again. The time that the kiosk was off counts when the wall clock can be trusted; one that seems to have begun
   in the future, or more than a day ago, was begun by another clock: false. */
bool timer_read(const char *text, struct clock_now now, struct timer *out);
