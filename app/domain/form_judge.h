/* The judgement of one set of answers, while it is being made. Shared by form.c and
   form_reason.c. */
#pragma once

#include "app/domain/expr.h"
#include "app/domain/form.h"
#include "platform/base/str.h"

/* Why the item fails, in the words of the person who failed it where there are any: the note or the
   choice that follows the failing row, else the row's label with what was read. In the arena; NULL
   when it is full. */
const char *form_reason(const struct form *f, const struct form_state *s, size_t field,
                        struct arena *a);
/* A number as a form shows it, without needless digits. In the arena. */
const char *form_number_text(struct arena *a, double number);
