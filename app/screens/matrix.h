/* The matrix of an assessment, where the employer in force asks for one: never on the first screen. */
#pragma once

#include "app/screens/assessment_sheet.h"
#include "platform/paper.h"

/* As a table in a scrolling list that is open; nothing where the employer does not ask or the assessment has none. */
void matrix_draw(struct app *app, struct ui_scroll *list, const struct sheet *s);
/* The same on a sheet of paper. */
void matrix_print(struct app *app, struct paper *paper, const struct sheet *s);
