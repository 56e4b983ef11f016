/* How a status is found and put into words: status_cycle.c judges one check, status.c the item,
   status_words.c writes the line under the big word and status_why.c the paragraphs. Shared by
   these and by nothing else. */
#pragma once

#include "app/domain/status.h"

/* Where one check stands. failed: its form has an open fail; fault: an open fault. */
struct cycle_status status_cycle(const struct status_facts *f, const struct cycle *cycle,
                                 bool failed, bool fault);
/* Whether the check stops use while it is late, never made or at fault: LAW and SCHEME do. */
bool status_stops(const struct cycle_status *c);
/* The most urgent cycle in that state; NULL when none is. */
const struct cycle_status *status_first(const struct status *s, enum cycle_state state);
/* The most urgent one that stops use; NULL when none does. */
const struct cycle_status *status_stopping(const struct status *s);
/* The most urgent before-use check that today's use still wants; NULL when all are made. A check
   that passed today covers today's use, unless nobody knows what today is. */
const struct cycle_status *status_wanting(const struct status *s);
/* The newest open fail, or fault: the one a person will remember. NULL when there is none. */
const struct open_fail *status_newest(const struct open_fail *fails, size_t count);

/* The line under the big word. In the arena; NULL when it is full. */
const char *status_short(struct arena *a, const struct status *s);
/* "12 Nov", with the year when it is not today's. */
const char *status_day(struct arena *a, int32_t day, int32_t today);
const char *status_days(struct arena *a, int days); /* "1 day", "5 days" */
const char *status_title(const struct cycle *cycle);
/* What failed, in running text: a before-use check is called that, others go by their title. */
const char *status_failed_name(const struct status *s, const struct open_fail *fail);
/* "J. Smith, Lab 3", "Lab 3", "somebody": who has an item that is out. */
const char *status_holder(struct arena *a, const struct status_facts *f);
/* How sure it is that a notice is about an item, as a sentence without its full stop. */
const char *status_stop_known(struct arena *a, const struct stop_hit *hit);
/* "12 Nov, 15:30", "15:30" today. */
const char *status_back_by(struct arena *a, const struct status_facts *f);
/* The arena's text, or a fixed one when the arena was full: a status is never left without
   words. */
const char *status_kept(const char *text);
/* text, or other where there is none. */
const char *status_text_or(const char *text, const char *other);
