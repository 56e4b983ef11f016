/* What the screens of the noticeboard and the services share: which constituency this kiosk belongs to, what waits to be
   considered, what a person has done of a course. */
#pragma once

#include "app/domain/doc.h"
#include "app/domain/service.h"
#include "app/screens/parts.h"

/* The kiosk's constituency. Text is "" when unknown; all in the arena. */
struct board_place {
    const char *code; /* as it is set; "" none */
    const char *doc;  /* id of the place's document; "" when the content has none */
    const char *name; /* "Glasgow City" */
    const char *kind; /* "authority", "sector", "school" */
    const char *ask;  /* whom to ask there */
};
void board_place(struct app *app, struct arena *a, struct board_place *out);
/* Its code alone: "" when none is set. In the arena. */
const char *board_constituency(struct app *app, struct arena *a);
/* The document of a constituency by its code, old codes too: "" when there is none. */
const char *board_place_doc(struct app *app, struct arena *a, const char *code);
bool board_has(struct app *app, const char *id); /* whether the content has such a document */
/* The name of a document as a list shows it; its id when the content has it not. In the arena. */
const char *board_title(struct app *app, struct arena *a, const char *id);

/* How many bulletins and notices nobody here has considered yet. For the home screen's tile: «2 new». */
size_t board_news(struct app *app);
/* Whether any of it waits: an article of a bulletin, or the document as a whole. */
bool board_waits(struct app *app, const struct doc *d);

/* What comes within 14 days and is worth a line on the home screen: the next Tech Meet or a deadline. */
struct board_coming {
    char doc[96], title[160];
    char when[48]; /* "Wed 2 Dec 2026, 16:00", "Closes Fri 11 Dec 2026" */
};
/* False: nothing. */
bool board_coming(struct app *app, struct board_coming *out);

/* Whether a course was done by who is signed in, as far as this kiosk knows. Private: known only behind the PIN. */
enum board_done { DONE_HIDDEN, DONE_NOT, DONE_EXPERIENCE, DONE_RECORDED };
enum board_done board_done(struct app *app, const char *course);
/* Whether it may be taken: every prerequisite is done. out_first: the first that is missing, "" none. In the arena. */
bool board_open(struct app *app, struct arena *a, const struct doc *course, const char **out_first);
/* Whether it suits what the person looks after, as ticked below the list of courses (BOARD_SUBJECT "physics"). Private too. */
#define BOARD_SUBJECT "subject/"
bool board_suits(struct app *app, const struct doc *course);
/* Whether somebody is signed in whose own things may be shown; asks for the PIN otherwise. */
bool board_private(const struct app *app);
void board_ask_pin(struct app *app, const char *what);

/* The lists of the screen «board_list» by name: route.text. */
#define BOARD_NEWS "news"
#define BOARD_BULLETIN "bulletin"
#define BOARD_LAW "law"
#define BOARD_STST "stst"
#define BOARD_COURSES "course"
#define BOARD_EVENTS "event"
#define BOARD_TV "videos"
#define BOARD_SCHEMES "scheme"
#define BOARD_CENTRES "centre"
#define BOARD_AWARDS "awards"
#define BOARD_BODIES "link"
#define BOARD_CONTACTS "person"
#define BOARD_CONSIDERED "considered"
#define BOARD_PLACES "place"
void board_list_open(struct app *app, const char *list);

/* A letter on the form, about a document ("" none). Says so where letters cannot be written. */
void board_letter(struct app *app, const char *form, const char *about);
/* The same, and the first question has its answer already. */
void board_letter_with(struct app *app, const char *form, const char *about, const char *words);

/* What was decided about an article ("" the whole document), by whom and when; says so when nobody has. In the frame's
   arena. */
const char *board_considered_words(struct app *app, const char *doc, const char *article);
