/* What went wrong: a code that a caller can act on, and a sentence for people.
   Functions that can fail return enum err and take a struct why as their last parameter, which
   may be NULL. Outputs stand just before it and are written only on success. */
#pragma once

#include "platform/base/attr.h"

enum err {
    ERR_OK = 0,
    ERR_NOMEM,     /* memory, or an arena's maximum */
    ERR_IO,        /* the disk, a socket, a device; why.sys holds errno */
    ERR_FULL,      /* no room on the disk */
    ERR_INPUT,     /* what came from outside is not well-formed */
    ERR_LIMIT,     /* what came from outside is larger than its stated maximum */
    ERR_NOT_FOUND, /* no such thing */
    ERR_CONFLICT,  /* contradicts what is already there */
    ERR_DENIED,    /* not allowed, or a signature that does not verify */
    ERR_OFFLINE,   /* nobody answered, or not in time; try again later */
};

struct why {
    int sys;        /* errno, or 0 */
    char text[192]; /* UTF-8, no line break; truncated on overflow */
};

/* Sets the sentence and returns code, so that a caller can write `return why_set(...)`. When sys
   is not 0, its strerror text is appended. */
enum err why_set(struct why *why, enum err code, int sys, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Puts what the caller knows in front of the sentence: "save check 41: " + text. Returns code. */
enum err why_in(struct why *why, enum err code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* A stable lower-case word for the code ("io", "full", ...). Borrowed, static. */
const char *err_name(enum err code);
