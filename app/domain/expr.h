/* XLSForm expressions: read by our own tokeniser, which knows the profile and explains every fault,
   then compiled and evaluated by libxml2's XPath 1.0. An expression sees answers, the functions
   listed in expr_funcs.c and nothing else: there is no document, and paths, predicates and axes are
   refused. A compiled expression caches inside libxml2, so a form is judged by one thread at a
   time. */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    EXPR_TOKENS_MAX = 1000,
    EXPR_DEPTH_MAX = 32,    /* brackets inside brackets */
    EXPR_REGEX_MAX = 8,     /* patterns in one expression */
    EXPR_PATTERN_MAX = 200, /* bytes of a pattern */
    EXPR_OPS_MAX = 20000,   /* steps of one evaluation */
    EXPR_ARGS_MAX = 40,
    EXPR_FORM_OPS_MAX = 1000000, /* steps of one judgement of a whole form */
};

struct form_expr {
    const char *text; /* as its author wrote it */
    void *compiled;   /* xmlXPathCompExpr */
    size_t *refs;     /* indices of the fields named */
    size_t ref_count;
    regex_t *patterns; /* in the arena; what regcomp holds is freed by expr_free */
    size_t pattern_count;
};

/* Where an expression stands decides what it may say. */
enum expr_place {
    EXPR_TEST,       /* relevant: true or false */
    EXPR_CONSTRAINT, /* true or false, and "." is the answer itself */
    EXPR_VALUE,      /* calculation, kiosk::result: "." is the answer itself in the latter */
    EXPR_CHOICE,     /* choice_filter: true or false; bare words are columns of the choices */
    EXPR_COUNT,      /* repeat_count: a number */
};

/* One libxml2 context, reused for all expressions of a form. For a form that form_unfold laid out,
   self and the values are those of its rows, and the expressions those of its base: ${name} is the
   answer in the same copy where there is one, and the answers of all copies, as a node-set in
   document order, where there are several. Rows that do not apply are left out of a node-set. */
struct expr_env;

MUST_USE enum err expr_env_new(const struct form *f, struct expr_env **out, struct why *why);
void expr_env_free(struct expr_env *env); /* accepts NULL */

/* Compiles; the expression is in the arena, freed with expr_free before the arena is reset.
   ERR_INPUT carries a sentence for the form's author. */
MUST_USE enum err expr_compile(struct expr_env *env, struct arena *a, size_t self,
                               enum expr_place place, const char *text, struct form_expr **out,
                               struct why *why);
void expr_free(struct form_expr *e); /* accepts NULL */
/* field: its index in the base form. */
bool expr_refers(const struct form_expr *e, size_t field);

/* Facts for the evaluations that follow. values: what expressions see, by field index, NULL = does
   not apply, or nothing; stored: what was answered. All borrowed while the env is used. */
void expr_bind(struct expr_env *env, const char *const *values, const char *const *stored,
               const struct form_facts *facts);

/* The choice whose columns the next evaluations of a choice_filter see. Borrowed. */
void expr_bind_choice(struct expr_env *env, const struct form_choice *choice);

/* ERR_LIMIT: more than EXPR_OPS_MAX steps, or a result over FORM_ANSWER_MAX. */
MUST_USE enum err expr_test(struct expr_env *env, const struct form_expr *e, size_t self, bool *out,
                            struct why *why);
/* Whether the last expr_text of this environment came to a number that is none. */
bool expr_no_number(const struct expr_env *env);
/* The result as text in the arena; NULL when it is empty or not a number. Numbers have no
   exponent. */
MUST_USE enum err expr_text(struct expr_env *env, const struct form_expr *e, size_t self,
                            struct arena *a, const char **out, struct why *why);
