/* The facts of an item in words: what its particulars and its records say of it. */
#pragma once

#include "app/screens/parts.h"

/* "Nuclide", "Bought", "Volume"; of a key nobody foresaw the key itself, readable. In the frame's arena. */
const char *facts_word(struct app *app, const char *key);
/* "69 kBq", "12 Nov 2026", "6 L", the name of the parent. In the frame's arena. */
const char *facts_value(struct app *app, const struct fact *fact);
/* "69 kBq"; in the frame's arena. */
const char *facts_bq(struct app *app, double bq);
/* A source's activity today, from its nuclide, its activity and the day of that; false when one of them is missing or the
   content's table has no such nuclide. */
bool facts_activity(struct app *app, const struct fact *facts, size_t count, double *out_bq);
/* A civil day among the facts; CALDATE_NONE when it is missing or none. */
int32_t facts_day(const struct fact *facts, size_t count, const char *key);
/* All of them as lines of a scrolling list, activity today first. */
void facts_lines(struct app *app, struct ui_scroll *list, const struct fact *facts, size_t count);
/* The two or three that tell a thing from its like, in one line: "Sr-90 · 69 kBq today · class I"; "" when there are
   none. */
const char *facts_line(struct app *app, const struct fact *facts, size_t count);
