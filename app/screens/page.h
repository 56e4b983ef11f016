/* What all screens share: the bar at the top, the paper beneath, dates in words, the tone of a status. */
#pragma once

#include "app/app.h"
#include "app/domain/status.h"
#include "app/ui/icons.h"
#include "app/ui/ui.h"

/* Draws the bar (way back, title, sync, person, clock) and gives the paper below it, inset by a margin. */
struct rect page_begin(struct app *app, const char *title);
/* The same with a search field above the list: where the keyboard leaves little room, the field stands in the bar.
   Returns true in *out_entered when Enter was typed. */
struct rect page_begin_search(struct app *app, const char *title, const struct ui_field *field,
                              char *text, size_t size, bool *out_entered);

/* The bar cuts a long title after two lines. False where it does: then the page tells it whole. */
bool page_title_whole(struct app *app, const char *title);
/* As much of a text as stands in so many lines of a width, with «…» where it was cut; in the frame's arena. */
const char *page_cut(struct app *app, const char *text, int width, int lines, enum ui_size size,
                     enum draw_font font);

/* A small panel in landscape with the keyboard open: a line or two is all the room there is. */
bool page_cramped(struct app *app);

/* Heights in px of an ordinary and a primary target. */
int page_target(struct app *app);
int page_primary(struct app *app);

/* "today", "tomorrow", "Wed", "12 Nov", "12 Nov 2025"; in the frame's arena. */
const char *page_day(struct app *app, int32_t day);
/* "12 Nov 2026", always: on paper «today» is another day by tomorrow. */
const char *page_date(struct app *app, int32_t day);
const char *page_time(struct app *app, int64_t wall_ms); /* "10:42", "Fri 14:02", "12 Nov 14:02" */
const char *page_ago(struct app *app, int64_t wall_ms);  /* "just now", "3 min ago", "2 days ago" */

enum ui_tone page_use_tone(enum use use);
const char *page_use_word(enum use use); /* "In date", "Due", "Overdue", "Do not use" ... */
/* The same, told by what made it so: "Lost", "Not back", "Open: still alive". */
const char *page_status_word(const struct status *s);
/* "Due in 9 days", "4 days late", "In date", "Before each use", "Failed"; in the frame's arena. */
const char *page_cycle_words(struct app *app, const struct cycle_status *c);
enum ui_tone page_cycle_tone(struct app *app, const struct cycle_status *c);
enum ui_tone page_outcome_tone(enum form_outcome outcome);
const char *page_outcome_word(enum form_outcome outcome); /* "Pass", "Fail", "Do not use" */

/* Whether whoever is here may be told where the item stands: not everybody, of a radioactive source. */
bool page_place_told(struct app *app, const struct item *item);
/* "Biology prep room, shelf B3", "Biology prep room, Bench 2"; in the frame's arena, "" when unknown or not to be told. */
const char *page_place(struct app *app, const struct item *item);
/* The person's name, "somebody" for none, "a person no longer named" for one whose name was erased; in the frame's arena. */
const char *page_person(struct app *app, const char *id);

/* A card with a sentence for when there is nothing to list, or something went wrong. */
void page_empty(struct app *app, struct rect r, uint32_t icon, const char *title,
                const char *words);
/* The same for whatever needs content, while content_none(): what has not come, and whom to ask for it. */
void page_no_content(struct app *app, struct rect r);
/* Draws that where it is so, and tells whether it did: for screens that show only what comes with content. */
bool page_lacks_content(struct app *app, struct rect r);
/* A failed read: what happened, what it means, what to do, and a code to quote. */
void page_fault(struct app *app, struct rect r, const char *what, const struct why *why);
