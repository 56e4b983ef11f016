/* Changing what the register says of an item: a new register line that names the one it replaces and keeps all that is
   not changed. */
#pragma once

#include "app/screens/parts.h"

/* A line that says what the one in force says; the caller changes members. Strings are the item's. */
struct item_draft change_draft(const struct item *item);
/* Records it under the person who is signed in, and says `said`; false (and told) when it could not be. */
bool change_record(struct app *app, const struct item_draft *draft, const char *said);
/* The name without the number at its end in base, and the number that a further one should have: "Hotplate 2" gives
   "Hotplate" and one more than the highest on the register. */
unsigned change_next_number(struct app *app, const char *name, char *base, size_t size);
