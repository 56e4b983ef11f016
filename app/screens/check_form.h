/* The form on the check screen: the rows that a person taps and types into. */
#pragma once

#include "app/screens/page.h"

struct check_state {
    bool ready, failed; /* read; could not be */
    bool sign_pending;  /* signing was asked for and waits for a person */
    bool all_good;      /* this time one tap may answer the whole list */
    bool dirty;         /* answers changed since they were judged */
    struct why why;
    struct arena arena;  /* the screen's life */
    struct arena judged; /* of the last judging */
    struct item item;
    const struct form *form;
    char **texts;        /* one buffer a field, FORM_ANSWER_MAX + 1 bytes */
    const char **values; /* what the engine sees: texts, NULL when empty */
    struct form_state state;
    const struct open_fail *fails; /* that a pass of this form would answer */
    size_t fail_count;
};

/* Draws the rows inside r; saves each answer as it is given. */
void check_form_rows(struct app *app, struct check_state *s, struct rect r);
/* Gives a field an answer, saves it, and judges again. */
void check_form_answer(struct app *app, struct check_state *s, size_t field, const char *value);
/* Whether the field is a pass/fail/not applicable question. */
bool check_form_is_pass_fail(const struct form_field *f);
