/* The six steps of the way to the hub, and which of them failed. */
#pragma once

#include "app/screens/page.h"

/* False while nothing was tried, or no step was reached: then there is nothing to draw. */
bool way_read(const struct sync_facts *f, struct netcheck *out);
/* So many cells abreast as stand in the width, and what they need of height. */
int way_height(struct app *app, int width);
void way_draw(struct app *app, struct rect r, const struct netcheck *n);
