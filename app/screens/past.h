/* A past check in words, for the lists and the record that show it. */
#pragma once

#include "app/screens/parts.h"

/* "Pass", "Fail", "Taken back", "Corrected", "Waits for a countersignature", "Imported". */
const char *past_badge(const struct past_check *p);
enum ui_tone past_tone(const struct past_check *p);
/* A row of rows (struct past_check): what, when, who, why. */
struct ui_tile past_tile(struct app *app, const void *rows, size_t at);
