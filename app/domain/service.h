/* What the documents of services mean, whichever screen shows them: when an event is over, whom a scheme is open to, whether
   a representative may be named, what a course is rated at. Rules of the trade are in the words, so that every screen says the
   same: SCQF level and credit points stand together or not at all, a name is shown only with consent, and what was not
   published is never guessed. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "app/domain/doc.h"

enum { SERVICE_AGED_DAYS = 365 };

/* A day, or a moment of Europe/London's wall clock. It is kept as written and never turned into an instant: 16:00 is 16:00 on
   either side of a change of the clocks. */
struct service_moment {
    int32_t day; /* CALDATE_NONE: none */
    int minutes; /* after midnight; -1: a day without a time */
};
/* "2026-12-02" or "2026-12-02T16:00"; anything else gives none. */
struct service_moment service_moment(const char *text);
/* "Wed 2 Dec 2026, 16:00"; "" for none. In the arena, NULL when it is full. */
const char *service_moment_words(struct arena *a, struct service_moment at);
/* Whether the event lies behind: its end, else its start, else the last day that it could be answered. One without any date
   is never over. */
bool service_over(const struct doc *event, int32_t today, int minutes);
/* Whether closes_on is behind; that day itself still counts. */
bool service_closed(const struct doc *d, int32_t today);

/* What a course is rated at. Absent figures of an entry that its author could not confirm are not known; otherwise the course
   is not credit-rated. */
enum service_rating { RATING_SCQF, RATING_NONE, RATING_UNKNOWN };
enum service_rating service_rating(const struct doc *course);
/* "SCQF level 6, 3 credit points", "Not credit-rated", "SCQF rating not known here". In the arena, NULL when it is full. */
const char *service_rating_words(struct arena *a, const struct doc *course);
/* "3 days", "2 hours", "3 hours 30 minutes"; "" when not told. In the arena, NULL when it is full. */
const char *service_length_words(struct arena *a, const struct doc *course);
/* "5 years", "18 months"; "" for 0. In the arena, NULL when it is full. */
const char *service_months_words(struct arena *a, int months);
/* A whole number of the front matter; 0 when absent. */
int service_int(const struct doc *d, const char *key);

/* Whether a list of the front matter names a word. */
bool service_names(const struct doc *d, const char *key, const char *word);
/* Whether a document that is for certain constituencies is for this one; one that names none is for all. */
bool service_for(const struct doc *d, const char *constituency);

/* Whom a scheme is open to, by the kind of the constituency: "authority", "sector", "school", "" when none is set. */
enum service_fit { FIT_YES, FIT_ASK, FIT_NO };
enum service_fit service_fit(const struct doc *scheme, const char *place_kind);
/* The reason as a sentence. */
const char *service_fit_words(enum service_fit fit, const char *place_kind);

/* Who a contact is: a name only with its bearer's consent. */
enum service_contact { CONTACT_NAME, CONTACT_VACANT, CONTACT_UNPUBLISHED };
enum service_contact service_contact(const struct doc *person);
/* Whether a date that was looked up so long ago may have changed. */
bool service_aged(int32_t as_of, int32_t today);
/* A date of the front matter; CALDATE_NONE when absent or not a date. */
int32_t service_day(const struct doc *d, const char *key);

/* Whether a centre's accreditation has lapsed; its last day still counts. One without a date has none that could. */
bool service_lapsed(const struct doc *centre, int32_t today);
