/* An assessment or a document in so few bytes that a small QR code on its printed sheet holds them: its title, its revision and
   what must not be done. For whoever has the paper and no link. Pure. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"

enum { BRIEF_MAX = 106 /* bytes: version 6 at error level M */ };

struct brief {
    const char *title;
    int revision;
    const char *state; /* "DRAFT", "WITHDRAWN": not to be used, said first; NULL: in force */
    const char *const *do_nots;
    size_t do_not_count;
};
/* "Title, revision 2. Never this. Never that." Do-nots go in whole or not at all, the first ones first, and … tells that there
   are more; a title is cut, with …, where it leaves no room for the revision. At most BRIEF_MAX bytes. In the arena; "" where
   that is full. */
const char *brief_text(struct arena *a, const struct brief *b);
