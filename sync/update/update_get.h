/* How a file of a repository is got (REPOSITORY.md): from a hub, a folder, a stick, an array in a test. Whoever judges
   the bytes is handed one of these and never knows which.

   A name is what stands in REPOSITORY.md: "metadata/3.root.json", "metadata/2.employers%2Fexample.json",
   "targets/national/HASH.manifest.json". In names below metadata/ the role is percent-encoded already, in a folder as in a
   URL; all others are plain UTF-8, which is escaped for a URL (update_url). No name that is asked for has an empty part, a
   "." or ".." part, a backslash or a control character. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/str.h"

/* The whole file in the arena. ERR_NOT_FOUND: 403, 404, no such file. ERR_LIMIT: longer than max. ERR_NOMEM: the arena's.
   Anything else: it could not be asked; with ERR_OFFLINE when nobody answered in time. Asks once, and for nothing else. */
typedef enum err (*update_get)(void *ctx, const char *name, size_t max, struct arena *a,
                               uint8_t **out, size_t *out_len, struct why *why);

/* Takes a piece of a file; what is not ERR_OK ends the transfer and is its result. */
typedef enum err (*update_sink)(void *to, const void *piece, size_t len, struct why *why);
/* The same for a file that need not fit into memory: its bytes in their order, never more than max of them. */
typedef enum err (*update_pour)(void *ctx, const char *name, size_t max, update_sink sink, void *to,
                                struct why *why);

/* Adds the name to a base address that ends in '/', escaped as a URL wants it. */
void update_url(struct buf *url, const char *name);
