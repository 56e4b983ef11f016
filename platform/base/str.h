/* Strings: a bounded buffer with a sticky failure, and what UTF-8 needs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/attr.h"
#include "platform/base/err.h"

/* A growing byte buffer with a hard maximum. The first failure stays and later calls do nothing;
   buf_done tells. data is always NUL-terminated once anything was added (the NUL is not
   counted). */
struct buf {
    char *data; /* may be NULL while len is 0 */
    size_t len;
    size_t cap;
    size_t max; /* bytes, without the NUL */
    bool failed;
    bool starved; /* it failed because memory ran out */
};

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);  /* accepts a zeroed one */
void buf_reset(struct buf *b); /* empties, keeps memory, clears failed */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A cell of a CSV table, quoted. One that a spreadsheet would run as a formula gets an apostrophe in front: no text that
   somebody typed is to run on another's machine. */
void buf_csv(struct buf *b, const char *text);
/* ERR_LIMIT: something did not fit into max. ERR_NOMEM: memory ran out, and no smaller text would help. */
MUST_USE enum err buf_done(const struct buf *b, struct why *why);

bool str_eq(const char *a, const char *b); /* NULL equals NULL only */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Where the rows of that key begin, or would: each row is `size` bytes and begins with its key, a `const char *` that is not
   NULL; the rows are in the order of strcmp. count, where all keys come before it. */
size_t str_rows_from(const void *rows, size_t count, size_t size, const char *key);
/* Copies at most size-1 bytes, cut at a UTF-8 boundary, always terminated. Returns whether all
   fitted. */
bool str_copy(char *to, size_t size, const char *from);
/* Formats into a fixed array. Returns whether all fitted. */
bool str_format(char *to, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Whole-string numbers: no leading or trailing anything. */
MUST_USE bool str_to_i64(const char *s, int64_t *out);
/* finite, '.' decimal point, C locale always. */
MUST_USE bool str_to_f64(const char *s, double *out);

/* Next code point of valid or invalid UTF-8; an invalid byte gives U+FFFD and advances by one.
   *pos is advanced. Returns 0 at len. */
uint32_t utf8_next(const char *s, size_t len, size_t *pos);
bool utf8_valid(const char *s, size_t len);        /* no surrogates, no overlongs, no NUL */
size_t utf8_put(char out[4], uint32_t code_point); /* bytes written */

/* Lower-case hex. out holds 2*len+1. */
void hex_put(char *out, const uint8_t *bytes, size_t len);
/* Whether the text is so many lower-case hex digits and nothing else; NULL is not. */
bool hex_is(const char *text, size_t digits);
/* Exactly 2*len digits, then NUL. */
MUST_USE bool hex_get(uint8_t *out, size_t len, const char *hex);
