/* HTML as it is written: every text that is put into a page goes through here and is escaped; what is not escaped is a
   literal of the program. Pure. */
#pragma once

#include "platform/base/attr.h"
#include "platform/base/str.h"

enum { HTML_MAX = 4 * 1024 * 1024 /* bytes of a page */ };

/* A page under way: a buffer whose first failure stays (str.h). */
struct html {
    struct buf out;
};

void html_init(struct html *h);
void html_done(struct html *h); /* accepts a zeroed one */
/* A literal with what is put into it: %s (escaped for text and for quoted attributes alike), %d, %u, %zu, %lld and
   %%. Nothing else is known; an unknown conversion is a mistake of ours. %s with NULL puts nothing. */
void html(struct html *h, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The text as a part of a path or of a query: all but letters, digits and -._~ as %XX. What comes out needs no
   escaping. */
void html_url(struct html *h, const char *text);
