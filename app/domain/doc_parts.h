/* How a document is read: doc.c finds the parts, doc_node.c reads the YAML at the top into a tree,
   doc_check.c holds the tree against the table of keys, doc_front.c fills the members from it, and
   doc_body.c reads the Markdown below. Shared by these and doc_lint.c, and by nothing else. */
#pragma once

#include "app/domain/doc.h"
#include "app/domain/doc_kinds.h"
#include "platform/base/str.h"

enum {
    DOC_LINE_MAX = 16 * 1024, /* bytes of one line */
    DOC_CELLS_MAX = 12,       /* columns of a table */
    DOC_LIST_MAX = 200,       /* entries of one list or map in the front matter */
    DOC_TEXT_MAX = 2000,      /* bytes of one front matter value */
    DOC_NODES_MAX = 6000,     /* entries of the front matter in all */
    DOC_NODE_DEPTH_MAX = 5,   /* lists and maps inside each other */
    DOC_HREF_MAX = 1000,
    DOC_TABLE_CELLS_MAX = 2000,
    DOC_PART_MAX = 4000, /* bytes of one paragraph before it is broken up */
    DOC_PICTURE_NAME_MAX = 120,
};

/* Where the parts of a source are. */
struct doc_split {
    const char *source; /* a copy in the arena that ends in a NUL */
    size_t front, front_len;
    size_t body;
    size_t bom; /* bytes of a byte order mark */
    bool has_front;
};

/* Copies and finds the parts; checks the lines up to the body's begin, and of the body too when
   `whole`. */
MUST_USE enum err doc_split(struct arena *a, const char *source, size_t len, bool whole,
                            struct doc_split *out, struct why *why);

/* Characters that are no text, or that turn what is read round: control characters, direction marks,
   blanks of no width. */
bool doc_char_hidden(uint32_t code);

/* Reads the front matter's YAML into a tree; lines are counted from first_line. */
MUST_USE enum err doc_nodes(struct arena *a, const char *yaml, size_t len, unsigned first_line,
                            struct doc_node *out, struct why *why);

/* Told each fault of the front matter. hard: the document cannot be shown with it. Returns whether
   to go on. */
struct doc_fault_to {
    bool (*tell)(void *ctx, unsigned line, bool hard, const char *text);
    void *ctx;
};
/* Holds a tree against the keys of its kind. Returns whether nobody said to stop. */
bool doc_check_front(const struct doc_node *front, struct doc_fault_to to);

/* Reads the front matter into the members of out, whose front is set. */
MUST_USE enum err doc_front(struct arena *a, struct doc *out, struct why *why);

/* Reads the Markdown from source + body to its end into the blocks of out. Faults name the line as
   counted from the top of source. The source's lines must have passed doc.c's checks of length and
   nesting. */
MUST_USE enum err doc_body(struct arena *a, const char *source, size_t len, size_t body,
                           struct doc *out, struct why *why);
