/* What the lists of the noticeboard are made of: rows in groups, read from the documents once and drawn until the store or
   the day moves. */
#pragma once

#include "app/screens/board.h"

enum { BOARD_ROWS_MAX = 300, BOARD_GROUPS_MAX = 4 };

struct board_group {
    const char *name; /* NULL or "" without a heading */
    bool folded;      /* closed until it is tapped */
};
struct board_row {
    const char *key;     /* unique in the list */
    const char *doc;     /* what a tap opens */
    const char *article; /* of that document; "" the whole of it */
    const char *title, *words;
    const char *badge; /* NULL none */
    enum ui_tone tone;
    enum ui_card card;
    uint32_t icon;
    size_t group;
    int64_t order; /* least first in its group */
    bool rated;    /* a course with level and points */
};
struct board_rows {
    const char *list, *title, *none, *hint; /* hint: "" none */
    struct board_group groups[BOARD_GROUPS_MAX];
    struct board_row *rows;
    size_t count;
};
/* ERR_NOT_FOUND: no list of that name. In the arena. */
MUST_USE enum err board_rows_read(struct app *app, const char *list, struct arena *a,
                                  struct board_rows *out, struct why *why);
