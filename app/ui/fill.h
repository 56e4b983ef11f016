/* Plain surfaces behind other widgets: a bar, a dark foot under a picture. */
#pragma once

#include "app/ui/ui.h"

void ui_fill(struct ui *ui, struct rect r, color fill);
