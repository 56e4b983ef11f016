/* An assessment on paper, in the order of its first screen: what must be seen first stands first, and every sign is a word. */
#pragma once

#include "app/screens/assessment_sheet.h"

struct sheet_print {
    const struct sheet *sheet;
    const struct adaptation *copy; /* NULL: the model itself */
    const struct adapt_change *changes;
    size_t change_count;
    const char *state;  /* of a copy: "Awaiting approval: do not use"; NULL or "" */
    bool draft;         /* not in force: DRAFT lies across every page */
    const bool *ticked; /* stop-points by place; NULL: none was ticked */
    size_t tick_count;  /* how many there are of them */
};
/* One page, in smaller letters where it has to be; more pages rather than letters nobody can read. */
void sheet_print(struct app *app, const struct sheet_print *p);
