/* Where each row of a form is, by name: a form of 500 rows with their follow-up rows asks for
   thousands of names while it is read. Shared by the form's own files. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "app/domain/form.h"

/* Room for count rows; in the arena. Until then form_field_index searches. */
MUST_USE enum err form_index_new(struct arena *a, struct form *f, size_t count, struct why *why);
/* Enters row i under its name, unless another has it: the first keeps it. */
void form_index_add(struct form *f, size_t i);
