/* The text of a document in a scrolling list. Only what is near the view is measured and drawn, and a height that was
   measured is kept: the first screen of a long document costs no more than that of a short one. */
#pragma once

#include "app/screens/parts.h"

enum reader_picture { READER_PICTURE_NEW, READER_PICTURE_HERE, READER_PICTURE_GONE };

struct reader_table {
    size_t first, count; /* blocks: its rows */
    size_t columns;
    bool laid;    /* for the width in hand */
    bool stacked; /* too wide for columns: each row one below the other */
    int widths[12];
};

struct reader_text {
    const struct doc *doc; /* borrowed */
    int width;             /* what is kept holds for this width; 0: nothing is kept */
    int *heights;          /* of each block with what follows it; 0: not measured yet */
    struct reader_table *tables;
    size_t table_count;
    size_t *table_of; /* of each block; table_count: in none */
    struct {
        enum reader_picture state;
        int w, h; /* its shape */
    } * pictures; /* of each block */
};

/* In the arena. Returns false when memory ran out: then nothing is drawn. */
bool reader_text_init(struct reader_text *t, struct arena *a, const struct doc *d);
void reader_text_draw(struct app *app, struct ui_scroll *list, struct reader_text *t);

/* ---- shared with reader_table.c ---- */

/* Runs of a block for the toolkit, in the frame's arena; NULL when that is full. */
struct ui_run *reader_runs(struct app *app, const struct doc_block *b, size_t from, size_t to);
/* Height of a row of a table; draws it when `draw`. */
int reader_table_row(struct app *app, struct reader_text *t, struct rect r, size_t block,
                     const char *id, bool draw);
