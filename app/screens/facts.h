/* The facts of an item in words: what its particulars and its records say of it. */
#pragma once

#include "app/screens/parts.h"

/* A civil day among the facts; CALDATE_NONE when it is missing or none. */
int32_t facts_day(const struct fact *facts, size_t count, const char *key);
/* All of them as lines of a scrolling list, activity today first. */
void facts_lines(struct app *app, struct ui_scroll *list, const struct fact *facts, size_t count);
/* The two or three that tell a thing from its like, in one line: "Sr-90 · 69 kBq today · class I"; "" when there are
   none. */
const char *facts_line(struct app *app, const struct fact *facts, size_t count);
