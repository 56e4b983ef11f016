/* A document: Markdown with YAML front matter, parsed into blocks for the one reader. Pure.
   Which keys a kind of document may have, and of what type, stands in doc_kinds.h; what an author
   is told about a faulty one is doc_lint.h's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/caldate.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { DOC_BYTES_MAX = 512 * 1024, DOC_BLOCKS_MAX = 4000, DOC_DEPTH_MAX = 12 };
enum { DOC_LINK_MAX = 62 }; /* bytes of a web link that is handed over by QR: version 4, level M */

enum doc_block_kind {
    DOC_HEADING,
    DOC_PARA,
    DOC_ITEM,
    DOC_STEP,
    DOC_TABLE_ROW,
    DOC_RULE,
    DOC_QUOTE,
    DOC_CODE,
    DOC_PICTURE, /* alone in its paragraph; the runs are the words that stand for it */
};
enum doc_style {
    DOC_PLAIN = 0,
    DOC_BOLD = 1,
    DOC_ITALIC = 2,
    DOC_MONO = 4,
    DOC_LINK = 8,
    DOC_SUB = 16,
    DOC_SUP = 32,
};
enum doc_align { DOC_ALIGN_LEFT, DOC_ALIGN_CENTRE, DOC_ALIGN_RIGHT };

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
    const unsigned char *aligns; /* enum doc_align of each cell */
    const char *picture;         /* DOC_PICTURE: a file's name in content/pictures; else NULL */
    bool quoted;                 /* stands in a block quote, whatever its kind */
    bool follows;                /* goes on in the list's item above: no mark of its own */
};

/* One entry of the front matter as it stands; DOC_NODE_TEXT: text; LIST, MAP: items. Line numbers
   count from the file's top. */
enum doc_node_kind { DOC_NODE_TEXT, DOC_NODE_LIST, DOC_NODE_MAP };
struct doc_node {
    const char *key; /* "" in a list */
    enum doc_node_kind kind;
    const char *text; /* "" for LIST and MAP */
    const struct doc_node *items;
    size_t count;
    unsigned line;
};

struct doc {
    /* "" when absent; kind: guidance, assessment, ... */
    const char *id, *kind, *title, *issuer, *summary, *revised;
    const char *example;                         /* "yes" marks: not adopted by any employer */
    const char **subjects, **stages, **keywords; /* lists from front matter */
    const char **equipment;                      /* kinds of equipment, however they are written */
    size_t subject_count, stage_count, equipment_count, keyword_count;
    /* assessment's first screen; "" or empty when absent. hazards: ids of signs, from the key
       `signs`, or from `hazards` where those are plain texts. */
    const char **do_nots, **hazards, **ppe;
    size_t do_not_count, hazard_count, ppe_count;
    const char *if_wrong, *who;
    struct doc_block *blocks;
    size_t block_count;

    struct doc_node front; /* the whole map; a file without front matter has none */
    /* "sample" | "national" | "sector" | "authority" | "school"; set by the content layer, "sample"
       by the parser */
    const char *issuer_kind;
    int revision;             /* 1 when absent */
    const char *what_changed; /* "" */
    /* This revision changed a control; without the key: true from revision 2 on. */
    bool material;
    int32_t revised_day, stale_after, hide_after, review_on; /* CALDATE_NONE when absent */
    const char *withdrawn, *replacement;                     /* why; document id */
    const char *overrides, *differs; /* id it overrides (normally its own); why it differs */
    const char **codes;              /* what a bottle's or thing's label may say */
    size_t code_count;
    const char **relates; /* "b03", "chem:ammonia", "kind:pressure-cooker", "duty:6" */
    size_t relate_count;
    const char *confidence; /* "sure" | "likely" | "verify" | "" */
};
/* ERR_INPUT names the line. In the arena; source may go away afterwards. */
MUST_USE enum err doc_parse(struct arena *a, const char *source, size_t len, struct doc *out,
                            struct why *why);
/* Front matter alone, for lists; blocks stay empty and the body is not looked at. */
MUST_USE enum err doc_parse_front(struct arena *a, const char *source, size_t len, struct doc *out,
                                  struct why *why);
/* The body's plain text for the search index. In the arena. */
MUST_USE enum err doc_plain(struct arena *a, const struct doc *d, const char **out,
                            struct why *why);

/* What the front matter says under a key. Borrowed from the document. */
const struct doc_node *doc_get(const struct doc *d, const char *key); /* NULL absent */
const char *doc_text(const struct doc *d, const char *key);           /* "" absent or no text */
const struct doc_node *doc_node_get(const struct doc_node *map, const char *key);
const char *doc_node_text(const struct doc_node *map, const char *key);
/* A text counts as a list of one: item i as a text ("" when it is a map or list), NULL past the
   end. node may be NULL. */
const char *doc_node_at(const struct doc_node *node, size_t i);
size_t doc_node_count(const struct doc_node *node);
bool doc_node_yes(const struct doc_node *map, const char *key); /* "yes" or "true" */
