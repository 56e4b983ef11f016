/* The line of a culture's life: received, sub-cultured, plated, incubated, destroyed. What was recorded, what is now, and
   what is still to come. */
#pragma once

#include "app/screens/parts.h"

enum { LIFE_STAGES_MAX = 12 };

struct life_stage {
    const char *stage; /* as the form sets it */
    const char *form;  /* that sets it; NULL when no form of this kind does any more */
    int32_t day;       /* the last record of it that counts; CALDATE_NONE: not yet */
    bool now, end;     /* the latest one; the one that ends it */
};
struct life_line {
    struct life_stage stages[LIFE_STAGES_MAX];
    size_t count;
    bool ended;
};

/* From the item's kind and records; count 0 when its kind has no line of life. Strings are borrowed from the records and the
   content. */
void life_read(struct app *app, const struct item *item, const struct past_check *past,
               size_t past_count, struct life_line *out);
/* The form of the stage that comes next; NULL when there is none. */
const struct life_stage *life_next(const struct life_line *line);
/* Side by side in r, or one under the other in a scrolling list. */
int life_across_height(struct app *app);
void life_across(struct app *app, struct rect r, const struct life_line *line);
void life_rows(struct app *app, struct ui_scroll *list, const struct life_line *line);
