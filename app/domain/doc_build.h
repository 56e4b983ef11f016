/* The body while it is read: shared by doc_body.c (blocks) and doc_runs.c (the words in them), and
   by nothing else. */
#pragma once

#include "app/domain/doc_parts.h"

/* md4c calls back while it reads. The body is read twice: once to count blocks, runs, cells and
   bytes, then to fill arrays of exactly that size. Both readings run the same code; `fill` is the
   difference. */
struct doc_build {
    struct arena *a;
    const char *source;
    size_t len;
    bool fill;
    size_t block_count, run_count, cell_count, bytes;
    struct doc_block *blocks;
    struct doc_run *runs;
    size_t *cells;
    unsigned char *aligns;
    char *text;

    bool open;                /* a block takes text */
    bool fresh;               /* the open block has no text yet, and is a list's item */
    bool split;               /* the next text starts a run of its own */
    enum doc_block_kind kind; /* of the last block begun */
    size_t part;              /* bytes of text in it */
    unsigned nest;            /* quotes and lists around */
    unsigned quotes;
    struct {
        bool ordered;
        int number;
    } lists[DOC_DEPTH_MAX];
    unsigned list_depth;
    bool table_head;
    size_t table_cells; /* of the table in hand */
    unsigned bold, italic, mono;
    unsigned script;  /* DOC_SUB, DOC_SUP or 0, while such a piece is appended */
    const char *href; /* of the link around, NULL outside; while counting, any */
    size_t at;        /* where in the source the last text stood */
    enum err code;
    const char *refusal;
};

struct doc_block *doc_block_now(struct doc_build *b);

/* Text of the open block. escaped: by a backslash, so that its first character means nothing.
   verbatim: as it stands, in code. */
void doc_runs_text(struct doc_build *b, const char *text, size_t len, bool escaped, bool verbatim);
/* An entity as &deg;; one that nobody knows stays as it is written. */
void doc_runs_entity(struct doc_build *b, const char *text, size_t len);
