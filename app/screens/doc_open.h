/* Going to a document: every screen, card and link that leads to one goes by here. */
#pragma once

#include <stdbool.h>

#include "app/app.h"
#include "app/domain/doc.h"

/* The document in force, on the page of its kind: an assessment, a chemical, or the reader. One that
   the kiosk does not hold opens the reader, which says so. */
void doc_open(struct app *app, const char *id);
/* An overruled version: layer as struct doc_head has it. */
void doc_open_of(struct app *app, const char *id, const char *layer);
/* Where a link of a text leads: "doc:b03" and "#b03" to the document, a link of the web to the page
   that hands it over to a phone. Returns false for what leads nowhere. */
bool doc_follow(struct app *app, const char *href, const char *title);
