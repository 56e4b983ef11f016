/* A line that left its chain, whole inside a line of another chain: kind `line.carried`, subject "X:seq", body

     {"sha256": hash of the original, "means": {"X:n": hash, …}, "line": the original's bytes, the last member}

   Its own chain may hold other lines under the numbers that it names, so `means` says which line each of them was: by the
   hash that it had for the writer. A carried line is never carried inside another: what is carried again is the original.
   Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/log/event.h"

#define CARRIED_KIND "line.carried"

enum {
    /* A line that may be carried some day stays so far under EVENT_LINE_MAX. */
    CARRIED_ROOM = 2 * 1024,
    CARRIED_NAMES_MAX = 1000, /* lines that one line can name: more do not fit into one */
};

struct carried {
    char hash[KEYS_ID_TEXT]; /* of the original */
    const char *line;        /* its bytes, borrowed from the line that carries it; no NUL behind */
    size_t len;
    struct event event; /* the original, in the arena of the line that carries it */
    const struct json *means;
};

/* e is the parsed line of these bytes. ERR_INPUT: not a carried line as this says: its bytes do not come to the hash,
   it is not the line that the subject names, or it carries a carried one. */
MUST_USE enum err carried_read(const struct event *e, const char *line, size_t len,
                               struct carried *out, struct why *why);
/* The hash that `means` gives for the line of that name; NULL: none, or no hash. */
const char *carried_means(const struct carried *c, const char *name);

/* The earlier lines of its own chain that an event names in subject and body: their numbers, each once, rising. At most
   CARRIED_NAMES_MAX. */
size_t carried_names(const struct event *e, uint64_t out[CARRIED_NAMES_MAX]);
/* Whether a line of that length fits whole into another, with all that it names. */
bool carried_fits(const struct event *e, size_t len);

/* The body. hashes[i] stands for numbers[i]; "" one that the writer does not know, which is left out. */
struct carried_draft {
    const char *device; /* the original's */
    const char *hash;
    const char *line;
    size_t len;
    const uint64_t *numbers;
    const char (*hashes)[KEYS_ID_TEXT];
    size_t count;
};
void carried_write(struct buf *out, const struct carried_draft *d);
