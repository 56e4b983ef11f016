/* What the files of the search share: find.c reads and draws the page, find_rows.c puts results into rows, find_browse.c
   is what stands there while nothing is typed. */
#pragma once

#include "app/screens/parts.h"

enum { FIND_MAX = 60, FIND_ALL_MAX = 200, FIND_ITEMS_MAX = 6 };

enum find_pick { FIND_PICK_NONE, FIND_PICK_KIND, FIND_PICK_SUBJECT, FIND_PICK_STAGE };

struct find_state {
    bool started;
    uint64_t seen;
    char words[128], last[128];
    /* What it is held to; "" everything. */
    char kind[40], subject[48], stage[16];
    char conc[32]; /* a strength among the words: a chemical is opened at it */
    enum find_pick pick;
    bool flat;                     /* everything of the kind was asked for, without a word */
    struct arena arena, groups;    /* groups: what only the filters change */
    struct doc_hit *hits, *others; /* others: of other kinds than the one asked for */
    size_t count, other_count;
    struct item *items;
    size_t item_count;
    struct find_group *subjects, *stages, *kinds;
    size_t subject_count, stage_count, kind_count;
    bool failed;
    struct why why;
};

/* The kind's name for a title or a row: "Risk assessments"; "Everything" for "". */
const char *find_kind_title(const char *kind);
uint32_t find_kind_icon(const char *kind);
/* The ways: subjects and stages, or kinds. */
void find_browse(struct app *app, struct find_state *s, struct rect page);
/* The choices of one filter; sets it and goes back to the list. */
void find_choose(struct app *app, struct find_state *s, struct rect page);
/* The results. */
void find_list(struct app *app, struct find_state *s, struct rect page);
/* Holds the list to something else: read again in the next frame. */
void find_hold(struct app *app, struct find_state *s, char *filter, size_t size, const char *value);
