/* What the files of form functions share: taking arguments off libxml2's stack, putting a result on
   it, and the families that expr_funcs.c makes one table of. Arguments come off last first. An error
   that libxml2 notes meanwhile (memory) ends the evaluation by itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "app/domain/expr_lex.h"
#include "app/domain/refusal.h"

struct expr_family {
    const struct expr_function *rows;
    size_t count;
};

extern const struct expr_family expr_family_text;   /* text, choices, numbers */
extern const struct expr_family expr_family_date;   /* dates and times */
extern const struct expr_family expr_family_list;   /* repeats, and lists of values */
extern const struct expr_family expr_family_record; /* the item, its history, the register */
extern const struct expr_family expr_family_trade;  /* electricity, energy, pressure, steam */
extern const struct expr_family expr_family_rays;   /* radiation */

struct expr_env *func_env(xmlXPathParserContextPtr ctxt);

/* Text of the value on top; NULL when memory ran out. Freed with xmlFree. */
char *func_pop_text(xmlXPathParserContextPtr ctxt);
/* The topmost `count` values as numbers, out[0] the first of them. False, all taken off all the
   same, when one is empty or no number. */
bool func_pop_numbers(xmlXPathParserContextPtr ctxt, double *out, size_t count);

void func_push_text(xmlXPathParserContextPtr ctxt, const char *text); /* NULL: empty */
void func_push_number(xmlXPathParserContextPtr ctxt, double number);
void func_push_truth(xmlXPathParserContextPtr ctxt, bool truth);
/* The empty answer of a formula whose inputs are not there yet. */
void func_push_empty(xmlXPathParserContextPtr ctxt);
/* A limit as the decimal that people write: 0.1 + 0.0468 is 0.1468 and not a binary hair above or
   below, so that a reading at the limit is at it. */
void func_push_limit(xmlXPathParserContextPtr ctxt, double limit);
/* The formula would not answer: the evaluation ends with the refusal's sentence. */
void func_push_refused(xmlXPathParserContextPtr ctxt, const struct refusal *refusal);

/* Arguments one by one, a repeat's values each for itself. */
struct func_values {
    xmlXPathObjectPtr objects[EXPR_ARGS_MAX];
    size_t count;
    size_t object;
    int node;
};
void func_values_pop(xmlXPathParserContextPtr ctxt, int nargs, struct func_values *out);
/* The next value; false at the end. */
bool func_values_number(struct func_values *v, double *out);
/* As text, freed with xmlFree; NULL at the end or without memory. */
char *func_values_text(struct func_values *v);
void func_values_done(struct func_values *v);
