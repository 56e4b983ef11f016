/* What went wrong in an activity: told by anybody signed in, standing at its assessment until somebody who may approve
   says to have looked at it again. */
#pragma once

#include "app/screens/assessment_sheet.h"

/* In the rest of an assessment's page: those that stand, before the hazards; nothing when there is none. */
void incident_standing(struct app *app, struct ui_scroll *list, const struct sheet *s);
/* «Something went wrong here», and «Looked at again» while there is a reason to. */
void incident_draw(struct app *app, struct ui_scroll *list, const struct sheet *s);
