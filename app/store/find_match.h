/* What is typed, held against single words. Pure. */
#pragma once

#include "app/store/find_index.h"
#include "app/store/find_words.h"

enum { FIND_TYPED_MAX = 12, FIND_NAME_WORDS_MAX = 6 };

struct find_sought {
    struct find_word word;
    char key[FIND_WORD_MAX];      /* as a whole word */
    char open_key[FIND_WORD_MAX]; /* as the beginning of one */
    size_t key_len, open_len, stem_len;
    uint32_t letters;
    bool open;  /* nothing stands behind it yet: it may be a beginning */
    bool minor; /* a stop word or a concentration: nothing needs to have it */
    bool slips; /* words one slip away count too */
    bool fits;  /* some document has it, or something that begins so */
};

struct find_query {
    struct find_sought words[FIND_TYPED_MAX];
    size_t count;
    bool has_conc;
    struct find_conc conc;
    bool who; /* somebody is looked for, not something */
};

/* Cuts what was typed. With an index, a word that no document has is taken as the two that it may be made
   of. */
void find_query_read(struct find_query *q, const char *typed, const struct find_index *x);

/* How well a word of a text is what was sought: 1 the same, less for other spellings, beginnings and
   slips, 0 not at all. *out_len: how much of it, in bytes as folded; all of it when it is not only
   begun. */
float find_quality(const struct find_sought *s, const struct find_term *t, size_t *out_len);
/* A term for find_quality from any word; keeps pointers into both. */
struct find_term find_term_of(const char *word, char key[FIND_WORD_MAX]);

/* The words of the documents that a sought one may be, without looking at the others where slips do not count.
   One may come twice. */
struct find_scan {
    const struct find_index *x;
    const struct find_sought *s;
    size_t at, end;
    int step;
};
struct find_scan find_scan(const struct find_index *x, const struct find_sought *s);
/* The next of them that is worth anything; NULL at the end. */
const struct find_term *find_scan_next(struct find_scan *scan, float *out_quality);
/* The words whose key is this one: count of them from by_key[*out_at] on. */
size_t find_keyed(const struct find_index *x, const char *key, size_t *out_at);

/* A name as one term of the index: "=bromine water", from the words that say something. False when it has
   none or too many. */
bool find_name(const char *text, char out[FIND_WORD_MAX]);
/* The first of terms in order that is not before text. */
size_t find_term_at(const struct find_term *terms, size_t count, const char *text);
