/* What stands above a document's text: what changed, how old it is, whose word it is and why that differs from another's,
   and what matters first. */
#pragma once

#include "app/screens/parts.h"

struct reader_head {
    const struct doc *doc;   /* borrowed */
    struct doc_head *layers; /* whose versions there are, the one in force first */
    size_t layer_count;
    const char *layer; /* of the document in hand */
    bool overruled;    /* another is in force */
    bool unread;       /* a later revision than the person has read */
    bool differs_open; /* «Why does this differ?» was tapped */
};

void reader_head_draw(struct app *app, struct ui_scroll *list, struct reader_head *h);
/* A heading with words on a card, as a row of the list. */
void reader_card(struct app *app, struct ui_scroll *list, const char *id, uint32_t icon,
                 const char *title, const char *words, enum ui_card card, enum ui_tone tone);
/* "12 Aug 2025"; in the frame's arena. */
const char *reader_day(struct app *app, int32_t day);
/* Parts of an assessment's front matter that its text does not hold: controls, preparation, disposal. */
void reader_rest_draw(struct app *app, struct ui_scroll *list, const struct doc *d);
