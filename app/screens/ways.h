/* The ways by which a file leaves the kiosk: its printers, and the sticks that are plugged in. As rows of a page; the
   page says what is sent. */
#pragma once

#include "app/screens/parts.h"

struct ways {
    struct arena arena, stick_arena; /* ways_begin, ways_end */
    const char *const *printers;
    size_t printer_count;
    struct app_sticks sticks;
};

void ways_begin(struct ways *w,
                bool printers); /* printers false: it is nothing that can be printed */
void ways_end(struct ways *w);
/* A row for each. The name of the printer that was tapped, NULL none. */
const char *ways_printer(struct app *app, const struct ways *w, struct ui_scroll *list);
/* The stick that was tapped, in w->sticks; PARTS_NONE none. Without a stick the row looks for one. */
int ways_stick(struct app *app, struct ways *w, struct ui_scroll *list);
/* What became of it, at the foot. */
void ways_printed(struct app *app, enum err rc, const char *printer, const struct why *why);
void ways_copied(struct app *app, enum err rc, const char *stick, const struct why *why);
