/* The cards of the documents that are services: what stands between a document's head and its text (a course's level and
   points, a centre's accreditation, who the representative is, what a bulletin's articles touch). One table by kind. */
#pragma once

#include "app/domain/doc.h"
#include "app/screens/parts.h"

/* Draws the card of the document's kind into a scrolling list that is open, and acts on taps. Returns whether the kind has one:
   false is not a fault, most documents are their text alone. */
bool card_draw(struct app *app, struct ui_scroll *list, const struct doc *d);
