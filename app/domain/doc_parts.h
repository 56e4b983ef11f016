/* How a document is read: doc.c finds the parts, doc_front.c reads the YAML at the top, doc_body.c
   the Markdown below. Shared by these three and by nothing else. */
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
MUST_USE enum err doc_front(struct arena *a, const char *yaml, size_t len, unsigned first_line,
                            struct doc *out, struct why *why);

/* Reads the Markdown from source + body to its end into the blocks of out. Faults name the line as
   counted from the top of source. The source's lines must have passed doc.c's checks of length and
   nesting. */
MUST_USE enum err doc_body(struct arena *a, const char *source, size_t len, size_t body,
                           struct doc *out, struct why *why);
