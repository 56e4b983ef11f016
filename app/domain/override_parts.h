/* What the override*.c files share, and nothing else. */
#pragma once

#include "app/domain/override.h"

struct over {
    struct arena *a;
    const struct override_ask *ask;
    const struct form *base, *over;
    struct override_report *out;
    bool *held; /* by row of base: what rests on the law hangs on it */
    bool out_of_memory;
};

/* A difference, before it is told. */
struct over_point {
    unsigned row;
    const char *name, *label, *column, *what, *base, *over, *todo;
    enum form_basis basis;
    bool bound; /* may be stricter only */
};

/* Adds it; nothing where the kind says that both are the same (OVER_SAME). */
enum { OVER_SAME = -1 };
extern const char override_row_words[]; /* what a point is called that is a whole row */
void over_tell(struct over *o, int kind, const struct over_point *point);

/* ---- override_expr.c: texts of expressions ---- */

const char *over_expr_text(const struct form_expr *e); /* "" for NULL */
/* The same but for blanks outside quotes. */
bool over_expr_same(const char *x, const char *y);
/* How a constraint compares: a span of numbers for ".", or the base with more behind it. Where the row
   may fail, bad readings must still have a way into the record; held: where another row may fail by
   what it says. */
int over_constraint(struct arena *a, const struct form_field *base, const struct form_field *over,
                    bool held);
/* Two calculations of an interval that differ in their intervals alone. */
int over_interval_expr(const char *base, const char *over);

/* ---- override_answers.c ---- */

bool over_has_choice(const struct form_field *f, const char *name);
/* The same answers by their names. */
bool over_same_choices(const struct form_field *base, const struct form_field *over);
/* An answer that people read otherwise; swapped: under the words of another answer of the base, in some
   language. base is "" for an answer that the base does not have. False: none. */
struct over_words {
    const char *base, *over;
    bool swapped;
};
bool over_choice_words(const struct over *o, const struct form_field *base,
                       const struct form_field *over, struct over_words *out);
/* What a choice_filter compares. */
bool over_same_columns(const struct over *o, const struct form_field *base,
                       const struct form_field *over);
/* Whether another row than `but` leaves that fact on the register, or some row reads it there. */
bool over_fact_taken(const struct over *o, const struct form_field *but, const char *fact);

/* ---- override_rows.c ---- */

void over_rows(struct over *o);
/* Whether some answer in it can fail the item. */
bool over_may_fail(const struct form_field *f);
/* A row that somebody answers or that is worked out; not what the engine adds behind one. */
bool over_compared(const struct form_field *f);

/* ---- override_single.c ---- */

/* The row at `at` of base is left out; one is new; one stands where the kiosk asks by itself. */
void over_row_gone(struct over *o, size_t at);
void over_row_new(struct over *o, const struct form_field *f);
void over_row_own(struct over *o, size_t at, const struct form_field *f);

/* ---- override_hold.c ---- */

/* Marks every row of base that a bound judgement reads, through however many calculations. False: no
   memory. */
bool over_hold(struct over *o);
/* An interval against another one. */
int over_interval(const char *base, const char *over);
