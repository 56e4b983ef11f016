/* Worked examples of the trade's formulas, and what ours make of them. A file of them is one object:
   each member but "meta" is a section, a list of examples, each with "id", "in" and either "expect"
   (rounded), "expect_full" (not rounded) or both, or "expect_error". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/refusal.h"
#include "platform/base/arena.h"
#include "platform/base/json.h"

enum { VEC_VALUES_MAX = 24, VEC_INPUTS_MAX = 24 };

enum vec_kind { VEC_NUMBER, VEC_COUNT, VEC_TEXT, VEC_FLAG };

/* One figure that a formula gave. */
struct vec_value {
    const char *name;
    enum vec_kind kind;
    double number;    /* VEC_NUMBER; VEC_COUNT, which has no tolerance */
    const char *text; /* VEC_TEXT */
    bool flag;        /* VEC_FLAG */
    bool integral;    /* found by quadrature in the examples, so good to fewer digits */
};

/* One example at work. The first fault stays: reading goes on with zeros, and nothing is compared. */
struct vec {
    struct arena *arena;
    const struct json *in;
    const char *inputs[VEC_INPUTS_MAX]; /* that were asked for: any other is a fault */
    size_t input_count;
    struct vec_value values[VEC_VALUES_MAX];
    size_t value_count;
    const struct refusal *refusal; /* the formula would not answer */
    bool faulty;
    struct why fault;
};

struct vec_section {
    const char *id;
    void (*run)(struct vec *v);
};

/* The section of that name; NULL when there is none. */
const struct vec_section *vec_section_find(const char *id);
/* Those of vectors_trade.c alone. */
const struct vec_section *vec_trade_find(const char *id);

/* Inputs of an example by name; a missing or wrong one is noted as the example's fault, and a zero goes
   on. */
void vec_fault(struct vec *v, const char *text, const char *name);
double vec_num(struct vec *v, const char *name);
double vec_num_or(struct vec *v, const char *name, double fallback);
const char *vec_text(struct vec *v, const char *name);
int32_t vec_day(struct vec *v, const char *name);
/* A whole number of days or months, small enough that no date overflows. */
int vec_whole(struct vec *v, const char *name);
double vec_seconds(struct vec *v, const char *name);    /* a unit of time, as seconds */
double vec_becquerels(struct vec *v, const char *name); /* a unit of activity; none: Bq */
/* The length of a list of numbers. */
size_t vec_list(struct vec *v, const char *name, const struct json **out_first);

/* Figures that the formula gave. */
void vec_put(struct vec *v, struct vec_value value);
void vec_put_num(struct vec *v, const char *name, double number);
void vec_put_text(struct vec *v, const char *name, const char *text);
void vec_put_flag(struct vec *v, const char *name, bool flag);
void vec_put_day(struct vec *v, const char *name, int32_t day);
void vec_put_integral(struct vec *v, const char *name, double number);
