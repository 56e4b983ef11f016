/* The tokens of an XLSForm expression and the checks that need no XPath. Used by expr.c alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/expr.h"
#include "platform/base/str.h"

enum expr_tok_kind {
    TOK_NUMBER,
    TOK_LITERAL,
    TOK_FIELD,
    TOK_SELF,
    TOK_FUNCTION,
    TOK_OPERATOR,
    TOK_OPEN,
    TOK_CLOSE,
    TOK_COMMA,
    TOK_COLUMN,   /* of the choices, in a choice_filter: number says which; SIZE_MAX is the name */
    TOK_POSITION, /* position(..): the number of the copy that the row stands in */
};
struct expr_tok {
    enum expr_tok_kind kind;
    size_t at, len;                   /* in the source */
    size_t field;                     /* TOK_FIELD */
    const struct expr_function *call; /* TOK_FUNCTION, and the TOK_OPEN behind it */
    size_t partner;                   /* TOK_OPEN: its TOK_CLOSE */
    bool as_day;   /* emitted as a day number: a date beside an order or arithmetic operator */
    bool indexed;  /* TOK_FIELD in indexed-repeat(): every copy of repeat `number` */
    bool numbered; /* emitted as a number that our function understands */
    size_t number;
};
struct expr_toks {
    const char *text;
    const struct form *f;
    size_t self;
    enum expr_place place;
    struct expr_tok *rows;
    size_t count;
};

struct _xmlXPathParserContext;

/* A function that expressions may call. */
struct expr_function {
    const char *id; /* as authors write it */
    int min_args, max_args;
    const char *emit;  /* its name in XPath; NULL: the same */
    bool dated;        /* its result is a date, or a date and time */
    const char *usage; /* "(test, then, otherwise)": follows the name in a fault */
    /* What does the work; NULL: XPath's own. */
    void (*call)(struct _xmlXPathParserContext *ctxt, int nargs);
};
const struct expr_function *expr_function_find(const char *name, size_t len);
const struct expr_function *expr_function_at(size_t i); /* NULL past the last */
/* The known name nearest to a misspelt one; NULL when none is near. */
const char *expr_function_near(const char *name, size_t len);
/* Why a function that other tools have is not in this profile, and what to do instead: a sentence
   behind "name() ". NULL: it is a function of the profile, or one that nobody knows. */
const char *expr_function_refusal(const char *name, size_t len);
/* Registers our functions with a libxml2 context (xmlXPathContext). */
MUST_USE bool expr_functions_register(void *xpath_context);

/* Reads text into toks->rows, which has room for EXPR_TOKENS_MAX. ERR_INPUT explains. */
MUST_USE enum err expr_lex(struct expr_toks *toks, struct why *why);
/* Arity, brackets, traps; marks dates. */
MUST_USE enum err expr_check(struct expr_toks *toks, struct why *why);
bool expr_tok_is(const struct expr_toks *toks, size_t i, const char *text);

/* Distance in edits between two short names, at most limit + 1. */
size_t text_distance(const char *a, const char *b, size_t limit);
/* The row of names nearest to one; NULL when none is near enough to be meant. */
const char *text_nearest(const char *name, const char *const *names, size_t count);

/* A pattern of regex(): POSIX extended, \\d and \\s understood, matching the whole text. */
MUST_USE enum err expr_pattern(const char *text, size_t len, regex_t *out, struct why *why);

/* What the functions see while an expression is evaluated: the context's userData. */
struct expr_env {
    void *context;           /* xmlXPathContext */
    struct expr_tok *toks;   /* room for EXPR_TOKENS_MAX */
    const struct form *f;    /* the base form, whose fields expressions name */
    const struct form *laid; /* the form whose fields are judged: f, or f laid out */
    const struct form_choice *choice;
    void *doc;    /* xmlDoc: the rows inside repeats, once a node-set was asked for */
    void **nodes; /* xmlNode by field of laid, NULL outside repeats */
    long spent;   /* steps so far */
    bool too_many;
    bool no_number; /* the last expr_text came to a number that is none: 1 div 0, 'a' + 1 */
    const char *const *values;
    const char *const *stored;
    const struct form_facts *facts;
    size_t self;
    const struct form_expr *current;
    int code; /* libxml2's code of the last error; 0 none */
    int at;   /* its place in what was compiled */
    /* A formula of the trade would not answer: its sentence; NULL when none did. Evaluation then
       ends in ERR_DENIED with it. */
    const char *refused;
};

/* Looks up what an expression's variables stand for (expr_vars.c): "v7" field 7 of the base form,
   "x7-5" all its copies in repeat 5, "self", "position", "choice", "c2". An xmlXPathObject. */
struct _xmlXPathObject;
struct _xmlXPathObject *expr_variable(void *data, const unsigned char *name,
                                      const unsigned char *ns);
void expr_nodes_free(struct expr_env *env);
