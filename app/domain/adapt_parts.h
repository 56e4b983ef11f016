/* What the files of adapt share: the keys of lines and what a change of each does, and a growing list of
   lines. Used by these and by nothing else. */
#pragma once

#include "app/domain/adapt.h"

/* What adding, removing and changing a line of this key does, in the order of the lines. */
struct adapt_key {
    const char *id, *words;
    enum adapt_effect add, remove, change;
    bool numbered; /* key/1, key/2 ...: a new revision's are found again by their words */
    bool ordered;  /* another order is another method */
    bool fixed;    /* one line that is always there: never removed, never typed */
    bool typed;    /* lines that somebody may type */
};
const struct adapt_key *adapt_key_at(size_t place); /* NULL past the last */
const struct adapt_key *adapt_key_find(const char *id);
/* The key of a path: a static text; NULL when it has none that is known, or is no path. */
const char *adapt_path_key(const char *path);

/* Whether text is UTF-8 of at most max bytes without control characters. */
bool adapt_text_ok(const char *text, size_t max);

struct adapt_list {
    struct arena *a;
    struct adapt_line *line;
    size_t count, cap;
    bool failed; /* out of memory, or past ADAPT_LINES_MAX */
};
void adapt_list_push(struct adapt_list *l, struct adapt_line line);
void adapt_list_push_at(struct adapt_list *l, size_t at, struct adapt_line line);
MUST_USE enum err adapt_list_done(const struct adapt_list *l, struct adapt_lines *out,
                                  struct why *why);
/* A copy of lines that may be changed. */
struct adapt_list adapt_list_of(struct arena *a, struct adapt_lines lines);
size_t adapt_place(const struct adapt_line *line, size_t count, const char *path); /* count: none */
/* Where a line of that key ends its group: the place behind its last line, in the order of keys. */
size_t adapt_place_end(const struct adapt_line *line, size_t count, const char *key);
bool adapt_line_same(const struct adapt_line *x,
                     const struct adapt_line *y); /* text, amount, unit */

/* "0.5 mol/l" as a line's text. In the arena. */
const char *adapt_amount_text(struct arena *a, double amount, const char *unit);
