/* An assessment on paper, in the order of its first screen: what must be seen first stands first, and every sign is a word. */
#pragma once

#include "app/screens/assessment_sheet.h"
#include "platform/paper.h"

struct sheet_print {
    const struct sheet *sheet;
    const struct adaptation *copy; /* NULL: the model itself */
    const char *copy_id;           /* of the adaptation, as records know it; NULL without a copy */
    int64_t signed_ms;             /* when that version of it was signed; 0: not */
    const struct adapt_change *changes;
    size_t change_count;
    const char *state;  /* of a copy: "Awaiting approval: do not use"; NULL or "" */
    bool draft;         /* not in force: DRAFT lies across every page */
    const bool *ticked; /* stop-points by place; NULL: none was ticked */
    size_t tick_count;  /* how many there are of them */
};
/* One page, in smaller letters where it has to be; more pages rather than letters nobody can read. With it come a card for the
   tray (not of work in the prep room) and a strip for a receipt printer, as the screen that sends it on offers them. */
void sheet_print(struct app *app, const struct sheet_print *p);

/* What sheet, card and strip say alike; in the frame's arena. */
const char *print_title(const struct sheet_print *p);
const char *print_copy_words(struct app *app,
                             const struct sheet_print *p); /* "copy 0f3c…, signed 12 Nov 2026" */
bool print_example(const struct sheet *s);                 /* no employer has adopted it */
const char *print_words(struct app *app, const struct sheet *s,
                        const char *key); /* of signs, with commas */
const char *print_lines(struct app *app, const struct sheet *s,
                        const char *key); /* one below the other */
const char *print_label(struct app *app,
                        const struct sheet_chemical *c); /* "Danger: Corrosive, Toxic" */
const char *print_kit_name(struct app *app, const struct sheet_kit *k);
