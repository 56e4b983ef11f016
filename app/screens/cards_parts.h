/* What the cards of services are drawn with. */
#pragma once

#include "app/screens/board.h"
#include "app/screens/cards.h"

typedef void (*card_fn)(struct app *app, struct ui_scroll *list, const struct doc *d);

/* One for each kind, listed in cards.c. */
void card_course(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_centre(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_scheme(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_event(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_person(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_place(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_bulletin(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_notice(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_videos(struct app *app, struct ui_scroll *list, const struct doc *d);
void card_link(struct app *app, struct ui_scroll *list, const struct doc *d);

/* The state in a band: icon, word and colour; words beneath. */
void card_band(struct app *app, struct ui_scroll *list, const char *id, const char *word,
               const char *words, enum ui_tone tone);
/* A fact over a hairline; nothing for "". */
void card_line(struct app *app, struct ui_scroll *list, const char *id, const char *name,
               const char *value);
/* A button across the list. Returns whether it was tapped. */
bool card_button(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                 uint32_t icon);
/* A link of the web that goes to the phone; nothing for "". */
void card_link_row(struct app *app, struct ui_scroll *list, const char *id, const char *title,
                   const char *words, const char *link, bool member_only);
/* A document as a row that opens it. */
void card_doc(struct app *app, struct ui_scroll *list, const char *id, const char *words,
              uint32_t icon);
/* Something of a person's own that is on or off («I am going»), behind the PIN; kind and key as in mine.h. value: its field
   `state`. */
void card_tick(struct app *app, struct ui_scroll *list, const char *kind, const char *key,
               const char *value, const char *label);
/* Who a contact is: name, VACANT or not published with whom to ask; its age; ways to write. Never nothing. */
void card_contact(struct app *app, struct ui_scroll *list, const struct doc *d, const char *ask);
/* "12 Aug 2025", whatever the year is. */
const char *card_day(struct app *app, int32_t day);
