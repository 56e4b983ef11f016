/* What a browser sent: the fields of a query, of a form, and of its cookies. Bounded; a text that is no UTF-8, or holds
   control characters but line breaks and tabs, is not taken. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { FIELDS_MAX = 600, FIELDS_NAME_MAX = 64, FIELDS_VALUE_MAX = 64 * 1024 };

struct field {
    const char *name, *value; /* in the arena */
};
struct fields {
    struct field *all;
    size_t count;
};

/* application/x-www-form-urlencoded: text of len bytes, as a body or behind the ? of an address. ERR_INPUT, ERR_LIMIT. */
MUST_USE enum err fields_read(struct arena *a, const char *text, size_t len, struct fields *out,
                              struct why *why);
/* The first of that name; "" when there is none. */
const char *fields_get(const struct fields *f, const char *name);
/* A cookie's value out of the header Cookie (NULL: none was sent); in the arena. NULL when there is none, or several of that
   name. */
const char *fields_cookie(struct arena *a, const char *header, const char *name);
