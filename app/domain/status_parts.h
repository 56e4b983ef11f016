/* How a status is found and put into words: status.c judges, status_words.c writes the sentences.
   Shared by these two and by nothing else. */
#pragma once

#include "app/domain/status.h"

/* An interval as the forms write it: a count and a unit. Months are calendar months. */
struct interval {
    int count;
    char unit; /* 'd', 'w', 'm', 'y'; 'u' each use; 'e' event-driven */
};

/* Whether text is an interval: "use", "", or a count with d, w, m or y. Writes *out only then. */
bool status_interval_parse(const char *text, struct interval *out);

/* The most urgent cycle in that state; NULL when none is. */
const struct cycle_status *status_first(const struct status *s, enum cycle_state state);
/* A before-use check that passed today covers today's use. */
bool status_uses_covered(const struct status *s, int32_t today);

/* The line under the big word, for what use and cycles say. In the arena; NULL when it is full. */
const char *status_short(struct arena *a, const struct status *s, int32_t today);
/* The arena's text, or a fixed one when the arena was full: a status is never left without
   words. */
const char *status_kept(const char *text);
/* text, or other where there is none. */
const char *status_text_or(const char *text, const char *other);
