/* Worked examples of the trade's formulas, and what ours make of them. A file of them is one object:
   each member but "meta" is a section, a list of examples, each with "id", "in" and either "expect"
   (rounded), "expect_full" (not rounded) or both, or "expect_error". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

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
