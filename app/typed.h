/* Text on a page that holds what somebody typed and nothing has saved (screen.stays), when the page goes without their doing: a
   scan leads elsewhere, or they are signed out. It is kept and stands there again when the page is opened again about the same
   thing, by the same person; text that nobody signed in for is anybody's. A page that is left by «Back», or that has recorded
   what was typed, leaves nothing behind.

   In memory alone: such text names people, and what no record holds yet is not to outlast a power cut unseen. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TYPED_MAX = 24, /* texts; the oldest goes first */
    TYPED_TEXT_MAX = 2048,
    TYPED_PAGE_MAX = 400,
    TYPED_KEEP_MS = 7 * 24 * 60 * 60 * 1000,
};

struct typed {
    struct typed_row {
        char page[TYPED_PAGE_MAX], field[48], person[40];
        char about[40]; /* whom the page is about, where it is a person's */
        char text[TYPED_TEXT_MAX + 1];
        int64_t at_ms; /* monotonic */
    } rows[TYPED_MAX];
    size_t count;
};

struct app;
struct typed_field; /* what the page on the screen is known to hold */

/* Around the drawing of a field of the page on top: puts back what was kept of it, and sees what is typed. */
void typed_begin(struct app *app, const char *field, char *text, size_t size);
void typed_end(struct app *app, const char *field, const char *text, size_t size);
/* router_home, keeping what is typed on the pages that go. Returns whether there was anything. */
bool typed_home(struct app *app);
/* What those typed whose names were erased since, and what was typed on their pages, goes. */
void typed_forget(struct app *app);
