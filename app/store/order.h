/* Walking order: room, shelf, name, with numbers inside them by value (shelf B2 before B10).
   Pure. */
#pragma once

#include "app/store/query.h"

int order_items(const struct item *a, const struct item *b);
/* Case of ASCII letters ignored. */
int order_natural(const char *a, const char *b);
