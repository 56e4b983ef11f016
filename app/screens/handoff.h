/* Handing something over to a person's own phone: a QR code, black on white, with what it says readable beside it. A link
   has at most QR_LINK_MAX bytes; a longer text goes in parts. Nothing in it names a person, a class or the school. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct app;

enum handoff_what {
    HANDOFF_LINK, /* can be passed on, which is counted */
    HANDOFF_TEXT, /* a card, an article, a post: in parts when it is long */
    HANDOFF_MAIL, /* a mailto */
};
/* Opens the screen; title says what it is: "SSERC Bulletin 999", 'What to ask'. text is copied. */
void handoff_open(struct app *app, enum handoff_what what, const char *title, const char *text);

/* A mailto of at most QR_TEXT_MAX bytes into out, subject and body percent-encoded and the body cut where it must be. to
   may be "". Returns whether all of the body went in. */
bool handoff_mailto(char *out, size_t size, const char *to, const char *subject, const char *body);
