/* A person's own training: what runs out when, and what it adds up to. Credit points are never added across SCQF levels, and
   a course that is not credit-rated has neither level nor points. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRAINING_SOON_DAYS = 90, TRAINING_LEVELS = 13 };

struct training {
    const char *course;    /* id of the course's document, "" when it has none here */
    const char *refreshes; /* id of the course that it refreshes; "" none */
    int32_t day;
    int32_t expires; /* the last day it holds; CALDATE_NONE: no end */
    int level;       /* SCQF level 1 to 12; 0: not credit-rated */
    int points;
};

enum training_state { TRAINING_HOLDS, TRAINING_SOON, TRAINING_RAN_OUT };

/* The last day that record i holds: its own, or that of a later record of the same course or of one that refreshes it.
   CALDATE_NONE: no end. */
int32_t training_expires(const struct training *rows, size_t count, size_t i);
/* Whether a later record of the same course stands in its place: the older one is history and reminds of nothing. */
bool training_replaced(const struct training *rows, size_t count, size_t i);
/* Soon: within TRAINING_SOON_DAYS. The last day itself still holds. */
enum training_state training_state(int32_t expires, int32_t today);

/* By level: [0] what is not credit-rated, as a count of courses without points. A course that was done twice counts once. */
struct training_total {
    size_t courses;
    int points;
};
void training_totals(const struct training *rows, size_t count,
                     struct training_total out[TRAINING_LEVELS]);
