/* Whether a form can be signed at all: a record keeps every row's words beside its answer, and has to
   fit into one line of the log. */
#pragma once

#include <stdbool.h>

#include "app/domain/form.h"
#include "platform/base/arena.h"

/* With nothing but the rows that everybody has to answer, by the shortest answers there are. */
bool lint_record_fits(struct arena *a, const struct form *form);
