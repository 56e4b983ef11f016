/* The lines of a bundle, taken apart before any store is asked: what can be said of them by themselves is said here, so
   that it needs no lock. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/log/bundle.h"
#include "sync/log/hlc.h"

enum { LINES_HLC = 8 }; /* a stamp in bytes that sort as it does */

/* Bits of the store's column `wanted`. */
enum {
    LINES_FOLLOWED = 1, /* hubstore_follow makes its tables of it */
    LINES_SAID = 2,     /* a school says something of a recall or stop notice: hubstore_stops */
};

/* Lines that say who belongs to a site. */
enum lines_member {
    LINES_NO_MEMBER,
    LINES_FOUNDED,
    LINES_ADMITTED,
    LINES_ENROLLED,
    LINES_REVOKED,
    LINES_ERASED,
    LINES_VOICE, /* a voice of the hub that says whose it is */
};

struct lines_one {
    const char *text;
    size_t len;
    size_t author; /* place in authors */
    uint64_t seq;
    struct hlc stamp;
    bool moves; /* whether its stamp may move a clock */
    uint8_t hlc[LINES_HLC];
    uint8_t hash[KEYS_HASH], prev[KEYS_HASH];
    unsigned marks; /* LINES_FOLLOWED, LINES_SAID */
    enum lines_member member;
    /* The store's, while it works on them. */
    bool fresh;
    uint64_t no;
};

/* Whose lines they are, and what the store has of each. */
struct lines_author {
    char device[KEYS_ID_TEXT];
    bool known, changed;
    int64_t no;
    uint64_t head_seq, mark_seq;
    uint8_t head_hash[KEYS_HASH], mark_hash[KEYS_HASH];
};

struct lines_blob {
    char hash[KEYS_ID_TEXT];
    const char *salt, *text;
};

struct lines {
    struct lines_one *all; /* as they came */
    struct lines_one **by; /* by author and number */
    size_t count;
    struct lines_author *authors;
    size_t author_count, author_room;
    struct lines_blob *blobs;
    size_t blob_count;
};

/* In the arena, with texts borrowed from the bundle. ERR_INPUT, ERR_LIMIT: something in it is no line, or no name. */
MUST_USE enum err lines_parse(struct arena *a, const struct bundle *b, struct lines *out,
                              struct why *why);
/* The marks of a line of this kind: who reads such lines finds them without looking through the others. line ends with a NUL;
   only of a line that carries another is its text looked at, and then one mark too many is possible, never one too few. */
unsigned lines_marks(const char *kind, const char *line);
void lines_hlc(uint8_t out[LINES_HLC], struct hlc stamp);
