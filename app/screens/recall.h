/* Recalls and stop notices on the screen: the cover that shows a new one once, the list of what it holds back with the
   answers, the release of one item, and the red words on what it stops. */
#pragma once

#include "app/screens/parts.h"

/* One notice that holds, by its key; in the arena. *out_found false: it holds no more. */
MUST_USE enum err recall_read(struct app *app, const char *key, struct arena *a, struct notice *out,
                              bool *out_found, struct why *why);
/* The notice that a screen is about, read again when something changes. Its arena is the screen's to give back. */
struct recall_view {
    uint64_t seen;
    struct query_when when;
    struct arena arena;
    struct notice notice; /* in the arena */
    bool failed, found;   /* why says what failed */
    struct why why;
};
void recall_view_read(struct app *app, struct recall_view *v);
/* Whether the screen is to be covered by it: nobody has seen it on this kiosk. A made-up one is told only where something
   here is one of those that it names. */
bool recall_to_show(const struct notice *n);
/* "Recall" or "Stop". */
const char *recall_word(const struct stop *stop);
/* "1 item is out of use here"; "Nothing on this register is one of them …". In the frame's arena. */
const char *recall_here(struct app *app, const struct notice *n);
/* The title of what a notice stops; its id where the content has it not. In the frame's arena. */
const char *recall_doc_title(struct app *app, const char *id);
/* Records an answer ("found", "gone") for these items, tells it with its Undo; the person is signed in. */
void recall_answer(struct app *app, const struct stop *stop, const char *answer,
                   const char *const *items, size_t count);

/* Tells that nothing was recorded, as the notice is another than the one that the answer was given about. */
void recall_changed(struct app *app);

/* On the page of an activity or a chemical: each notice that stops it, in red, first of all. Returns how many. */
size_t recall_doc(struct app *app, struct ui_scroll *list, const char *doc, const char *also);
/* The same as a band at the head of a page that does not scroll, cut off it; a tap leads to the notice. Returns whether there
   is one. */
bool recall_band(struct app *app, struct rect *page, const char *doc, const char *also);
/* Tells that something is not done because a notice stops the document, and whether it does: "Not printed". */
bool recall_refuses(struct app *app, const char *what, const char *doc, const char *also);
/* The first notice that stops it, for who refuses something because of that: its title in the frame's arena; NULL: none. */
const char *recall_stops(struct app *app, const char *doc, const char *also);
