/* «Bulletin 281 may affect this»: chips on whatever an article names, until somebody has considered the article. */
#pragma once

#include "app/screens/parts.h"

/* Draws a row for each article that relates to `ref` ("b03", "chem:ammonia", "kind:pressure-cooker", "duty:6") and that
   nobody here has considered, into a scrolling list that is open; a tap opens the bulletin. Returns how many. */
size_t affects_draw(struct app *app, struct ui_scroll *list, const char *ref);

/* What helps with it: films (a tap shows the code for the phone) and courses, as rows. Returns how many. */
size_t affects_helps(struct app *app, struct ui_scroll *list, const char *ref);
