/* Words of the search: how a text is cut, which spellings are held to be the same, and how far two
   words lie apart. Documents and what is typed go through the same cutting. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { FIND_WORD_MAX = 48 };

/* A word as it is compared: small letters without accents, digits for sub- and superscripts, the names
   of Greek letters; apostrophes are dropped. "H₂SO₄" is h2so4, "Techné" techne, "10%" 10%. */
struct find_word {
    char text[FIND_WORD_MAX];
    size_t from, to; /* its bytes in the text it was cut from */
    bool cut;        /* it was longer */
};
/* The next word from *pos on; false at the end. A longer word is cut off at FIND_WORD_MAX - 1. */
bool find_word_next(const char *text, size_t len, size_t *pos, struct find_word *out);
/* How many bytes of the original, from its beginning, make the first `folded` bytes of the word. */
size_t find_word_bytes(const char *text, size_t len, size_t folded);

/* One spelling for many: double letters, ph and f, ae and e, ou and o, z and s, c and k, y and i are the
   same; a plural is its singular (not with open: a word that is still being typed). Never longer than the
   word. */
void find_key(const char *word, bool open, char out[FIND_WORD_MAX]);
/* How much of a key is its stem: without -ing, -ion, -ed, -er, -e and the like. */
size_t find_stem(const char *key);

/* Whether at most one slip (a letter wrong, missing, too many, or two swapped) turns a into b; with open,
   into a beginning of b. */
bool find_slip(const char *a, const char *b, bool open);
/* The same with two slips. */
bool find_two_slips(const char *a, const char *b);

/* «the», «with», «who»: found everywhere, so never needed. */
bool find_is_stop(const char *word);

/* A concentration among the words: "2M", "0.1 mol/l", "10%". count words are part of it. */
struct find_conc {
    double value;
    char text[32]; /* "2 mol/l", "10 %": as the screen of a chemical takes it */
    size_t at, count;
};
bool find_conc(const struct find_word *words, size_t count, struct find_conc *out);
