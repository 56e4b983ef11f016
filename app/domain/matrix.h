/* The table of likelihood and severity that some employers' forms want of an assessment: `matrix` of its front
   matter. Nothing is worked out from it, no signal on a screen comes from it, and a cell begins with a word: a number alone
   gives false comfort. Pure; borrowed from the document or in the arena. */
#pragma once

#include <stddef.h>

#include "app/domain/doc.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { MATRIX_ROWS_MAX = 12, MATRIX_COLS_MAX = 5 };

struct matrix {
    const char **rows;           /* what is looked at: a hazard */
    const char **cols;           /* "How likely" */
    const char **words;          /* row by row: "Unlikely (2)" */
    size_t row_count, col_count; /* 0: the document has none */
};
/* ERR_INPUT, with the line: a row or a cell too few or too many, an empty one, or one that begins with no letter. */
MUST_USE enum err matrix_from_doc(struct arena *a, const struct doc *d, struct matrix *out,
                                  struct why *why);
const char *matrix_at(const struct matrix *m, size_t row, size_t col);
