/* Parts that several screens are made of: lists of tiles, headings and facts in a scrolling list, fields with their
   question above, and signing in for something that is then done. */
#pragma once

#include "app/screens/page.h"

/* The tile of row `at`; its strings live in the frame's arena or with the rows. */
typedef struct ui_tile (*parts_tile)(struct app *app, const void *rows, size_t at);

enum { PARTS_NONE = -1 };

/* A scrolling list of tiles, `columns` abreast and as high as the highest of their line. Returns the row that was
   tapped, PARTS_NONE otherwise. */
int parts_tiles(struct app *app, struct rect r, const char *id, const void *rows, size_t count,
                int columns, parts_tile tile);
/* A row that leads to the editions that nobody has looked at, where there are such; returns whether it was tapped. */
bool parts_news_row(struct app *app, struct ui_scroll *list);
/* One tile as a row of a scrolling list that is open, with a gap below. Returns whether it was tapped. */
bool parts_row(struct app *app, struct ui_scroll *list, const struct ui_tile *tile);

/* A heading between the rows of a scrolling list; words that wrap; a name and its value over a hairline. */
void parts_head(struct app *app, struct ui_scroll *list, const char *id, const char *text);
void parts_words(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                 enum ui_tone tone);
void parts_line(struct app *app, struct ui_scroll *list, const char *id, const char *name,
                const char *value, enum ui_tone tone);

/* A question and the field for its answer, in a scrolling list. Returns whether the answer changed. */
bool parts_field(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                 enum ui_keyboard keyboard, char *text, size_t size);
/* The same for what takes more than a line to say: the field has many, and grows. */
bool parts_area(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                char *text, size_t size);

/* A card over r with a list in it that scrolls; ui_scroll_end ends it. */
struct ui_scroll parts_scroll(struct app *app, struct rect r, const char *id);

/* The main button at the foot of a page: cuts it off, with its gap; not drawn while the keyboard is open. why_not: NULL
   when it may be tapped, else the sentence that says what is missing. Returns whether it was tapped. */
bool parts_foot(struct app *app, struct rect *page, const char *id, const char *label,
                uint32_t icon, const char *why_not);

/* Something wants a signature: true when a person with these proofs (enum session_proof bits; 0: anybody signed in) is
   here. Otherwise the sign-in screen is asked for, and *pending is set for parts_signed on the way back. */
bool parts_sign(struct app *app, bool *pending, unsigned proof, const char *what);
/* At the head of a frame: true once, when *pending was set and the person did sign in. */
bool parts_signed(struct app *app, bool *pending, unsigned proof);

/* Whether who is signed in answers for the school's people: a head of department, or the authority's officer. */
bool parts_may_people(const struct app *app);

/* The moment that everything is judged at: day, time of day, and whether the clock knows them. */
struct query_when parts_when(const struct app *app);
/* Whether what was judged at *seen has to be judged again, which is brought up to date: the day turned, or the clock
   learned the time. minutes: so does every minute (things that are wanted back by an hour). */
bool parts_moved(const struct app *app, struct query_when *seen, bool minutes);
/* May it be used, judged now: every screen that shows a status asks here, so that none of them forgets a clock that is
   not to be trusted. The errors of query_status_now. */
MUST_USE enum err parts_status(struct app *app, const struct item *item, struct arena *a,
                               struct status *out, struct why *why);
/* Whether the technician works in term time only: a setting of this kiosk. Unset it holds, as it only calls dates earlier. */
bool parts_term_time(struct app *app);

/* A label as a tile has room for: of a long one both ends, as the end is what tells it from its neighbours. */
const char *parts_label(struct app *app, const char *label);
/* The item as a row: name, label and place, its kind's icon. id is the item's own. */
/* "2 records about this wait for a newer version of the software…"; "" where none does. */
const char *parts_waits(struct app *app, const char *subject);
struct ui_tile parts_item(struct app *app, const struct item *item);

/* A competence by its name as a title or a value begins: with a capital. */
const char *parts_competence(struct app *app, const char *code);
