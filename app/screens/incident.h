/* What went wrong in an activity: told by anybody signed in, standing at its assessment until somebody who may approve
   says to have looked at it again. */
#pragma once

#include "app/screens/assessment_sheet.h"

/* In the rest of an assessment's page: those that stand, «Something went wrong here» and «Looked at again». */
void incident_draw(struct app *app, struct ui_scroll *list, const struct sheet *s);
