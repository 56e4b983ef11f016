/* Whose a form is, where an employer's stands in the place of the nation's. */
#pragma once

#include "app/screens/parts.h"

/* "Example Council's form, stricter than the national one"; "" for the nation's. In the frame's arena. */
const char *differs_whose(struct app *app, const char *form);
/* The row that leads to what differs, where something does. Returns whether it was tapped. */
bool differs_row(struct app *app, struct ui_scroll *list, const char *form);
