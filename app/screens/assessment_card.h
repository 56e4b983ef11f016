/* An assessment in its small forms: a card for the tray on the trolley, and a strip for a receipt printer. Words alone, as on the
   sheet. Each fills the paper that it is given, which lives in an arena of its own. */
#pragma once

#include "app/screens/assessment_print.h"
#include "platform/paper.h"

/* What is in the tray of one group and has to come back, at which strengths, what to wear and what never to do. */
void card_fill(struct app *app, struct paper *card, const struct sheet_print *p);
/* Whether it says what each group gets, so that there is one card a group. */
bool card_by_group(const struct sheet_print *p);
/* What never to do, what to wear and what to do when it goes wrong; no more. */
void strip_fill(struct app *app, struct paper *strip, const struct sheet_print *p);
