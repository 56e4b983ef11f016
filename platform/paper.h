/* A sheet of paper: what a screen prints, as plain blocks from the top down, and its making into a PDF of A4 pages, of cards
   or of a strip for a receipt printer. The blocks carry every meaning in words, because many prep rooms have one black and
   white printer. Built by screens; the making is thin around cairo and pango and does no printing itself (see printer.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    PAPER_BLOCKS_MAX = 1200,
    PAPER_TEXT_MAX = 8000, /* bytes of one text; what is longer is cut, with … */
    PAPER_CELLS_MAX = 6,
    PAPER_PAGES_MAX = 40,
    PAPER_GROUPS_MAX = 30,
};

/* What it is made for. A card is A6 and there is one for each group; four of them fit on an A4 page, with lines to cut along.
   A strip is as long as it needs to be. */
enum paper_form { PAPER_A4, PAPER_CARD_A6, PAPER_CARDS_A4, PAPER_ROLL_58, PAPER_ROLL_80 };

enum paper_kind {
    PAPER_TITLE,
    PAPER_HEADING,
    PAPER_TEXT,
    PAPER_ITEM, /* mark, then the text */
    PAPER_BOX,  /* a frame with a title: what must be seen first */
    PAPER_ROW,  /* cells over a hairline */
    PAPER_HEAD_ROW,
    PAPER_GROUP, /* "Group 2 of 6", large: which card it is; nothing where groups is 0 */
};
struct paper_block {
    enum paper_kind kind;
    const char *mark, *text; /* PAPER_BOX: mark is its title */
    const char *cells[PAPER_CELLS_MAX];
    size_t cell_count;
    int widths[PAPER_CELLS_MAX];
};
struct paper {
    struct arena *a; /* the blocks' */
    /* At the foot of each page: "" none. footer says revision, issuer and when it was printed. */
    const char *footer;
    const char *code; /* as a QR code in the foot's corner: a link, or the words that matter most */
    const char *watermark; /* across each page: "DRAFT" */
    const char *head; /* first on what follows a card's first, where one does not hold it all */
    enum paper_form form;
    int groups; /* of cards: so many, each with its number; 0: one, without */
    int widths
        [PAPER_CELLS_MAX]; /* shares of the page that the cells of rows get from now on; 0: equal */
    struct paper_block *blocks;
    size_t count;
    bool full; /* more than PAPER_BLOCKS_MAX, or no memory: paper_pdf refuses */
};

/* Borrowed: the arena, until the paper is made. Texts are copied into it. */
void paper_init(struct paper *p, struct arena *a);
void paper_add(struct paper *p, enum paper_kind kind, const char *text);
void paper_item(struct paper *p, const char *mark, const char *text);
void paper_box(struct paper *p, const char *title, const char *text);
/* Shares of the page for the cells of the rows that follow; count 0: equal ones. */
void paper_columns(struct paper *p, const int *shares, size_t count);
void paper_row(struct paper *p, bool head, const char *const *cells, size_t count);

struct paper_made {
    int pages;
    int cards;               /* of a form of cards; 0 otherwise */
    int width_mm, length_mm; /* of a page */
};
/* The PDF's bytes, in the arena. pages_fit: letters shrink, to seven tenths at the least, until it has no more pages than
   that (of a card: until the card of one group has); where even those would not do, letters keep their size and it takes
   the pages that it needs. 0: any. ERR_LIMIT: more than PAPER_PAGES_MAX, or groups that are more than PAPER_GROUPS_MAX.
   ERR_INPUT: a text is no UTF-8. */
MUST_USE enum err paper_pdf(const struct paper *p, int pages_fit, char **out, size_t *out_len,
                            struct paper_made *out_made, struct why *why);
/* The page as CUPS calls it: "A6", "Custom.80x212mm"; "" is A4, which a queue knows itself. */
enum { PAPER_MEDIA_MAX = 40 };
void paper_media(enum paper_form form, const struct paper_made *made, char out[PAPER_MEDIA_MAX]);

/* What the libraries of letters keep for the life of the program is given back: once, at its end, when no sheet is being made. */
void paper_end(void);
