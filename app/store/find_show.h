/* Which words of a result are shown as the ones that were sought. */
#pragma once

#include "app/store/content.h"
#include "app/store/find_match.h"

/* Fills bold and snippet of a hit from its head. False: the words stand in its text, which find_show_text looks
   through. What does not fit into the arena is left out. */
bool find_show(struct doc_hit *hit, const struct find_query *q, struct arena *a);
/* packed: the document's source as it lies in the index. */
void find_show_text(struct doc_hit *hit, const struct find_query *q, const void *packed, size_t len,
                    struct arena *a);
