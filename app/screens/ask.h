/* Asking SSERC about a thing, and the answers that came. The screen "ask" names what the question is about and asks first
   whether somebody is hurt; from there a question goes by telephone, by the person's phone, or into the queue. */
#pragma once

#include "app/screens/parts.h"

/* What a letter is about. Members are "" where they do not hold; texts live as long as the arena that they were read into. */
struct ask_about {
    const char *id;            /* of the document or the item; "" about nothing in particular */
    const char *title;         /* "Hydrochloric acid", "Autoclave, EXA-0042" */
    const char *concentration; /* "2 mol/l" */
    const char *revision;      /* of the document: "Canny sample content, revision 3" */
    bool item;
};
/* Reads what it is called; an id that nobody knows any more is its own title. is_item: look in the register. */
struct ask_about ask_about(struct app *app, const char *id, bool is_item, const char *concentration,
                           struct arena *a);
/* "Hydrochloric acid · 2 mol/l"; in the frame's arena. */
const char *ask_about_words(struct app *app, const struct ask_about *about);

/* Opens the screen. concentration: "2 mol/l", "" or NULL. */
void ask_doc(struct app *app, const char *doc, const char *concentration);
void ask_item(struct app *app, const char *item);

/* The answers filed at a document or an item, as cards in a scrolling list that is open: dated, and marked as answers to
   this school and not general guidance. Draws nothing when there is none. Returns how many. */
size_t answers_draw(struct app *app, struct ui_scroll *list, const char *about);
