/* Synonyms, as rows of synonyms.csv name them: whoever types one phrase of a row also finds what carries
   another of them. They are worked into the index, so that they too may be begun or misspelt. */
#pragma once

#include <stdint.h>

#include "app/store/find_build.h"
#include "platform/base/arena.h"

enum { FIND_ALSO_WORDS_MAX = 6, FIND_ALSO_PHRASES_MAX = 20000 };

struct also_phrase; /* opaque */
struct find_also {
    struct arena *a;
    struct also_phrase *rows;
    size_t count, cap;
    uint32_t groups;
    uint32_t *seen; /* of each group: the document that had it last, and where */
    bool sorted;
};

void find_also_init(struct find_also *s, struct arena *a);
/* A phrase, and others that mean the same with commas between them. ERR_LIMIT: too many. */
MUST_USE enum err find_also_row(struct find_also *s, const char *words, const char *also,
                                struct why *why);
/* Looks through a text of document `place` for phrases, and adds the others of their rows to it: their words
   as FIND_ALSO, or as `field` where that is worth less. Where the whole text is the phrase, they are names
   of the document too, as much as the text is. */
void find_also_text(struct find_also *s, struct find_build *b, uint32_t place, const char *text,
                    unsigned field);
