/* The pass phrase of a key file: asked on the terminal without an echo, or the first line of a file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/err.h"

enum { PASS_MAX = 1024, PASS_MIN = 12 }; /* bytes */

struct pass {
    char text[PASS_MAX + 1];
    size_t len;
};

/* file NULL: asked on the terminal; fresh: twice, and at least PASS_MIN long wherever it comes from. ERR_NOT_FOUND: there
   is no terminal; ERR_DENIED: the person gave up, or the two differ. Wipe it with pass_done. */
MUST_USE enum err pass_read(const char *file, const char *what, bool fresh, struct pass *out,
                            struct why *why);
void pass_done(struct pass *p);
