/* The judgement of one set of answers, while it is being made. Shared by the form_*.c files, and by
   those that read forms. */
#pragma once

#include "app/domain/expr.h"
#include "app/domain/form.h"
#include "platform/base/str.h"

struct judge {
    const struct form *f;
    const struct answers *answers;
    const struct form_facts *facts;
    struct arena *a;
    struct form_state *s;
    struct expr_env *env;
    const char **values; /* what expressions see; NULL where a row does not apply */
    int language;        /* of the form's languages, -1 the plain texts */
    bool beyond;         /* readings over the range stand far beyond it (form_over.c) */
    struct why *why;
};

bool form_blank(const char *s);
bool form_takes_answer(enum field_type type);
/* The row of another base field in the same copy as row self; -1 when it stands in a repeat that self
   does not stand in. */
int form_place(const struct form *f, size_t self, size_t base_field);

/* Why the item fails, in the words of the person who failed it where there are any: the note or the
   choice that follows the failing row, else the row's label with what was read. In the arena; NULL
   when it is full. */
const char *form_reason(const struct form *f, const struct form_state *s, size_t field,
                        struct arena *a);
/* A number as a form shows it, without needless digits. In the arena. */
const char *form_number_text(struct arena *a, double number);

/* What is wrong with an answer by its row's type alone; NULL when nothing (form_type.c). */
const char *form_type_fault(const struct form_field *field, const char *value);
/* What is wrong with what was scanned; in the arena, NULL when nothing (form_scan.c). */
const char *form_scan_fault(const struct judge *j, const struct form_field *field,
                            const char *value);

/* A row's label, hint and choices as people read them; once all values are settled
   (form_words.c). ERR_NOMEM, or that of a choice_filter. */
MUST_USE enum err form_words(struct judge *j, size_t i, struct why *why);
/* Whether the row is judged by limits. */
bool form_limited(const struct form_field *field);
/* A row's limits as they stand, in numbers and in words (form_limits.c). ERR_NOMEM, or that of an
   expression. */
MUST_USE enum err form_limits(struct judge *j, size_t i, struct why *why);
/* What is wrong with a calculation that came to no number: NULL while an answer that it needs is
   wanting, and where nothing is held against a limit. */
const char *form_no_figure_fault(const struct judge *j, size_t i);
/* What is wrong with the entered next date: one so far away would keep the item in date for good.
   NULL: nothing, or the row is another. */
const char *form_next_due_fault(const struct judge *j, size_t i);
/* Judges a reading by its row's limits. Sets the verdict or a fault. */
void form_limits_verdict(struct judge *j, size_t i);
/* The language that the facts ask for; -1 for the plain texts. */
int form_language_of(const struct form *f, const char *asked);
/* The row's constraint_message in that language. */
const char *form_constraint_message(const struct judge *j, size_t i);

/* ">19.99", "<0.01": the sign, and where the number begins; '\0' for a plain number (form_over.c). */
char form_over_sign(const struct form_field *field, const char *value, const char **out_number);
/* The number that expressions see. In the arena. */
const char *form_over_number(const struct judge *j, const struct form_field *field,
                             const char *value);
/* Judges a reading over or under the range by the row's limits. Sets the verdict or a fault. */
void form_over_verdict(const struct form_field *field, struct field_state *state);
/* Whether the answers hold such a reading. */
bool form_over_any(const struct form *f, const struct form_state *s);
/* Rows whose verdict hangs on how far beyond the range a reading lies get a fault. */
void form_over_compare(const struct form *f, struct form_state *s, const struct form_state *beyond);

/* How many copies repeat_count gives each repeat of a laid out form, by its rows; -1 where it does
   not count (form.c). */
MUST_USE enum err form_count(const struct form *f, const struct answers *answers,
                             const struct form_facts *facts, struct arena *a, int *out_counts,
                             struct why *why);
