/* A document: Markdown with YAML front matter, parsed into blocks for the one reader. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { DOC_BYTES_MAX = 512 * 1024, DOC_BLOCKS_MAX = 4000, DOC_DEPTH_MAX = 12 };

enum doc_block_kind {
    DOC_HEADING,
    DOC_PARA,
    DOC_ITEM,
    DOC_STEP,
    DOC_TABLE_ROW,
    DOC_RULE,
    DOC_QUOTE,
    DOC_CODE,
};
enum doc_style { DOC_PLAIN = 0, DOC_BOLD = 1, DOC_ITALIC = 2, DOC_MONO = 4, DOC_LINK = 8 };

struct doc_run {
    const char *text;
    size_t len;
    unsigned style;
    const char *href; /* with DOC_LINK */
};
struct doc_block {
    enum doc_block_kind kind;
    int level;  /* heading 1-6; list depth from 0 */
    int number; /* DOC_STEP: its number */
    bool table_head;
    struct doc_run *runs;
    size_t run_count;
    size_t *cells; /* DOC_TABLE_ROW: index of each cell's first run; cell_count of them */
    size_t cell_count;
};
struct doc {
    /* "" when absent; kind: guidance, assessment, ... */
    const char *id, *kind, *title, *issuer, *summary, *revised;
    const char *example; /* "yes" marks: not adopted by any employer */
    const char **subjects, **stages, **equipment, **keywords; /* lists from front matter */
    size_t subject_count, stage_count, equipment_count, keyword_count;
    /* assessment's first screen; "" or empty when absent */
    const char **do_nots, **hazards, **ppe;
    size_t do_not_count, hazard_count, ppe_count;
    const char *if_wrong, *who;
    struct doc_block *blocks;
    size_t block_count;
};
/* ERR_INPUT names the line. In the arena; source may go away afterwards. */
MUST_USE enum err doc_parse(struct arena *a, const char *source, size_t len, struct doc *out,
                            struct why *why);
/* The body's plain text for the search index. In the arena. */
MUST_USE enum err doc_plain(struct arena *a, const struct doc *d, const char **out,
                            struct why *why);
