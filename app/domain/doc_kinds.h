/* What kinds of documents there are, and which keys the front matter of each may have. One table for
   the parser, the linter, the index and the cards: a key that is not here is refused, because a
   misspelt one would silently take a warning off the screen. Keys that begin with "x_" are free for
   other tools, on every level. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum doc_key_type {
    DOC_KEY_TEXT,
    DOC_KEY_DATE,    /* 2026-11-23 */
    DOC_KEY_MOMENT,  /* 2026-11-23, or 2026-11-23T16:00 on Europe/London's clock */
    DOC_KEY_INT,     /* min to max */
    DOC_KEY_NUMBER,  /* a decimal number, not below 0 */
    DOC_KEY_YES,     /* yes or no */
    DOC_KEY_WORD,    /* one of `words` */
    DOC_KEY_WORDS,   /* a list of `words` */
    DOC_KEY_LIST,    /* texts; one text alone is a list of one */
    DOC_KEY_LINK,    /* of the web, at most DOC_LINK_MAX bytes */
    DOC_KEY_DOC,     /* a document's id */
    DOC_KEY_DOCS,    /* documents' ids */
    DOC_KEY_RELATES, /* document ids, chem:ID, kind:ID, duty:1-9 */
    DOC_KEY_SIGNS,   /* names of files in assets/signs */
    DOC_KEY_KINDS,   /* kinds of equipment, or maps with such a key `kind` */
    DOC_KEY_MAPS,    /* a list of maps that have `keys` */
    DOC_KEY_MAP,     /* one map that has `keys`; without keys any word with a text */
    DOC_KEY_GRID,    /* a list of lists of texts */
};

struct doc_key {
    const char *id;
    enum doc_key_type type;
    bool required;
    const char *words; /* DOC_KEY_WORD(S): the words, one blank between them */
    int min, max;      /* DOC_KEY_INT, when max is not 0; LIST and MAPS: at most max entries */
    int words_max;     /* of a text: at most so many words; 0 = any */
    const struct doc_key *keys;
    size_t key_count;
};

struct doc_kind {
    const char *id, *name, *plural; /* "course", "Course", "Courses" */
    const struct doc_key *keys;     /* besides those that every kind has */
    size_t key_count;
    uint32_t icon; /* code point of the icon font */
};

const struct doc_kind *doc_kind(const char *id);  /* NULL: no such kind */
const struct doc_kind *doc_kind_at(size_t place); /* NULL past the last */
/* The key of a kind, or one that all kinds have. kind NULL: a key of any kind. */
const struct doc_key *doc_kind_key(const struct doc_kind *kind, const char *id);
/* Every key of a kind, its own first; NULL past the last. kind NULL: of all kinds. */
const struct doc_key *doc_kind_key_at(const struct doc_kind *kind, size_t place);
/* Key `id` of a map inside another key; NULL when it has none such. */
const struct doc_key *doc_key_inner(const struct doc_key *key, const char *id);
