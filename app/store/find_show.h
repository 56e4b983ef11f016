/* Which words of a result are shown as the ones that were sought. */
#pragma once

#include "app/store/content.h"
#include "app/store/find_match.h"

/* Fills bold and snippet of a hit. packed: the document's source as it lies in the index. What does not fit
   into the arena is left out. */
void find_show(struct doc_hit *hit, const struct find_query *q, const void *packed, size_t len,
               struct arena *a);
