/* How a document is read: shared by doc.c and doc_front.c. */
#pragma once

#include "app/domain/doc.h"
#include "platform/base/str.h"

enum {
    DOC_LINE_MAX = 16 * 1024, /* bytes of one line */
    DOC_CELLS_MAX = 12,       /* columns of a table */
    DOC_LIST_MAX = 60,        /* entries of one list in the front matter */
    DOC_TEXT_MAX = 2000,      /* bytes of one front matter value */
    DOC_HREF_MAX = 1000,
};

/* Reads the front matter's YAML into the members of out; lines are counted from first_line. */
MUST_USE enum err doc_front(struct arena *a, const char *yaml, size_t len, unsigned first_line, struct doc *out,
                            struct why *why);
